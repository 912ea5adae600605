//! What the modem and the card are.

use ozml_session::ClockTime;

use super::{names, told};
use crate::gsm::ModemError;
use crate::gsm::pdu::Address;
use crate::modem_sim::answer::{Answer, Answered};
use crate::modem_sim::command::Form;
use crate::modem_sim::device::Device;
use crate::modem_sim::text_mode::quoted;

const REVISION: &str = env!("CARGO_PKG_VERSION");

/// `ATI`, in any of its numbers.
pub(super) fn all(device: &mut Device, _: ClockTime, _: &Form) -> Answered {
    let behaviour = &device.behaviour;
    Ok(Answer::Lines(vec![
        format!("Manufacturer: {}", behaviour.manufacturer),
        format!("Model: {}", behaviour.model),
        format!("Revision: {REVISION}"),
        format!("IMEI: {}", behaviour.imei),
    ]))
}

pub(super) fn manufacturer(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    told(form, || device.behaviour.manufacturer.to_string())
}

pub(super) fn model(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    told(form, || device.behaviour.model.to_string())
}

pub(super) fn revision(_: &mut Device, _: ClockTime, form: &Form) -> Answered {
    told(form, || REVISION.to_owned())
}

pub(super) fn serial_number(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    told(form, || device.behaviour.imei.to_string())
}

pub(super) fn capabilities(_: &mut Device, _: ClockTime, form: &Form) -> Answered {
    told(form, || "+GCAP: +CGSM".to_owned())
}

pub(super) fn imsi(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    told(form, || device.behaviour.imsi.to_string())
}

/// An ICCID begins with 89, for telecommunications; this one goes on with the IMSI.
pub(super) fn card(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    told(form, || format!("+CCID: 8900{}", device.behaviour.imsi))
}

pub(super) fn own_number(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    match form {
        Form::Run => {}
        Form::Test => return Ok(Answer::ok()),
        _ => return Err(ModemError::Plain),
    }
    let Some(number) = &device.behaviour.number else {
        return Ok(Answer::ok());
    };
    let kind = Address::from(number).type_of_address();
    let number = quoted(device.settings.charset, number.as_str());
    Ok(Answer::line(format!("+CNUM: ,{number},{kind}")))
}

pub(super) fn commands(_: &mut Device, _: ClockTime, form: &Form) -> Answered {
    match form {
        Form::Run => Ok(Answer::Lines(names().map(|name| format!("AT{name}")).collect())),
        Form::Test => Ok(Answer::ok()),
        _ => Err(ModemError::Plain),
    }
}
