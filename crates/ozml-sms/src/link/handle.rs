//! The owner's end of a session.

use tokio::sync::mpsc;

use super::channels::{LinkChannels, Order};
use super::command::LinkCommand;
use super::event::LinkEvents;
use super::names::SessionId;

/// The owner's end of one session. Dropping it ends the session in good order.
#[derive(Debug)]
pub(crate) struct Link {
    orders: mpsc::UnboundedSender<Order>,
}

impl Link {
    /// A link and the session's ends of its channels.
    pub(crate) fn new(session: SessionId, events: mpsc::Sender<LinkEvents>) -> (Self, LinkChannels) {
        let (orders, receiver) = mpsc::unbounded_channel();
        (Self { orders }, LinkChannels::new(session, receiver, events))
    }

    /// Hands commands over, in their order, without waiting. Whoever sends bounds what is out: no more
    /// submits than the window. A link that has ended drops them, see
    /// [`LinkEvent::Ended`](super::LinkEvent::Ended).
    pub(crate) fn send(&self, commands: Vec<LinkCommand>) {
        let _ = self.orders.send(Order::Commands(commands));
    }

    /// Ends the session in good order: submits sent before go out or come back, later ones come back; what is out
    /// is waited for.
    pub(crate) fn close(&self) {
        let _ = self.orders.send(Order::Close);
    }
}
