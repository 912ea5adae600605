//! PIN and PUK.

use ozml_session::ClockTime;

use super::arguments;
use crate::gsm::ModemError;
use crate::modem_sim::answer::{Answer, Answered};
use crate::modem_sim::command::Form;
use crate::modem_sim::device::Device;
use crate::modem_sim::event::Event;
use crate::modem_sim::sim::SimFault;

/// +CME: incorrect parameters.
const WRONG: ModemError = ModemError::Cme(50);

pub(super) fn pin(device: &mut Device, now: ClockTime, form: &Form) -> Answered {
    match form {
        Form::Test => Ok(Answer::ok()),
        Form::Run => Err(ModemError::Plain),
        Form::Read => match device.check_sim() {
            Ok(()) => Ok(Answer::line("+CPIN: READY")),
            Err(SimFault::Pin) => Ok(Answer::line("+CPIN: SIM PIN")),
            Err(SimFault::Puk) => Ok(Answer::line("+CPIN: SIM PUK")),
            Err(fault) => Err(fault.of_phone()),
        },
        Form::Set(arguments) => {
            let first = arguments.text(0).ok_or(WRONG)?;
            let tried = match arguments.text(1) {
                None => device.sim.enter_pin(first),
                Some(new) => device.sim.enter_puk(first, new),
            };
            tell(device, tried)?;
            device.search(now);
            Ok(Answer::ok())
        }
    }
}

/// Only the lock of the card (`SC`) is known.
pub(super) fn lock(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    if *form == Form::Test {
        return Ok(Answer::line("+CLCK: (\"SC\")"));
    }
    let arguments = arguments(form)?;
    if arguments.text(0) != Some("SC") {
        return Err(ModemError::Cme(4));
    }
    match (arguments.number(1)?, arguments.text(2)) {
        (Some(2), _) => Ok(Answer::line(format!(
            "+CLCK: {}",
            u8::from(device.sim.is_guarded())
        ))),
        (Some(mode @ (0 | 1)), Some(pin)) => {
            let tried = device.sim.guard(mode == 1, pin);
            tell(device, tried)?;
            Ok(Answer::ok())
        }
        _ => Err(WRONG),
    }
}

pub(super) fn password(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    if *form == Form::Test {
        return Ok(Answer::line("+CPWD: (\"SC\",8)"));
    }
    let arguments = arguments(form)?;
    match (arguments.text(0), arguments.text(1), arguments.text(2)) {
        (Some("SC"), Some(old), Some(new)) => {
            let tried = device.sim.change_pin(old, new);
            tell(device, tried)?;
            Ok(Answer::ok())
        }
        _ => Err(WRONG),
    }
}

fn tell(device: &mut Device, tried: Result<(), ModemError>) -> Result<(), ModemError> {
    device.counters.pins = device.counters.pins.saturating_add(1);
    let left = device.sim.tries_left();
    device.event(Event::PinTried {
        right: tried.is_ok(),
        left,
    });
    tried
}
