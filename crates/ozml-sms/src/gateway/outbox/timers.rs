//! What time brings.

use ozml_session::SmsState;

use super::Outbox;
use super::event::Now;
use super::message::Phase;
use crate::store::MessageNumber;

impl<R> Outbox<R> {
    /// Acts on what is due.
    pub(crate) fn on_tick(&mut self, now: Now) {
        while let Some(&(due, number)) = self.timers.first()
            && due <= now.ms
        {
            self.wake_at(number, None);
            self.on_due(now, number);
        }
        self.expire_receipts(now);
        self.expire_incoming(now);
        for index in 0..self.connections.len() {
            let Some(connection) = self.connections.get_mut(index) else {
                continue;
            };
            if connection.gives_up_at().is_some_and(|at| at <= now.ms) {
                connection.has_given_up = true;
                self.leave_connection(now, index);
            }
        }
    }

    fn on_due(&mut self, now: Now, number: MessageNumber) {
        let Some(message) = self.messages.get(&number) else {
            return;
        };
        let is_expired = message.expires <= now.ms;
        match message.phase {
            Phase::Waiting(_) | Phase::Pausing if is_expired => self.expire(now, number),
            Phase::Pausing => self.enqueue(now, number),
            Phase::Awaiting => self.give_up_receipts(now, number),
            Phase::With(session) if is_expired => self.take_back(now, session, number),
            Phase::Waiting(_) | Phase::With(_) | Phase::Accepting | Phase::Ended => {}
        }
    }

    /// A message is of no use any more and is not sent.
    pub(super) fn expire(&mut self, now: Now, number: MessageNumber) {
        self.leave_line(number, Phase::Pausing);
        let reason = self.messages.get(&number).and_then(|message| {
            let last = message.progress.reason.as_deref();
            last.map(|last| format!("its validity ended; before that: {last}").into())
        });
        let reason = reason.or_else(|| Some("its validity ended before it could be sent".into()));
        self.end(now, number, SmsState::Expired, reason);
    }

    /// When [`on_tick`](Self::on_tick) or [`pump`](Self::pump) has something to do next.
    pub(crate) fn next_wake_up(&self, now: Now) -> Option<u64> {
        let of_messages = self.timers.first().map(|(due, _)| *due);
        let of_store = (!self.pending.is_empty() && self.retry_at > now.ms).then_some(self.retry_at);
        let of_incoming = self.incoming.next_wake_up();
        let of_connections = self.connections.iter().flat_map(|connection| {
            let is_waiting = connection.waiting > 0;
            let lanes = connection.lanes.iter().flat_map(|lane| {
                let throttle = lane.front().and_then(|_| lane.throttle.may_send(now.ms).err());
                [lane.next_wake_up(), throttle]
            });
            let has_ready = connection.lanes.iter().any(|lane| lane.front().is_some());
            let rate = connection.rate.as_ref().filter(|_| has_ready);
            let rate = rate.and_then(|rate| rate.may_send(now.ms).err());
            let breaker = connection.breaker.next_wake_up();
            let breaker = breaker.filter(|until| is_waiting && *until > now.ms);
            let others = [
                rate,
                breaker,
                connection.gives_up_at(),
                connection.receipts.next_expiry(),
            ];
            lanes.chain(others).flatten()
        });
        let moments = [of_messages, of_store, of_incoming];
        moments.into_iter().flatten().chain(of_connections).min()
    }
}
