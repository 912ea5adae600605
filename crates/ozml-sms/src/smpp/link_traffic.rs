//! The gateway behind one of its sessions: commands come through a channel, events leave through
//! another, those of one turn at once.

use std::collections::HashMap;

use tokio::sync::mpsc::{self, error::TrySendError};

use super::event::{Closed, Event, Ticket};
use super::link::{LinkCommand, LinkEnd, LinkEvent, LinkEvents, PartToken, SessionId};
use super::session::Session;
use super::traffic::Traffic;

/// Events that may wait for their reader before nothing more is read from the link.
const MAX_WAITING: usize = 1_024;

/// What the owner of a link wants.
#[derive(Debug)]
pub(crate) enum Order {
    Commands(Vec<LinkCommand>),
    Close,
}

/// The channels of one link, and what is under way between them.
pub(crate) struct LinkTraffic {
    session: SessionId,
    orders: mpsc::UnboundedReceiver<Order>,
    events: mpsc::Sender<LinkEvents>,
    /// The order that ended the last wait.
    order: Option<Order>,
    /// Events that are not taken yet.
    waiting: Vec<LinkEvent>,
    out: HashMap<Ticket, PartToken>,
    /// Whether an orderly end is asked for; an owner who is gone asks for it too.
    closing: bool,
    /// Whether no more orders can come.
    exhausted: bool,
    ended: bool,
}

impl LinkTraffic {
    pub(crate) fn new(
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
            out: HashMap::new(),
            closing: false,
            exhausted: false,
            ended: false,
        }
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

    fn take_orders(&mut self, now: u64, session: &mut Session) {
        if let Some(order) = self.order.take() {
            self.take_order(now, session, order);
        }
        while !self.exhausted {
            match self.orders.try_recv() {
                Ok(order) => self.take_order(now, session, order),
                Err(mpsc::error::TryRecvError::Empty) => break,
                Err(mpsc::error::TryRecvError::Disconnected) => self.exhausted = true,
            }
        }
    }

    fn take_order(&mut self, now: u64, session: &mut Session, order: Order) {
        match order {
            Order::Close => self.begin_close(now, session),
            Order::Commands(commands) => {
                for command in commands {
                    self.carry_out(now, session, command);
                }
            }
        }
    }

    fn carry_out(&mut self, now: u64, session: &mut Session, command: LinkCommand) {
        match command {
            LinkCommand::Submit { token, message } => match session.submit(now, &message) {
                Ok(ticket) => {
                    self.out.insert(ticket, token);
                }
                Err(_) => self.waiting.push(LinkEvent::NotSent { token }),
            },
            LinkCommand::AnswerDeliver { sequence, status } => session.answer_deliver(now, sequence, status),
        }
    }

    fn begin_close(&mut self, now: u64, session: &mut Session) {
        if !self.closing {
            self.closing = true;
            session.unbind(now);
        }
    }

    fn give_back_order(&mut self, order: Order) {
        if let Order::Commands(commands) = order {
            self.give_back(commands);
        }
    }

    fn give_back(&mut self, commands: Vec<LinkCommand>) {
        let not_sent = commands.into_iter().filter_map(|command| match command {
            LinkCommand::Submit { token, .. } => Some(LinkEvent::NotSent { token }),
            LinkCommand::AnswerDeliver { .. } => None,
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

    /// Hands the events over if there is room for them.
    fn try_tell(&mut self) {
        let Some(events) = self.take_events() else {
            return;
        };
        match self.events.try_send(events) {
            Ok(()) => {}
            Err(TrySendError::Full(events)) => self.waiting = events.events,
            Err(TrySendError::Closed(_)) => self.exhausted = true,
        }
    }
}

impl Traffic for LinkTraffic {
    async fn wait(&mut self) {
        let waits = !self.waiting.is_empty();
        tokio::select! {
            biased;
            room = self.events.reserve(), if waits => {
                let events = std::mem::take(&mut self.waiting);
                match room {
                    Ok(room) => room.send(LinkEvents { session: self.session, events }),
                    // Nobody hears anything any more.
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

    fn on_event(&mut self, _: u64, _: &mut Session, event: Event) {
        match event {
            Event::Bound { centre } => self.waiting.push(LinkEvent::Bound { centre }),
            Event::Answered { ticket, answer } => {
                if let Some(token) = self.out.remove(&ticket) {
                    self.waiting.push(LinkEvent::Answered { token, answer });
                }
            }
            Event::Delivered { sequence, deliver } => {
                self.waiting.push(LinkEvent::Deliver { sequence, deliver });
            }
            // The session refused the first itself; the second is told at the very end.
            Event::Unreadable(_) | Event::Closed(_) => {}
        }
    }

    fn advance(&mut self, now: u64, session: &mut Session) {
        self.take_orders(now, session);
        if self.exhausted {
            self.begin_close(now, session);
        }
    }

    fn tell(&mut self, _: &Session) {
        self.try_tell();
    }

    fn takes_more(&self) -> bool {
        self.waiting.len() < MAX_WAITING
    }

    fn next_wake_up(&self, _: &Session) -> Option<u64> {
        None
    }

    async fn finish(&mut self, closed: Closed) {
        self.end(closed.into()).await;
    }

    fn abandon(&mut self, closed: Closed) {
        if self.ended {
            return;
        }
        self.orders.close();
        while let Ok(order) = self.orders.try_recv() {
            self.give_back_order(order);
        }
        self.ended(closed.into());
        self.try_tell();
    }
}
