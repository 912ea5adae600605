//! Settings.

use ozml_session::{ClockTime, PhoneNumber};

use super::arguments;
use crate::gsm::ModemError;
use crate::gsm::pdu::Address;
use crate::modem_sim::answer::{Answer, Answered};
use crate::modem_sim::charset::Charset;
use crate::modem_sim::command::Form;
use crate::modem_sim::device::Device;
use crate::modem_sim::text_mode::quoted;

/// The type of an international number.
const INTERNATIONAL: u16 = 145;

/// A number from 0 to `most`; none is 0.
pub(super) fn number(name: &str, field: &mut u8, most: u8, form: &Form) -> Answered {
    match form {
        Form::Read => Ok(Answer::line(format!("{name}: {field}"))),
        Form::Test => Ok(Answer::line(format!("{name}: (0-{most})"))),
        form => {
            let value = match form {
                Form::Set(arguments) => arguments.number(0)?.unwrap_or(0),
                _ => 0,
            };
            let value = u8::try_from(value).ok().filter(|value| *value <= most);
            *field = value.ok_or(ModemError::Plain)?;
            Ok(Answer::ok())
        }
    }
}

pub(super) fn charset(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    match form {
        Form::Read => Ok(Answer::line(format!(
            "+CSCS: \"{}\"",
            device.settings.charset.name()
        ))),
        Form::Test => {
            let names = Charset::ALL.map(|set| format!("\"{}\"", set.name()));
            Ok(Answer::line(format!("+CSCS: ({})", names.join(","))))
        }
        form => {
            let name = arguments(form)?.text(0).ok_or(ModemError::Plain)?;
            // Some write the name in the set that it leaves.
            let read = device.settings.charset.read(name.as_bytes()).unwrap_or_default();
            let named = Charset::named(name).or_else(|| Charset::named(&read));
            device.settings.charset = named.ok_or(ModemError::Plain)?;
            Ok(Answer::ok())
        }
    }
}

pub(super) fn service(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    match form {
        Form::Read => Ok(Answer::line(format!("+CSMS: {},1,1,1", device.settings.service))),
        form => match number("+CSMS", &mut device.settings.service, 1, form)? {
            Answer::Lines(lines) if lines.is_empty() => Ok(Answer::line("+CSMS: 1,1,1")),
            told => Ok(told),
        },
    }
}

pub(super) fn service_centre(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    let charset = device.settings.charset;
    match form {
        Form::Test => Ok(Answer::ok()),
        Form::Read => {
            let shown = device
                .centre
                .as_ref()
                .map(|centre| (centre.to_string(), centre.type_of_address()));
            let (centre, kind) = shown.unwrap_or((String::new(), 129));
            Ok(Answer::line(format!(
                "+CSCA: {},{kind}",
                quoted(charset, &centre)
            )))
        }
        form => {
            let arguments = arguments(form)?;
            let number = address(
                charset,
                arguments.text(0).ok_or(ModemError::Plain)?,
                arguments.number(1)?,
            );
            device.centre = Some(number.ok_or(ModemError::Cms(304))?);
            Ok(Answer::ok())
        }
    }
}

/// A number as text mode has it, with its type beside it.
pub(super) fn address(charset: Charset, written: &str, kind: Option<u16>) -> Option<Address> {
    let plain = || PhoneNumber::new(written).ok();
    let read = || PhoneNumber::new(&charset.read(written.as_bytes())?).ok();
    // Digits alone are hexadecimal as well: a number of this set has four digits for each of its own.
    let number = if charset == Charset::Ucs2 {
        read().or_else(plain)
    } else {
        plain().or_else(read)
    }?;
    if kind == Some(INTERNATIONAL) && !number.is_international() {
        return PhoneNumber::new(&format!("+{number}"))
            .ok()
            .as_ref()
            .map(Address::from);
    }
    Some(Address::from(&number))
}

pub(super) fn text_parameters(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    match form {
        Form::Test => Ok(Answer::ok()),
        Form::Read => {
            let shown = device.settings.text_parameters.map(|value| value.to_string());
            Ok(Answer::line(format!("+CSMP: {}", shown.join(","))))
        }
        form => {
            let arguments = arguments(form)?;
            let mut parameters = device.settings.text_parameters;
            for (at, parameter) in parameters.iter_mut().enumerate() {
                if let Some(value) = arguments.number(at)? {
                    *parameter = u8::try_from(value).map_err(|_| ModemError::Plain)?;
                }
            }
            device.settings.text_parameters = parameters;
            Ok(Answer::ok())
        }
    }
}
