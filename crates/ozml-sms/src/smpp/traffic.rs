//! What stands behind a session on a socket.

use super::event::{Closed, Event};
use super::session::Session;

/// Gives a session its messages and hears what becomes of them. The driver calls it once in each of its
/// turns, in the order of these methods; only [`wait`](Self::wait) and [`finish`](Self::finish) wait.
pub(crate) trait Traffic {
    /// Waits until there is something to do that comes neither from the link nor from the clock. Nothing
    /// is lost when the future is dropped.
    fn wait(&mut self) -> impl Future<Output = ()> + Send;

    /// Something happened in the session.
    fn on_event(&mut self, now: u64, session: &mut Session, event: Event);

    /// Does everything that can be done without waiting: takes what is asked for, acts on the times that
    /// are over, hands messages to the session, begins its end.
    fn advance(&mut self, now: u64, session: &mut Session);

    /// Tells outside what happened in this turn.
    fn tell(&mut self, session: &Session);

    /// Whether more may be read from the link.
    fn takes_more(&self) -> bool {
        true
    }

    /// When [`advance`](Self::advance) has something to do next.
    fn next_wake_up(&self, session: &Session) -> Option<u64>;

    /// The session is over, and so is this. Whatever was asked for and not answered yet is answered now.
    fn finish(&mut self, closed: Closed) -> impl Future<Output = ()> + Send;

    /// The same where nothing can wait, as the task is stopped in its course. After
    /// [`finish`](Self::finish) it does nothing.
    fn abandon(&mut self, closed: Closed);
}
