//! Messages that come in.

use super::Outbox;
use super::batch::After;
use super::counters::count;
use super::event::Now;
use crate::gateway::incoming::IncomingStep;
use crate::smpp::Deliver;

impl<R> Outbox<R> {
    pub(super) fn on_incoming(&mut self, now: Now, connection: u16, deliver: &Deliver) {
        let Some(connection) = self.connections.get(usize::from(connection)) else {
            return;
        };
        let step = self
            .incoming
            .on_deliver(now.ms, now.wall, &connection.name, deliver);
        match step {
            IncomingStep::Duplicate => count(&mut self.counters.received_again),
            IncomingStep::Keep { changes, whole } => {
                count(&mut self.counters.received);
                self.pending.changes.extend(changes);
                self.pending.after.extend(whole.map(After::Receive));
            }
        }
    }

    /// A message that came in was taken by whom it is for.
    pub(crate) fn on_received(&mut self, id: &ozml_session::MessageId) {
        self.pending.changes.push(self.incoming.handed(id));
    }

    /// Messages whose missing parts will not come any more are handed on as they are.
    pub(super) fn expire_incoming(&mut self, now: Now) {
        let (changes, incomplete) = self.incoming.on_tick(now.ms, now.wall);
        self.pending.changes.extend(changes);
        self.pending
            .after
            .extend(incomplete.into_iter().map(After::Receive));
    }
}
