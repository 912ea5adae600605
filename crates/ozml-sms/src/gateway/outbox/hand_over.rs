//! From the line of a connection to the wire.

use std::sync::Arc;

use ozml_session::{OutgoingSms, SmsRefusal, SmsState};

use super::Outbox;
use super::batch::After;
use super::connection::Connection;
use super::counters::count;
use super::event::{Effect, LogEvent, Now};
use super::lane::{Lane, Ready};
use super::message::{Message, Phase, Trouble};
use crate::gateway::transport::Handover;
use crate::gateway::{PartToken, SessionId};
use crate::link::PartPdu;
use crate::store::{MessageNumber, PartProgress, PartState, SmsRecord, WhenDown};

/// So many numbers of messages that are gone may stand in any line.
const LEFT_BEHIND: usize = 512;

impl<R> Outbox<R> {
    pub(super) fn lane(&mut self, session: SessionId) -> Option<&mut Lane> {
        self.connections
            .get_mut(usize::from(session.connection))?
            .lane(session)
    }

    /// Puts a message into the line of the first connection that is of use; when none is, into that of its
    /// present one, where it waits.
    pub(super) fn enqueue(&mut self, now: Now, number: MessageNumber) {
        self.place(now, number, false);
    }

    /// The same for one that was in line before: in front of the younger ones.
    pub(super) fn enqueue_first(&mut self, now: Now, number: MessageNumber) {
        self.place(now, number, true);
    }

    fn place(&mut self, now: Now, number: MessageNumber, first: bool) {
        let Some(message) = self.messages.get(&number) else {
            return;
        };
        if message.expires <= now.ms {
            return self.expire(now, number);
        }
        let record = Arc::clone(&message.record);
        let bound = message.has_sent_parts();
        let present = message.progress.target;
        let target = match self.usable_target(now.ms, &record, present, bound) {
            Some(target) => target,
            // At an orderly stop all of them go down: what is left is for the next start.
            None if record.when_down == WhenDown::Fail && !self.is_stopping => {
                return self.end(now, number, SmsState::Failed, Some("no connection is up".into()));
            }
            None => present,
        };
        let Some(index) = self.target_index(&record, target) else {
            return self.end(now, number, SmsState::Failed, Some("it has no connection".into()));
        };
        self.wait_in_line(number, index, target, first);
    }

    fn wait_in_line(&mut self, number: MessageNumber, index: u16, target: u8, first: bool) {
        let Some(message) = self.messages.get_mut(&number) else {
            return;
        };
        if message.progress.target != target {
            message.progress.tries = 0;
            self.aim(number, target);
        }
        let Some(message) = self.messages.get_mut(&number) else {
            return;
        };
        message.phase = Phase::Waiting(index);
        message.progress.next_try = None;
        let (priority, expires) = (message.record.priority, message.expires);
        let has_alternatives = message.record.targets.len() > 1;
        if let Some(connection) = self.connections.get_mut(usize::from(index)) {
            connection.waiting = connection.waiting.saturating_add(1);
            connection.has_alternatives |= has_alternatives;
            if first {
                connection.line.put_back(priority, number);
            } else {
                connection.line.push_back(priority, number);
            }
            // Numbers of messages that expired here must not pile up while nothing is taken.
            if connection.line.len() / 2 > connection.waiting.max(LEFT_BEHIND) {
                let waits = |message: &Message| message.phase == Phase::Waiting(index);
                let messages = &self.messages;
                connection
                    .line
                    .retain(|number| messages.get(&number).is_some_and(waits));
            }
        }
        self.wake_at(number, Some(expires));
    }

    /// A message is to go through another of its connections.
    pub(super) fn aim(&mut self, number: MessageNumber, target: u8) {
        if let Some(message) = self.messages.get_mut(&number) {
            message.progress.target = target;
            message.is_noted = false;
            // What the last connection may have of it the next one does not know: there it is no repeat.
            let parts = message.progress.parts.iter_mut();
            let unknown = parts.filter(|part| part.state == PartState::Unknown);
            unknown.for_each(|part| part.state = PartState::Waiting);
        }
        self.fit_parts(number);
    }

    /// Another connection may have another alphabet, and so other parts.
    fn fit_parts(&mut self, number: MessageNumber) {
        let Some(message) = self.messages.get(&number) else {
            return;
        };
        let index = self.target_index(&message.record, message.progress.target);
        let connection = index.and_then(|index| self.connections.get(usize::from(index)));
        let config = connection.and_then(|connection| connection.config.as_ref());
        let parts = config.and_then(|config| {
            let sms = outgoing(&message.record);
            Some(config.transport.cut(&sms).ok()?.1)
        });
        if let (Some(parts), Some(message)) = (parts, self.messages.get_mut(&number))
            && parts != message.progress.parts.len()
        {
            message.progress.parts = vec![PartProgress::default(); parts];
        }
    }

    /// A message leaves the line of its connection, if it is in one.
    pub(super) fn leave_line(&mut self, number: MessageNumber, phase: Phase) {
        if let Some(message) = self.messages.get_mut(&number) {
            let before = std::mem::replace(&mut message.phase, phase);
            if let Phase::Waiting(index) = before
                && let Some(connection) = self.connections.get_mut(usize::from(index))
            {
                connection.waiting = connection.waiting.saturating_sub(1);
            }
        }
    }

    /// The connection of a message that is of use: its present one, then the others in their order.
    fn usable_target(&self, now: u64, record: &SmsRecord, present: u8, bound: bool) -> Option<u8> {
        let count = u8::try_from(record.targets.len()).unwrap_or(u8::MAX);
        let others = (0..count).filter(|target| *target != present && !bound);
        let is_usable = |target: &u8| {
            let index = self.target_index(record, *target);
            let connection = index.and_then(|index| self.connections.get(usize::from(index)));
            connection.is_some_and(|connection| connection.is_usable(now))
        };
        std::iter::once(present).chain(others).find(is_usable)
    }

    pub(super) fn target_index(&self, record: &SmsRecord, target: u8) -> Option<u16> {
        let name = record.targets.get(usize::from(target))?;
        self.by_name.get(name).copied()
    }

    /// Hands over what may go, on all connections.
    pub(crate) fn pump(&mut self, now: Now) {
        for index in 0..self.connections.len() {
            if !self.is_stopping {
                self.note_waiting(now, index);
            }
            self.submit_ready(now, index);
        }
    }

    /// Gives messages to the sessions in turn, as far as they have room.
    fn note_waiting(&mut self, now: Now, index: usize) {
        while let Some((number, session)) = self.next_for_session(now, index) {
            self.begin(now, number, session);
        }
    }

    fn next_for_session(&mut self, now: Now, index: usize) -> Option<(MessageNumber, SessionId)> {
        loop {
            let connection = self.connections.get_mut(index)?;
            if connection.line.is_empty() || connection.is_paused || !connection.breaker.may_pass(now.ms) {
                return None;
            }
            let lanes = connection.lanes.len();
            let turn = connection.turn;
            let free = (0..lanes)
                .filter_map(|lane| turn.checked_add(lane)?.checked_rem(lanes))
                .find(|lane| connection.lanes.get(*lane).is_some_and(|lane| lane.has_room(1)))?;
            let number = connection.line.pop()?;
            let waits =
                |message: &Message| message.phase == Phase::Waiting(u16::try_from(index).unwrap_or(0));
            let Some(message) = self.messages.get(&number).filter(|message| waits(message)) else {
                continue;
            };
            let parts = message.unsent().count();
            let lane = connection
                .lanes
                .get(connection.own_lane(message).unwrap_or(free))?;
            if !lane.has_room(parts) {
                connection.line.push_front(message.record.priority, number);
                return None;
            }
            connection.turn = usize::from(lane.id.session).saturating_add(1);
            connection.breaker.on_passed(now.ms);
            return Some((number, lane.id));
        }
    }

    /// Notes a hand-over; the parts leave when the note is durable.
    fn begin(&mut self, now: Now, number: MessageNumber, session: SessionId) {
        self.leave_line(number, Phase::With(session));
        if self.is_of_another_sender(number, session) {
            self.begin_anew(number);
        }
        let Some(message) = self.messages.get_mut(&number) else {
            return;
        };
        message.handed_to = Some(session);
        let parts: Vec<u8> = message.unsent().collect();
        let is_noted = message.is_noted;
        let is_unknown = |part: &u8| message.state_of(*part) == Some(PartState::Unknown);
        message.repeated = parts.iter().copied().filter(is_unknown).collect();
        message.trouble = Trouble::None;
        message.outstanding = u8::try_from(parts.len()).unwrap_or(u8::MAX);
        for part in &parts {
            if let Some(progress) = message.progress.parts.get_mut(usize::from(*part)) {
                progress.state = PartState::Out;
                progress.reason = None;
            }
        }
        if let Some(lane) = self.lane(session) {
            lane.on_noting(parts.len());
        }
        if is_noted {
            return self.release(now, number);
        }
        self.choose_reference(number, session);
        self.enter(now, number, SmsState::Submitted, None);
        self.pending.after.push(After::Release(number));
        if let Some(message) = self.messages.get_mut(&number) {
            message.is_noted = true;
            if message.progress.possible_duplicate {
                let id = message.record.id.clone();
                count(&mut self.counters.possible_duplicates);
                self.effects.push(Effect::Log(LogEvent::PossibleDuplicate { id }));
            }
        }
    }

    /// A message gets its reference with its first hand-over through a connection, and keeps it while parts of it
    /// are sent or may be.
    fn choose_reference(&mut self, number: MessageNumber, session: SessionId) {
        let connection = self.connections.get_mut(usize::from(session.connection));
        let (Some(message), Some(connection)) = (self.messages.get_mut(&number), connection) else {
            return;
        };
        if message.has_sent_parts() || !message.repeated.is_empty() {
            return;
        }
        let parts = u8::try_from(message.progress.parts.len()).unwrap_or(u8::MAX);
        let config = connection.config.as_ref();
        let count = config.map_or(0, |config| config.transport.references(parts));
        if count > 0 {
            let to = &message.record.sent_to;
            message.progress.reference = connection.references.next_run_for(to, count);
        }
    }

    /// The note is durable: the parts go to their session, if it is still there.
    pub(super) fn release(&mut self, now: Now, number: MessageNumber) {
        let Some(message) = self.messages.get_mut(&number) else {
            return;
        };
        let Phase::With(session) = message.phase else {
            return;
        };
        let parts: Vec<u8> = message.unsent().collect();
        let progressed = message.progress.parts.len();
        message.released = now.ms;
        let unknown_handovers = message.progress.unknown_handovers;
        let stays = self.is_stopping || message.expires <= now.ms;
        let written = self.written(now, number, session);
        let Some(lane) = self.lane(session) else {
            return self.untouched(now, number);
        };
        lane.on_noted(parts.len());
        if !lane.is_up || stays {
            self.on_probe_lost(now, session);
            return self.untouched(now, number);
        }
        match written {
            Ok(written) if written.len() != progressed => self.refit(now, number),
            Ok(written) => {
                for (pdu, part) in written.into_iter().zip(0..) {
                    if parts.contains(&part) {
                        lane.push(Ready {
                            token: PartToken { number, part },
                            pdu,
                            unknown_handovers,
                        });
                    }
                }
            }
            Err(refusal) => {
                self.on_probe_lost(now, session);
                self.end(now, number, SmsState::Failed, Some(refusal.to_string().into()));
            }
        }
    }

    /// Whether parts of a message have another sender than they would have from this session: no telephone puts
    /// those together. After a start nobody knows which session had them.
    fn is_of_another_sender(&self, number: MessageNumber, session: SessionId) -> bool {
        let connection = self.connections.get(usize::from(session.connection));
        let has_many = connection.is_some_and(Connection::has_many_senders);
        let message = self.messages.get(&number).filter(|_| has_many);
        message.is_some_and(|message| message.has_sent_parts() && message.handed_to != Some(session))
    }

    /// All parts of a message are sent, also those that were sent before.
    fn begin_anew(&mut self, number: MessageNumber) {
        self.forget_receipts(number);
        if let Some(message) = self.messages.get_mut(&number) {
            message.progress.possible_duplicate = true;
            message.progress.parts.fill(PartProgress::default());
            message.is_noted = false;
        }
    }

    /// The connection was changed and cuts a message otherwise now: all of it is noted anew.
    fn refit(&mut self, now: Now, number: MessageNumber) {
        self.forget_receipts(number);
        if let Some(message) = self.messages.get_mut(&number) {
            message.progress.possible_duplicate |= message.has_sent_parts();
            message.is_noted = false;
        }
        self.fit_parts(number);
        self.untouched(now, number);
    }

    /// A message goes back to the front of its line as if nothing had happened: nothing of it left.
    pub(super) fn untouched(&mut self, now: Now, number: MessageNumber) {
        if let Some(message) = self.messages.get_mut(&number) {
            message.outstanding = 0;
            for part in message.unsent().collect::<Vec<_>>() {
                if message.state_of(part) == Some(PartState::Out) {
                    let before = message.state_before(part);
                    message.set_state(part, before);
                }
            }
        }
        self.enqueue_first(now, number);
        if self.is_stopping {
            // Its note says that it is under way; whoever goes on with the store is not to believe that.
            self.write(number);
        }
    }

    /// The PDUs of a message as its connection wants them, with what is left of its validity.
    pub(super) fn written(
        &self,
        now: Now,
        number: MessageNumber,
        session: SessionId,
    ) -> Result<Vec<PartPdu>, SmsRefusal> {
        let gone = || SmsRefusal::NoRoute("the connection is gone".to_owned());
        let message = self.messages.get(&number).ok_or_else(gone)?;
        let connection = self.connections.get(usize::from(session.connection));
        let config = connection
            .and_then(|connection| connection.config.as_ref())
            .ok_or_else(gone)?;
        config.transport.write(&Handover {
            sms: &outgoing(&message.record),
            reference: message.progress.reference,
            repeated: &message.repeated,
            valid_for: message.expires.saturating_sub(now.ms),
        })
    }

    /// Lets parts leave as far as windows and rates go.
    fn submit_ready(&mut self, now: Now, index: usize) {
        let Some(connection) = self.connections.get_mut(index) else {
            return;
        };
        let first = connection.first_to_submit.min(connection.lanes.len());
        let (before, from) = connection.lanes.split_at_mut(first);
        for lane in from.iter_mut().chain(before) {
            lane.wake_delayed(now.ms);
            while lane.front().is_some()
                && lane.throttle.may_send(now.ms).is_ok()
                && connection
                    .rate
                    .as_mut()
                    .is_none_or(|rate| rate.may_send(now.ms).is_ok())
                && let Some(ready) = lane.pop()
            {
                lane.throttle.on_sent(now.ms);
                connection.first_to_submit = usize::from(lane.id.session).saturating_add(1);
                if let Some(rate) = &mut connection.rate {
                    rate.on_sent(now.ms);
                }
                count(&mut self.counters.submitted);
                self.effects.push(Effect::Submit {
                    session: lane.id,
                    token: ready.token,
                    pdu: ready.pdu,
                });
            }
        }
    }

    /// A part that the centre was too busy for is written anew.
    pub(super) fn rewrite(&self, now: Now, token: PartToken, session: SessionId) -> Option<PartPdu> {
        let written = self.written(now, token.number, session).ok()?;
        written.into_iter().nth(usize::from(token.part))
    }
}

/// A message as its connection gets it.
fn outgoing(record: &SmsRecord) -> OutgoingSms {
    let mut sms = OutgoingSms::new(record.key.clone(), record.sent_to.clone(), record.text.clone());
    sms.from.clone_from(&record.sent_from);
    // How many parts it may have was looked at when it was accepted.
    sms.max_segments = u8::MAX;
    sms
}
