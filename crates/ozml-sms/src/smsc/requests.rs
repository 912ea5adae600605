//! The requests of an ESME: bind, submit_sm, query_sm.

use std::sync::Arc;

use ozml_session::{ClockTime, PhoneNumber};
use rusmpp::pdus::{BindTransceiverResp, QuerySm, QuerySmResp, SubmitSm, SubmitSmResp};
use rusmpp::types::{COctetString, EmptyOrFullCOctetString};
use rusmpp::values::{InterfaceVersion, MessageState};
use rusmpp::{CommandId, Pdu};

use super::answers::Answer;
use super::behaviour::Behaviour;
use super::centre::Centre;
use super::deliveries::Receipt;
use super::event::{BindKind, Event};
use super::fault;
use super::ids::IdForm;
use super::receipt::{self, FinalState};
use super::received::ReceivedSms;
use super::session::{Session, State};
use super::status;
use crate::smpp::frame::{self, Frame};
use crate::smpp::{Password, SystemId};

/// How the centre calls itself in its answer to a bind.
const SYSTEM_ID: &str = "ozml-smsc";

impl Session {
    /// SMPP 3.4 4.1. Any state but open refuses with ESME_RALYBND.
    pub(super) fn on_bind(&mut self, centre: &mut Centre, kind: BindKind, frame: &Frame) {
        let header = frame.header;
        let granted = match self.state {
            State::Open(_) => system_id_of(&centre.behaviour, frame),
            State::Bound(..) | State::Unbinding(_) => Err(status::RALYBND),
        };
        match granted {
            Ok(system_id) => {
                // The answers to the three binds have one layout.
                let id = COctetString::from_string(SYSTEM_ID.to_owned()).unwrap_or_default();
                let body = BindTransceiverResp::new(id, Some(InterfaceVersion::Smpp3_4));
                let response = header.id.matching_response();
                frame::write_as(&mut self.out, response, status::ROK, header.sequence, &body);
                centre.counters.binds = centre.counters.binds.saturating_add(1);
                self.state = State::Bound(kind, Arc::clone(&system_id));
                let session = self.id();
                self.report(Event::Bound {
                    session,
                    system_id,
                    kind,
                });
            }
            Err(status) => {
                self.answer(header, status);
                let session = self.id();
                self.report(Event::BindRefused { session, status });
            }
        }
    }

    /// SMPP 3.4 4.4.
    pub(super) fn on_submit(&mut self, centre: &mut Centre, now: ClockTime, frame: &Frame) {
        let sequence = frame.header.sequence;
        let (system_id, submit) = match self.submission(centre, frame) {
            Ok(submission) => submission,
            Err(status) => {
                self.refuse(centre, status);
                return self.answer(frame.header, status);
            }
        };
        let to = submit.destination_addr.as_str();
        if is_to(centre.behaviour.cut_to.as_ref(), to) {
            return self.cut(centre);
        }
        let status = match is_to(centre.behaviour.refuse_to.as_ref(), to) {
            true => centre.behaviour.error_status,
            false => centre.admission.decide(&centre.behaviour, now),
        };
        let message = if status == status::ROK {
            self.take(centre, now, &system_id, submit)
        } else {
            self.refuse(centre, status);
            0
        };
        let answer = Answer {
            sequence,
            status,
            message,
        };
        if self.is_cut(centre) {
            return self.cut(centre);
        }
        self.answers.push(now, answer);
        self.send_due_answers(centre, now);
    }

    /// SMPP 3.4 4.8, for the messages that are kept.
    pub(super) fn on_query(&mut self, centre: &mut Centre, now: ClockTime, frame: &Frame) {
        let State::Bound(..) = self.state else {
            return self.answer(frame.header, status::RINVBNDSTS);
        };
        let Some(Pdu::QuerySm(query)) = frame.decode() else {
            centre.counters.unreadable = centre.counters.unreadable.saturating_add(1);
            return self.answer(frame.header, status::RQUERYFAIL);
        };
        match state_of(centre, now, query) {
            Some(body) => {
                let sequence = frame.header.sequence;
                frame::write_as(
                    &mut self.out,
                    CommandId::QuerySmResp,
                    status::ROK,
                    sequence,
                    &body,
                );
            }
            None => self.answer(frame.header, status::RQUERYFAIL),
        }
    }

    /// Who submits what, or the status for a message that gets no further.
    fn submission(&self, centre: &mut Centre, frame: &Frame) -> Result<(Arc<str>, SubmitSm), u32> {
        let system_id = match &self.state {
            State::Bound(kind, system_id) if kind.submits() => Arc::clone(system_id),
            _ => return Err(status::RINVBNDSTS),
        };
        let Some(Pdu::SubmitSm(submit)) = frame.decode() else {
            centre.counters.unreadable = centre.counters.unreadable.saturating_add(1);
            return Err(fault::of_submit_sm(&frame.body));
        };
        let limits = centre.behaviour.limits;
        if submit.destination_addr.is_empty() {
            Err(status::RINVDSTADR)
        } else if self.answers.len() >= limits.unanswered || self.deliveries.len() >= limits.receipts {
            Err(status::RMSGQFUL)
        } else {
            Ok((system_id, submit))
        }
    }

    fn is_cut(&mut self, centre: &Centre) -> bool {
        self.submitted = self.submitted.wrapping_add(1);
        let every = centre.behaviour.cut_every;
        every.is_some_and(|every| self.submitted.is_multiple_of(every.get()))
    }

    /// Takes a message and gives its number.
    fn take(&mut self, centre: &mut Centre, now: ClockTime, system_id: &Arc<str>, submit: SubmitSm) -> u64 {
        let (sms, with_receipt) = centre.take(now, system_id, submit);
        let number = sms.number();
        if with_receipt {
            self.schedule_receipt(centre, now, sms.clone());
        }
        self.report(Event::Sms(sms));
        number
    }

    /// On this session when it may be given receipts, else on another of the same system_id.
    fn schedule_receipt(&mut self, centre: &mut Centre, now: ClockTime, sms: ReceivedSms) {
        let due = now.after(centre.behaviour.receipt_delay);
        let receipt = Receipt::new(sms);
        match self.state {
            State::Bound(kind, _) if kind.receives() => self.deliveries.push(due, receipt),
            _ => centre.post(due, receipt),
        }
    }

    fn refuse(&mut self, centre: &mut Centre, status: u32) {
        centre.counters.refused = centre.counters.refused.saturating_add(1);
        let session = self.id();
        self.report(Event::Refused { session, status });
    }
}

impl Answer {
    /// Appends the `submit_sm_resp`; a refusal has no body.
    pub(super) fn write(self, form: IdForm, out: &mut Vec<u8>) {
        if self.status != status::ROK {
            return frame::write_bare(out, CommandId::SubmitSmResp, self.status, self.sequence);
        }
        let id = COctetString::from_string(form.in_answer(self.message)).unwrap_or_default();
        let body = SubmitSmResp::new(id, Vec::new());
        frame::write_as(out, CommandId::SubmitSmResp, status::ROK, self.sequence, &body);
    }
}

/// Whether an address on the wire is that of a recipient.
fn is_to(recipient: Option<&PhoneNumber>, to: &str) -> bool {
    recipient.is_some_and(|recipient| recipient.digits() == to.trim_start_matches('+'))
}

/// The system_id that may bind, or the status for one that may not.
fn system_id_of(behaviour: &Behaviour, frame: &Frame) -> Result<Arc<str>, u32> {
    let (system_id, password) = match frame.decode() {
        Some(Pdu::BindTransmitter(bind)) => (bind.system_id, bind.password),
        Some(Pdu::BindReceiver(bind)) => (bind.system_id, bind.password),
        Some(Pdu::BindTransceiver(bind)) => (bind.system_id, bind.password),
        _ => return Err(fault::of_bind(&frame.body)),
    };
    let fits = |required: Option<&str>, given: &str| required.is_none_or(|it| it == given);
    if !fits(
        behaviour.system_id.as_ref().map(SystemId::as_str),
        system_id.as_str(),
    ) {
        Err(status::RINVSYSID)
    } else if !fits(
        behaviour.password.as_ref().map(Password::reveal),
        password.as_str(),
    ) {
        Err(status::RINVPASWD)
    } else {
        Ok(system_id.as_str().into())
    }
}

/// Under way until its receipt is due, then in the state its receipt tells.
fn state_of(centre: &Centre, now: ClockTime, query: QuerySm) -> Option<QuerySmResp> {
    let number = centre.behaviour.ids.number_of_answer(query.message_id.as_str())?;
    let sms = centre.find(number)?;
    let end = sms.arrived().after(centre.behaviour.receipt_delay);
    let answer = QuerySmResp::builder().message_id(query.message_id);
    if end > now {
        return Some(answer.message_state(MessageState::Enroute).build());
    }
    let state = centre.behaviour.receipts.unwrap_or(FinalState::Delivered);
    let date = format!("{}00000+", receipt::minute(centre.wall(end)));
    let date = EmptyOrFullCOctetString::from_string(date).unwrap_or_default();
    Some(
        answer
            .final_date(date)
            .message_state(state.message_state())
            .build(),
    )
}
