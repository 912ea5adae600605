//! What the sessions tell.

use super::Outbox;
use super::connection::Connection;
use super::event::Now;
use super::message::Phase;
use crate::gateway::SessionId;
use crate::link::{LinkEnd, LinkEvent, LinkEvents, Peer};

impl<R> Outbox<R> {
    /// A session did something.
    pub(crate) fn on_link(&mut self, now: Now, happened: LinkEvents) {
        let session = happened.session;
        for event in happened.events {
            match event {
                LinkEvent::Bound { peer } => self.on_bound(now, session, peer),
                LinkEvent::Answered { token, answer } => self.on_answer(now, session, token, answer),
                LinkEvent::NotSent { token } => self.on_not_sent(now, session, token),
                LinkEvent::Arrived { sequence, arrival } => self.on_arrived(now, session, sequence, *arrival),
                LinkEvent::Cleared { fingerprint, .. } => self.on_cleared(session, fingerprint),
                LinkEvent::Health(health) => self.on_health(now, session, health),
                LinkEvent::PinTaken => self.on_pin_taken(session),
                LinkEvent::PinGiven | LinkEvent::PinRefused => self.on_pin_refused(session),
                LinkEvent::Ended(end) => self.on_ended(now, session, &end),
            }
        }
    }

    fn on_bound(&mut self, now: Now, session: SessionId, peer: Peer) {
        self.on_peer(session, peer);
        self.on_usable(now, session);
    }

    /// A session takes messages from now on.
    pub(super) fn on_usable(&mut self, now: Now, session: SessionId) {
        if let Some(lane) = self.lane(session) {
            lane.on_bound();
        }
        if let Some(connection) = self.connections.get_mut(usize::from(session.connection)) {
            connection.down_since = None;
            connection.last_error = None;
            connection.breaker.on_probe_lost(now.ms);
        }
        self.collect_from_others(now, session.connection);
    }

    /// What waits for connections that are down comes to one that is up.
    fn collect_from_others(&mut self, now: Now, up: u16) {
        let is_stuck =
            |other: &Connection| other.has_alternatives && other.waiting > 0 && !other.is_usable(now.ms);
        for index in 0..self.connections.len() {
            let is_other = index != usize::from(up);
            if is_other && self.connections.get(index).is_some_and(is_stuck) {
                self.leave_connection(now, index);
            }
        }
    }

    /// Everything that waits for a connection looks for its place anew.
    pub(super) fn leave_connection(&mut self, now: Now, index: usize) {
        let Some(connection) = self.connections.get_mut(index) else {
            return;
        };
        connection.has_alternatives = false;
        let waiting = connection.line.take_all();
        let here = u16::try_from(index).unwrap_or(u16::MAX);
        for number in waiting {
            let message = self.messages.get(&number);
            if message.is_some_and(|message| message.phase == Phase::Waiting(here)) {
                self.leave_line(number, Phase::Pausing);
                self.enqueue(now, number);
            }
        }
    }

    /// A session is over: what had not left goes back to the line, in its order.
    fn on_ended(&mut self, now: Now, session: SessionId, end: &LinkEnd) {
        self.on_modem_gone(session);
        let Some(lane) = self.lane(session) else {
            return;
        };
        lane.on_ended();
        let stranded = lane.stranded();
        let left = lane.take_all();
        if let Some(connection) = self.connections.get_mut(usize::from(session.connection)) {
            connection.last_error = Some(connection.of_session(session, end));
            connection.note_down(now.ms);
            connection.breaker.on_probe_lost(now.ms);
        }
        // The next session may use the numbers of its requests for others.
        self.pending.after.retain(|after| !after.is_answer_of(session));
        if let Some(after) = &mut self.writing {
            after.retain(|after| !after.is_answer_of(session));
        }
        for token in left.into_iter().rev() {
            self.on_not_sent_yet(now, session, token);
        }
        for token in stranded.into_iter().rev() {
            self.on_not_sent(now, session, token);
        }
    }
}
