//! One session, the centre's side, without a socket: octets and time in, octets and events out.

use std::sync::Arc;
use std::time::Duration;

use ozml_session::ClockTime;
use rusmpp::CommandId;

use super::answers::AnswerQueue;
use super::centre::Centre;
use super::deliveries::{Deliveries, Receipt};
use super::event::{BindKind, CloseReason, Event};
use super::receipt;
use super::status;
use crate::smpp::frame::{self, Frame, Framer, Header};

/// A peer that does not bind, or that answers neither enquire_link nor unbind, is given up after this.
const PATIENCE: Duration = Duration::from_secs(10);
/// The largest sequence number (SMPP 3.4 3.2).
const MAX_SEQUENCE: u32 = 0x7FFF_FFFF;

/// One connection to a [`Centre`]. Give it every octet that comes ([`on_bytes`](Self::on_bytes)) and the
/// time when [`next_wake`](Self::next_wake) has come ([`on_tick`](Self::on_tick)); after each, send what
/// [`take_output`](Self::take_output) gives and then close when [`closed`](Self::closed) says so. Tell
/// the centre with [`end`](Self::end) that the connection is gone.
#[derive(Debug)]
pub struct Session {
    id: u64,
    pub(super) state: State,
    pub(super) answers: AnswerQueue,
    pub(super) deliveries: Deliveries,
    pub(super) submitted: u64,
    pub(super) out: Vec<u8>,
    events: Vec<Event>,
    framer: Framer,
    closed: Option<CloseReason>,
    sequence: u32,
    opened: ClockTime,
    heard: ClockTime,
    enquired: Option<ClockTime>,
}

/// The states of SMPP 3.4 2.2.
#[derive(Debug, Clone)]
pub(super) enum State {
    /// Connected, not bound; since when.
    Open(ClockTime),
    /// As what and who.
    Bound(BindKind, Arc<str>),
    /// We asked to unbind; since when.
    Unbinding(ClockTime),
}

impl Session {
    /// A connection that was just made.
    pub fn new(centre: &mut Centre, now: ClockTime) -> Self {
        let behaviour = &centre.behaviour;
        centre.counters.connections = centre.counters.connections.saturating_add(1);
        Self {
            id: centre.counters.connections,
            state: State::Open(now),
            answers: AnswerQueue::new(behaviour.answers, behaviour.answer_delay),
            deliveries: Deliveries::new(behaviour.limits.receipt_window),
            submitted: 0,
            out: Vec::new(),
            events: Vec::new(),
            framer: Framer::new(behaviour.limits.pdu),
            closed: None,
            sequence: 0,
            opened: now,
            heard: now,
            enquired: None,
        }
    }

    /// Which connection of the centre this is: 1 for the first.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Takes octets that came.
    pub fn on_bytes(&mut self, centre: &mut Centre, now: ClockTime, bytes: &[u8]) {
        self.heard = now;
        self.enquired = None;
        self.send_due_answers(centre, now);
        self.framer.push(bytes);
        while self.closed.is_none() {
            match self.framer.next_frame() {
                Ok(Some(frame)) => self.on_frame(centre, now, &frame),
                Ok(None) => break,
                Err(bad) => {
                    frame::write_bare(
                        &mut self.out,
                        CommandId::GenericNack,
                        status::RINVCMDLEN,
                        bad.sequence,
                    );
                    self.close(CloseReason::BadLength);
                }
            }
        }
        self.send_due(centre, now);
    }

    /// Does what is due.
    pub fn on_tick(&mut self, centre: &mut Centre, now: ClockTime) {
        if self.cut_due(centre).is_some_and(|due| due <= now) {
            return self.cut(centre);
        }
        match &self.state {
            State::Open(since) if since.after(PATIENCE) <= now => self.close(CloseReason::NotBound),
            State::Unbinding(since) if since.after(PATIENCE) <= now => self.close(CloseReason::NoAnswer),
            State::Bound(..) => {
                self.deliveries.forget_unanswered(now);
                self.enquire(centre, now);
            }
            State::Open(_) | State::Unbinding(_) => {}
        }
        self.send_due(centre, now);
    }

    /// Asks the peer to end the session; answers that wait are sent first.
    pub fn unbind(&mut self, centre: &Centre, now: ClockTime) {
        match self.state {
            State::Open(_) => self.close(CloseReason::Unbound),
            State::Unbinding(_) => {}
            State::Bound(..) => {
                self.send_all_answers(centre);
                let sequence = self.next_sequence();
                frame::write_bare(&mut self.out, CommandId::Unbind, status::ROK, sequence);
                self.state = State::Unbinding(now);
            }
        }
    }

    /// When [`on_tick`](Self::on_tick) has something to do; it changes with every call.
    pub fn next_wake(&self, centre: &Centre) -> Option<ClockTime> {
        let timer = match &self.state {
            State::Open(since) | State::Unbinding(since) => Some(since.after(PATIENCE)),
            State::Bound(..) => self.enquiry_due(centre),
        };
        let mail = self.mail_owner().and_then(|owner| centre.mail_due(owner));
        let receipts = self.is_bound().then(|| self.deliveries.next_due()).flatten();
        let cut = self.cut_due(centre);
        [timer, mail, receipts, cut, self.answers.next_due()]
            .into_iter()
            .flatten()
            .min()
    }

    /// The octets to send, in order; they are handed out once.
    pub fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// Appends the octets to send to `out`.
    pub fn drain_output(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.out);
    }

    /// What happened since the last call.
    pub fn take_events(&mut self) -> impl Iterator<Item = Event> + '_ {
        self.events.drain(..)
    }

    /// Why the connection is to be closed, once the output is sent.
    pub fn closed(&self) -> Option<CloseReason> {
        self.closed
    }

    /// The connection is gone. Receipts the peer did not take wait for another session of its system_id.
    pub fn end(self, centre: &mut Centre, now: ClockTime) {
        for receipt in self.deliveries.into_undelivered() {
            centre.post(now, receipt);
        }
    }

    pub(super) fn close(&mut self, reason: CloseReason) {
        self.closed.get_or_insert(reason);
    }

    pub(super) fn report(&mut self, event: Event) {
        self.events.push(event);
    }

    pub(super) fn answer(&mut self, request: Header, status: u32) {
        let id = request.id.matching_response();
        frame::write_bare(&mut self.out, id, status, request.sequence);
    }

    pub(super) fn send_due_answers(&mut self, centre: &Centre, now: ClockTime) {
        let (form, out) = (centre.behaviour.ids, &mut self.out);
        self.answers.take_due(now, |answer| answer.write(form, out));
    }

    fn on_frame(&mut self, centre: &mut Centre, now: ClockTime, frame: &Frame) {
        let header = frame.header;
        match header.id {
            CommandId::SubmitSm => self.on_submit(centre, now, frame),
            CommandId::BindTransmitter => self.on_bind(centre, BindKind::Transmitter, frame),
            CommandId::BindReceiver => self.on_bind(centre, BindKind::Receiver, frame),
            CommandId::BindTransceiver => self.on_bind(centre, BindKind::Transceiver, frame),
            CommandId::EnquireLink => self.answer(header, status::ROK),
            CommandId::QuerySm => self.on_query(centre, now, frame),
            CommandId::Unbind => {
                self.send_all_answers(centre);
                self.answer(header, status::ROK);
                self.close(CloseReason::Unbound);
            }
            CommandId::UnbindResp if matches!(self.state, State::Unbinding(_)) => {
                self.close(CloseReason::Unbound)
            }
            CommandId::DeliverSmResp | CommandId::GenericNack => self.on_receipt_answer(centre, now, header),
            id if id.is_response() => {}
            id => self.on_unsupported(centre, id, header),
        }
    }

    /// A request of SMPP that this centre does not serve is answered in its own form, any other by
    /// generic_nack.
    fn on_unsupported(&mut self, centre: &mut Centre, id: CommandId, header: Header) {
        centre.counters.unreadable = centre.counters.unreadable.saturating_add(1);
        let has_answer = !matches!(
            id,
            CommandId::Other(_) | CommandId::Outbind | CommandId::AlertNotification
        );
        if has_answer {
            self.answer(header, status::RINVCMDID);
        } else {
            frame::write_bare(
                &mut self.out,
                CommandId::GenericNack,
                status::RINVCMDID,
                header.sequence,
            );
        }
    }

    fn on_receipt_answer(&mut self, centre: &mut Centre, now: ClockTime, header: Header) {
        let status = header.status;
        if let Some(sms) = self.deliveries.answered(now, header.sequence, status) {
            let taken = u64::from(status == status::ROK);
            centre.counters.receipts_taken = centre.counters.receipts_taken.saturating_add(taken);
            self.report(Event::ReceiptAnswered { sms, status });
        }
    }

    fn send_due(&mut self, centre: &mut Centre, now: ClockTime) {
        if self.closed.is_some() {
            return;
        }
        self.send_due_answers(centre, now);
        let Some(state) = centre.behaviour.receipts else {
            return;
        };
        while let Some(receipt) = self.next_receipt(centre, now) {
            let sequence = self.next_sequence();
            let body = receipt::deliver_sm(&centre.behaviour, &receipt.sms, state, centre.wall(now));
            frame::write_as(&mut self.out, CommandId::DeliverSm, status::ROK, sequence, &body);
            let sms = receipt.sms.clone();
            self.report(Event::ReceiptSent { sms, state });
            self.deliveries.sent(now, sequence, receipt);
            centre.counters.receipts_sent = centre.counters.receipts_sent.saturating_add(1);
        }
    }

    fn is_bound(&self) -> bool {
        matches!(self.state, State::Bound(..))
    }

    fn next_receipt(&mut self, centre: &mut Centre, now: ClockTime) -> Option<Receipt> {
        if !self.is_bound() {
            return None;
        }
        let own = self.deliveries.take_due(now);
        own.or_else(|| centre.fetch_mail(self.mail_owner()?, now))
    }

    /// Whose receipts this session takes beside its own: it is bound to receive and has room.
    fn mail_owner(&self) -> Option<&Arc<str>> {
        match &self.state {
            State::Bound(kind, system_id) if kind.receives() && self.deliveries.has_room() => Some(system_id),
            _ => None,
        }
    }

    /// Drops the connection without a word.
    pub(super) fn cut(&mut self, centre: &mut Centre) {
        centre.counters.cuts = centre.counters.cuts.saturating_add(1);
        self.close(CloseReason::Cut);
    }

    fn cut_due(&self, centre: &Centre) -> Option<ClockTime> {
        centre.behaviour.cut_after.map(|time| self.opened.after(time))
    }

    fn send_all_answers(&mut self, centre: &Centre) {
        let (form, out) = (centre.behaviour.ids, &mut self.out);
        self.answers.take_all(|answer| answer.write(form, out));
    }

    fn enquiry_due(&self, centre: &Centre) -> Option<ClockTime> {
        let silence = centre.behaviour.enquire_link;
        match self.enquired {
            Some(since) => Some(since.after(PATIENCE)),
            None if silence.is_zero() => None,
            None => Some(self.heard.after(silence)),
        }
    }

    fn enquire(&mut self, centre: &Centre, now: ClockTime) {
        if self.enquiry_due(centre).is_none_or(|due| due > now) {
            return;
        }
        if self.enquired.is_some() {
            self.close(CloseReason::NoAnswer);
            return;
        }
        let sequence = self.next_sequence();
        frame::write_bare(&mut self.out, CommandId::EnquireLink, status::ROK, sequence);
        self.enquired = Some(now);
    }

    /// 1 to 0x7FFFFFFF and round again, without the numbers in flight.
    fn next_sequence(&mut self) -> u32 {
        loop {
            self.sequence = self.sequence % MAX_SEQUENCE + 1;
            if !self.deliveries.is_in_flight(self.sequence) {
                return self.sequence;
            }
        }
    }
}
