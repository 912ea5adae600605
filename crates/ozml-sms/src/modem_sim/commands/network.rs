//! Registration, radio, and what stands on a display.

use ozml_session::ClockTime;

use super::{arguments, told};
use crate::gsm::ModemError;
use crate::modem_sim::answer::{Answer, Answered};
use crate::modem_sim::command::Form;
use crate::modem_sim::device::Device;

/// Cell and area of a network that is everywhere the same.
const PLACE: &str = "\"00C3\",\"0000A1B2\"";

pub(super) fn creg(device: &mut Device, now: ClockTime, form: &Form) -> Answered {
    registration(device, now, form, "+CREG", 0)
}

pub(super) fn cgreg(device: &mut Device, now: ClockTime, form: &Form) -> Answered {
    registration(device, now, form, "+CGREG", 1)
}

pub(super) fn cereg(device: &mut Device, now: ClockTime, form: &Form) -> Answered {
    registration(device, now, form, "+CEREG", 2)
}

fn registration(device: &mut Device, now: ClockTime, form: &Form, name: &str, which: usize) -> Answered {
    let stat = device.stat(now);
    let mode = device
        .settings
        .registration_reports
        .get_mut(which)
        .ok_or(ModemError::Plain)?;
    match form {
        Form::Read if *mode == 2 && stat != 0 => Ok(Answer::line(format!("{name}: 2,{stat},{PLACE}"))),
        Form::Read => Ok(Answer::line(format!("{name}: {mode},{stat}"))),
        form => super::set::number(name, mode, 2, form),
    }
}

pub(super) fn attached(device: &mut Device, now: ClockTime, form: &Form) -> Answered {
    match form {
        Form::Read => Ok(Answer::line(format!(
            "+CGATT: {}",
            u8::from(device.is_registered(now))
        ))),
        Form::Run => Err(ModemError::Plain),
        Form::Test | Form::Set(_) => Ok(Answer::ok()),
    }
}

pub(super) fn operator(device: &mut Device, now: ClockTime, form: &Form) -> Answered {
    let imsi = device.behaviour.imsi.to_string();
    let code = imsi.get(..5).unwrap_or_default();
    let name = &device.behaviour.operator;
    match form {
        Form::Test => Ok(Answer::line(format!(
            "+COPS: (2,\"{name}\",\"{name}\",\"{code}\",7),,(0,1,2,3,4),(0,1,2)"
        ))),
        Form::Read if !device.is_registered(now) => Ok(Answer::line("+COPS: 0")),
        Form::Read => {
            let format = device.settings.operator_format;
            let shown = if format == 2 {
                code.to_owned()
            } else {
                name.to_string()
            };
            Ok(Answer::line(format!("+COPS: 0,{format},\"{shown}\",7")))
        }
        form => {
            let arguments = arguments(form)?;
            let (mode, format) = (arguments.number(0)?, arguments.number(1)?);
            if mode.is_some_and(|mode| mode > 4) {
                return Err(ModemError::Cme(50));
            }
            if let Some(format) = format {
                let format = u8::try_from(format).ok().filter(|format| *format <= 2);
                device.settings.operator_format = format.ok_or(ModemError::Cme(50))?;
            }
            Ok(Answer::ok())
        }
    }
}

pub(super) fn signal(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    match form {
        Form::Test => Ok(Answer::line("+CSQ: (0-31,99),(0-7,99)")),
        form => told(form, || format!("+CSQ: {},99", device.behaviour.signal)),
    }
}

pub(super) fn functionality(device: &mut Device, now: ClockTime, form: &Form) -> Answered {
    match form {
        Form::Test => Ok(Answer::line("+CFUN: (0,1,4),(0,1)")),
        Form::Read => Ok(Answer::line(format!("+CFUN: {}", device.functionality))),
        form => {
            let arguments = arguments(form)?;
            match (arguments.number(0)?, arguments.number(1)?) {
                (Some(1), Some(1)) => Ok(Answer::Restart),
                (Some(level @ (0 | 1 | 4)), None | Some(0)) => {
                    if level == 1 && device.functionality != 1 {
                        device.search(now);
                    }
                    device.functionality = u8::try_from(level).unwrap_or(1);
                    Ok(Answer::ok())
                }
                _ => Err(ModemError::Cme(50)),
            }
        }
    }
}

pub(super) fn activity(_: &mut Device, _: ClockTime, form: &Form) -> Answered {
    told(form, || "+CPAS: 0".to_owned())
}

pub(super) fn battery(_: &mut Device, _: ClockTime, form: &Form) -> Answered {
    match form {
        Form::Test => Ok(Answer::line("+CBC: (0-3),(1-100)")),
        form => told(form, || "+CBC: 0,100".to_owned()),
    }
}

/// The time comes from the network: what is set is taken and not used.
pub(super) fn clock(device: &mut Device, now: ClockTime, form: &Form) -> Answered {
    match form {
        Form::Read => {
            // 2026-01-21T09:00:00Z
            let wall = device.wall(now).to_string();
            let (date, time) = (
                wall.get(2..10).unwrap_or_default(),
                wall.get(11..19).unwrap_or_default(),
            );
            Ok(Answer::line(format!(
                "+CCLK: \"{},{time}+00\"",
                date.replace('-', "/")
            )))
        }
        Form::Run => Err(ModemError::Plain),
        Form::Test | Form::Set(_) => Ok(Answer::ok()),
    }
}
