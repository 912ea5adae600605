//! One session with one modem, from the first `AT` to the end. Pure: octets and the time go in, octets, events and the
//! next moment to wake up come out. All times are milliseconds of one clock that never goes back.
//!
//! One command is under way at a time; [`task`] says what it is for. What is to be done next is decided anew each time
//! the modem is free: acknowledgements, the regular look at the modem, then sending and receiving by turns.

mod config;
mod ending;
mod event;
mod held;
mod identity;
mod pin;
mod polling;
mod receiving;
mod registration;
mod sending;
mod start;
mod storage;
mod task;

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

pub use config::DialogueConfig;
pub use event::{DialogueEvent, ModemHealth, SubmitAnswer, SubmitError, Ticket};
pub use identity::ModemIdentity;

use std::collections::VecDeque;

use super::at::{Channel, ChannelEvent, Command, LineCounters, Outcome};
use super::pdu::Submit;
use super::{ModemEnd, ModemError};
use polling::Polling;
use receiving::Receiving;
use sending::{PartUnderWay, Sending};
use start::{SetUp, Start};
use task::Task;

/// How long a modem may be unheard before it counts as one that may have restarted meanwhile, in milliseconds. None is
/// faster.
const RESTART: u64 = 2_000;

/// Where a session stands.
#[derive(Debug)]
enum Phase {
    Starting(Box<Start>),
    Ready,
    /// On its way to an orderly end.
    Closing,
    /// The modem failed again and again.
    Restarting(ModemError),
    Ended,
}

/// One session with one modem.
#[derive(Debug)]
pub struct Dialogue {
    config: DialogueConfig,
    channel: Channel,
    phase: Phase,
    task: Option<Task>,
    set_up: SetUp,
    sending: Sending,
    receiving: Receiving,
    polling: Polling,
    /// After a part it is the turn of what comes in.
    is_turn_of_receiving: bool,
    events: VecDeque<DialogueEvent>,
}

impl Dialogue {
    /// Begins the start of a modem (sms.md 4.1).
    pub fn open(now: u64, config: DialogueConfig) -> Self {
        let mut dialogue = Self {
            channel: Channel::new(now, &config.modem),
            phase: Phase::Starting(Box::new(Start::new(now, &config))),
            task: None,
            set_up: SetUp::default(),
            sending: Sending::default(),
            receiving: Receiving::default(),
            polling: Polling::new(now),
            is_turn_of_receiving: false,
            events: VecDeque::new(),
            config,
        };
        dialogue.advance(now);
        dialogue
    }

    /// Takes the next octets from the modem.
    pub fn on_bytes(&mut self, now: u64, octets: &[u8]) {
        if self.is_ended() {
            return;
        }
        self.channel.on_bytes(now, octets);
        self.advance(now);
    }

    /// Acts on the timers that ran out.
    pub fn on_tick(&mut self, now: u64) {
        if self.is_ended() {
            return;
        }
        self.channel.on_tick(now);
        self.advance(now);
    }

    /// When [`on_tick`](Self::on_tick) has something to do next.
    pub fn next_wake_up(&self) -> Option<u64> {
        if self.is_ended() {
            return None;
        }
        if !self.channel.is_idle() {
            return self.channel.next_wake_up();
        }
        match &self.phase {
            Phase::Starting(start) => Some(start.not_before()),
            Phase::Ready => {
                let wait = self.config.modem.timers.registration;
                let of_sending = [self.sending.paused_until, self.sending.memory_deadline];
                let of_network = [self.polling.network_deadline(wait), Some(self.polling.due_at)];
                of_sending.into_iter().chain(of_network).flatten().min()
            }
            Phase::Closing | Phase::Restarting(_) | Phase::Ended => None,
        }
    }

    /// The port is gone: what is out is unknown, what waits was not sent.
    pub fn on_port_lost(&mut self, why: String) {
        self.end(ModemEnd::PortLost(why));
    }

    /// Appends the octets to be written to `into`.
    pub fn take_output(&mut self, into: &mut Vec<u8>) {
        self.channel.take_output(into);
    }

    /// The next thing to know.
    pub fn next_event(&mut self) -> Option<DialogueEvent> {
        self.events.pop_front()
    }

    /// What was odd on the line so far.
    pub fn counters(&self) -> LineCounters {
        self.channel.counters()
    }

    /// Gives a part; not while there is no network, see [`ModemHealth::registered`]. `ticket` names it until its [`DialogueEvent::Answered`] or [`DialogueEvent::NotSent`] has come;
    /// one of them comes for every part exactly once.
    pub fn submit(&mut self, now: u64, ticket: Ticket, submit: Box<Submit>) -> Result<(), SubmitError> {
        // A modem that is being restarted keeps parts until its end: refused, they would be given again and again.
        let takes_parts = matches!(self.phase, Phase::Ready | Phase::Restarting(_));
        if !takes_parts || self.polling.is_out_of_network() {
            return Err(SubmitError::NotReady);
        }
        if self.sending.len() >= usize::from(self.config.modem.window) {
            return Err(SubmitError::WindowFull);
        }
        self.sending.queue.push_back(PartUnderWay::new(ticket, submit));
        self.advance(now);
        Ok(())
    }

    /// Takes a part back that the modem was not told of yet: it comes as [`DialogueEvent::NotSent`]. Any other one has
    /// its outcome as always.
    pub fn withdraw(&mut self, ticket: Ticket) {
        if self.sending.withdraw(ticket) {
            self.events.push_back(DialogueEvent::NotSent { ticket });
        }
    }

    /// Answers a [`DialogueEvent::Arrived`]. Taken: it is ours from now on, and is deleted on the modem. Not taken: it
    /// comes again later. An answer that nobody waits for is left out.
    pub fn answer(&mut self, now: u64, sequence: u32, taken: bool) {
        if self.is_ended() {
            return;
        }
        self.on_answer(sequence, taken);
        self.advance(now);
    }

    /// Begins an orderly end: what waits comes back as not sent, what is out is waited for, and what was taken is
    /// deleted.
    pub fn close(&mut self, now: u64) {
        match self.phase {
            Phase::Starting(_) => self.end(ModemEnd::Closed),
            Phase::Ready => {
                self.phase = Phase::Closing;
                self.give_back_waiting();
                self.advance(now);
            }
            Phase::Closing | Phase::Restarting(_) | Phase::Ended => {}
        }
    }

    fn is_ended(&self) -> bool {
        matches!(self.phase, Phase::Ended)
    }

    fn advance(&mut self, now: u64) {
        while !self.is_ended() {
            if let Some(event) = self.channel.next_event() {
                self.on_channel_event(now, event);
            } else if !self.channel.is_idle() || !self.begin_next(now) {
                break;
            }
        }
    }

    fn on_channel_event(&mut self, now: u64, event: ChannelEvent) {
        match event {
            ChannelEvent::Finished(outcome) => {
                if let Some(task) = self.task.take() {
                    self.on_outcome(now, task, outcome);
                }
            }
            ChannelEvent::Stored(slot) => self.on_stored(slot),
            ChannelEvent::Direct(pdu) => self.on_direct(now, &pdu),
            ChannelEvent::Registration(state) => self.on_registration_news(now, state),
            ChannelEvent::Restarted => self.end(ModemEnd::RestartedItself),
        }
    }

    fn on_outcome(&mut self, now: u64, task: Task, outcome: Outcome) {
        let is_silent = matches!(outcome, Outcome::Silent { .. });
        let is_answered = matches!(&outcome, Outcome::Answered(_));
        let reply = match &outcome {
            Outcome::Answered(reply) => Some(reply),
            _ => None,
        };
        let accepted = reply.filter(|reply| reply.result.is_ok());
        match task {
            Task::Start => return self.on_start_outcome(now, outcome),
            Task::Submit => {
                self.is_turn_of_receiving = true;
                return self.on_submit_outcome(now, outcome);
            }
            Task::AskMode => self.sending.is_mode_known = is_answered,
            Task::MoreMessages => self.on_more_messages(accepted.is_some()),
            Task::SetCentre => self.on_centre_set(),
            Task::Acknowledge(sequence) => self.on_acknowledged(sequence, accepted.is_some()),
            Task::Select(memory) => self.on_selected(memory, &outcome),
            Task::List(memory) => self.on_list(memory, accepted),
            Task::Read(slot) => self.on_read(now, slot, reply),
            Task::Delete(sequence, _) => self.on_deleted(sequence, &outcome),
            Task::Poll(question) => self.on_poll_reply(now, question, accepted),
            Task::Restart(way) => return self.on_restart_outcome(now, way, accepted.is_some()),
        }
        self.is_turn_of_receiving = false;
        if is_silent {
            self.end(ModemEnd::Silent);
        }
    }

    /// Writes the next command; whether there was one.
    fn begin_next(&mut self, now: u64) -> bool {
        if let Phase::Starting(start) = &mut self.phase {
            start.begin(now, &self.config, &mut self.channel);
            let begun = !self.channel.is_idle();
            self.task = begun.then_some(Task::Start);
            return begun;
        }
        self.check_network(now);
        self.forget_after_silence(now);
        let task = match self.phase {
            Phase::Ready => self.next_task(now),
            Phase::Closing => self.closing_task(now),
            Phase::Restarting(_) => Some(Task::Restart(0)),
            Phase::Starting(_) | Phase::Ended => None,
        };
        let Some((task, command)) = task.and_then(|task| Some((task, self.command(task)?))) else {
            return false;
        };
        self.task = Some(task);
        self.channel.send(now, command);
        true
    }

    fn next_task(&mut self, now: u64) -> Option<Task> {
        if let Some(task) = self.acknowledging_task(now).or_else(|| self.polling_task(now)) {
            return Some(task);
        }
        if self.is_turn_of_receiving || self.polling.is_memory_low() {
            return self.receiving_task().or_else(|| self.sending_task(now));
        }
        self.sending_task(now).or_else(|| self.receiving_task())
    }

    /// After silence nothing is deleted and nothing sent before it is certain that the modem is still set up: in text
    /// mode `AT+CMGS=18` is a message to the number 18, and another memory has other messages.
    fn forget_after_silence(&mut self, now: u64) {
        let was_silent = self.channel.take_silence();
        if was_silent || now.saturating_sub(self.channel.heard_at()) > RESTART {
            self.sending.is_mode_known = false;
            self.receiving.forget_selection();
        }
    }

    fn command(&self, task: Task) -> Option<Command> {
        match task {
            Task::Start => None,
            Task::Submit => self.submit_command(),
            Task::AskMode => Some(Command::MESSAGE_MODE),
            Task::MoreMessages => Some(Command::MORE_MESSAGES),
            Task::SetCentre => self.config.modem.smsc.as_ref().map(Command::set_service_centre),
            Task::Acknowledge(_) => Some(Command::ACKNOWLEDGE),
            Task::Select(memory) => Some(Command::select(memory)),
            Task::List(_) => Some(Command::LIST),
            Task::Read(slot) => Some(Command::read(slot)),
            Task::Delete(_, slot) => Some(Command::delete(slot)),
            Task::Poll(question) => self.poll_command(question),
            Task::Restart(way) => Command::RESTARTS.into_iter().nth(way),
        }
    }

    fn on_start_outcome(&mut self, now: u64, outcome: Outcome) {
        let Phase::Starting(start) = &mut self.phase else {
            return;
        };
        let (pin, waited) = (start.pin, start.waits_for_network);
        let result = start.on_outcome(now, &self.config, &mut self.channel, outcome);
        if start.pin != pin {
            self.events.extend(start.pin.event());
        }
        if start.waits_for_network && !waited {
            self.events
                .push_back(DialogueEvent::Health(ModemHealth::default()));
        }
        if let Err(end) = result {
            return self.end(end);
        }
        if start.is_done() {
            self.set_up = std::mem::take(&mut start.set_up);
            self.ready(now);
        }
    }

    fn ready(&mut self, now: u64) {
        self.phase = Phase::Ready;
        self.polling = Polling::new(now);
        let filled = std::mem::take(&mut self.set_up.filled);
        self.receiving.begin(self.set_up.home, filled);
        self.sending.is_mode_known = true;
        let modem = self.set_up.identity.clone();
        self.events.push_back(DialogueEvent::Ready { modem });
    }
}
