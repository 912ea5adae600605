//! The line to a modem: one command at a time, and what comes unasked beside it.

use std::collections::VecDeque;
use std::fmt;

use super::super::{ModemConfig, ModemError, ModemTimers};
use super::command::{Command, Deadline, Information};
use super::exchange::{Exchange, Reply, Stage};
use super::fields::Fields;
use super::lines::{Lines, Piece};
use super::memory::Slot;
use super::result::{CommandResult, final_result, numeric_result};
use super::resync::{MOST_QUESTIONS, QUIET, Questions, Resync};
use super::unsolicited::{DirectHeader, DirectPdu, Unsolicited, unsolicited};
use crate::smpp::after;

const ESCAPE: u8 = 0x1B;

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was answered.
    Answered(Reply),
    /// No prompt came; nothing was sent. We are in step again.
    NoPrompt,
    /// No result came, or none that is certain. We are in step again.
    NoResult,
    /// Nothing is answered any more, whatever is asked.
    Silent {
        /// The PDU was written.
        is_out: bool,
        /// What came of the command before.
        reply: Option<Reply>,
    },
}

/// Something happened on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ChannelEvent {
    /// The command is through; the next one may be written.
    Finished(Outcome),
    /// A message or a report was stored.
    Stored(Slot),
    /// A message or a report was written to us.
    Direct(DirectPdu),
    /// The state of the registration has changed.
    Registration(u16),
    /// The modem has restarted: what was set up is gone, and so is what it was doing.
    Restarted,
}

/// Oddities of the line, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LineCounters {
    /// Lines that were longer than they may be, and were cut.
    pub cut_lines: u64,
    /// Answers that were longer than they may be, and were cut.
    pub cut_replies: u64,
    /// Lines and prompts that belong to nothing.
    pub stray: u64,
    /// Commands that were not answered in time.
    pub unanswered: u64,
}

/// The line to one modem. All times are milliseconds of one clock that never goes back. Debug leaves out what is said
/// on it: the PIN may be among it.
pub(crate) struct Channel {
    timers: ModemTimers,
    longest_reply: usize,
    lines: Lines,
    output: Vec<u8>,
    events: VecDeque<ChannelEvent>,
    exchange: Option<Exchange>,
    questions: Questions,
    /// A PDU that came unasked is to be the next line.
    header: Option<DirectHeader>,
    echo: Echo,
    /// `+CMGF: 0` and the like: what the modem must say as long as it is set up.
    set_up: Vec<(&'static str, u16)>,
    is_set_up_lost: bool,
    was_silent: bool,
    heard_at: u64,
    counters: LineCounters,
}

/// Whether the modem repeats what we write. One that did not and does so again has restarted.
#[derive(Debug, Default)]
struct Echo {
    /// `ATE0` was answered with OK.
    is_off: bool,
    /// An echo came since the last command was written.
    was_heard: bool,
    /// A command was answered without an echo.
    is_gone: bool,
}

impl Channel {
    /// A line on which nothing was written yet.
    pub(crate) fn new(now: u64, config: &ModemConfig) -> Self {
        Self {
            timers: config.timers,
            longest_reply: config.max_reply,
            lines: Lines::new(config.max_line),
            output: Vec::new(),
            events: VecDeque::new(),
            exchange: None,
            questions: Questions::default(),
            header: None,
            echo: Echo::default(),
            set_up: Vec::new(),
            is_set_up_lost: false,
            was_silent: false,
            heard_at: now,
            counters: LineCounters::default(),
        }
    }

    /// Whether a command may be written.
    pub(crate) fn is_idle(&self) -> bool {
        self.exchange.is_none()
    }

    /// Whether a PDU was written whose outcome is open.
    pub(crate) fn is_part_out(&self) -> bool {
        self.exchange.as_ref().is_some_and(|exchange| exchange.is_out)
    }

    /// The `+CMGS:` line of that PDU, as long as its final result is missing.
    pub(crate) fn reference_of_part(&self) -> Option<&str> {
        let exchange = self.exchange.as_ref().filter(|exchange| exchange.is_out)?;
        let late = match &exchange.stage {
            Stage::Asking(resync) => resync.reference.as_deref(),
            _ => None,
        };
        exchange.reply.line().or(late)
    }

    /// When the modem last answered a command or a question.
    pub(crate) fn heard_at(&self) -> u64 {
        self.heard_at
    }

    pub(crate) fn counters(&self) -> LineCounters {
        self.counters
    }

    /// From now on an answer with this prefix must have this number: another one shows that the modem restarted.
    pub(crate) fn expect_set_up(&mut self, prefix: &'static str, value: u16) {
        self.set_up.push((prefix, value));
    }

    /// Writes a command. Its outcome comes as [`ChannelEvent::Finished`]; only then may the next one be written.
    pub(crate) fn send(&mut self, now: u64, command: Command) {
        self.echo.was_heard = false;
        if command.write(&mut self.output).is_err() {
            return self.finished(Outcome::Answered(Reply::of(Err(ModemError::Plain))));
        }
        let (stage, wait) = match command.deadline {
            Deadline::Attention => (Stage::Result, self.timers.attention),
            Deadline::Command => (Stage::Result, self.timers.command),
            Deadline::Ready => (Stage::Result, self.timers.ready),
            Deadline::Submit => (Stage::Prompt, self.timers.prompt),
        };
        self.exchange = Some(Exchange::new(Some(command), stage, after(now, wait)));
    }

    /// Gets in step: whatever comes of what others asked before is discarded.
    pub(crate) fn resynchronise(&mut self, now: u64) {
        self.get_in_step(now, Resync::default());
    }

    /// Gets in step, likewise, by a number that was just set: only it answers `question`.
    pub(crate) fn resynchronise_by(&mut self, now: u64, question: Command, number: u16) {
        self.get_in_step(now, Resync::by_mark(question, number));
    }

    fn get_in_step(&mut self, now: u64, resync: Resync) {
        let mut exchange = Exchange::new(None, Stage::Result, now);
        self.ask(now, &mut exchange, resync);
        self.exchange = Some(exchange);
    }

    /// Whether a command had no result since this was last asked: the modem may have restarted since it was heard before.
    pub(crate) fn take_silence(&mut self) -> bool {
        std::mem::take(&mut self.was_silent)
    }

    /// Ends an input of a PDU that the modem may wait for.
    pub(crate) fn escape(&mut self) {
        self.output.push(ESCAPE);
    }

    /// Takes the next octets.
    pub(crate) fn on_bytes(&mut self, now: u64, octets: &[u8]) {
        for octet in octets {
            match self.lines.push(*octet) {
                Some(Piece::Line(line)) => self.on_line(now, line),
                Some(Piece::Prompt) => self.on_prompt(now),
                Some(Piece::Cut) => self.counters.cut_lines += 1,
                None => {}
            }
        }
    }

    /// Acts on the timers that ran out.
    pub(crate) fn on_tick(&mut self, now: u64) {
        while self.next_wake_up().is_some_and(|moment| moment <= now)
            && let Some(exchange) = self.exchange.take()
        {
            self.on_deadline(now, exchange);
        }
    }

    /// When [`on_tick`](Self::on_tick) has something to do next.
    pub(crate) fn next_wake_up(&self) -> Option<u64> {
        let exchange = self.exchange.as_ref()?;
        let quiet_at = match &exchange.stage {
            Stage::Asking(resync) => resync.quiet_at,
            _ => None,
        };
        Some(quiet_at.map_or(exchange.deadline, |moment| moment.min(exchange.deadline)))
    }

    pub(crate) fn next_event(&mut self) -> Option<ChannelEvent> {
        self.events.pop_front()
    }

    /// Appends the octets to be written to `into`.
    pub(crate) fn take_output(&mut self, into: &mut Vec<u8>) {
        into.append(&mut self.output);
    }

    /// Writes the PDU. In any other moment a prompt is of nothing we asked: the next command goes unanswered then, and
    /// ESC is written before the questions that follow.
    fn on_prompt(&mut self, now: u64) {
        let Some(exchange) = &mut self.exchange else {
            self.counters.stray += 1;
            return;
        };
        if !matches!(exchange.stage, Stage::Prompt) {
            self.counters.stray += 1;
            return;
        }
        let Some(command) = &exchange.command else {
            return;
        };
        // A PDU is hexadecimal digits, so this cannot fail; if it did, no prompt would count as answered.
        if command.write_pdu(&mut self.output).is_ok() {
            exchange.is_out = true;
            exchange.stage = Stage::Result;
            exchange.deadline = after(now, self.timers.send);
        }
    }

    fn on_line(&mut self, now: u64, line: String) {
        if self.on_echo(&line) || self.on_pdu(&line) {
            return;
        }
        if let Some(result) = self.result(&line) {
            return self.on_result(now, result);
        }
        if self.on_information(&line) {
            return;
        }
        match unsolicited(&line) {
            Some(Unsolicited::Stored(slot)) => self.events.push_back(ChannelEvent::Stored(slot)),
            Some(Unsolicited::Header(header)) => self.header = Some(header),
            Some(Unsolicited::Registration(state)) => {
                self.events.push_back(ChannelEvent::Registration(state));
            }
            Some(Unsolicited::Started) if self.echo.is_off => self.on_restart(),
            Some(Unsolicited::Started | Unsolicited::Other) => {}
            None => self.on_bare(line),
        }
    }

    /// A PDU belongs to the header that came last.
    fn on_pdu(&mut self, line: &str) -> bool {
        if !line.bytes().all(|octet| octet.is_ascii_hexdigit()) {
            return false;
        }
        if let Some(header) = self.header.take() {
            let line = line.to_owned();
            let length = header.length;
            if !header.is_broadcast {
                self.events
                    .push_back(ChannelEvent::Direct(DirectPdu { length, line }));
            }
            return true;
        }
        let Some(exchange) = self.exchange.as_mut().filter(|exchange| exchange.awaits_pdu) else {
            return false;
        };
        exchange.awaits_pdu = false;
        self.keep(line);
        true
    }

    /// What we wrote ourselves, also when a part of it is missing.
    fn on_echo(&mut self, line: &str) -> bool {
        let Some(command) = self
            .exchange
            .as_ref()
            .and_then(|exchange| exchange.command.as_ref())
        else {
            return line.starts_with("AT");
        };
        let may_be_information = matches!(command.information, Information::Bare(_));
        let is_echo = command.echoes_as(line) || line.starts_with("AT") && !may_be_information;
        if is_echo {
            self.echo.was_heard = true;
            if self.echo.is_gone {
                self.on_restart();
            }
        }
        is_echo
    }

    /// Before a PDU is out nothing of it may leave any more: a modem that restarted takes it for a text. One that is out
    /// has its outcome before the restart is told, whatever the modem says next.
    fn on_restart(&mut self) {
        let out = self.exchange.take().filter(|exchange| exchange.is_out);
        self.events
            .extend(out.map(|exchange| ChannelEvent::Finished(outcome_of_part(exchange))));
        self.events.push_back(ChannelEvent::Restarted);
    }

    fn result(&self, line: &str) -> Option<CommandResult> {
        let numeric = if self.echo.is_off {
            None
        } else {
            numeric_result(line)
        };
        final_result(line).or(numeric)
    }

    fn on_result(&mut self, now: u64, result: CommandResult) {
        let Some(mut exchange) = self.exchange.take() else {
            self.counters.stray += 1;
            return;
        };
        match &mut exchange.stage {
            // Nothing but a prompt answers well here.
            Stage::Prompt if result.is_ok() => self.counters.stray += 1,
            Stage::Prompt | Stage::Result => {
                exchange.reply.result = result;
                self.heard(now, exchange.command.as_ref(), result);
                return self.finished(Outcome::Answered(exchange.reply));
            }
            Stage::Escaped(resync) => {
                let resync = std::mem::take(resync);
                self.ask(now, &mut exchange, resync);
            }
            Stage::Asking(resync) => {
                if resync.on_result(now, result) {
                    self.heard_at = now;
                    return self.in_step(exchange);
                }
            }
        }
        self.exchange = Some(exchange);
    }

    fn heard(&mut self, now: u64, command: Option<&Command>, result: CommandResult) {
        self.heard_at = now;
        if command == Some(&Command::ECHO_OFF) {
            self.echo.is_off |= result.is_ok();
        } else if self.echo.is_off && !self.echo.was_heard {
            self.echo.is_gone = true;
        }
    }

    fn on_information(&mut self, line: &str) -> bool {
        let Some(exchange) = &mut self.exchange else {
            return false;
        };
        let is_ours = exchange.information().has_prefix_of(line);
        match &mut exchange.stage {
            Stage::Result if is_ours => {
                if matches!(exchange.information(), Information::Messages(_)) {
                    exchange.awaits_pdu = true;
                    self.header = None;
                }
                self.check_set_up(line);
                self.keep(line);
                true
            }
            Stage::Asking(resync) if exchange.is_out && is_ours => {
                resync.on_reference(line);
                true
            }
            Stage::Asking(resync) => {
                let is_answer = resync.on_information(line);
                if is_answer {
                    self.check_set_up(line);
                }
                is_answer
            }
            _ => false,
        }
    }

    fn on_bare(&mut self, line: String) {
        let expects_bare = |exchange: &Exchange| {
            matches!(exchange.stage, Stage::Result) && matches!(exchange.information(), Information::Bare(_))
        };
        if self.exchange.as_ref().is_some_and(expects_bare) {
            self.keep(&line);
        } else {
            self.counters.stray += 1;
        }
    }

    fn keep(&mut self, line: &str) {
        let longest = self.longest_reply;
        let exchange = self.exchange.as_mut();
        if exchange.is_some_and(|exchange| exchange.keep(line.to_owned(), longest)) {
            self.counters.cut_replies += 1;
        }
    }

    fn check_set_up(&mut self, line: &str) {
        let is_other = |(prefix, value): &(&str, u16)| {
            let found = Fields::of(line, prefix).and_then(|fields| fields.number(0));
            found.is_some_and(|found| found != *value)
        };
        self.is_set_up_lost |= self.set_up.iter().any(is_other);
    }

    fn on_deadline(&mut self, now: u64, mut exchange: Exchange) {
        match std::mem::replace(&mut exchange.stage, Stage::Result) {
            Stage::Result if exchange.command.as_ref().is_some_and(is_attention) => {
                return self.finished(Outcome::NoResult);
            }
            Stage::Prompt | Stage::Result => {
                self.counters.unanswered += 1;
                self.ask_again(now, &mut exchange, Resync::default());
            }
            Stage::Escaped(resync) => self.ask(now, &mut exchange, resync),
            Stage::Asking(resync) if resync.asked() < MOST_QUESTIONS => {
                self.ask_again(now, &mut exchange, resync);
            }
            // Before the PIN it may refuse all questions.
            Stage::Asking(_) if is_answered(exchange.command.as_ref(), &exchange.reply) => {
                return self.finished(Outcome::Answered(exchange.reply));
            }
            Stage::Asking(resync) => {
                let is_out = exchange.is_out;
                let reply = late_reply(exchange.reply, resync);
                return self.finished(Outcome::Silent { is_out, reply });
            }
        }
        self.exchange = Some(exchange);
    }

    /// Asks the next question. As long as no PDU is out, a modem that waits for one is told to stop first.
    fn ask_again(&mut self, now: u64, exchange: &mut Exchange, resync: Resync) {
        if exchange.is_out {
            return self.ask(now, exchange, resync);
        }
        self.escape();
        exchange.deadline = now.saturating_add(QUIET);
        exchange.stage = Stage::Escaped(resync);
    }

    fn ask(&mut self, now: u64, exchange: &mut Exchange, mut resync: Resync) {
        let question = resync.only_question();
        let question = question.unwrap_or_else(|| self.questions.next(exchange.command.as_ref()));
        // Questions are constants of printable ASCII.
        let _ = question.write(&mut self.output);
        resync.ask(question);
        exchange.deadline = after(now, self.timers.command);
        exchange.stage = Stage::Asking(resync);
    }

    fn in_step(&mut self, exchange: Exchange) {
        self.was_silent |= exchange.command.is_some();
        let outcome = match &exchange.command {
            None => Outcome::Answered(exchange.reply),
            Some(_) if exchange.is_out => outcome_of_part(exchange),
            Some(command) if command.pdu().is_some() => Outcome::NoPrompt,
            command if is_answered(command.as_ref(), &exchange.reply) => Outcome::Answered(exchange.reply),
            Some(_) => Outcome::NoResult,
        };
        self.finished(outcome);
    }

    fn finished(&mut self, outcome: Outcome) {
        self.events.push_back(ChannelEvent::Finished(outcome));
        if self.is_set_up_lost {
            self.events.push_back(ChannelEvent::Restarted);
        }
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel")
            .field("is_idle", &self.is_idle())
            .field("counters", &self.counters)
            .finish_non_exhaustive()
    }
}

/// Whether the answer tells all it is to tell, though its result is missing: old modems answer AT+CPIN? so.
fn is_answered(command: Option<&Command>, reply: &Reply) -> bool {
    command == Some(&Command::PIN_STATE) && !reply.lines.is_empty()
}

fn is_attention(command: &Command) -> bool {
    command.deadline == Deadline::Attention
}

/// What came of a PDU that is out and will have no result any more.
fn outcome_of_part(exchange: Exchange) -> Outcome {
    let resync = match exchange.stage {
        Stage::Asking(resync) => resync,
        _ => Resync::default(),
    };
    late_reply(exchange.reply, resync).map_or(Outcome::NoResult, Outcome::Answered)
}

/// What came of a part after all: its reference, also without an OK, or an error.
fn late_reply(mut reply: Reply, resync: Resync) -> Option<Reply> {
    reply.lines.extend(resync.reference.clone());
    if !reply.lines.is_empty() {
        return Some(reply);
    }
    resync.error().map(|error| Reply::of(Err(error)))
}
