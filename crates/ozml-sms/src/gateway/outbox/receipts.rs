//! Receipts of the parts that were sent.

use std::sync::Arc;

use ozml_session::SmsState;

use super::Outbox;
use super::batch::After;
use super::counters::count;
use super::event::{Effect, LogEvent, Now};
use super::message::{Message, Phase};
use crate::gateway::{PartToken, SessionId};
use crate::link::Arrival;
use crate::smpp::{Arrived, FinalState, Receipt, worst_of};
use crate::store::{MessageNumber, PartState};

impl<R> Outbox<R> {
    /// A part was taken: its receipt is awaited under the id the centre gave it, if receipts were asked for.
    pub(super) fn await_receipt(&mut self, now: Now, connection: u16, token: PartToken, id: &str) {
        let Some(message) = self.messages.get_mut(&token.number) else {
            return;
        };
        let Some(part) = message.progress.parts.get_mut(usize::from(token.part)) else {
            return;
        };
        part.state = PartState::Sent;
        part.reason = None;
        part.centre_id = None;
        let Some(connection) = self.connections.get_mut(usize::from(connection)) else {
            return;
        };
        let asked = connection
            .config
            .as_ref()
            .is_some_and(|config| config.transport.asks_for_receipts());
        if !asked || id.is_empty() {
            return;
        }
        part.centre_id = Some(id.into());
        let early = connection.receipts.wait(id, token, &message.record.sent_to);
        for receipt in early {
            self.on_receipt_of(now, token, &receipt);
        }
    }

    /// Something came in. Its answer waits for the batch that holds what it says; while the store takes nothing
    /// the centre keeps it.
    pub(super) fn on_arrived(&mut self, now: Now, session: SessionId, sequence: u32, arrival: Arrival) {
        let is_sms = matches!(arrival, Arrival::Sms(_));
        if self.is_stuck() || (is_sms && self.keeps_enough()) {
            return self.effects.push(Effect::AnswerArrival {
                session,
                sequence,
                taken: false,
            });
        }
        match arrival {
            Arrival::Receipt(arrived) => self.on_receipt(now, session.connection, arrived),
            Arrival::UnreadableReceipt => count(&mut self.counters.uncorrelated_receipts),
            Arrival::Sms(part) => self.on_incoming(now, session, part),
        }
        self.pending.after.push(After::Taken { session, sequence });
    }

    fn on_receipt(&mut self, now: Now, connection: u16, arrived: Arrived) {
        let Some(connection) = self.connections.get_mut(usize::from(connection)) else {
            return;
        };
        let found = connection.receipts.find(now.ms, arrived);
        if let Some(base) = connection.receipts.take_fixed() {
            let connection = connection.name.to_string();
            let base = base.to_string();
            self.effects
                .push(Effect::Log(LogEvent::ReceiptBase { connection, base }));
        }
        if let Some((token, receipt)) = found {
            self.on_receipt_of(now, token, &receipt);
            self.judge_receipts(now, token.number);
        }
    }

    fn on_receipt_of(&mut self, _: Now, token: PartToken, receipt: &Receipt) {
        let message = self.messages.get_mut(&token.number);
        if let Some(part) =
            message.and_then(|message| message.progress.parts.get_mut(usize::from(token.part)))
            && part.state == PartState::Sent
            && let Some(end) = FinalState::of(receipt)
        {
            part.state = match end.state() {
                SmsState::Delivered => PartState::Delivered,
                SmsState::Expired => PartState::Expired,
                _ => PartState::Failed,
            };
            part.reason = end.note().map(Into::into);
            self.write(token.number);
        }
    }

    /// Ends a message whose receipts say all there is to say: all have come, or one is as bad as can be.
    pub(super) fn judge_receipts(&mut self, now: Now, number: MessageNumber) {
        let Some(message) = self.messages.get(&number) else {
            return;
        };
        let may_end = matches!(message.phase, Phase::Awaiting);
        let mut states = message.progress.parts.iter().map(|part| part.state);
        let is_complete = states.clone().all(is_final) || states.any(|state| state == PartState::Failed);
        if may_end && is_complete {
            let (state, reason) = verdict(message, "no delivery receipt");
            self.end(now, number, state, reason);
        }
    }

    /// Its validity is over: parts without a receipt count as unknown.
    pub(super) fn give_up_receipts(&mut self, now: Now, number: MessageNumber) {
        if let Some(message) = self.messages.get(&number) {
            let (state, reason) = verdict(message, "no delivery receipt came in time");
            self.end(now, number, state, reason);
        }
    }

    /// No receipt of a message is awaited any more.
    pub(super) fn forget_receipts(&mut self, number: MessageNumber) {
        let Some(message) = self.messages.get_mut(&number) else {
            return;
        };
        let record = Arc::clone(&message.record);
        let target = message.progress.target;
        let parts: Vec<_> = (0..)
            .zip(&mut message.progress.parts)
            .filter_map(|(part, progress)| Some((part, progress.centre_id.take()?)))
            .collect();
        let Some(index) = self.target_index(&record, target) else {
            return;
        };
        if let Some(connection) = self.connections.get_mut(usize::from(index)) {
            for (part, id) in parts {
                connection.receipts.forget(&id, PartToken { number, part });
            }
        }
    }

    /// Receipts that waited too long for their messages.
    pub(super) fn expire_receipts(&mut self, now: Now) {
        for connection in &mut self.connections {
            for arrived in connection.receipts.expire(now.ms) {
                let transport = connection.config.as_ref().map(|config| &config.transport);
                let shown = |id| match transport {
                    Some(transport) => transport.logged_id(id),
                    None => id,
                };
                self.effects.push(Effect::Log(LogEvent::Uncorrelated {
                    connection: connection.name.to_string(),
                    ids: arrived.receipt.ids.into_iter().map(shown).collect(),
                }));
            }
        }
    }
}

fn is_final(state: PartState) -> bool {
    matches!(
        state,
        PartState::Delivered | PartState::Failed | PartState::Expired
    )
}

/// What the parts make of the whole; one without a receipt counts as unknown, for the reason `missing`.
fn verdict(message: &Message, missing: &str) -> (SmsState, Option<Arc<str>>) {
    let parts = message.progress.parts.iter().map(|part| {
        let state = match part.state {
            PartState::Delivered => SmsState::Delivered,
            PartState::Expired => SmsState::Expired,
            PartState::Failed => SmsState::Failed,
            _ => SmsState::Unknown,
        };
        (state, part.reason.as_deref().unwrap_or(missing))
    });
    match worst_of(parts) {
        (SmsState::Delivered, _) => {
            let mut parts = message.progress.parts.iter();
            (SmsState::Delivered, parts.find_map(|part| part.reason.clone()))
        }
        (state, reason) => (state, reason.map(Into::into)),
    }
}
