//! One session of a gateway's connection with one of its modems.

use std::collections::HashMap;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::arrival::{arrival, message_id};
use super::pdu::Submit;
use super::serial::{self, OpenPort, Talk};
use super::{
    Dialogue, DialogueConfig, DialogueEvent, ModemConfig, ModemEnd, SerialPort, SubmitAnswer, Ticket,
};
use crate::link::{
    Answer, Link, LinkChannels, LinkCommand, LinkEnd, LinkEvent, LinkEvents, Order, PartPdu, PartToken, Peer,
    Refusal, SessionId,
};

/// Opens the port of `session`, starts the modem and runs until the session is over, on a task of the present tokio runtime. The
/// task goes on while nobody takes the events, but for reading when many wait. An orderly end waits for the part
/// that is out.
///
/// `gives_pin`: whether the session may give the PIN, if there is one. After a [`LinkEvent::PinRefused`] none may.
pub(crate) fn start(
    config: Box<ModemConfig>,
    session: SessionId,
    gives_pin: bool,
    events: mpsc::Sender<LinkEvents>,
) -> Link {
    let (link, channels) = Link::new(session, events);
    tokio::spawn(run(config, session, gives_pin, channels));
    link
}

async fn run(modem: Box<ModemConfig>, session: SessionId, gives_pin: bool, mut channels: LinkChannels) {
    let Some(port) = modem.ports.get(usize::from(session.session)).cloned() else {
        let missing = LinkEnd::ConnectFailed("there is no port for this session".to_owned());
        return channels.end(missing).await;
    };
    let opened = tokio::select! {
        biased;
        () = channels.close_asked() => return channels.end(ModemEnd::Closed.into()).await,
        opened = OpenPort::open(&port, modem.baud) => opened,
    };
    match opened {
        Err(error) => channels.end(LinkEnd::ConnectFailed(error.to_string())).await,
        Ok(io) => {
            let mut config = DialogueConfig::new(*modem);
            config.gives_pin = gives_pin;
            talk(io, LinkTraffic::new(channels, port, Dialogue::open(0, config))).await;
        }
    }
}

async fn talk(io: impl AsyncRead + AsyncWrite, mut traffic: LinkTraffic) {
    serial::run(io, &mut traffic, Instant::now()).await;
    // The port is closed by now: whoever hears of the end may open it.
    traffic.finish().await;
}

/// The channels of one link and the modem at its other end.
struct LinkTraffic {
    channels: LinkChannels,
    port: SerialPort,
    dialogue: Dialogue,
    /// The name of the SIM card, which is part of the names of parts.
    sim: String,
    /// Parts that are with the modem, and who they are for.
    out: HashMap<Ticket, (PartToken, String)>,
    tickets: u64,
    closing: bool,
    end: Option<ModemEnd>,
}

impl LinkTraffic {
    fn new(channels: LinkChannels, port: SerialPort, dialogue: Dialogue) -> Self {
        Self {
            channels,
            dialogue,
            sim: port_name(&port),
            port,
            out: HashMap::new(),
            tickets: 0,
            closing: false,
            end: None,
        }
    }

    fn take_order(&mut self, now: u64, order: Order) {
        match order {
            Order::Close => self.begin_close(now),
            Order::Commands(commands) => {
                for command in commands {
                    self.carry_out(now, command);
                }
            }
        }
    }

    fn carry_out(&mut self, now: u64, command: LinkCommand) {
        match command {
            LinkCommand::Submit { token, pdu } => match pdu {
                PartPdu::Gsm(submit) => self.submit(now, token, submit),
                PartPdu::Smpp(_) => self.channels.tell(LinkEvent::NotSent { token }),
            },
            LinkCommand::Withdraw { token } => self.withdraw(token),
            LinkCommand::AnswerArrival { sequence, taken } => self.dialogue.answer(now, sequence, taken),
        }
    }

    fn submit(&mut self, now: u64, token: PartToken, submit: Box<Submit>) {
        self.tickets = self.tickets.wrapping_add(1);
        let ticket = Ticket(self.tickets);
        let recipient = submit.destination.to_string();
        match self.dialogue.submit(now, ticket, submit) {
            Ok(()) => drop(self.out.insert(ticket, (token, recipient))),
            Err(_) => self.channels.tell(LinkEvent::NotSent { token }),
        }
    }

    fn withdraw(&mut self, token: PartToken) {
        let ticket = self.out.iter().find(|(_, (part, _))| *part == token);
        if let Some(ticket) = ticket.map(|(ticket, _)| *ticket) {
            self.dialogue.withdraw(ticket);
        }
    }

    fn begin_close(&mut self, now: u64) {
        if !self.closing {
            self.closing = true;
            self.dialogue.close(now);
        }
    }

    fn take_events(&mut self) {
        while let Some(event) = self.dialogue.next_event() {
            self.on_event(event);
        }
    }

    fn on_event(&mut self, event: DialogueEvent) {
        let told = match event {
            DialogueEvent::Ready { modem } => {
                if !modem.sim.is_empty() {
                    self.sim.clone_from(&modem.sim);
                }
                tracing::info!(port = %self.port, model = modem.model, operator = modem.operator, "a modem is ready");
                let peer = Peer::Modem(Box::new(modem));
                Some(LinkEvent::Bound { peer })
            }
            DialogueEvent::Answered { ticket, answer } => self.answered(ticket, answer),
            DialogueEvent::NotSent { ticket } => {
                let part = self.out.remove(&ticket);
                part.map(|(token, _)| LinkEvent::NotSent { token })
            }
            DialogueEvent::Arrived {
                sequence,
                incoming,
                fingerprint,
            } => {
                let arrival = Box::new(arrival(&self.sim, incoming, fingerprint));
                Some(LinkEvent::Arrived { sequence, arrival })
            }
            DialogueEvent::Cleared {
                sequence,
                fingerprint,
            } => Some(LinkEvent::Cleared {
                sequence,
                fingerprint,
            }),
            DialogueEvent::Unreadable { why, kept } => {
                tracing::warn!(port = %self.port, reason = why, kept, "a message of the modem cannot be read");
                None
            }
            DialogueEvent::Health(health) => Some(LinkEvent::Health(health)),
            DialogueEvent::PinGiven => Some(LinkEvent::PinGiven),
            DialogueEvent::PinTaken => Some(LinkEvent::PinTaken),
            DialogueEvent::PinRefused => Some(LinkEvent::PinRefused),
            DialogueEvent::Ended(end) => {
                self.end = Some(end);
                None
            }
        };
        if let Some(event) = told {
            self.channels.tell(event);
        }
    }

    fn answered(&mut self, ticket: Ticket, answer: SubmitAnswer) -> Option<LinkEvent> {
        let (token, recipient) = self.out.remove(&ticket)?;
        let answer = match answer {
            SubmitAnswer::Accepted { reference } => {
                let id = reference.map(|reference| message_id(&self.sim, reference, &recipient));
                Answer::Accepted {
                    message_id: id.unwrap_or_default(),
                }
            }
            SubmitAnswer::Refused(error) => Answer::Refused(Refusal::Gsm(error)),
            SubmitAnswer::Unknown(reason) => Answer::Unknown(reason),
        };
        Some(LinkEvent::Answered { token, answer })
    }

    /// Tells the end, when all orders have their answers.
    async fn finish(mut self) {
        let end = self.end.take().unwrap_or(ModemEnd::Closed);
        self.channels.end(end.into()).await;
    }
}

impl Talk for LinkTraffic {
    fn advance(&mut self, now: u64) -> bool {
        if self.dialogue.next_wake_up().is_some_and(|moment| moment <= now) {
            self.dialogue.on_tick(now);
        }
        self.take_events();
        while let Some(order) = self.channels.next_order() {
            self.take_order(now, order);
        }
        if self.channels.is_deserted() {
            self.begin_close(now);
        }
        self.take_events();
        self.channels.flush();
        self.end.is_none()
    }

    fn on_bytes(&mut self, now: u64, octets: &[u8]) {
        self.dialogue.on_bytes(now, octets);
    }

    fn on_port_lost(&mut self, why: String) {
        self.dialogue.on_port_lost(why);
    }

    fn take_output(&mut self, into: &mut Vec<u8>) {
        self.dialogue.take_output(into);
    }

    fn next_wake_up(&self) -> Option<u64> {
        self.dialogue.next_wake_up()
    }

    fn takes_more(&self) -> bool {
        self.channels.has_room()
    }

    async fn wait(&mut self) {
        self.channels.wait().await;
    }
}

impl Drop for LinkTraffic {
    /// A task may be stopped in its course, as with its runtime: what is out is unknown then, what waits was not
    /// sent, and whoever listens hears it. After [`finish`](Self::finish) nothing is left.
    fn drop(&mut self) {
        self.dialogue.on_port_lost("this program is ending".to_owned());
        self.take_events();
        self.channels
            .abandon(self.end.take().unwrap_or(ModemEnd::Closed).into());
    }
}

/// What a SIM card is called that does not tell who it is.
fn port_name(port: &SerialPort) -> String {
    let name = port.path().file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
#[path = "link_tests.rs"]
mod tests;
