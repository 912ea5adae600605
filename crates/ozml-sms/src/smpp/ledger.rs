//! The messages of one connection, from their acceptance to their last receipt. Pure.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use ozml_session::{AcceptedSms, EffectKey, MessageId, PhoneNumber, SmsRefusal, SmsState, SmsStatus};

use super::awaited::{Arrived, Awaited, PartKey};
use super::deliver::Deliver;
use super::event::{Answer, Ticket};
use super::known::{Effect, KnownEffects, SendResult};
use super::outcome::{FinalState, PartState, is_final, worst};
use super::queue::SubmitQueue;
use super::receipt::Receipt;
use super::receipt_id::CanonicalId;
use super::session::Session;
use super::status::Status;
use super::submit::Submits;
use super::timers::after;

/// Bounds of what a connection remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Messages that wait for their receipts; with more the oldest counts as unknown.
    pub awaiting: usize,
    /// How long a message waits for its receipts before it counts as unknown.
    pub receipt_wait: Duration,
    /// Answers kept for effects that are sent again.
    pub answers: usize,
}

impl Default for Limits {
    /// 262,144 messages, 72 hours, 65,536 answers.
    fn default() -> Self {
        Self {
            awaiting: 262_144,
            receipt_wait: Duration::from_secs(72 * 60 * 60),
            answers: 65_536,
        }
    }
}

/// A message to be sent, in parts already.
#[derive(Debug)]
pub(crate) struct Submission {
    pub(crate) key: EffectKey,
    pub(crate) id: MessageId,
    pub(crate) recipient: PhoneNumber,
    pub(crate) submits: Submits,
    /// When it is too late to begin with it.
    pub(crate) deadline: u64,
}

impl Submission {
    /// What its sender hears when it is sent, or when nobody can tell.
    pub(crate) fn accepted(&self) -> AcceptedSms {
        let segments = u8::try_from(self.submits.parts.len()).unwrap_or(u8::MAX);
        AcceptedSms::new(self.id.clone(), segments, self.submits.encoding.into())
    }
}

/// Something to tell; `R` is whatever carries an answer back to its asker.
#[derive(Debug)]
pub(crate) enum Notice<R> {
    /// A send has its answer, for all who asked.
    Answer {
        id: MessageId,
        askers: Vec<R>,
        result: SendResult,
    },
    /// A message reached a state.
    State(SmsStatus),
}

#[derive(Debug)]
struct Message<R> {
    key: EffectKey,
    id: MessageId,
    recipient: PhoneNumber,
    accepted: AcceptedSms,
    parts: Vec<Part>,
    askers: Vec<R>,
    deadline: u64,
    /// Whether its askers have their answer.
    answered: bool,
    /// Why parts stay behind, unless the centre refused one.
    left_out: Option<SmsRefusal>,
}

#[derive(Debug)]
struct Part {
    state: PartState,
    id: Option<CanonicalId>,
}

/// The messages of one connection.
#[derive(Debug)]
pub(crate) struct Ledger<R> {
    limits: Limits,
    receipts: bool,
    queue_limit: usize,
    /// By age.
    messages: BTreeMap<u64, Message<R>>,
    begun: u64,
    queue: SubmitQueue,
    out: HashMap<Ticket, PartKey>,
    awaited: Awaited<PartKey>,
    uncorrelated: u64,
    known: KnownEffects,
    notices: Vec<Notice<R>>,
    incoming: u64,
}

impl<R> Ledger<R> {
    /// `queue_limit`: messages that wait for the window before no more are wanted.
    pub(crate) fn new(limits: Limits, receipts: bool, queue_limit: usize) -> Self {
        Self {
            known: KnownEffects::new(limits.answers),
            limits,
            receipts,
            queue_limit,
            messages: BTreeMap::new(),
            begun: 0,
            queue: SubmitQueue::default(),
            out: HashMap::new(),
            awaited: Awaited::default(),
            uncorrelated: 0,
            notices: Vec::new(),
            incoming: 0,
        }
    }

    /// Whether another message may be accepted now.
    pub(crate) fn wants_more(&self) -> bool {
        self.queue.whole() < self.queue_limit
    }

    /// Whether nothing waits for the window or for an answer.
    pub(crate) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.out.is_empty()
    }

    /// Messages, not receipts, that came in and were left to the centre; each try counts.
    pub(crate) fn incoming(&self) -> u64 {
        self.incoming
    }

    /// Receipts whose message was never found.
    pub(crate) fn uncorrelated(&self) -> u64 {
        self.uncorrelated
    }

    /// What there is to tell.
    pub(crate) fn take_notices(&mut self) -> Vec<Notice<R>> {
        std::mem::take(&mut self.notices)
    }

    /// Takes a message over; the same effect again asks for the first answer.
    pub(crate) fn accept(&mut self, now: u64, submission: Submission, asker: R) {
        match self.known.get(&submission.key) {
            Some(Effect::Answered(result)) => {
                let notice = Notice::Answer {
                    id: submission.id,
                    askers: vec![asker],
                    result: result.clone(),
                };
                return self.notices.push(notice);
            }
            Some(Effect::Waiting(message)) => {
                if let Some(message) = self.messages.get_mut(message) {
                    message.askers.push(asker);
                }
                return;
            }
            None => {}
        }
        self.begin(now, submission, asker);
    }

    fn begin(&mut self, now: u64, submission: Submission, asker: R) {
        self.begun = self.begun.saturating_add(1);
        let message = self.begun;
        let accepted = submission.accepted();
        let Submission {
            key,
            id,
            recipient,
            submits,
            deadline,
        } = submission;
        let part = |_: &_| Part {
            state: PartState::Queued,
            id: None,
        };
        let entry = Message {
            accepted,
            parts: submits.parts.iter().map(part).collect(),
            key: key.clone(),
            id,
            recipient,
            askers: vec![asker],
            deadline: after(now, self.limits.receipt_wait),
            answered: false,
            left_out: None,
        };
        self.messages.insert(message, entry);
        self.known.begin(key, message);
        self.queue.push(message, deadline, submits.parts);
    }

    /// Hands parts to the session as far as its window goes.
    pub(crate) fn pump(&mut self, now: u64, session: &mut Session) {
        while session.free() > 0
            && let Some((key, submit)) = self.queue.front()
            && let Ok(ticket) = session.submit(now, submit)
        {
            self.queue.advance();
            self.out.insert(ticket, key);
            let message = self.messages.get_mut(&key.message);
            if let Some(part) = message.and_then(|message| message.parts.get_mut(key.part)) {
                part.state = PartState::Out;
            }
        }
    }

    /// A part has its answer.
    pub(crate) fn on_answer(&mut self, ticket: Ticket, answer: Answer) {
        let Some(key) = self.out.remove(&ticket) else {
            return;
        };
        let Some(message) = self.messages.get_mut(&key.message) else {
            return;
        };
        let Some(part) = message.parts.get_mut(key.part) else {
            return;
        };
        let mut early = Vec::new();
        match answer {
            Answer::Accepted { message_id } => {
                part.state = PartState::Sent;
                if self.receipts && !message_id.is_empty() {
                    let id = CanonicalId::new(&message_id);
                    early = self.awaited.wait(&id, key, &message.recipient);
                    part.id = Some(id);
                }
            }
            Answer::Refused(status) => {
                part.state = PartState::Refused(status);
                message.drop_queued();
                self.queue.leave_out_rest(key.message);
            }
            Answer::Unknown(reason) => part.state = PartState::Unknown(reason),
        }
        for receipt in early {
            self.on_receipt_of(key, &receipt);
        }
        self.settle(key.message);
    }

    /// A message or a receipt came in; gives its answer. Nobody takes messages yet: they stay with the
    /// centre.
    pub(crate) fn on_deliver(&mut self, now: u64, deliver: Deliver) -> Status {
        if deliver.is_receipt() {
            self.on_receipt(now, deliver);
            return Status::OK;
        }
        self.incoming = self.incoming.saturating_add(1);
        Status::RECEIVER_TEMPORARY_ERROR
    }

    fn on_receipt(&mut self, now: u64, deliver: Deliver) {
        let Some(receipt) = Receipt::read(&deliver) else {
            self.uncorrelated = self.uncorrelated.saturating_add(1);
            return;
        };
        let numbers = [deliver.source, deliver.destination];
        if let Some((key, receipt)) = self.awaited.find(now, Arrived { receipt, numbers }) {
            self.on_receipt_of(key, &receipt);
            self.settle(key.message);
        }
    }

    fn on_receipt_of(&mut self, key: PartKey, receipt: &Receipt) {
        let message = self.messages.get_mut(&key.message);
        if let Some(part) = message.and_then(|message| message.parts.get_mut(key.part))
            && part.state == PartState::Sent
            && let Some(end) = FinalState::of(receipt)
        {
            part.state = PartState::Final(end);
        }
    }

    /// Acts on the times that are over.
    pub(crate) fn on_tick(&mut self, now: u64) {
        while let Some(message) = self.queue.take_overdue(now) {
            self.leave_out(message, SmsRefusal::QueueFull);
        }
        let expired = u64::try_from(self.awaited.expire(now).len()).unwrap_or(u64::MAX);
        self.uncorrelated = self.uncorrelated.saturating_add(expired);
        while let Some((&number, message)) = self.messages.first_key_value()
            && message.answered
            && message.deadline <= now
        {
            self.give_up(number, "no delivery receipt came in time");
        }
    }

    /// When [`on_tick`](Self::on_tick) has something to do next.
    pub(crate) fn next_wake_up(&self) -> Option<u64> {
        let oldest = self.messages.first_key_value();
        let oldest = oldest.and_then(|(_, message)| message.answered.then_some(message.deadline));
        let moments = [oldest, self.awaited.next_expiry(), self.queue.next_deadline()];
        moments.into_iter().flatten().min()
    }

    /// Nothing more goes out: messages that did not begin are refused for this reason, of those that
    /// did the rest is left out. The answers still out come first.
    pub(crate) fn abandon(&mut self, reason: &str) {
        for message in self.queue.take_all() {
            self.leave_out(message, SmsRefusal::NoRoute(reason.to_owned()));
        }
    }

    /// The parts of a message that still wait stay behind.
    fn leave_out(&mut self, number: u64, reason: SmsRefusal) {
        if let Some(message) = self.messages.get_mut(&number) {
            message.drop_queued();
            message.left_out = Some(reason);
        }
        self.settle(number);
    }

    /// Answers the askers once no part waits any more, and tells the end once there is one.
    fn settle(&mut self, number: u64) {
        let Some(message) = self.messages.get_mut(&number) else {
            return;
        };
        if !message.answered {
            let Some(verdict) = message.verdict() else {
                return;
            };
            message.answered = true;
            let askers = std::mem::take(&mut message.askers);
            let id = message.id.clone();
            let result = verdict.result(&message.accepted);
            self.known.answer(message.key.clone(), &result);
            self.notices.push(Notice::Answer {
                id: id.clone(),
                askers,
                result,
            });
            match verdict {
                Verdict::Sent => self
                    .notices
                    .push(Notice::State(SmsStatus::new(id, SmsState::Sent))),
                Verdict::Unknown(reason) => {
                    let status = SmsStatus::new(id, SmsState::Unknown).because(reason);
                    self.notices.push(Notice::State(status));
                    return self.remove(number);
                }
                Verdict::Refused(_) => return self.remove(number),
            }
        }
        self.end_if_complete(number);
    }

    fn end_if_complete(&mut self, number: u64) {
        let Some(message) = self.messages.get(&number) else {
            return;
        };
        if !self.receipts {
            self.remove(number);
        } else if message.parts.iter().all(|part| is_final(&part.state)) {
            self.give_up(number, "");
        } else if self.messages.len() > self.limits.awaiting
            && let Some((&oldest, message)) = self.messages.first_key_value()
            && message.answered
        {
            self.give_up(oldest, "too many messages wait for their delivery receipts");
        }
    }

    /// Tells the end of a message; parts without a receipt count as unknown for this reason.
    fn give_up(&mut self, number: u64, missing: &str) {
        if let Some(message) = self.messages.get(&number) {
            let (state, reason) = worst(message.parts.iter().map(|part| &part.state), missing);
            let status = SmsStatus::new(message.id.clone(), state);
            let status = match reason {
                Some(reason) => status.because(reason),
                None => status,
            };
            self.notices.push(Notice::State(status));
        }
        self.remove(number);
    }

    fn remove(&mut self, message: u64) {
        let Some(entry) = self.messages.remove(&message) else {
            return;
        };
        for (part, id) in entry.parts.into_iter().map(|part| part.id).enumerate() {
            if let Some(id) = id {
                self.awaited.forget(&id, PartKey { message, part });
            }
        }
    }
}

/// What the answers to all parts make of a message.
enum Verdict {
    Sent,
    Unknown(String),
    Refused(SmsRefusal),
}

impl Verdict {
    fn result(&self, accepted: &AcceptedSms) -> SendResult {
        match self {
            Self::Sent | Self::Unknown(_) => Ok(accepted.clone()),
            Self::Refused(refusal) => Err(refusal.clone()),
        }
    }
}

impl<R> Message<R> {
    fn drop_queued(&mut self) {
        for part in &mut self.parts {
            if part.state == PartState::Queued {
                part.state = PartState::NotSent;
            }
        }
    }

    /// `None` while a part waits for its turn or its answer.
    fn verdict(&self) -> Option<Verdict> {
        let mut sent = 0usize;
        let mut not_sent = 0usize;
        let mut unknown = None;
        let mut refused = None;
        for part in &self.parts {
            match part.state {
                PartState::Queued | PartState::Out => return None,
                PartState::NotSent => not_sent = not_sent.saturating_add(1),
                PartState::Sent | PartState::Final(_) => sent = sent.saturating_add(1),
                PartState::Unknown(reason) => unknown = Some(reason),
                PartState::Refused(status) => refused = refused.or(Some(status)),
            }
        }
        let total = self.parts.len();
        Some(match (refused, unknown, &self.left_out) {
            (Some(status), ..) => {
                let mut text = format!("the message centre refused: {status}");
                if sent > 0 {
                    text = format!("{text}; {sent} of {total} parts had been accepted");
                }
                Verdict::Refused(SmsRefusal::Centre(text))
            }
            (None, Some(reason), _) if total == 1 => Verdict::Unknown(reason.to_owned()),
            (None, Some(reason), _) => {
                Verdict::Unknown(format!("{sent} of {total} parts were accepted: {reason}"))
            }
            (None, None, Some(refusal)) if not_sent == total => Verdict::Refused(refusal.clone()),
            (None, None, Some(refusal)) => {
                Verdict::Unknown(format!("{sent} of {total} parts were accepted: {refusal}"))
            }
            (None, None, None) => Verdict::Sent,
        })
    }
}
