//! A modem as it is seen from its line: octets in, octets out, each at its time.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use ozml_session::{ClockTime, SenderId, SmsText, WallTime};

use super::answer::{Answer, Answered, Entry, Final, Purpose, information, result};
use super::behaviour::{Behaviour, Echo};
use super::command::{self, Command};
use super::commands;
use super::device::Device;
use super::event::Event;
use super::line::{Line, masked};
use super::noise;
use super::output::Output;
use super::sent::{Counters, SentSms};
use crate::text::SegmentError;

/// Octets that wait while a command is worked on; what comes beyond is lost, as on a line without flow control.
const MAX_INPUT: usize = 64 * 1024;
/// Octets of a PDU or text; a longer one is wrong anyway.
const MAX_ENTRY: usize = 4 * 1024;
const CTRL_Z: u8 = 0x1A;
const ESCAPE: u8 = 0x1B;
const BACKSPACE: u8 = 0x08;

/// A modem without a line: time is passed in, octets go in and come out.
///
/// Whoever drives it calls [`on_tick`](Self::on_tick) at [`next_wake`](Self::next_wake) and takes output and events
/// after every call.
pub struct Modem {
    device: Device,
    output: Output,
    input: VecDeque<u8>,
    line: Line,
    state: State,
    since_start: u64,
    prompts: u64,
    sends: u64,
}

#[derive(Debug)]
enum State {
    /// Waits for commands.
    Idle,
    /// Works on a command line until then.
    Working { until: ClockTime, then: Then },
    /// Waits for the PDU or text behind a prompt.
    Typing { entry: Entry, typed: Vec<u8> },
    /// Says nothing; starts anew then, if ever.
    Silent { until: Option<ClockTime> },
    /// Is not there.
    Unplugged { until: ClockTime },
}

#[derive(Debug)]
enum Then {
    Answer {
        lines: Vec<String>,
        end: Final,
    },
    Prompt {
        lines: Vec<String>,
        entry: Entry,
    },
    /// Nothing comes.
    Nothing,
    /// OK, and then silence.
    Restart {
        lines: Vec<String>,
    },
}

impl fmt::Debug for Modem {
    /// What was typed is not shown: a PIN may be in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counters = &self.device.counters;
        f.debug_struct("Modem")
            .field("counters", counters)
            .finish_non_exhaustive()
    }
}

impl Modem {
    /// A modem that is switched on at [`ClockTime::ZERO`], when the clock on the wall showed `started`.
    pub fn new(behaviour: Behaviour, started: WallTime) -> Self {
        Self {
            output: Output::new(behaviour.octet_pause, behaviour.line_split),
            device: Device::new(behaviour, started),
            input: VecDeque::new(),
            line: Line::default(),
            state: State::Idle,
            since_start: 0,
            prompts: 0,
            sends: 0,
        }
    }

    /// Octets that came over the line, in any pieces.
    pub fn on_bytes(&mut self, now: ClockTime, octets: &[u8]) {
        self.on_tick(now);
        if self.runs() {
            let room = MAX_INPUT.saturating_sub(self.input.len());
            self.input.extend(octets.iter().take(room));
        }
        self.on_tick(now);
    }

    /// Does what is due.
    pub fn on_tick(&mut self, now: ClockTime) {
        self.finish(now);
        while let Some(octet) = self.next_octet() {
            self.on_octet(now, octet);
            self.finish(now);
        }
        if !self.runs() {
            return;
        }
        self.device.come_in(now);
        self.device.watch_registration(now);
        self.write_unsolicited(now);
    }

    /// When [`on_tick`](Self::on_tick) has something to do, or output to be taken is due.
    pub fn next_wake(&self, now: ClockTime) -> Option<ClockTime> {
        let state = match &self.state {
            State::Working { until, .. } | State::Unplugged { until } => Some(*until),
            State::Silent { until } => *until,
            State::Idle | State::Typing { .. } => None,
        };
        let line = state.into_iter().chain(self.output.next_due());
        if !self.runs() {
            return line.min();
        }
        let device = [
            self.device.arrivals.next_due(),
            self.device.network.next_report(),
            self.device.next_registration(now),
        ];
        line.chain(device.into_iter().flatten()).min()
    }

    /// Appends the octets that go over the line now.
    pub fn take_output(&mut self, now: ClockTime, into: &mut Vec<u8>) {
        self.output.take(now, into);
    }

    /// What happened since the last call.
    pub fn take_events(&mut self) -> impl Iterator<Item = Event> {
        self.device.take_events()
    }

    /// Somebody writes to the modem's number.
    ///
    /// # Errors
    /// The text needs more than 255 parts.
    pub fn incoming(&mut self, now: ClockTime, from: &SenderId, text: &SmsText) -> Result<(), SegmentError> {
        self.device.incoming(now, from, text.as_str())?;
        self.on_tick(now);
        Ok(())
    }

    /// Whether it is there: [`Behaviour`] may have it pulled out for a while.
    pub fn is_plugged(&self) -> bool {
        !matches!(self.state, State::Unplugged { .. })
    }

    /// The newest messages the network took, oldest first, as many as the behaviour keeps.
    pub fn sent(&self) -> Vec<SentSms> {
        self.device.network.sent().cloned().collect()
    }

    /// How often things happened so far.
    pub fn counters(&self) -> Counters {
        self.device.counters
    }

    /// Whether it is switched on and does what it is told.
    fn runs(&self) -> bool {
        !matches!(self.state, State::Silent { .. } | State::Unplugged { .. })
    }

    fn next_octet(&mut self) -> Option<u8> {
        match self.state {
            State::Idle | State::Typing { .. } => self.input.pop_front(),
            _ => None,
        }
    }

    fn on_octet(&mut self, now: ClockTime, octet: u8) {
        let echoes = self.device.settings.echo == 1 || self.device.behaviour.echo == Echo::Always;
        // What ends a PDU is not sent back: it controls, and shows nothing.
        if echoes && octet != CTRL_Z && octet != ESCAPE {
            self.output.write(now, &[octet]);
        }
        match &mut self.state {
            State::Typing { .. } => self.on_typed(now, octet),
            _ => {
                if let Some(line) = self.line.on_octet(octet) {
                    self.on_line(now, &line);
                }
            }
        }
    }

    fn on_typed(&mut self, now: ClockTime, octet: u8) {
        let text_mode = self.device.settings.text_mode == 1;
        let State::Typing { entry, typed } = &mut self.state else {
            return;
        };
        match octet {
            CTRL_Z => {
                let (entry, typed) = (entry.clone(), std::mem::take(typed));
                let answered = commands::finish_entry(&mut self.device, now, &entry, &typed);
                self.answer(now, Vec::new(), &[], answered);
            }
            ESCAPE => self.work(
                now,
                Duration::ZERO,
                Then::Answer {
                    lines: Vec::new(),
                    end: Final::Ok,
                },
            ),
            BACKSPACE => {
                typed.pop();
            }
            b'\r' if text_mode => {
                typed.push(b'\n');
                self.output.write(now, b"\r\n> ");
            }
            b'\r' | b'\n' if !text_mode => {}
            _ if typed.len() < MAX_ENTRY => typed.push(octet),
            _ => {}
        }
    }

    fn on_line(&mut self, now: ClockTime, line: &str) {
        let Some(body) = command::body(line) else {
            if !line.trim().is_empty() {
                self.bad_line(line);
            }
            return;
        };
        self.line.repeat_with(line);
        self.device.counters.commands = self.device.counters.commands.saturating_add(1);
        self.since_start = self.since_start.saturating_add(1);
        self.device.event(Event::Command(masked(line)));
        if self.hangs(now) {
            return;
        }
        match command::parse(body) {
            Ok(commands) => self.run(now, Vec::new(), &commands),
            Err(command::BadLine) => {
                self.bad_line(line);
                self.answer(now, Vec::new(), &[], Err(crate::gsm::ModemError::Plain));
            }
        }
    }

    fn bad_line(&mut self, line: &str) {
        self.device.counters.bad_lines = self.device.counters.bad_lines.saturating_add(1);
        self.device.event(Event::BadLine(masked(line)));
    }

    fn hangs(&mut self, now: ClockTime) -> bool {
        let after = self.device.behaviour.hang_after;
        if after.is_none_or(|after| self.since_start <= after.get()) {
            return false;
        }
        let until = self.device.behaviour.hang_for.map(|time| now.after(time));
        self.fall_silent(State::Silent { until });
        self.device.event(Event::Hung);
        true
    }

    fn fall_silent(&mut self, state: State) {
        self.state = state;
        self.input.clear();
        self.line = Line::default();
    }

    /// The commands of a line, one after the other; `lines` are the information of those before.
    fn run(&mut self, now: ClockTime, lines: Vec<String>, commands: &[Command]) {
        match commands.split_first() {
            None => self.work(
                now,
                Duration::ZERO,
                Then::Answer {
                    lines,
                    end: Final::Ok,
                },
            ),
            Some((command, rest)) => {
                let answered = commands::run(&mut self.device, now, command);
                self.answer(now, lines, rest, answered);
            }
        }
    }

    fn answer(&mut self, now: ClockTime, mut lines: Vec<String>, rest: &[Command], answered: Answered) {
        let end = |lines, end| Then::Answer { lines, end };
        let delay = self.device.behaviour.network_delay;
        match answered {
            Ok(Answer::Lines(more)) => {
                lines.extend(more);
                self.run(now, lines, rest);
            }
            Ok(Answer::Prompt(entry)) => self.prompt(now, lines, entry),
            Ok(Answer::Sent(Ok(more))) => {
                lines.extend(more);
                self.sent_one(now, lines);
            }
            Ok(Answer::Sent(Err(error))) => self.work(now, delay, end(lines, Final::Error(error))),
            Ok(Answer::NoCarrier) => self.work(now, Duration::ZERO, end(lines, Final::NoCarrier)),
            Ok(Answer::Restart) => self.work(now, Duration::ZERO, Then::Restart { lines }),
            Err(error) => self.work(now, Duration::ZERO, end(lines, Final::Error(error))),
        }
    }

    fn prompt(&mut self, now: ClockTime, lines: Vec<String>, entry: Entry) {
        let delay = self.device.behaviour.prompt_delay;
        self.work(now, delay, Then::Prompt { lines, entry });
    }

    /// The network took a message: the answer comes, unless the behaviour has it otherwise.
    fn sent_one(&mut self, now: ClockTime, lines: Vec<String>) {
        self.sends = self.sends.saturating_add(1);
        let is_nth =
            |every: Option<std::num::NonZeroU64>| every.is_some_and(|n| self.sends.is_multiple_of(n.get()));
        let behaviour = &self.device.behaviour;
        let (unplugs, loses) = (
            is_nth(behaviour.unplug_after),
            is_nth(behaviour.lose_answer_every),
        );
        if unplugs {
            let until = now.after(behaviour.unplug_for);
            self.unplug(until);
            return;
        }
        let delay = behaviour.network_delay;
        let then = if loses {
            self.device.counters.answers_lost = self.device.counters.answers_lost.saturating_add(1);
            self.device.event(Event::AnswerLost);
            Then::Nothing
        } else {
            Then::Answer {
                lines,
                end: Final::Ok,
            }
        };
        self.work(now, delay, then);
    }

    fn unplug(&mut self, until: ClockTime) {
        self.fall_silent(State::Unplugged { until });
        self.output.clear();
        self.device.counters.unplugged = self.device.counters.unplugged.saturating_add(1);
        self.device.event(Event::Unplugged);
    }

    fn work(&mut self, now: ClockTime, delay: Duration, then: Then) {
        let until = now.after(self.device.behaviour.answer_delay).after(delay);
        self.state = State::Working { until, then };
    }

    /// What is worked on and done by now.
    fn finish(&mut self, now: ClockTime) {
        match &self.state {
            State::Working { until, .. } if *until <= now => {}
            State::Silent { until: Some(until) } | State::Unplugged { until } if *until <= now => {
                let was_away = !self.is_plugged();
                self.start(now);
                self.device.event(if was_away {
                    Event::Plugged
                } else {
                    Event::Restarted
                });
                return;
            }
            _ => return,
        }
        if let State::Working { then, .. } = std::mem::replace(&mut self.state, State::Idle) {
            self.finish_work(now, then);
        }
    }

    fn finish_work(&mut self, now: ClockTime, then: Then) {
        match then {
            Then::Nothing => {}
            Then::Answer { lines, end } => {
                let noise = self.noise();
                self.write_answer(now, lines, Some(end), noise);
            }
            Then::Prompt { lines, entry } => {
                self.write_answer(now, lines, None, None);
                self.write_prompt(now, &entry);
                self.state = State::Typing {
                    entry,
                    typed: Vec::new(),
                };
            }
            Then::Restart { lines } => {
                self.write_answer(now, lines, Some(Final::Ok), None);
                let until = now.after(self.device.behaviour.restart_time);
                self.fall_silent(State::Silent { until: Some(until) });
            }
        }
    }

    fn start(&mut self, now: ClockTime) {
        self.fall_silent(State::Idle);
        self.since_start = 0;
        self.device.power_on(now);
    }

    /// A line that belongs to nothing, where its turn has come.
    fn noise(&mut self) -> Option<&'static str> {
        let every = self.device.behaviour.noise_every?;
        let is_due = self.device.counters.commands.is_multiple_of(every.get());
        is_due.then(|| noise::line(&mut self.device.chance))
    }

    fn write_answer(&mut self, now: ClockTime, lines: Vec<String>, end: Option<Final>, noise: Option<&str>) {
        let settings = &self.device.settings;
        let end = end.map(|end| result(settings, end)).unwrap_or_default();
        let Some(noise) = noise else {
            let all = information(settings, &lines) + &end;
            self.output.write(now, all.as_bytes());
            return;
        };
        let places = u64::try_from(lines.len()).unwrap_or_default().saturating_add(1);
        let place = usize::try_from(self.device.chance.below(places)).unwrap_or_default();
        let (before, after) = lines.split_at_checked(place).unwrap_or((&lines, &[]));
        let noise = format!("\r\n{noise}\r\n");
        let pieces = [
            information(settings, before),
            noise,
            information(settings, after),
            end,
        ];
        self.output.write(now, pieces.concat().as_bytes());
    }

    fn write_prompt(&mut self, now: ClockTime, entry: &Entry) {
        if entry.purpose != Purpose::Acknowledge {
            self.prompts = self.prompts.saturating_add(1);
            let every = self.device.behaviour.lose_prompt_every;
            if every.is_some_and(|every| self.prompts.is_multiple_of(every.get())) {
                self.device.event(Event::PromptLost);
                return;
            }
        }
        self.output.write(now, b"\r\n> ");
    }

    /// Between a prompt and its PDU nothing is told.
    fn write_unsolicited(&mut self, now: ClockTime) {
        if !matches!(self.state, State::Idle | State::Working { .. }) {
            return;
        }
        while let Some(line) = self.device.next_unsolicited() {
            self.output.write(now, format!("\r\n{line}\r\n").as_bytes());
        }
    }
}
