//! The receipts of one session: those that wait, and those that were sent and not yet answered.

use std::collections::BTreeMap;
use std::time::Duration;

use ozml_session::ClockTime;

use super::received::ReceivedSms;

/// A peer that answers no more is not waited for.
const ANSWER_TIME: Duration = Duration::from_secs(30);
/// When a refused receipt is sent again.
const REPEAT_AFTER: Duration = Duration::from_secs(1);
/// After so many refusals a receipt is given up.
const MAX_REFUSALS: u8 = 5;

/// The receipt of one message.
#[derive(Debug, Clone)]
pub(super) struct Receipt {
    pub(super) sms: ReceivedSms,
    refusals: u8,
}

impl Receipt {
    pub(super) fn new(sms: ReceivedSms) -> Self {
        Self { sms, refusals: 0 }
    }
}

/// Receipts by the time they are due; those of one time in the order of their messages.
#[derive(Debug, Default)]
pub(super) struct Waiting(BTreeMap<(ClockTime, u64), Receipt>);

impl Waiting {
    pub(super) fn push(&mut self, due: ClockTime, receipt: Receipt) {
        self.0.insert((due, receipt.sms.number()), receipt);
    }

    pub(super) fn next_due(&self) -> Option<ClockTime> {
        self.0.first_key_value().map(|((due, _), _)| *due)
    }

    pub(super) fn pop_due(&mut self, now: ClockTime) -> Option<Receipt> {
        self.next_due().filter(|due| *due <= now)?;
        self.pop()
    }

    /// The one that is due first, now or later.
    pub(super) fn pop(&mut self) -> Option<Receipt> {
        self.0.pop_first().map(|(_, receipt)| receipt)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// What a session has to deliver.
#[derive(Debug)]
pub(super) struct Deliveries {
    window: usize,
    waiting: Waiting,
    in_flight: BTreeMap<u32, (ClockTime, Receipt)>,
}

impl Deliveries {
    /// At most `window` receipts are sent without an answer.
    pub(super) fn new(window: usize) -> Self {
        Self {
            window,
            waiting: Waiting::default(),
            in_flight: BTreeMap::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len().saturating_add(self.in_flight.len())
    }

    pub(super) fn push(&mut self, due: ClockTime, receipt: Receipt) {
        self.waiting.push(due, receipt);
    }

    pub(super) fn has_room(&self) -> bool {
        self.in_flight.len() < self.window
    }

    /// Whether a request of ours with this sequence number waits for its answer.
    pub(super) fn is_in_flight(&self, sequence: u32) -> bool {
        self.in_flight.contains_key(&sequence)
    }

    /// The next receipt to send, while there is room for it.
    pub(super) fn take_due(&mut self, now: ClockTime) -> Option<Receipt> {
        self.has_room().then(|| self.waiting.pop_due(now)).flatten()
    }

    /// The receipt left with this sequence number.
    pub(super) fn sent(&mut self, now: ClockTime, sequence: u32, receipt: Receipt) {
        self.in_flight.insert(sequence, (now, receipt));
    }

    /// The peer answered; a receipt it refused is sent again. `None` when nothing waited for it.
    pub(super) fn answered(&mut self, now: ClockTime, sequence: u32, status: u32) -> Option<ReceivedSms> {
        let (_, receipt) = self.in_flight.remove(&sequence)?;
        let sms = receipt.sms.clone();
        if status != 0 {
            self.repeat(now, receipt);
        }
        Some(sms)
    }

    /// Sends again what waited for its answer too long.
    pub(super) fn forget_unanswered(&mut self, now: ClockTime) {
        while let Some(oldest) = self.in_flight.first_entry() {
            let (sent, _) = oldest.get();
            if sent.after(ANSWER_TIME) > now {
                return;
            }
            let (_, receipt) = oldest.remove();
            self.repeat(now, receipt);
        }
    }

    /// When there is something to do by itself.
    pub(super) fn next_due(&self) -> Option<ClockTime> {
        let unanswered = self.in_flight.first_key_value();
        let forget = unanswered.map(|(_, (sent, _))| sent.after(ANSWER_TIME));
        let send = self.waiting.next_due().filter(|_| self.has_room());
        forget.into_iter().chain(send).min()
    }

    /// The session ended: what was not delivered.
    pub(super) fn into_undelivered(self) -> impl Iterator<Item = Receipt> {
        let in_flight = self.in_flight.into_values().map(|(_, receipt)| receipt);
        in_flight.chain(self.waiting.0.into_values())
    }

    fn repeat(&mut self, now: ClockTime, mut receipt: Receipt) {
        receipt.refusals = receipt.refusals.saturating_add(1);
        if receipt.refusals < MAX_REFUSALS {
            self.waiting.push(now.after(REPEAT_AFTER), receipt);
        }
    }
}
