//! The parts on their way to the network.

use std::collections::VecDeque;

use super::super::at::{Command, Fields, Outcome, Reply};
use super::super::pdu::{Frame, Submit};
use super::super::{ErrorClass, ModemEnd, ModemError, NeedsPerson};
use super::event::{DialogueEvent, SubmitAnswer, Ticket};
use super::pin::needs_person;
use super::task::Task;
use super::{Dialogue, Phase};
use crate::smpp::after;

/// Prompts that may be missing before a modem counts as useless.
const MISSING_PROMPTS: u8 = 3;
/// Errors of the modem itself, in a row, before it is restarted.
const MODEM_ERRORS: u8 = 3;

const NO_RESULT: &str = "the modem did not say whether the part was sent";
const SESSION_ENDED: &str = "the session with the modem ended before it said whether the part was sent";

/// A part and what was tried for it.
#[derive(Debug)]
pub(super) struct PartUnderWay {
    pub(super) ticket: Ticket,
    submit: Box<Submit>,
    missing_prompts: u8,
    cleared_memory: bool,
    set_centre: bool,
}

impl PartUnderWay {
    pub(super) fn new(ticket: Ticket, submit: Box<Submit>) -> Self {
        Self {
            ticket,
            submit,
            missing_prompts: 0,
            cleared_memory: false,
            set_centre: false,
        }
    }

    /// Whether it is the first part of a long message.
    fn begins_many(&self) -> bool {
        let content = self.submit.user_data.read(self.submit.data_coding);
        let concatenation = content.ok().and_then(|content| content.header.concatenation());
        concatenation.is_some_and(|part| part.number == 1 && part.total > 1)
    }
}

/// What waits to be sent, and what keeps it from being sent.
#[derive(Debug, Default)]
pub(super) struct Sending {
    pub(super) queue: VecDeque<PartUnderWay>,
    /// The part that the modem was told of.
    pub(super) current: Option<PartUnderWay>,
    /// After an error of the modem itself it is left in peace for a while.
    pub(super) paused_until: Option<u64>,
    /// The memory is emptied first, but not longer than until then.
    pub(super) memory_deadline: Option<u64>,
    /// The service centre is told to the modem first.
    wants_centre: bool,
    modem_errors: u8,
    /// The modem does not know `AT+CMMS`.
    lacks_more_messages: bool,
    /// The radio link is kept for what is in the queue.
    keeps_link: bool,
    /// The modem is in PDU mode, as far as it was heard lately.
    pub(super) is_mode_known: bool,
}

impl Sending {
    pub(super) fn len(&self) -> usize {
        self.queue
            .len()
            .saturating_add(usize::from(self.current.is_some()))
    }

    /// Whether the part waited here; it does no more.
    pub(super) fn withdraw(&mut self, ticket: Ticket) -> bool {
        let before = self.queue.len();
        self.queue.retain(|part| part.ticket != ticket);
        self.queue.len() < before
    }
}

impl Dialogue {
    /// What has to be done for the next part, if it may be begun.
    pub(super) fn sending_task(&mut self, now: u64) -> Option<Task> {
        let sending = &mut self.sending;
        sending.paused_until.take_if(|moment| *moment <= now);
        let memory_is_clear = self.receiving.is_empty();
        sending
            .memory_deadline
            .take_if(|moment| *moment <= now || memory_is_clear);
        if sending.queue.is_empty() {
            sending.keeps_link = false;
            return None;
        }
        let is_held = sending.paused_until.is_some() || sending.memory_deadline.is_some();
        if is_held || !self.polling.is_registered() {
            return None;
        }
        if sending.wants_centre {
            return Some(Task::SetCentre);
        }
        if !sending.is_mode_known {
            return Some(Task::AskMode);
        }
        // The parts of a long message come one after the other: the first one tells of the rest.
        let is_batch =
            sending.queue.len() > 1 || sending.queue.front().is_some_and(PartUnderWay::begins_many);
        if is_batch && !sending.keeps_link && !sending.lacks_more_messages {
            return Some(Task::MoreMessages);
        }
        sending.current = sending.queue.pop_front();
        Some(Task::Submit)
    }

    pub(super) fn submit_command(&self) -> Option<Command> {
        let part = self.sending.current.as_ref()?;
        Some(Command::submit(&Frame::from(&*part.submit)))
    }

    pub(super) fn on_more_messages(&mut self, is_taken: bool) {
        self.sending.keeps_link = is_taken;
        self.sending.lacks_more_messages |= !is_taken;
    }

    pub(super) fn on_centre_set(&mut self) {
        self.sending.wants_centre = false;
    }

    pub(super) fn on_submit_outcome(&mut self, now: u64, outcome: Outcome) {
        let Some(part) = self.sending.current.take() else {
            return;
        };
        match outcome {
            Outcome::Answered(reply) => self.on_submit_reply(now, part, &reply),
            Outcome::NoPrompt => self.on_no_prompt(part),
            Outcome::NoResult => self.answered(part.ticket, SubmitAnswer::Unknown(NO_RESULT)),
            Outcome::Silent { is_out, reply } => {
                match reply {
                    Some(reply) => self.on_submit_reply(now, part, &reply),
                    None if is_out => self.answered(part.ticket, SubmitAnswer::Unknown(NO_RESULT)),
                    None => self.sending.queue.push_front(part),
                }
                self.end(ModemEnd::Silent);
            }
        }
    }

    fn on_submit_reply(&mut self, now: u64, part: PartUnderWay, reply: &Reply) {
        match reply.result {
            Ok(()) => {
                self.sending.modem_errors = 0;
                // A modem that gave a PDU up says OK as well.
                let line = reply.line();
                let answer = line.map_or(SubmitAnswer::Unknown(NO_RESULT), accepted);
                self.answered(part.ticket, answer);
            }
            // It says both that it was sent and that it was not.
            Err(_) if reply.line().is_some() => {
                self.answered(part.ticket, SubmitAnswer::Unknown(NO_RESULT));
            }
            Err(error) => self.on_submit_error(now, part, error),
        }
    }

    fn on_submit_error(&mut self, now: u64, mut part: PartUnderWay, error: ModemError) {
        let class = self.config.modem.errors.class(error);
        if class != ErrorClass::Modem {
            self.sending.modem_errors = 0;
        }
        let refused = SubmitAnswer::Refused(error);
        match class {
            ErrorClass::Taken if part.submit.reject_duplicates => {
                self.answered(part.ticket, SubmitAnswer::Accepted { reference: None });
            }
            ErrorClass::Memory if !part.cleared_memory => {
                part.cleared_memory = true;
                self.give_again(part);
                self.sending.memory_deadline = Some(after(now, self.config.modem.timers.ready));
                self.list_home();
            }
            ErrorClass::ServiceCentre if !part.set_centre && self.config.modem.smsc.is_some() => {
                part.set_centre = true;
                self.sending.wants_centre = true;
                self.give_again(part);
            }
            ErrorClass::ServiceCentre => {
                self.answered(part.ticket, refused);
                self.end(ModemEnd::NeedsPerson(NeedsPerson::NoServiceCentre));
            }
            ErrorClass::Unusable => {
                self.answered(part.ticket, refused);
                self.end(ModemEnd::NeedsPerson(needs_person(error)));
            }
            ErrorClass::Modem => {
                self.answered(part.ticket, refused);
                self.on_modem_error(now, error);
            }
            ErrorClass::Network | ErrorClass::Permanent | ErrorClass::Memory | ErrorClass::Taken => {
                self.answered(part.ticket, refused);
                if class == ErrorClass::Network {
                    self.polling.look_soon(now);
                }
            }
        }
    }

    fn on_modem_error(&mut self, now: u64, error: ModemError) {
        self.sending.modem_errors = self.sending.modem_errors.saturating_add(1);
        self.sending.paused_until = Some(after(now, self.config.modem.timers.retry));
        if self.sending.modem_errors >= MODEM_ERRORS {
            self.phase = Phase::Restarting(error);
        }
    }

    fn on_no_prompt(&mut self, mut part: PartUnderWay) {
        part.missing_prompts = part.missing_prompts.saturating_add(1);
        let is_useless = part.missing_prompts >= MISSING_PROMPTS;
        self.give_again(part);
        if is_useless {
            self.end(ModemEnd::Silent);
        }
    }

    /// The same part is the next, unless the session comes to its end.
    fn give_again(&mut self, part: PartUnderWay) {
        self.sending.queue.push_front(part);
        if matches!(self.phase, Phase::Closing) {
            self.give_back_waiting();
        }
    }

    /// The outcome of the part that the modem was told of last, when the session ends.
    pub(super) fn give_back_parts(&mut self) {
        if let Some(part) = self.sending.current.take() {
            if let Some(line) = self.channel.reference_of_part() {
                self.answered(part.ticket, accepted(line));
            } else if self.channel.is_part_out() {
                self.answered(part.ticket, SubmitAnswer::Unknown(SESSION_ENDED));
            } else {
                self.sending.queue.push_front(part);
            }
        }
        self.give_back_waiting();
    }

    /// Nothing of what waits was sent.
    pub(super) fn give_back_waiting(&mut self) {
        let waiting = std::mem::take(&mut self.sending.queue).into_iter();
        let not_sent = waiting.map(|part| DialogueEvent::NotSent { ticket: part.ticket });
        self.events.extend(not_sent);
    }

    fn answered(&mut self, ticket: Ticket, answer: SubmitAnswer) {
        self.events.push_back(DialogueEvent::Answered { ticket, answer });
    }
}

/// What a `+CMGS:` line says.
fn accepted(line: &str) -> SubmitAnswer {
    let reference = Fields::of(line, "+CMGS:").and_then(|fields| fields.number(0));
    SubmitAnswer::Accepted {
        reference: reference.and_then(|number| u8::try_from(number).ok()),
    }
}
