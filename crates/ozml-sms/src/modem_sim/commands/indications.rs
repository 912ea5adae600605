//! How what comes in is told, and its acknowledgement.

use ozml_session::ClockTime;

use super::arguments;
use crate::gsm::ModemError;
use crate::modem_sim::answer::{Answer, Answered, Body, Entry, Purpose};
use crate::modem_sim::command::Form;
use crate::modem_sim::device::Device;

/// `<mode>`, `<mt>`, `<bm>` and `<bfr>`; those of `<ds>` are the behaviour's.
const MODES: &[u8] = &[0, 1, 2];
const MESSAGES: &[u8] = &[0, 1, 2, 3];
const BROADCASTS: &[u8] = &[0];
const BUFFER: &[u8] = &[0, 1];

pub(super) fn indications(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    let allowed = [
        MODES,
        MESSAGES,
        BROADCASTS,
        device.behaviour.report_route.values(),
        BUFFER,
    ];
    match form {
        Form::Read => Ok(Answer::line(format!(
            "+CNMI: {}",
            list(&device.settings.indications)
        ))),
        Form::Test => {
            let ranges = allowed.map(|values| format!("({})", list(values)));
            Ok(Answer::line(format!("+CNMI: {}", ranges.join(","))))
        }
        form => {
            let values = arguments(form)?;
            let mut set = device.settings.indications;
            for (at, (value, allowed)) in set.iter_mut().zip(allowed).enumerate() {
                if let Some(given) = values.number(at)? {
                    let known = allowed.iter().find(|known| u16::from(**known) == given);
                    *value = *known.ok_or(ModemError::Cms(303))?;
                }
            }
            if let [1..=2, .., 1] = set {
                device.forget_indications();
            }
            device.settings.indications = set;
            Ok(Answer::ok())
        }
    }
}

fn list(values: &[u8]) -> String {
    let values: Vec<_> = values.iter().map(u8::to_string).collect();
    values.join(",")
}

pub(super) fn acknowledge(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    let (mode, octets) = match form {
        Form::Test => return Ok(Answer::line("+CNMA: (0-2)")),
        Form::Read => return Err(ModemError::Plain),
        Form::Run => (0, None),
        Form::Set(arguments) => (arguments.number(0)?.unwrap_or(0), arguments.number(1)?),
    };
    if mode > 2 {
        return Err(ModemError::Plain);
    }
    if !device.settings.is_phase_2_plus() {
        return Err(ModemError::Cms(340));
    }
    device.acknowledge(mode != 2)?;
    let purpose = Purpose::Acknowledge;
    Ok(match octets.filter(|octets| *octets > 0) {
        Some(octets) => Answer::Prompt(Entry {
            purpose,
            body: Body::Pdu { octets },
        }),
        None => Answer::ok(),
    })
}
