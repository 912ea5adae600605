//! What was typed at a prompt.

use ozml_session::ClockTime;

use crate::gsm::ModemError;
use crate::gsm::pdu::{Address, Frame, Submit};
use crate::modem_sim::answer::{Answer, Answered, Body, Entry, Purpose};
use crate::modem_sim::device::Device;
use crate::modem_sim::memory::{Message, Status, Stored};
use crate::modem_sim::text_mode;

/// +CMS: invalid PDU.
const BAD_PDU: ModemError = ModemError::Cms(304);

/// Does what the prompt was for.
pub(in crate::modem_sim) fn finish(
    device: &mut Device,
    now: ClockTime,
    entry: &Entry,
    typed: &[u8],
) -> Answered {
    if entry.purpose == Purpose::Acknowledge {
        return Ok(Answer::ok());
    }
    let submit = submit(device, &entry.body, typed).inspect_err(|error| device.refused(None, *error))?;
    if entry.purpose == Purpose::Write {
        return write(device, submit);
    }
    let sent = device.submit(now, submit)?;
    Ok(Answer::Sent(
        sent.map(|reference| vec![format!("+CMGS: {reference}")]),
    ))
}

fn submit(device: &Device, body: &Body, typed: &[u8]) -> Result<Submit, ModemError> {
    match body {
        Body::Pdu { octets } => read(typed, usize::from(*octets)).ok_or(BAD_PDU),
        Body::Text { to } => {
            // A text without a recipient is one for AT+CMSS to send.
            let nobody = || {
                ozml_session::PhoneNumber::new("0")
                    .ok()
                    .as_ref()
                    .map(Address::from)
            };
            let to = to.clone().or_else(nobody).ok_or(BAD_PDU)?;
            text_mode::submit(&device.settings, to, typed)
        }
    }
}

/// A SUBMIT of just so many octets, with nothing behind it.
fn read(typed: &[u8], octets: usize) -> Option<Submit> {
    let line = std::str::from_utf8(typed).ok()?.trim();
    let frame = Frame::from_hex(line, None).ok()?;
    let is_whole = line.len().is_multiple_of(2) && frame.tpdu_length() == octets;
    let submit = Submit::read(&frame.octets).ok().filter(|_| is_whole)?;
    (submit.write().len() == octets).then_some(submit)
}

fn write(device: &mut Device, submit: Submit) -> Answered {
    let [_, memory, _] = device.settings.memories;
    let stored = Stored {
        status: Status::Unsent,
        message: Message::Submit(submit),
    };
    let index = device.memory.store(memory, stored)?;
    Ok(Answer::line(format!("+CMGW: {index}")))
}
