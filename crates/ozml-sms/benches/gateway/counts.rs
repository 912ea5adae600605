//! What was accepted against what arrived.

use ozml_session::SmsState;
use ozml_sms::store::{ListFilter, StoredSms};

use super::bench::Pair;
use super::send::number_of;

/// Messages listed at once.
const PAGE: u32 = 10_000;

/// Counts of one run.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    name: String,
    store: String,
    window: u16,
    sessions: u16,
    accepted: u64,
    /// Messages the centre took, repeats included.
    seen: u64,
    distinct: u64,
    repeated: u64,
    /// Repeated messages that are marked as possible duplicates.
    marked: u64,
    /// Messages with a repeat.
    doubled: u64,
    /// All messages that are marked.
    all_marked: u64,
    /// Accepted, not seen, and the store says that it is not sent.
    unfinished: u64,
    cuts: u64,
    reconnects: u64,
}

/// How often each message was seen, and what its gateway says of it.
struct Found {
    seen: Vec<u32>,
    marked: Vec<bool>,
    open: Vec<bool>,
}

impl Counts {
    /// Counts after the messages below `accepted` were accepted.
    pub(crate) async fn of(name: &str, pair: &Pair, accepted: u64) -> Self {
        let found = Found::read(pair, usize::try_from(accepted).unwrap()).await;
        let numbers = 0..found.seen.len();
        let count = |is_so: &dyn Fn(usize) -> bool| numbers.clone().filter(|n| is_so(*n)).count() as u64;
        let seen: u64 = found.seen.iter().map(|times| u64::from(*times)).sum();
        let distinct = count(&|n| found.seen[n] > 0);
        Self {
            name: name.to_owned(),
            store: format!("{:?}", pair.store).to_lowercase(),
            window: pair.links.window,
            sessions: pair.links.sessions,
            accepted,
            seen,
            distinct,
            repeated: seen - distinct,
            doubled: count(&|n| found.seen[n] > 1),
            marked: count(&|n| found.seen[n] > 1 && found.marked[n]),
            all_marked: count(&|n| found.marked[n]),
            unfinished: count(&|n| found.seen[n] == 0 && found.open[n]),
            cuts: pair.smsc.counters().cuts,
            reconnects: pair.gateway.status().await.unwrap().reconnects,
        }
    }

    /// In one line, for programs.
    pub(crate) fn json(&self) -> String {
        serde_json::json!({
            "scenario": self.name, "store": self.store, "window": self.window, "sessions": self.sessions,
            "accepted": self.accepted, "seen": self.seen, "distinct": self.distinct,
            "unfinished": self.unfinished, "repeated": self.repeated, "doubled": self.doubled,
            "marked": self.marked, "all_marked": self.all_marked, "cuts": self.cuts,
            "reconnects": self.reconnects,
        })
        .to_string()
    }

    /// What may not be.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut unless = |is_so: bool, fault: String| {
            if !is_so {
                faults.push(format!("{} ({}): {fault}", self.name, self.store));
            }
        };
        let lost = self.accepted.abs_diff(self.distinct + self.unfinished);
        unless(
            lost == 0,
            format!("{lost} of {} messages are lost", self.accepted),
        );
        let most = u64::from(self.window) * self.cuts;
        unless(
            self.repeated <= most,
            format!("{} repeats, at most {most} may be", self.repeated),
        );
        let unmarked = self.doubled - self.marked;
        unless(
            unmarked == 0,
            format!("{unmarked} repeated messages are not marked"),
        );
        faults
    }
}

impl Found {
    async fn read(pair: &Pair, accepted: usize) -> Self {
        let mut found = Self {
            seen: vec![0; accepted],
            marked: vec![false; accepted],
            open: vec![false; accepted],
        };
        for sms in pair.smsc.received() {
            found.seen[index(&sms.text().unwrap())] += 1;
        }
        let mut filter = ListFilter::default();
        filter.rows = PAGE;
        loop {
            let listed = pair.gateway.list(filter.clone()).await.unwrap();
            listed.messages.iter().for_each(|message| found.take(message));
            filter.below = listed.messages.last().map(|message| message.record.number.0);
            if !listed.more {
                return found;
            }
        }
    }

    fn take(&mut self, message: &StoredSms) {
        let number = index(message.record.text.as_str());
        self.marked[number] = message.progress.possible_duplicate;
        self.open[number] = !matches!(message.progress.state, SmsState::Sent | SmsState::Delivered);
    }
}

fn index(text: &str) -> usize {
    usize::try_from(number_of(text)).unwrap()
}
