//! A person's talk with a modem: it is made to answer, then asked one command after the other.

use super::at::{Channel, ChannelEvent, Command, Outcome, Reply};
use super::serial::Talk;
use super::{ModemConfig, ModemEnd};

/// Tries to get an answer at all; after the first ones a modem may still wait for a PDU of somebody else.
const ATTEMPTS: u8 = 6;
const ATTEMPTS_BEFORE_ESCAPE: u8 = 3;
/// Restarts of the modem while it is asked.
const MOST_RESTARTS: u8 = 2;

/// What is asked.
pub(super) trait Plan {
    /// What comes next. Also called when the modem has restarted, without an answer to what was asked before.
    fn next(&mut self, now: u64) -> Next;

    /// The answer to what was asked last; `None`: there is none that is certain.
    fn on_reply(&mut self, reply: Option<&Reply>);
}

/// What comes next.
pub(super) enum Next {
    Ask(Command),
    /// Nothing until then.
    Wait(u64),
    /// All is asked.
    End,
}

/// One talk.
pub(super) struct Interview<P> {
    channel: Channel,
    pub(super) plan: P,
    attempts: u8,
    restarts: u8,
    /// The modem has answered.
    is_heard: bool,
    waits_until: Option<u64>,
    pub(super) end: Option<Result<(), ModemEnd>>,
}

impl<P: Plan> Interview<P> {
    pub(super) fn new(now: u64, config: &ModemConfig, plan: P) -> Self {
        let mut interview = Self {
            channel: Channel::new(now, config),
            plan,
            attempts: 0,
            restarts: 0,
            is_heard: false,
            waits_until: None,
            end: None,
        };
        interview.ask(now);
        interview
    }

    /// Asks what is to be asked next.
    fn ask(&mut self, now: u64) {
        self.waits_until = None;
        if !self.is_heard {
            self.attempts = self.attempts.saturating_add(1);
            return self.channel.send(now, Command::ATTENTION);
        }
        match self.plan.next(now) {
            Next::Ask(command) => self.channel.send(now, command),
            Next::Wait(moment) => self.waits_until = Some(moment),
            Next::End => self.end = Some(Ok(())),
        }
    }

    fn on_event(&mut self, now: u64, event: ChannelEvent) {
        match event {
            ChannelEvent::Finished(outcome) => self.on_outcome(now, outcome),
            ChannelEvent::Restarted if self.channel.is_idle() && self.end.is_none() => self.on_restart(now),
            // Messages stay where they are.
            _ => {}
        }
    }

    fn on_outcome(&mut self, now: u64, outcome: Outcome) {
        match outcome {
            Outcome::Silent { .. } => self.end = Some(Err(ModemEnd::Silent)),
            Outcome::Answered(reply) if self.is_heard => self.go_on(now, Some(&reply)),
            Outcome::Answered(_) => {
                self.is_heard = true;
                self.ask(now);
            }
            _ if self.is_heard => self.go_on(now, None),
            _ if self.attempts == ATTEMPTS => self.end = Some(Err(ModemEnd::Silent)),
            _ => {
                if self.attempts == ATTEMPTS_BEFORE_ESCAPE {
                    self.channel.escape();
                }
                self.ask(now);
            }
        }
    }

    fn go_on(&mut self, now: u64, reply: Option<&Reply>) {
        self.plan.on_reply(reply);
        self.ask(now);
    }

    /// The question that was under way has no answer any more.
    fn on_restart(&mut self, now: u64) {
        self.restarts = self.restarts.saturating_add(1);
        if self.restarts > MOST_RESTARTS {
            self.end = Some(Err(ModemEnd::RestartedItself));
        } else {
            self.ask(now);
        }
    }
}

impl<P: Plan> Talk for Interview<P> {
    fn advance(&mut self, now: u64) -> bool {
        if self.channel.next_wake_up().is_some_and(|moment| moment <= now) {
            self.channel.on_tick(now);
        }
        while let Some(event) = self.channel.next_event() {
            self.on_event(now, event);
        }
        if self.end.is_none() && self.waits_until.is_some_and(|moment| moment <= now) {
            self.ask(now);
        }
        self.end.is_none()
    }

    fn on_bytes(&mut self, now: u64, octets: &[u8]) {
        self.channel.on_bytes(now, octets);
    }

    fn on_port_lost(&mut self, why: String) {
        self.end = Some(Err(ModemEnd::PortLost(why)));
    }

    fn take_output(&mut self, into: &mut Vec<u8>) {
        self.channel.take_output(into);
    }

    fn next_wake_up(&self) -> Option<u64> {
        self.waits_until.or_else(|| self.channel.next_wake_up())
    }
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;

    /// Holds a talk with a modem that answers like this, or not at all, on a virtual clock; what it was told.
    pub(in super::super) fn hold<P: Plan>(
        plan: P,
        mut answer: impl FnMut(&str) -> Option<String>,
    ) -> (Interview<P>, Vec<String>) {
        let mut talk = Interview::new(0, &ModemConfig::new("/dev/ttyUSB0".parse().unwrap()), plan);
        let (mut now, mut told) = (0, Vec::new());
        while talk.advance(now) {
            let mut written = Vec::new();
            talk.take_output(&mut written);
            let command = String::from_utf8(written).unwrap().trim_end().to_owned();
            let answer = Some(&command)
                .filter(|command| !command.is_empty())
                .and_then(|command| answer(command));
            if !command.is_empty() {
                told.push(command);
            }
            match answer {
                Some(answer) => talk.on_bytes(now, format!("\r\n{answer}\r\n").as_bytes()),
                None => now = talk.next_wake_up().unwrap_or(now),
            }
        }
        (talk, told)
    }
}
