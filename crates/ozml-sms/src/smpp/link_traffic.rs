//! A link behind one of its sessions: what SMPP says becomes what every link says.

use std::collections::HashMap;

use super::arrival::arrival;
use super::event::{self, Closed, Event, Ticket};
use super::session::Session;
use super::status::Status;
use super::traffic::Traffic;
use crate::link::{Answer, LinkChannels, LinkCommand, LinkEvent, Order, PartPdu, PartToken, Peer, Refusal};
use crate::text::DefaultCharset;

/// The channels of one link and what is on its wire.
pub(crate) struct LinkTraffic {
    channels: LinkChannels,
    /// What `data_coding` 0 means at this centre.
    charset: DefaultCharset,
    out: HashMap<Ticket, PartToken>,
    /// Whether an orderly end is asked for; an owner who is gone asks for it too.
    closing: bool,
}

impl LinkTraffic {
    pub(crate) fn new(channels: LinkChannels, charset: DefaultCharset) -> Self {
        Self {
            channels,
            charset,
            out: HashMap::new(),
            closing: false,
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
            LinkCommand::Submit { token, pdu } => self.submit(now, session, token, &pdu),
            // What was handed over is on the wire.
            LinkCommand::Withdraw { .. } => {}
            LinkCommand::AnswerArrival { sequence, taken } => {
                session.answer_deliver(now, sequence, answer_of_arrival(taken));
            }
        }
    }

    fn submit(&mut self, now: u64, session: &mut Session, token: PartToken, pdu: &PartPdu) {
        let ticket = match pdu {
            PartPdu::Smpp(message) => session.submit(now, message).ok(),
            PartPdu::Gsm(_) => None,
        };
        match ticket {
            Some(ticket) => {
                self.out.insert(ticket, token);
            }
            None => self.channels.tell(LinkEvent::NotSent { token }),
        }
    }

    fn begin_close(&mut self, now: u64, session: &mut Session) {
        if !self.closing {
            self.closing = true;
            session.unbind(now);
        }
    }
}

/// What is not taken the centre keeps.
fn answer_of_arrival(taken: bool) -> Status {
    match taken {
        true => Status::OK,
        false => Status::RECEIVER_TEMPORARY_ERROR,
    }
}

fn neutral(answer: event::Answer) -> Answer {
    match answer {
        event::Answer::Accepted { message_id } => Answer::Accepted { message_id },
        event::Answer::Refused(status) => Answer::Refused(Refusal::Smpp(status)),
        event::Answer::Unknown(reason) => Answer::Unknown(reason),
    }
}

impl Traffic for LinkTraffic {
    async fn wait(&mut self) {
        self.channels.wait().await;
    }

    fn on_event(&mut self, _: u64, _: &mut Session, event: Event) {
        match event {
            Event::Bound { centre } => {
                let peer = Peer::Centre(centre);
                self.channels.tell(LinkEvent::Bound { peer });
            }
            Event::Answered { ticket, answer } => {
                if let Some(token) = self.out.remove(&ticket) {
                    let answer = neutral(answer);
                    self.channels.tell(LinkEvent::Answered { token, answer });
                }
            }
            Event::Delivered { sequence, deliver } => {
                let arrival = Box::new(arrival(deliver, self.charset));
                self.channels.tell(LinkEvent::Arrived { sequence, arrival });
            }
            // The session refused the first itself; the second is told at the very end.
            Event::Unreadable(_) | Event::Closed(_) => {}
        }
    }

    fn advance(&mut self, now: u64, session: &mut Session) {
        while let Some(order) = self.channels.next_order() {
            self.take_order(now, session, order);
        }
        if self.channels.is_deserted() {
            self.begin_close(now, session);
        }
    }

    fn tell(&mut self, _: &Session) {
        self.channels.flush();
    }

    fn takes_more(&self) -> bool {
        self.channels.has_room()
    }

    fn next_wake_up(&self, _: &Session) -> Option<u64> {
        None
    }

    async fn finish(&mut self, closed: Closed) {
        self.channels.end(closed.into()).await;
    }

    fn abandon(&mut self, closed: Closed) {
        self.channels.abandon(closed.into());
    }
}
