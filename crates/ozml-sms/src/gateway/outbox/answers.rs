//! What the answers to the parts of a message make of it.

use std::sync::Arc;

use ozml_session::SmsState;

use super::Outbox;
use super::batch::After;
use super::counters::count;
use super::event::{Effect, LogEvent, Now};
use super::lane::{Lane, Ready};
use super::message::{Message, Phase, Trouble};
use super::retry;
use crate::gateway::throttle::repeat_pause;
use crate::gateway::{ConnectionConfig, PartToken, SessionId, transport};
use crate::gsm::ModemError;
use crate::link::{Answer, PartPdu, Refusal};
use crate::smpp::{Status, StatusClass};
use crate::store::{MessageNumber, OnUnknown, PartProgress, PartState};

/// Octets of a TPDU before the digits of its recipient: flags, TP-MR, and what kind of address follows.
const LOGGED_OCTETS: usize = 4;
/// A session may be at fault so often in a row before that counts against the message.
const SESSION_FAULTS: u8 = 5;

impl<R> Outbox<R> {
    /// A part has its answer.
    pub(super) fn on_answer(&mut self, now: Now, session: SessionId, token: PartToken, answer: Answer) {
        let trouble = match answer {
            Answer::Accepted { message_id } => {
                self.counters.on_answer(Status::OK);
                self.on_taken(now, session, token, &message_id);
                Trouble::None
            }
            Answer::Refused(refusal) => {
                self.counters.on_refusal(refusal);
                self.log_invalid(now, session, token, refusal);
                match self.class(session, refusal) {
                    StatusClass::Congestion => return self.on_congestion(now, session, token),
                    StatusClass::Temporary => {
                        self.on_temporary(now, session, refusal);
                        Trouble::Temporary(refusal)
                    }
                    StatusClass::Session => Trouble::Session(refusal),
                    _ => {
                        self.on_working(session);
                        Trouble::Permanent(refusal)
                    }
                }
            }
            Answer::Unknown(reason) => {
                count(&mut self.counters.unanswered);
                Trouble::Unknown(reason)
            }
        };
        if let Some(lane) = self.lane(session) {
            lane.on_left_wire(token);
            match &trouble {
                Trouble::Unknown(_) => {
                    lane.on_unanswered();
                    lane.throttle.on_unanswered();
                }
                _ => {
                    lane.on_answered();
                    lane.throttle.on_ok(now.ms);
                }
            }
        }
        self.on_part(now, session, token, trouble);
    }

    fn class(&self, session: SessionId, refusal: Refusal) -> StatusClass {
        let config = self.config(session);
        config.map_or_else(|| transport::class(refusal), |config| config.class(refusal))
    }

    /// A modem that calls a PDU invalid blames us: what it looked like is logged, but for the recipient and the text.
    fn log_invalid(&mut self, now: Now, session: SessionId, token: PartToken, refusal: Refusal) {
        if refusal != Refusal::Gsm(ModemError::INVALID_PDU) {
            return;
        }
        if let Some(PartPdu::Gsm(submit)) = self.rewrite(now, token, session) {
            let octets = submit.write();
            let beginning = octets.iter().take(LOGGED_OCTETS).copied().collect();
            self.effects.push(Effect::Log(LogEvent::InvalidPdu {
                connection: self.name_of(session),
                octets: octets.len(),
                beginning,
            }));
        }
    }

    /// What its connection is told.
    fn config(&self, session: SessionId) -> Option<&ConnectionConfig> {
        let connection = self.connections.get(usize::from(session.connection))?;
        connection.config.as_ref()
    }

    fn on_taken(&mut self, now: Now, session: SessionId, token: PartToken, message_id: &str) {
        self.on_working(session);
        self.await_receipt(now, session.connection, token, message_id);
    }

    fn on_working(&mut self, session: SessionId) {
        if let Some(connection) = self.connections.get_mut(usize::from(session.connection)) {
            connection.breaker.on_answer();
        }
    }

    pub(super) fn on_probe_lost(&mut self, now: Now, session: SessionId) {
        if let Some(connection) = self.connections.get_mut(usize::from(session.connection)) {
            connection.breaker.on_probe_lost(now.ms);
        }
    }

    fn on_temporary(&mut self, now: Now, session: SessionId, refusal: Refusal) {
        let index = usize::from(session.connection);
        if let Some(connection) = self.connections.get_mut(index)
            && connection.breaker.on_refusal(now.ms)
        {
            let connection = connection.name.to_string();
            let reason = format!("{} refuses everything for now", refusal.by());
            self.effects
                .push(Effect::Log(LogEvent::Unhealthy { connection, reason }));
            self.leave_connection(now, index);
        }
    }

    /// The centre did not take it for want of time: it goes again, and its message counts no try.
    fn on_congestion(&mut self, now: Now, session: SessionId, token: PartToken) {
        let Some(message) = self.messages.get_mut(&token.number) else {
            return;
        };
        message.put_back = message.put_back.saturating_add(1);
        let pause = repeat_pause(message.put_back);
        let unknown_handovers = message.progress.unknown_handovers;
        let rewritten = match message.expires <= now.ms {
            true => None,
            false => self.rewrite(now, token, session),
        };
        let Some(lane) = self.lane(session) else {
            return;
        };
        lane.on_answered();
        lane.throttle.on_congestion(now.ms);
        match rewritten {
            Some(pdu) => {
                let due = now.ms.saturating_add(pause);
                lane.put_back(
                    due,
                    Ready {
                        token,
                        pdu,
                        unknown_handovers,
                    },
                );
            }
            None => {
                lane.on_left_wire(token);
                lane.settle();
                self.on_part(now, session, token, Trouble::NotSent);
            }
        }
    }

    /// A part that was given to its session never left.
    pub(super) fn on_not_sent(&mut self, now: Now, session: SessionId, token: PartToken) {
        if let Some(lane) = self.lane(session) {
            lane.on_left_wire(token);
            lane.settle();
            lane.throttle.on_unanswered();
        }
        self.on_part(now, session, token, Trouble::NotSent);
    }

    /// The same for a part that was not given to its session yet.
    pub(super) fn on_not_sent_yet(&mut self, now: Now, session: SessionId, token: PartToken) {
        self.on_part(now, session, token, Trouble::NotSent);
    }

    /// Takes back the parts of a message that have not left. A modem has one out at a time: those that wait for it
    /// there come back as not sent.
    fn withdraw(&mut self, session: SessionId, number: MessageNumber) -> Vec<PartToken> {
        let Some(lane) = self.lane(session) else {
            return Vec::new();
        };
        let withdrawn = lane.withdraw(number);
        let out: Vec<_> = lane.out(number).collect();
        let effects = out.into_iter().map(|token| Effect::Withdraw { session, token });
        self.effects.extend(effects);
        withdrawn
    }

    /// The validity of a message ended while it is with a session: what of it has not left stays here.
    pub(super) fn take_back(&mut self, now: Now, session: SessionId, number: MessageNumber) {
        for token in self.withdraw(session, number) {
            self.on_not_sent_yet(now, session, token);
        }
    }

    fn on_part(&mut self, now: Now, session: SessionId, token: PartToken, trouble: Trouble) {
        let Some(message) = self.messages.get_mut(&token.number) else {
            return;
        };
        let before = message.state_before(token.part);
        if let Some(part) = message.progress.parts.get_mut(usize::from(token.part)) {
            note_part(part, &trouble, before);
        }
        message.outstanding = message.outstanding.saturating_sub(1);
        let gives_up = matches!(trouble, Trouble::Permanent(_));
        let left = trouble != Trouble::NotSent;
        message.trouble = std::mem::take(&mut message.trouble).max(trouble);
        if gives_up {
            // The rest of it is of no use.
            let withdrawn = self.withdraw(session, token.number).len();
            if let Some(message) = self.messages.get_mut(&token.number) {
                let withdrawn = u8::try_from(withdrawn).unwrap_or(u8::MAX);
                message.outstanding = message.outstanding.saturating_sub(withdrawn);
            }
        }
        if left {
            self.write(token.number);
            self.pending.after.push(After::Settle(session));
        }
        let outstanding = self.messages.get(&token.number);
        if outstanding.is_some_and(|message| message.outstanding == 0) {
            self.conclude(now, session, token.number);
        }
    }

    /// All parts that were handed over have their answers.
    fn conclude(&mut self, now: Now, session: SessionId, number: MessageNumber) {
        let Some(message) = self.messages.get_mut(&number) else {
            return;
        };
        let trouble = std::mem::take(&mut message.trouble);
        message.is_noted &= trouble == Trouble::NotSent;
        let released = message.released;
        if matches!(
            trouble,
            Trouble::NotSent | Trouble::Session(_) | Trouble::Unknown(_)
        ) {
            // Whether the centre works it did not show: if it was a probe, the next one may go.
            self.on_probe_lost(now, session);
        }
        if trouble != Trouble::NotSent {
            self.counters.on_latency(now.ms.saturating_sub(released));
        }
        match trouble {
            Trouble::None => self.on_sent(now, number),
            Trouble::NotSent => self.untouched(now, number),
            Trouble::Session(refusal) => self.on_session_fault(now, session, number, refusal),
            Trouble::Temporary(refusal) => self.on_refused(now, session, number, refusal),
            Trouble::Unknown(reason) => self.on_unknown(now, number, reason),
            Trouble::Permanent(refusal) => {
                let reason = self
                    .messages
                    .get(&number)
                    .map(|message| refused(message, refusal));
                self.end(now, number, SmsState::Failed, reason);
            }
        }
    }

    fn on_sent(&mut self, now: Now, number: MessageNumber) {
        if let Some(message) = self.messages.get_mut(&number) {
            message.session_faults = 0;
            message.put_back = 0;
        }
        self.enter(now, number, SmsState::Sent, None);
        let Some(message) = self.messages.get_mut(&number) else {
            return;
        };
        if message.progress.is_ended() {
            return self.close(now, number);
        }
        message.phase = Phase::Awaiting;
        let expires = message.expires;
        self.wake_at(number, Some(expires));
        // Receipts may have come before the answers.
        self.judge_receipts(now, number);
    }

    fn on_session_fault(&mut self, now: Now, session: SessionId, number: MessageNumber, refusal: Refusal) {
        if self.lane(session).is_some_and(Lane::begin_end) {
            self.effects.push(Effect::Rebind(session));
        }
        let Some(message) = self.messages.get_mut(&number) else {
            return;
        };
        message.session_faults = message.session_faults.saturating_add(1);
        if message.session_faults >= SESSION_FAULTS {
            message.session_faults = 0;
            return self.on_refused(now, session, number, refusal);
        }
        self.write(number);
        self.enqueue_first(now, number);
    }

    fn on_refused(&mut self, now: Now, session: SessionId, number: MessageNumber, refusal: Refusal) {
        let own_pause = self
            .config(session)
            .and_then(|config| config.transport.pause_after(refusal));
        let Some(message) = self.messages.get_mut(&number) else {
            return;
        };
        let progress = &mut message.progress;
        progress.tries = progress.tries.saturating_add(1);
        let pause = own_pause.unwrap_or_else(|| retry::after_refusal(progress.tries));
        let reason: Arc<str> = format!("{} refused for now: {refusal}", refusal.by()).into();
        let targets = u8::try_from(message.record.targets.len()).unwrap_or(u8::MAX);
        let is_over = message.progress.tries % retry::TRIES_BEFORE_NEXT == 0;
        let next = message.progress.target.saturating_add(1);
        let moves_on = is_over && targets > 1 && !message.has_sent_parts();
        count(&mut self.counters.retried);
        self.enter(now, number, SmsState::Submitted, Some(reason));
        if moves_on && next < targets {
            return self.move_to(now, number, next);
        }
        if moves_on {
            // All of them refused: the round begins anew, after the pause.
            self.aim(number, 0);
        }
        self.pause(now, number, pause);
    }

    /// A message goes on with another connection at once.
    fn move_to(&mut self, now: Now, number: MessageNumber, target: u8) {
        self.aim(number, target);
        if let Some(message) = self.messages.get_mut(&number) {
            message.progress.tries = 0;
        }
        self.enqueue(now, number);
    }

    pub(super) fn on_unknown(&mut self, now: Now, number: MessageNumber, reason: &str) {
        let Some(message) = self.messages.get_mut(&number) else {
            return;
        };
        let times = message.progress.unknown_handovers.saturating_add(1);
        message.progress.unknown_handovers = times;
        let on_unknown = message.record.on_unknown;
        if on_unknown == OnUnknown::Hold || times >= retry::UNKNOWN_HANDOVERS {
            message.progress.parked = true;
            count(&mut self.counters.parked);
            let reason = match on_unknown {
                OnUnknown::Hold => format!("{reason}; it is not sent again by itself"),
                _ => format!("{reason}, {times} times; it is not sent again by itself"),
            };
            return self.end(now, number, SmsState::Unknown, Some(reason.into()));
        }
        message.progress.possible_duplicate = true;
        self.enter(now, number, SmsState::Submitted, Some(reason.into()));
        let pause = retry::after_unknown(times);
        if pause.is_zero() {
            self.enqueue_first(now, number);
        } else {
            self.pause(now, number, pause);
        }
    }

    /// A message waits for its next try, or for its end if that comes first.
    pub(super) fn pause(&mut self, now: Now, number: MessageNumber, pause: std::time::Duration) {
        let ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        let Some(message) = self.messages.get_mut(&number) else {
            return;
        };
        message.phase = Phase::Pausing;
        message.progress.next_try = Some(now.date_after(ms));
        let due = now.ms.saturating_add(ms).min(message.expires);
        self.wake_at(number, Some(due));
        self.write(number);
    }
}

/// `before`: its state if it was not taken.
pub(super) fn note_part(part: &mut PartProgress, trouble: &Trouble, before: PartState) {
    match trouble {
        // It has its state already; a receipt may even have come.
        Trouble::None => {}
        Trouble::NotSent | Trouble::Session(_) | Trouble::Temporary(_) => part.state = before,
        Trouble::Unknown(reason) => {
            part.state = PartState::Unknown;
            part.reason = Some((*reason).into());
        }
        Trouble::Permanent(refusal) => {
            part.state = PartState::Failed;
            part.reason = Some(refusal.to_string().into());
        }
    }
}

fn refused(message: &Message, refusal: Refusal) -> Arc<str> {
    let by = refusal.by();
    let parts = &message.progress.parts;
    let sent = parts
        .iter()
        .filter(|part| matches!(part.state, PartState::Sent | PartState::Delivered));
    match sent.count() {
        0 => format!("{by} refused: {refusal}").into(),
        sent => format!(
            "{by} refused: {refusal}; {sent} of {} parts had been accepted",
            parts.len()
        )
        .into(),
    }
}
