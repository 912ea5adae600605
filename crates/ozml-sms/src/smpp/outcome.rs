//! What the parts of a message make of the whole.

use ozml_session::SmsState;

use super::receipt::{Receipt, ReceiptState};
use super::status::Status;
use crate::gsm::pdu::TpStatus;

/// Where one part stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PartState {
    /// Waits for its turn.
    Queued,
    /// Waits for its answer.
    Out,
    /// Will not be sent any more.
    NotSent,
    /// The centre took it.
    Sent,
    /// The centre said no.
    Refused(Status),
    /// Nobody can tell, and why.
    Unknown(&'static str),
    /// A receipt told its end.
    Final(FinalState),
}

/// How a part ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FinalState {
    state: SmsState,
    reason: String,
    /// Whether the reason says more than the state.
    is_noted: bool,
}

impl FinalState {
    /// What a receipt says; `None` while the part is still under way.
    pub(crate) fn of(receipt: &Receipt) -> Option<Self> {
        let (state, word) = match receipt.state? {
            ReceiptState::Delivered => (SmsState::Delivered, "delivered"),
            ReceiptState::Expired => (SmsState::Expired, "expired"),
            ReceiptState::Deleted => (SmsState::Failed, "deleted"),
            ReceiptState::Undeliverable => (SmsState::Failed, "undeliverable"),
            ReceiptState::Rejected => (SmsState::Failed, "rejected"),
            ReceiptState::Enroute | ReceiptState::Accepted | ReceiptState::Unknown => return None,
        };
        if let Some(status) = receipt.status {
            let reason = status.to_string();
            let is_noted = status != TpStatus::RECEIVED;
            return Some(Self {
                state,
                reason,
                is_noted,
            });
        }
        let mut reason = word.to_owned();
        if let Some(error) = receipt
            .error
            .as_deref()
            .filter(|error| error.bytes().any(|octet| octet != b'0'))
        {
            reason = format!("{reason}, error {error}");
        }
        if let Some((network, code)) = receipt.network_error.filter(|(_, code)| *code != 0) {
            reason = format!("{reason}, network error {code} of network type {network}");
        }
        let is_noted = state != SmsState::Delivered;
        Some(Self {
            state,
            reason,
            is_noted,
        })
    }
}

impl FinalState {
    /// The state.
    pub(crate) fn state(&self) -> SmsState {
        self.state
    }

    /// What the centre said about it, where that is more than that it is delivered.
    pub(crate) fn note(&self) -> Option<&str> {
        self.is_noted.then_some(self.reason.as_str())
    }
}

/// A part as it counts for the whole.
pub(crate) fn is_final(part: &PartState) -> bool {
    matches!(part, PartState::Final(_))
}

/// The state of a message all of whose parts were sent: the worst final one; a part without a receipt
/// counts as unknown, for the reason `missing`. With its reason, which a delivered message needs not.
pub(crate) fn worst<'a>(
    parts: impl ExactSizeIterator<Item = &'a PartState>,
    missing: &'a str,
) -> (SmsState, Option<String>) {
    worst_of(parts.map(|part| match part {
        PartState::Final(end) => (end.state, end.reason.as_str()),
        _ => (SmsState::Unknown, missing),
    }))
}

/// The same, of the final states of the parts and their reasons.
pub(crate) fn worst_of<'a>(
    parts: impl ExactSizeIterator<Item = (SmsState, &'a str)>,
) -> (SmsState, Option<String>) {
    let total = parts.len();
    let mut delivered = 0usize;
    let mut worst: Option<(SmsState, usize, &str)> = None;
    for (number, (state, reason)) in (1..).zip(parts) {
        if state == SmsState::Delivered {
            delivered = delivered.saturating_add(1);
        } else if worst.is_none_or(|(found, ..)| badness(state) > badness(found)) {
            worst = Some((state, number, reason));
        }
    }
    match worst {
        None => (SmsState::Delivered, None),
        Some((state, _, reason)) if total == 1 => (state, Some(reason.to_owned())),
        Some((state, number, reason)) => {
            let text = format!("{delivered} of {total} parts were delivered; part {number}: {reason}");
            (state, Some(text))
        }
    }
}

fn badness(state: SmsState) -> u8 {
    match state {
        SmsState::Failed => 3,
        SmsState::Expired => 2,
        SmsState::Unknown => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str) -> PartState {
        FinalState::of(&Receipt::from_text(text)).map_or(PartState::Sent, PartState::Final)
    }

    fn whole(parts: &[&str]) -> (SmsState, Option<String>) {
        let parts: Vec<_> = parts.iter().map(|text| part(text)).collect();
        worst(parts.iter(), "no receipt")
    }

    #[test]
    fn the_worst_part_counts() {
        let (good, late, lost) = ("stat:DELIVRD", "stat:EXPIRED err:001", "stat:UNDELIV err:069");
        assert_eq!(whole(&[good]), (SmsState::Delivered, None));
        assert_eq!(
            whole(&[lost]),
            (SmsState::Failed, Some("undeliverable, error 069".to_owned()))
        );
        assert_eq!(
            whole(&["stat:REJECTD err:000"]),
            (SmsState::Failed, Some("rejected".to_owned()))
        );
        let reason = "1 of 4 parts were delivered; part 3: undeliverable, error 069";
        assert_eq!(
            whole(&[good, late, lost, ""]),
            (SmsState::Failed, Some(reason.to_owned()))
        );
        let reason = "1 of 3 parts were delivered; part 2: expired, error 001";
        assert_eq!(
            whole(&[good, late, ""]),
            (SmsState::Expired, Some(reason.to_owned()))
        );
        let reason = "1 of 2 parts were delivered; part 1: no receipt";
        assert_eq!(
            whole(&["stat:ENROUTE", good]),
            (SmsState::Unknown, Some(reason.to_owned()))
        );
    }
}
