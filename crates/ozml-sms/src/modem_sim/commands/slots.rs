//! Stored messages.

use ozml_session::ClockTime;

use super::arguments;
use crate::gsm::ModemError;
use crate::modem_sim::answer::{Answer, Answered};
use crate::modem_sim::command::Form;
use crate::modem_sim::device::Device;
use crate::modem_sim::event::Event;
use crate::modem_sim::memory::{MemoryName, Message, Status};
use crate::modem_sim::text_mode;

pub(super) fn memories(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    let usage = |device: &Device, memory: MemoryName| {
        let (used, total) = device.memory.usage(memory);
        format!("{used},{total}")
    };
    match form {
        Form::Test => {
            let names: Vec<_> = device
                .memory
                .names()
                .map(|memory| format!("\"{}\"", memory.name()))
                .collect();
            let names = format!("({})", names.join(","));
            Ok(Answer::line(format!("+CPMS: {names},{names},{names}")))
        }
        Form::Read => {
            let shown = |memory| format!("\"{}\",{}", MemoryName::name(memory), usage(device, memory));
            Ok(Answer::line(format!(
                "+CPMS: {}",
                device.settings.memories.map(shown).join(",")
            )))
        }
        form => {
            let arguments = arguments(form)?;
            let mut memories = device.settings.memories;
            for (at, memory) in memories.iter_mut().enumerate() {
                if let Some(name) = arguments.text(at) {
                    *memory = device.memory.named(name).ok_or(ModemError::Cms(302))?;
                }
            }
            device.settings.memories = memories;
            let usage = memories.map(|memory| usage(device, memory));
            Ok(Answer::line(format!("+CPMS: {}", usage.join(","))))
        }
    }
}

pub(super) fn list(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    let text = device.settings.text_mode == 1;
    let wanted = match form {
        Form::Test if text => {
            let names = Status::ALL.map(|status| format!("\"{}\"", status.name()));
            return Ok(Answer::line(format!("+CMGL: ({},\"ALL\")", names.join(","))));
        }
        Form::Test => return Ok(Answer::line("+CMGL: (0-4)")),
        Form::Read => return Err(ModemError::Plain),
        Form::Run => None,
        Form::Set(arguments) => arguments.text(0),
    };
    let default = if text { "REC UNREAD" } else { "0" };
    let wanted = wanted.unwrap_or(default);
    let states: Vec<_> = Status::ALL
        .into_iter()
        .filter(|status| is_wanted(*status, wanted, text))
        .collect();
    if states.is_empty() {
        return Err(ModemError::Cms(305));
    }
    let [memory, ..] = device.settings.memories;
    let mut found = Vec::new();
    for (index, stored) in device.memory.list(memory) {
        if states.contains(&stored.status) {
            found.push((index, stored.clone()));
            mark_read(&mut stored.status);
        }
    }
    let line = |(index, stored): (usize, crate::modem_sim::memory::Stored)| {
        device.event(Event::Read { index });
        format!(
            "+CMGL: {index},{}",
            shown(device, stored.status, &stored.message, true)
        )
    };
    Ok(Answer::Lines(found.into_iter().map(line).collect()))
}

fn is_wanted(status: Status, wanted: &str, text: bool) -> bool {
    if text {
        return wanted.eq_ignore_ascii_case("ALL") || wanted.eq_ignore_ascii_case(status.name());
    }
    wanted == "4" || wanted == status.number().to_string()
}

fn mark_read(status: &mut Status) {
    if *status == Status::Unread {
        *status = Status::Read;
    }
}

pub(super) fn read(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    if *form == Form::Test {
        return Ok(Answer::ok());
    }
    let index = arguments(form)?.number(0)?.ok_or(ModemError::Plain)?;
    let [memory, ..] = device.settings.memories;
    let stored = device.memory.at(memory, index)?;
    let (status, message) = (stored.status, stored.message.clone());
    mark_read(&mut stored.status);
    device.event(Event::Read {
        index: usize::from(index),
    });
    Ok(Answer::line(format!(
        "+CMGR: {}",
        shown(device, status, &message, false)
    )))
}

/// `<stat>,[<alpha>],<length>` and the PDU, or what text mode shows.
fn shown(device: &Device, status: Status, message: &Message, in_list: bool) -> String {
    if device.settings.text_mode == 1 {
        return text_mode::stored(&device.settings, status, message, in_list);
    }
    let frame = device.frame(message);
    format!(
        "{},,{}\r\n{}",
        status.number(),
        frame.tpdu_length(),
        frame.to_hex()
    )
}

pub(super) fn delete(device: &mut Device, _: ClockTime, form: &Form) -> Answered {
    let [memory, ..] = device.settings.memories;
    if *form == Form::Test {
        let indexes: Vec<_> = device
            .memory
            .list(memory)
            .map(|(index, _)| index.to_string())
            .collect();
        return Ok(Answer::line(format!("+CMGD: ({}),(0-4)", indexes.join(","))));
    }
    let arguments = arguments(form)?;
    let index = arguments.number(0)?.ok_or(ModemError::Plain)?;
    let states: &[Status] = match arguments.number(1)?.unwrap_or(0) {
        0 => return delete_one(device, memory, index),
        1 => &[Status::Read],
        2 => &[Status::Read, Status::Sent],
        3 => &[Status::Read, Status::Sent, Status::Unsent],
        4 => &Status::ALL,
        _ => return Err(ModemError::Cms(303)),
    };
    for index in device.memory.delete_all(memory, states) {
        deleted(device, index);
    }
    Ok(Answer::ok())
}

fn delete_one(device: &mut Device, memory: MemoryName, index: u16) -> Answered {
    if device.memory.delete(memory, index)?.is_some() {
        deleted(device, usize::from(index));
    }
    Ok(Answer::ok())
}

fn deleted(device: &mut Device, index: usize) {
    device.counters.cleared = device.counters.cleared.saturating_add(1);
    device.event(Event::Deleted { index });
}
