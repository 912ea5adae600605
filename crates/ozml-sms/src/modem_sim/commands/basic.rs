//! Commands of V.250.

use ozml_session::ClockTime;

use super::arguments;
use crate::gsm::ModemError;
use crate::modem_sim::answer::{Answer, Answered};
use crate::modem_sim::command::Form;
use crate::modem_sim::device::Device;

/// `E`, `V` and the like: no number is 0.
fn switch(form: &Form) -> Result<u8, ModemError> {
    let value = match form {
        Form::Run => 0,
        form => arguments(form)?.number(0)?.unwrap_or(0),
    };
    u8::try_from(value)
        .ok()
        .filter(|value| *value <= 1)
        .ok_or(ModemError::Plain)
}

pub(super) fn echo(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    device.settings.echo = switch(form)?;
    Ok(Answer::ok())
}

pub(super) fn verbose(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    device.settings.verbose = switch(form)?;
    Ok(Answer::ok())
}

pub(super) fn quiet(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    device.settings.quiet = switch(form)?;
    Ok(Answer::ok())
}

pub(super) fn reset(device: &mut Device, _: ClockTime, _: &Form) -> Answered {
    device.reset();
    Ok(Answer::ok())
}

/// There is nobody to call; `D…;` is a voice call, which is over at once.
pub(super) fn dial(_: &mut Device, _: ClockTime, _: &Form) -> Answered {
    Ok(Answer::NoCarrier)
}

pub(super) fn no_carrier(_: &mut Device, _: ClockTime, _: &Form) -> Answered {
    Ok(Answer::NoCarrier)
}

/// Whatever it is, it is taken.
pub(super) fn idle(form: &Form) -> Answer {
    match form {
        Form::Read => Answer::line("0"),
        _ => Answer::ok(),
    }
}
