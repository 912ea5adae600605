//! What is asked, and what is made of the answers.

use super::super::ModemError;
use super::super::at::{Command, Fields, Reply};
use super::answers::{lists, numbers};
use super::report::{Indications, MemoryUse, ProbeReport, Registration, Signal, SimState};

/// Takes an answer into the report.
type Take = fn(&mut ProbeReport, &Reply);

/// The questions in their order. Without the SIM card some have no answer, which says nothing bad about the modem.
pub(super) const QUESTIONS: &[(Command, Take)] = &[
    (Command::ECHO_OFF, |_, _| {}),
    (Command::WORDS, |_, _| {}),
    (Command::NUMERIC_ERRORS, |_, _| {}),
    (Command::MANUFACTURER, |report, reply| {
        report.manufacturer = words(reply, "+CGMI:");
    }),
    (Command::MODEL, |report, reply| {
        report.model = words(reply, "+CGMM:")
    }),
    (Command::REVISION, |report, reply| {
        report.revision = words(reply, "+CGMR:");
    }),
    (Command::tell("AT+CGSN", "+CGSN:"), |report, reply| {
        report.serial_number = words(reply, "+CGSN:");
    }),
    (Command::PIN_STATE, |report, reply| report.sim = sim_state(reply)),
    (Command::REGISTRATION, |report, reply| {
        report.registration = registration(reply, "+CREG:");
    }),
    (Command::PACKET_REGISTRATION, |report, reply| {
        // Some networks take messages by packets only.
        let packets = registration(reply, "+CEREG:");
        if packets.is_registered() && !report.registration.is_registered() {
            report.registration = packets;
        }
    }),
    (Command::OPERATOR, |report, reply| {
        let operator = fields(reply, "+COPS:").and_then(|fields| fields.text(2));
        report.operator = operator.unwrap_or_default().to_owned();
    }),
    (Command::SIGNAL, |report, reply| {
        let strength = fields(reply, "+CSQ:").and_then(|fields| fields.number(0));
        report.signal = strength.and_then(|strength| Signal::new(u8::try_from(strength).ok()?));
    }),
    (Command::SERVICE_CENTRE, |report, reply| {
        let number = fields(reply, "+CSCA:").and_then(|fields| fields.text(0));
        report.service_centre = number.filter(|number| !number.is_empty()).map(str::to_owned);
    }),
    (Command::MEMORIES, |report, reply| {
        let lists = offered(reply, "+CPMS:");
        let read = lists.first().into_iter().flatten();
        report.storages = read.map(|name| (*name).to_owned()).collect();
    }),
    (Command::MEMORY, |report, reply| report.memories = memories(reply)),
    (Command::PDU_MODE, |report, reply| {
        report.pdu_mode = reply.result.is_ok();
    }),
    (Command::SERVICES, |report, reply| {
        report.phase_2_plus = offers(reply, "+CSMS:").contains(&1);
    }),
    (Command::ask("AT+CNMI=?", "+CNMI:"), |report, reply| {
        report.indications = indications(reply);
    }),
    (Command::ask("AT+CMMS=?", "+CMMS:"), |report, reply| {
        report.more_messages = offers(reply, "+CMMS:").iter().any(|mode| *mode > 0);
    }),
];

/// The first line of a good answer, without the prefix that some modems write.
fn words(reply: &Reply, prefix: &str) -> String {
    let line = reply.line().filter(|_| reply.result.is_ok()).unwrap_or_default();
    let words = line.strip_prefix(prefix).unwrap_or(line);
    words.trim().trim_matches('"').to_owned()
}

fn fields<'r>(reply: &'r Reply, prefix: &str) -> Option<Fields<'r>> {
    Fields::of(reply.line()?, prefix)
}

fn offered<'r>(reply: &'r Reply, prefix: &str) -> Vec<Vec<&'r str>> {
    let line = reply.line().and_then(|line| line.strip_prefix(prefix));
    line.map(lists).unwrap_or_default()
}

/// The numbers of the only list.
fn offers(reply: &Reply, prefix: &str) -> Vec<u16> {
    let lists = offered(reply, prefix);
    lists.first().map(|list| numbers(list)).unwrap_or_default()
}

/// What `AT+CPIN?` says.
pub(in super::super) fn sim_state(reply: &Reply) -> SimState {
    match reply.result {
        Ok(()) => {}
        Err(ModemError::Cme(10) | ModemError::Cms(310)) => return SimState::Absent,
        Err(ModemError::Cme(11) | ModemError::Cms(311)) => return SimState::WantsPin,
        Err(ModemError::Cme(12) | ModemError::Cms(316)) => return SimState::WantsPuk,
        Err(error) => return SimState::Fault(error),
    }
    match fields(reply, "+CPIN:").and_then(|fields| fields.text(0)) {
        None => SimState::Unknown,
        // PIN2 guards nothing that we do.
        Some("READY" | "SIM PIN2" | "SIM PUK2") => SimState::Ready,
        Some("NOT INSERTED") => SimState::Absent,
        Some("SIM PIN") => SimState::WantsPin,
        Some("SIM PUK") => SimState::WantsPuk,
        Some(other) => SimState::Wants(other.to_owned()),
    }
}

fn registration(reply: &Reply, prefix: &str) -> Registration {
    let state = fields(reply, prefix).and_then(|fields| fields.number(1));
    state.map(Registration::of).unwrap_or_default()
}

/// Name, places in use and places of each memory, three values a memory.
fn memories(reply: &Reply) -> Vec<MemoryUse> {
    let Some(fields) = fields(reply, "+CPMS:") else {
        return Vec::new();
    };
    let memory = |place| {
        Some(MemoryUse {
            name: fields.text(place)?.to_owned(),
            used: fields.number(place.saturating_add(1))?,
            total: fields.number(place.saturating_add(2))?,
        })
    };
    let mut memories: Vec<MemoryUse> = Vec::new();
    for memory in [0, 3, 6].into_iter().filter_map(memory) {
        if memories.iter().all(|known| known.name != memory.name) {
            memories.push(memory);
        }
    }
    memories
}

fn indications(reply: &Reply) -> Indications {
    let lists = offered(reply, "+CNMI:");
    let list = |place: usize| lists.get(place).map(|list| numbers(list)).unwrap_or_default();
    Indications {
        modes: list(0),
        messages: list(1),
        reports: list(3),
    }
}
