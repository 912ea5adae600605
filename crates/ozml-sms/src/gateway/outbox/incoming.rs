//! Messages that come in.

use super::Outbox;
use super::batch::After;
use super::counters::count;
use super::event::Now;
use super::modems::place;
use crate::gateway::SessionId;
use crate::gateway::incoming::IncomingStep;
use crate::link::IncomingPart;

impl<R> Outbox<R> {
    pub(super) fn on_incoming(&mut self, now: Now, session: SessionId, part: IncomingPart) {
        let Some(connection) = self.connections.get(usize::from(session.connection)) else {
            return;
        };
        let place = place(connection, session);
        let step = self.incoming.on_part(now.ms, now.wall, place, part);
        match step {
            IncomingStep::Duplicate => count(&mut self.counters.received_again),
            IncomingStep::Keep { changes, whole } => {
                count(&mut self.counters.received);
                self.pending.changes.extend(changes);
                self.keep(whole);
            }
        }
    }

    /// A message that came in was taken by whom it is for.
    pub(crate) fn on_received(&mut self, id: &ozml_session::MessageId) {
        self.kept = self.kept.saturating_sub(1);
        self.pending.changes.push(self.incoming.handed(id));
    }

    /// So many messages that came in were forgotten in the store.
    pub(crate) fn on_purged(&mut self, messages: u64) {
        self.kept = self.kept.saturating_sub(messages);
    }

    /// Whether as many are kept as may be.
    pub(super) fn keeps_enough(&self) -> bool {
        self.kept >= self.limits.received
    }

    /// Messages that are kept until somebody takes them.
    pub(super) fn keep(&mut self, messages: impl IntoIterator<Item = ozml_session::ReceivedSms>) {
        for sms in messages {
            count(&mut self.kept);
            self.pending.after.push(After::Receive(sms));
        }
    }

    /// Messages whose missing parts will not come any more are handed on as they are.
    pub(super) fn expire_incoming(&mut self, now: Now) {
        let (changes, incomplete) = self.incoming.on_tick(now.ms, now.wall);
        self.pending.changes.extend(changes);
        self.keep(incomplete);
    }
}
