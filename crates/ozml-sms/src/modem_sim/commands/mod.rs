//! The commands, one row each: what they are called, what they need, what they do.

mod basic;
mod card;
mod entry;
mod identity;
mod indications;
mod network;
mod sending;
mod set;
mod slots;

use ozml_session::ClockTime;

use super::answer::{Answer, Answered};
use super::command::{Arguments, Command, Form};
use super::device::Device;
use super::settings::Settings;
use super::sim::SimFault;
use crate::gsm::ModemError;

pub(super) use entry::finish as finish_entry;

type Handler = fn(&mut Device, ClockTime, &Form) -> Answered;

/// What a command does.
enum Action {
    /// Something of its own.
    Do(Handler),
    /// A number from 0 to `most` is set, read and tested.
    Number {
        field: fn(&mut Settings) -> &mut u8,
        most: u8,
    },
}

/// Which errors a command gives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    /// +CME; works without a SIM card.
    Modem,
    /// +CME; needs the SIM card.
    Card,
    /// +CMS; needs the SIM card.
    Messages,
    /// +CMS; works without a SIM card.
    Settings,
}

struct Row {
    name: &'static str,
    family: Family,
    action: Action,
}

const fn row(name: &'static str, family: Family, handler: Handler) -> Row {
    Row {
        name,
        family,
        action: Action::Do(handler),
    }
}

const fn number(name: &'static str, family: Family, field: fn(&mut Settings) -> &mut u8, most: u8) -> Row {
    Row {
        name,
        family,
        action: Action::Number { field, most },
    }
}

const ROWS: &[Row] = &[
    row("E", Family::Modem, basic::echo),
    row("V", Family::Modem, basic::verbose),
    row("Q", Family::Modem, basic::quiet),
    row("Z", Family::Modem, basic::reset),
    row("&F", Family::Modem, basic::reset),
    row("D", Family::Modem, basic::dial),
    row("A", Family::Modem, basic::no_carrier),
    row("O", Family::Modem, basic::no_carrier),
    row("I", Family::Modem, identity::all),
    row("+GMI", Family::Modem, identity::manufacturer),
    row("+GMM", Family::Modem, identity::model),
    row("+GMR", Family::Modem, identity::revision),
    row("+GSN", Family::Modem, identity::serial_number),
    row("+CGMI", Family::Modem, identity::manufacturer),
    row("+CGMM", Family::Modem, identity::model),
    row("+CGMR", Family::Modem, identity::revision),
    row("+CGSN", Family::Modem, identity::serial_number),
    row("+GCAP", Family::Modem, identity::capabilities),
    row("+CLAC", Family::Modem, identity::commands),
    row("+CIMI", Family::Card, identity::imsi),
    row("+CCID", Family::Card, identity::card),
    row("^ICCID", Family::Card, identity::card),
    row("+CNUM", Family::Card, identity::own_number),
    row("+CPIN", Family::Modem, card::pin),
    row("+CLCK", Family::Card, card::lock),
    row("+CPWD", Family::Card, card::password),
    row("+CREG", Family::Modem, network::creg),
    row("+CGREG", Family::Modem, network::cgreg),
    row("+CEREG", Family::Modem, network::cereg),
    row("+CGATT", Family::Modem, network::attached),
    row("+COPS", Family::Card, network::operator),
    row("+CSQ", Family::Modem, network::signal),
    row("+CFUN", Family::Modem, network::functionality),
    row("+CPAS", Family::Modem, network::activity),
    row("+CBC", Family::Modem, network::battery),
    row("+CCLK", Family::Modem, network::clock),
    number("+CMEE", Family::Modem, |s| &mut s.errors, 2),
    number("+CMGF", Family::Settings, |s| &mut s.text_mode, 1),
    number("+CSDH", Family::Settings, |s| &mut s.all_fields, 1),
    number("+CMMS", Family::Settings, |s| &mut s.more_messages, 2),
    row("+CSCS", Family::Modem, set::charset),
    row("+CSMS", Family::Settings, set::service),
    row("+CSCA", Family::Messages, set::service_centre),
    row("+CSMP", Family::Settings, set::text_parameters),
    row("+CNMI", Family::Settings, indications::indications),
    row("+CNMA", Family::Messages, indications::acknowledge),
    row("+CPMS", Family::Messages, slots::memories),
    row("+CMGL", Family::Messages, slots::list),
    row("+CMGR", Family::Messages, slots::read),
    row("+CMGD", Family::Messages, slots::delete),
    row("+CMGS", Family::Messages, sending::send),
    row("+CMGW", Family::Messages, sending::write),
    row("+CMSS", Family::Messages, sending::send_stored),
];

/// V.250 commands that are taken and do nothing here.
const IDLE: &[&str] = &[
    "&C", "&D", "&K", "&S", "&V", "&W", "B", "H", "L", "M", "N", "P", "T", "W", "X", "+CRC", "+IPR", "+IFC",
    "+ICF", "+CMUX", "+CSSN", "+CLIP", "+CRLP", "+FCLASS",
];

/// Does a command.
pub(super) fn run(device: &mut Device, now: ClockTime, command: &Command) -> Answered {
    let Some(row) = ROWS.iter().find(|row| row.name == command.name) else {
        let is_register = command.name.starts_with('S');
        return match IDLE.contains(&&*command.name) || is_register {
            true => Ok(basic::idle(&command.form)),
            false => Err(ModemError::Plain),
        };
    };
    let fault = device.check_sim().err();
    match row.family {
        Family::Card => fault.map_or(Ok(()), |fault| Err(fault.of_phone()))?,
        Family::Messages => fault.map_or(Ok(()), |fault: SimFault| Err(fault.of_messages()))?,
        Family::Modem | Family::Settings => {}
    }
    let answered = match row.action {
        Action::Do(handler) => handler(device, now, &command.form),
        Action::Number { field, most } => {
            set::number(row.name, field(&mut device.settings), most, &command.form)
        }
    };
    // A form or value that a command does not know.
    answered.map_err(|error| match (error, row.family) {
        (ModemError::Plain, Family::Messages | Family::Settings) => ModemError::Cms(303),
        (error, _) => error,
    })
}

/// The arguments of `NAME=…`; any other form is an error.
fn arguments(form: &Form) -> Result<&Arguments, ModemError> {
    match form {
        Form::Set(arguments) => Ok(arguments),
        _ => Err(ModemError::Plain),
    }
}

/// What a command that only tells something answers.
fn told(form: &Form, line: impl FnOnce() -> String) -> Answered {
    match form {
        Form::Run | Form::Read => Ok(Answer::line(line())),
        Form::Test => Ok(Answer::ok()),
        Form::Set(_) => Err(ModemError::Plain),
    }
}

/// The names of all commands, for AT+CLAC.
fn names() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|row| row.name)
}
