//! What the gateway counts since it began.

use std::collections::BTreeMap;

use crate::gsm::ModemError;
use crate::link::Refusal;
use crate::smpp::Status;

/// Upper bounds of the classes of a latency, in milliseconds; the last class has none.
pub const LATENCY_BOUNDS: [u64; 9] = [1, 5, 10, 25, 50, 100, 500, 2_500, 10_000];

/// Counts since the gateway began. All of them only grow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Counters {
    /// Messages accepted.
    pub accepted: u64,
    /// Messages refused before they were accepted.
    pub refused: u64,
    /// Parts handed to a session.
    pub submitted: u64,
    /// Answers to parts, by `command_status`; 0xFFFFFFFF stands for all that came when 256 were known.
    pub answers: BTreeMap<u32, u64>,
    /// Parts that modems refused, by error; `CMS 65535` stands for all that came when 256 were known.
    pub modem_errors: BTreeMap<ModemError, u64>,
    /// Parts without an answer.
    pub unanswered: u64,
    /// Messages that are tried again after a refusal.
    pub retried: u64,
    /// Messages handed over once more though they may have been sent.
    pub possible_duplicates: u64,
    /// Messages that ended, by state.
    pub ended: BTreeMap<&'static str, u64>,
    /// Messages that were given up and wait for a person.
    pub parked: u64,
    /// Receipts whose message was never found.
    pub uncorrelated_receipts: u64,
    /// Reports that nobody can be told, since their address is refused or no web client is there.
    pub lost_reports: u64,
    /// Messages that came in.
    pub received: u64,
    /// Messages and receipts that came in again.
    pub received_again: u64,
    /// Commits that failed.
    pub failed_commits: u64,
    /// Times from handing over to the last answer, by class of [`LATENCY_BOUNDS`].
    pub latency: [u64; LATENCY_BOUNDS.len() + 1],
    /// The sum of these times, in milliseconds.
    pub latency_sum: u64,
}

/// Different statuses and errors that are counted one by one: more than the standards name.
const MOST_KINDS: usize = 256;

impl Counters {
    /// A part was answered. A centre that makes up statuses without end is counted under the last of all.
    pub(crate) fn on_answer(&mut self, status: Status) {
        count_one(&mut self.answers, status.0, u32::MAX);
    }

    /// A part was refused.
    pub(crate) fn on_refusal(&mut self, refusal: Refusal) {
        match refusal {
            Refusal::Smpp(status) => self.on_answer(status),
            Refusal::Gsm(error) => count_one(&mut self.modem_errors, error, ModemError::Cms(u16::MAX)),
        }
    }

    pub(crate) fn on_latency(&mut self, ms: u64) {
        let class = LATENCY_BOUNDS.iter().position(|bound| ms <= *bound);
        let class = class.unwrap_or(LATENCY_BOUNDS.len());
        if let Some(count) = self.latency.get_mut(class) {
            *count = count.saturating_add(1);
        }
        self.latency_sum = self.latency_sum.saturating_add(ms);
    }
}

/// One more of a kind; of kinds beyond those that are counted one by one, under the last of all.
fn count_one<K: Ord>(counts: &mut BTreeMap<K, u64>, kind: K, last: K) {
    let is_counted = counts.contains_key(&kind) || counts.len() < MOST_KINDS;
    count(counts.entry(if is_counted { kind } else { last }).or_default());
}

/// One more.
pub(crate) fn count(counter: &mut u64) {
    *counter = counter.saturating_add(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_without_end_are_counted_together() {
        let mut counters = Counters::default();
        (0..1_000).for_each(|status| counters.on_answer(Status(status)));
        counters.on_answer(Status(7));
        assert_eq!(counters.answers.len(), 257);
        assert_eq!((counters.answers[&7], counters.answers[&u32::MAX]), (2, 744));
    }
}
