//! One session as its client sees it, from the bind to the end. Pure: bytes and the time go in, bytes,
//! events and the next moment to wake up come out.

use std::collections::{BTreeSet, VecDeque};

use rusmpp::pdus::SubmitSm;
use rusmpp::{CommandId, Pdu};

use super::bind::{Bind, BindMode};
use super::deliver::Deliver;
use super::event::{Answer, Closed, Counters, Event, SubmitError, Ticket};
use super::frame::{self, DEFAULT_MAX_LENGTH, Frame, Framer, Header};
use super::octets::{Octets, latin1};
use super::receipt_id::MAX_ID;
use super::requests::{Request, Requests, Window};
use super::status::Status;
use super::timers::{Timers, after};

/// `deliver_sm` that may wait for their answers where nothing else is said: as many as one read of
/// 64 KiB can bring, since none is shorter than 33 octets.
const UNANSWERED_DELIVERIES: usize = 2_048;

/// What a session needs to know.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SessionConfig {
    /// Who binds, and as what.
    pub bind: Bind,
    /// Most submits without an answer.
    pub window: Window,
    /// How long to wait for what.
    pub timers: Timers,
    /// Most octets of a PDU that comes in.
    pub max_length: usize,
    /// Most `deliver_sm` that are told and not yet answered; one more is left to the centre at once
    /// (RX_T_APPN).
    pub unanswered_deliveries: usize,
}

impl SessionConfig {
    /// The usual window, timers and limits.
    pub fn new(bind: Bind) -> Self {
        Self {
            bind,
            window: Window::default(),
            timers: Timers::default(),
            max_length: DEFAULT_MAX_LENGTH,
            unanswered_deliveries: UNANSWERED_DELIVERIES,
        }
    }
}

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// The bind is not answered yet.
    Open,
    /// Messages may go.
    Bound(BindMode),
    /// On its way to an orderly end; first the window empties.
    Unbinding,
    /// Over.
    Closed,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Open {
        deadline: u64,
    },
    Bound,
    /// Waits for the window to empty.
    Draining {
        deadline: u64,
    },
    Unbinding {
        deadline: u64,
    },
    Closed,
}

/// One session. All times are milliseconds of one clock that never goes back.
#[derive(Debug)]
pub struct Session {
    config: SessionConfig,
    state: State,
    framer: Framer,
    requests: Requests,
    output: Vec<u8>,
    events: VecDeque<Event>,
    /// The `deliver_sm` that were told and wait for their answers.
    deliveries: BTreeSet<u32>,
    received_at: u64,
    sent_at: u64,
    message_at: u64,
    /// When the link counts as dead, while it is asked whether it lives.
    enquiry_deadline: Option<u64>,
    counters: Counters,
}

impl Session {
    /// Begins with the bind request.
    pub fn open(now: u64, config: SessionConfig) -> Self {
        let mut session = Self {
            state: State::Open {
                deadline: after(now, config.timers.session_init),
            },
            framer: Framer::new(config.max_length),
            requests: Requests::new(),
            output: Vec::new(),
            events: VecDeque::new(),
            deliveries: BTreeSet::new(),
            received_at: now,
            sent_at: now,
            message_at: now,
            enquiry_deadline: None,
            counters: Counters::default(),
            config,
        };
        let sequence = session.requests.add(Request::Bind);
        let bind = session.config.bind.pdu();
        frame::write(&mut session.output, 0, sequence, &bind);
        session
    }

    /// Where it stands.
    pub fn state(&self) -> SessionState {
        match self.state {
            State::Open { .. } => SessionState::Open,
            State::Bound => SessionState::Bound(self.config.bind.mode()),
            State::Draining { .. } | State::Unbinding { .. } => SessionState::Unbinding,
            State::Closed => SessionState::Closed,
        }
    }

    /// What was counted so far.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Submits that could be sent now.
    pub fn free(&self) -> usize {
        match self.state {
            State::Bound if self.config.bind.mode().sends() => {
                self.config.window.size().saturating_sub(self.requests.submits())
            }
            _ => 0,
        }
    }

    /// Submits without an answer.
    pub fn in_flight(&self) -> usize {
        self.requests.submits()
    }

    /// Hands a message over. The ticket names it until its [`Event::Answered`] has come, which comes
    /// for every ticket exactly once.
    pub fn submit(&mut self, now: u64, message: &SubmitSm) -> Result<Ticket, SubmitError> {
        let bound = matches!(self.state, State::Bound) && self.config.bind.mode().sends();
        if !bound {
            return Err(SubmitError::NotBound);
        }
        if self.free() == 0 {
            return Err(SubmitError::WindowFull);
        }
        let deadline = after(now, self.config.timers.response);
        let sequence = self.requests.add(Request::Submit { deadline });
        frame::write_as(&mut self.output, CommandId::SubmitSm, 0, sequence, message);
        self.sent_at = now;
        self.message_at = now;
        Ok(Ticket(sequence))
    }

    /// Answers an [`Event::Delivered`]: with OK the message is ours from now on, with
    /// RX_T_APPN the centre keeps it. Also after the session's end, for the octets that leave last; an
    /// answer nobody waits for is left out.
    pub fn answer_deliver(&mut self, now: u64, sequence: u32, status: Status) {
        if self.deliveries.remove(&sequence) {
            self.reply_deliver(now, status, sequence);
            self.unbind_when_drained(now);
        }
    }

    /// Begins an orderly end: no more submits, wait for the window, unbind, wait for its answer.
    pub fn unbind(&mut self, now: u64) {
        self.unbind_by(now, after(now, self.config.timers.drain));
    }

    /// The same, waiting for the window until `deadline` only.
    pub fn unbind_by(&mut self, now: u64, deadline: u64) {
        match self.state {
            State::Bound => {
                self.state = State::Draining { deadline };
                self.unbind_when_drained(now);
            }
            State::Open { .. } => self.close(Closed::Unbound),
            State::Draining { .. } | State::Unbinding { .. } | State::Closed => {}
        }
    }

    /// The link is gone; what was in flight is unknown.
    pub fn on_link_lost(&mut self) {
        let reason = match self.state {
            State::Unbinding { .. } => Closed::Unbound,
            _ => Closed::LinkLost,
        };
        self.close(reason);
    }

    /// Takes the next bytes from the link.
    pub fn on_bytes(&mut self, now: u64, bytes: &[u8]) {
        if matches!(self.state, State::Closed) {
            return;
        }
        self.framer.push(bytes);
        while !matches!(self.state, State::Closed) {
            match self.framer.next_frame() {
                Ok(Some(frame)) => self.on_frame(now, &frame),
                Ok(None) => break,
                Err(fault) => {
                    self.refuse(now, fault.sequence, Status::INVALID_COMMAND_LENGTH);
                    self.close(Closed::BadLength(fault));
                }
            }
        }
        self.unbind_when_drained(now);
    }

    /// Acts on the timers that ran out.
    pub fn on_tick(&mut self, now: u64) {
        while let Some((sequence, deadline)) = self.requests.oldest_submit()
            && deadline <= now
        {
            self.requests.take(sequence, |_| true);
            self.answered(
                sequence,
                Answer::Unknown("the message centre gave no answer in time"),
            );
        }
        match self.state {
            State::Open { deadline } if deadline <= now => self.close(Closed::NoBindAnswer),
            State::Draining { deadline } if deadline <= now => self.send_unbind(now),
            State::Unbinding { deadline } if deadline <= now => self.close(Closed::Unbound),
            _ => {}
        }
        if self.enquiry_deadline.is_some_and(|deadline| deadline <= now) {
            self.close(Closed::LinkDead);
        }
        if self.inactive_at().is_some_and(|moment| moment <= now) {
            self.unbind(now);
        }
        self.unbind_when_drained(now);
        if self.silent_at().is_some_and(|moment| moment <= now) {
            self.enquire(now);
        }
    }

    /// When [`on_tick`](Self::on_tick) has something to do next.
    pub fn next_wake_up(&self) -> Option<u64> {
        let of_state = match self.state {
            State::Closed => return None,
            State::Bound => None,
            State::Open { deadline } | State::Draining { deadline } | State::Unbinding { deadline } => {
                Some(deadline)
            }
        };
        let of_submits = self.requests.oldest_submit().map(|(_, deadline)| deadline);
        let moments = [
            of_state,
            of_submits,
            self.enquiry_deadline,
            self.silent_at(),
            self.inactive_at(),
        ];
        moments.into_iter().flatten().min()
    }

    /// The next thing to know.
    pub fn next_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Appends the bytes to be written to `out`.
    pub fn take_output(&mut self, out: &mut Vec<u8>) {
        if out.is_empty() {
            std::mem::swap(out, &mut self.output);
        } else {
            out.append(&mut self.output);
        }
    }

    fn on_frame(&mut self, now: u64, frame: &Frame) {
        self.received_at = now;
        // Whatever comes shows that the link lives.
        if self.enquiry_deadline.is_some() {
            self.enquiry_deadline = Some(after(now, self.config.timers.enquire_link_response));
        }
        let Header { id, sequence, .. } = frame.header;
        match id {
            CommandId::SubmitSmResp => self.on_submit_answer(frame),
            CommandId::DeliverSm => self.on_deliver(now, frame),
            CommandId::EnquireLink => self.reply(now, CommandId::EnquireLinkResp, Status::OK, sequence),
            CommandId::EnquireLinkResp => self.on_enquiry_answer(sequence),
            CommandId::GenericNack => self.on_nack(frame),
            CommandId::Unbind => {
                self.reply(now, CommandId::UnbindResp, Status::OK, sequence);
                self.close(Closed::ByPeer);
            }
            CommandId::UnbindResp => self.on_unbind_answer(sequence),
            // Neither has an answer.
            CommandId::Outbind | CommandId::AlertNotification => {}
            _ if id == self.config.bind.mode().answer() => self.on_bind_answer(now, frame),
            _ if id.is_response() => self.counters.unmatched_answers += 1,
            _ => {
                self.counters.unknown_commands += 1;
                self.refuse(now, sequence, Status::INVALID_COMMAND_ID);
            }
        }
    }

    fn on_bind_answer(&mut self, now: u64, frame: &Frame) {
        let status = Status(frame.header.status);
        if !self.take(frame, |request| request == Request::Bind) {
            return;
        }
        if !status.is_ok() {
            return self.close(Closed::BindRefused(status));
        }
        self.state = State::Bound;
        self.message_at = now;
        let centre = latin1(Octets(&frame.body).c_string().unwrap_or_default());
        self.events.push_back(Event::Bound { centre });
    }

    fn on_submit_answer(&mut self, frame: &Frame) {
        if !self.take(frame, |request| matches!(request, Request::Submit { .. })) {
            return;
        }
        let status = Status(frame.header.status);
        let answer = if status.is_ok() {
            // An id without its NUL is taken as far as it goes.
            let id = Octets(&frame.body).c_string().unwrap_or(&frame.body);
            let id = id.get(..MAX_ID).unwrap_or(id);
            Answer::Accepted {
                message_id: latin1(id),
            }
        } else {
            Answer::Refused(status)
        };
        self.answered(frame.header.sequence, answer);
    }

    fn on_nack(&mut self, frame: &Frame) {
        let Header { status, sequence, .. } = frame.header;
        // A refusal without a reason is one all the same.
        let status = if status == 0 { Status(0xFF) } else { Status(status) };
        match self.requests.take(sequence, |_| true) {
            Some(Request::Submit { .. }) => self.answered(sequence, Answer::Refused(status)),
            Some(Request::Bind) => self.close(Closed::BindRefused(status)),
            Some(Request::Unbind) => self.close(Closed::Unbound),
            Some(Request::EnquireLink) => self.enquiry_deadline = None,
            None => self.counters.unmatched_answers += 1,
        }
    }

    fn on_enquiry_answer(&mut self, sequence: u32) {
        match self
            .requests
            .take(sequence, |request| request == Request::EnquireLink)
        {
            Some(_) => self.enquiry_deadline = None,
            None => self.counters.unmatched_answers += 1,
        }
    }

    fn on_unbind_answer(&mut self, sequence: u32) {
        match self.requests.take(sequence, |request| request == Request::Unbind) {
            Some(_) => self.close(Closed::Unbound),
            None => self.counters.unmatched_answers += 1,
        }
    }

    fn on_deliver(&mut self, now: u64, frame: &Frame) {
        let sequence = frame.header.sequence;
        if matches!(self.state, State::Open { .. }) {
            return self.reply_deliver(now, Status::INVALID_BIND_STATUS, sequence);
        }
        self.message_at = now;
        let Some(deliver) = Deliver::read(&frame.body) else {
            self.counters.unreadable += 1;
            self.events.push_back(Event::Unreadable(frame.clone()));
            return self.reply_deliver(now, Status::RECEIVER_PERMANENT_ERROR, sequence);
        };
        let full = self.deliveries.len() >= self.config.unanswered_deliveries;
        // A number that is in use already cannot name a second message.
        if full || !self.deliveries.insert(sequence) {
            return self.reply_deliver(now, Status::RECEIVER_TEMPORARY_ERROR, sequence);
        }
        self.events.push_back(Event::Delivered { sequence, deliver });
    }

    /// Takes the request this answers; an answer without one is counted.
    fn take(&mut self, frame: &Frame, fits: impl Fn(Request) -> bool) -> bool {
        let found = self.requests.take(frame.header.sequence, fits).is_some();
        if !found {
            self.counters.unmatched_answers += 1;
        }
        found
    }

    fn answered(&mut self, sequence: u32, answer: Answer) {
        let ticket = Ticket(sequence);
        self.events.push_back(Event::Answered { ticket, answer });
    }

    fn reply(&mut self, now: u64, id: CommandId, status: Status, sequence: u32) {
        frame::write_bare(&mut self.output, id, status.0, sequence);
        self.sent_at = now;
    }

    fn reply_deliver(&mut self, now: u64, status: Status, sequence: u32) {
        let body = rusmpp::pdus::DeliverSmResp::default();
        frame::write(&mut self.output, status.0, sequence, &Pdu::DeliverSmResp(body));
        self.sent_at = now;
    }

    fn refuse(&mut self, now: u64, sequence: u32, status: Status) {
        self.reply(now, CommandId::GenericNack, status, sequence);
    }

    fn silent_at(&self) -> Option<u64> {
        let idle = matches!(self.state, State::Bound) && self.enquiry_deadline.is_none();
        let since = self.received_at.min(self.sent_at);
        idle.then(|| after(since, self.config.timers.enquire_link))
    }

    fn inactive_at(&self) -> Option<u64> {
        let wait = self.config.timers.inactivity?;
        matches!(self.state, State::Bound).then(|| after(self.message_at, wait))
    }

    fn enquire(&mut self, now: u64) {
        let sequence = self.requests.add(Request::EnquireLink);
        frame::write_bare(&mut self.output, CommandId::EnquireLink, 0, sequence);
        self.enquiry_deadline = Some(after(now, self.config.timers.enquire_link_response));
        self.sent_at = now;
    }

    fn unbind_when_drained(&mut self, now: u64) {
        let draining = matches!(self.state, State::Draining { .. });
        if draining && self.requests.submits() == 0 && self.deliveries.is_empty() {
            self.send_unbind(now);
        }
    }

    fn send_unbind(&mut self, now: u64) {
        let sequence = self.requests.add(Request::Unbind);
        frame::write_bare(&mut self.output, CommandId::Unbind, 0, sequence);
        self.enquiry_deadline = None;
        self.state = State::Unbinding {
            deadline: after(now, self.config.timers.unbind),
        };
    }

    fn close(&mut self, reason: Closed) {
        if matches!(self.state, State::Closed) {
            return;
        }
        while let Some(sequence) = self.requests.take_oldest_submit() {
            self.answered(
                sequence,
                Answer::Unknown("the link ended before the message centre answered"),
            );
        }
        self.enquiry_deadline = None;
        self.state = State::Closed;
        self.events.push_back(Event::Closed(reason));
    }
}
