//! Messages on their way out: the commands that ask for a PDU or text, and those from a slot.

use ozml_session::ClockTime;

use super::arguments;
use super::set::address;
use crate::gsm::ModemError;
use crate::modem_sim::answer::{Answer, Answered, Body, Entry, Purpose};
use crate::modem_sim::command::{Arguments, Form};
use crate::modem_sim::device::Device;
use crate::modem_sim::memory::{Message, Status};

/// Octets of the longest SUBMIT (3GPP TS 23.040 9.2.2.2): 140 of text and a header of 24.
const MAX_OCTETS: u16 = 164;
/// +CMS: invalid PDU; invalid memory index; memory full.
const BAD_PDU: ModemError = ModemError::Cms(304);
const NO_INDEX: ModemError = ModemError::Cms(321);
const FULL: ModemError = ModemError::Cms(322);

pub(super) fn send(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    if *form == Form::Test {
        return Ok(Answer::ok());
    }
    let arguments = arguments(form)?;
    let body = match device.settings.text_mode {
        0 => pdu(arguments)?,
        _ => Body::Text {
            to: Some(recipient(device, arguments, 0)?.ok_or(BAD_PDU)?),
        },
    };
    Ok(Answer::Prompt(Entry {
        purpose: Purpose::Send,
        body,
    }))
}

pub(super) fn write(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    let nothing = Arguments::default();
    let arguments = match form {
        Form::Test => return Ok(Answer::ok()),
        Form::Run if device.settings.text_mode == 1 => &nothing,
        form => arguments(form)?,
    };
    let [_, memory, _] = device.settings.memories;
    let (used, total) = device.memory.usage(memory);
    if used >= total {
        return Err(FULL);
    }
    let body = match device.settings.text_mode {
        0 => pdu(arguments)?,
        _ => Body::Text {
            to: recipient(device, arguments, 0)?,
        },
    };
    Ok(Answer::Prompt(Entry {
        purpose: Purpose::Write,
        body,
    }))
}

fn pdu(arguments: &Arguments) -> Result<Body, ModemError> {
    let octets = arguments
        .number(0)?
        .filter(|octets| (1..=MAX_OCTETS).contains(octets));
    octets.map(|octets| Body::Pdu { octets }).ok_or(BAD_PDU)
}

/// A recipient at a place, `None` when it is left out.
fn recipient(
    device: &Device,
    arguments: &Arguments,
    at: usize,
) -> Result<Option<crate::gsm::pdu::Address>, ModemError> {
    let Some(written) = arguments.text(at) else {
        return Ok(None);
    };
    let kind = arguments.number(at.saturating_add(1))?;
    let to = address(device.settings.charset, written, kind);
    to.map(Some).ok_or(ModemError::Cms(305))
}

/// `AT+CMSS=<index>[,<da>[,<toda>]]`.
pub(super) fn send_stored(device: &mut Device, now: ClockTime, form: &Form) -> Answered {
    if *form == Form::Test {
        return Ok(Answer::ok());
    }
    let arguments = arguments(form)?;
    let index = arguments.number(0)?.ok_or(ModemError::Plain)?;
    let to = recipient(device, arguments, 1)?;
    let [_, memory, _] = device.settings.memories;
    let Message::Submit(submit) = &device.memory.at(memory, index)?.message else {
        return Err(NO_INDEX);
    };
    let mut submit = submit.clone();
    if let Some(to) = to {
        submit.destination = to;
    }
    let sent = device.submit(now, submit)?;
    if sent.is_ok() {
        device.memory.at(memory, index)?.status = Status::Sent;
    }
    Ok(Answer::Sent(
        sent.map(|reference| vec![format!("+CMSS: {reference}")]),
    ))
}
