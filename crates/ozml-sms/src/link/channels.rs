//! The session's ends of a link's channels: orders come through one, events leave through the other, those of one
//! turn at once.

use tokio::sync::mpsc::{self, error::TrySendError};

use super::command::LinkCommand;
use super::event::{LinkEnd, LinkEvent, LinkEvents};
use super::names::SessionId;

/// Events that may wait for their reader before nothing more is read from the wire.
const MAX_WAITING: usize = 1_024;

/// What the owner of a link wants.
#[derive(Debug)]
pub(crate) enum Order {
    Commands(Vec<LinkCommand>),
    /// An orderly end.
    Close,
}

/// The channels of one link, and what is under way between them.
pub(crate) struct LinkChannels {
    session: SessionId,
    orders: mpsc::UnboundedReceiver<Order>,
    events: mpsc::Sender<LinkEvents>,
    /// The order that ended the last wait.
    order: Option<Order>,
    /// Events that are not taken yet.
    waiting: Vec<LinkEvent>,
    /// Whether no more orders can come, or nobody hears anything any more.
    exhausted: bool,
    ended: bool,
}

impl LinkChannels {
    pub(super) fn new(
        session: SessionId,
        orders: mpsc::UnboundedReceiver<Order>,
        events: mpsc::Sender<LinkEvents>,
    ) -> Self {
        Self {
            session,
            orders,
            events,
            order: None,
            waiting: Vec::new(),
            exhausted: false,
            ended: false,
        }
    }

    /// Waits until there is an order, or until waiting events were taken. Nothing is lost when the future is dropped.
    pub(crate) async fn wait(&mut self) {
        let waits = !self.waiting.is_empty();
        tokio::select! {
            biased;
            room = self.events.reserve(), if waits => {
                let events = std::mem::take(&mut self.waiting);
                match room {
                    Ok(room) => room.send(LinkEvents { session: self.session, events }),
                    Err(_) => self.exhausted = true,
                }
            }
            order = self.orders.recv(), if !self.exhausted => {
                self.exhausted = order.is_none();
                self.order = order;
            }
            else => std::future::pending().await,
        }
    }

    /// The next order, if there is one.
    pub(crate) fn next_order(&mut self) -> Option<Order> {
        if let Some(order) = self.order.take() {
            return Some(order);
        }
        if self.exhausted {
            return None;
        }
        match self.orders.try_recv() {
            Ok(order) => Some(order),
            Err(mpsc::error::TryRecvError::Empty) => None,
            Err(mpsc::error::TryRecvError::Disconnected) => {
                self.exhausted = true;
                None
            }
        }
    }

    /// Whether nobody is there any more who could order or hear anything: the session is to end in good order.
    pub(crate) fn is_deserted(&self) -> bool {
        self.exhausted
    }

    /// Resolves when the end is asked for. What is to be sent until then comes back.
    pub(crate) async fn close_asked(&mut self) {
        loop {
            match self.orders.recv().await {
                Some(Order::Commands(commands)) => self.give_back(commands),
                Some(Order::Close) | None => return,
            }
        }
    }

    /// An event for the next [`flush`](Self::flush).
    pub(crate) fn tell(&mut self, event: LinkEvent) {
        self.waiting.push(event);
    }

    /// Hands the events over if there is room for them; otherwise [`wait`](Self::wait) does.
    pub(crate) fn flush(&mut self) {
        let Some(events) = self.take_events() else {
            return;
        };
        match self.events.try_send(events) {
            Ok(()) => {}
            Err(TrySendError::Full(events)) => self.waiting = events.events,
            Err(TrySendError::Closed(_)) => self.exhausted = true,
        }
    }

    /// Whether there is room for more events: while not, nothing more is to be read from the wire.
    pub(crate) fn has_room(&self) -> bool {
        self.waiting.len() < MAX_WAITING
    }

    /// Tells the end, after all that was said before and when all orders have their answers.
    pub(crate) async fn end(&mut self, end: LinkEnd) {
        self.orders.close();
        while let Some(order) = self.orders.recv().await {
            self.give_back_order(order);
        }
        self.ended(end);
        if let Some(events) = self.take_events() {
            // Nobody is left to hear it.
            let _ = self.events.send(events).await;
        }
    }

    /// The same where nothing can wait, as the task is stopped in its course. After [`end`](Self::end) it does
    /// nothing.
    pub(crate) fn abandon(&mut self, end: LinkEnd) {
        if self.ended {
            return;
        }
        self.orders.close();
        while let Ok(order) = self.orders.try_recv() {
            self.give_back_order(order);
        }
        self.ended(end);
        self.flush();
    }

    fn give_back_order(&mut self, order: Order) {
        if let Order::Commands(commands) = order {
            self.give_back(commands);
        }
    }

    fn give_back(&mut self, commands: Vec<LinkCommand>) {
        let not_sent = commands.into_iter().filter_map(|command| match command {
            LinkCommand::Submit { token, .. } => Some(LinkEvent::NotSent { token }),
            LinkCommand::Withdraw { .. } | LinkCommand::AnswerArrival { .. } => None,
        });
        self.waiting.extend(not_sent);
    }

    /// The last event, behind the order that was taken and not carried out.
    fn ended(&mut self, end: LinkEnd) {
        if let Some(order) = self.order.take() {
            self.give_back_order(order);
        }
        self.waiting.push(LinkEvent::Ended(end));
        self.ended = true;
    }

    fn take_events(&mut self) -> Option<LinkEvents> {
        let events = std::mem::take(&mut self.waiting);
        (!events.is_empty()).then_some(LinkEvents {
            session: self.session,
            events,
        })
    }
}
