//! A modem for people.

use ozml::sms::gsm::{MemoryUse, ProbeReport};

use crate::modem::{Probed, config};
use crate::output::shown;

/// The width of the names.
const NAMES: usize = 16;
const NOT_TOLD: &str = "not told";

/// What the modem is and can, what a gateway would make of it, and the lines of `ozml.toml`.
pub(super) fn page(probed: &Probed) -> String {
    let rows = rows(probed).into_iter().map(|(name, value)| {
        let value = if value.is_empty() { NOT_TOLD } else { &value };
        format!("{name:<NAMES$}{}\n", shown(value))
    });
    let rows: String = rows.collect();
    format!("{rows}\n{}\n{}", verdict(&probed.report), config::lines(probed))
}

fn rows(probed: &Probed) -> [(&'static str, String); 10] {
    let report = &probed.report;
    [
        ("modem", joined([&report.manufacturer, &report.model], " ")),
        ("revision", report.revision.clone()),
        ("serial number", probed.serial_number()),
        ("SIM card", report.sim.to_string()),
        (
            "network",
            joined([&report.operator, &report.registration.to_string()], ", "),
        ),
        (
            "signal",
            report.signal.map(|signal| signal.to_string()).unwrap_or_default(),
        ),
        (
            "service centre",
            report.service_centre.clone().unwrap_or_default(),
        ),
        ("memories", memories(report)),
        ("sending", sending(report)),
        ("telling", telling(report)),
    ]
}

fn joined(words: [&str; 2], between: &str) -> String {
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(between)
}

/// `SM 3 of 20 used, ME 0 of 100 used; also MT`.
fn memories(report: &ProbeReport) -> String {
    let in_use = |name: &str| report.memories.iter().any(|memory| memory.name == name);
    let row = |memory: &MemoryUse| format!("{} {} of {} used", memory.name, memory.used, memory.total);
    let rows: Vec<_> = report.memories.iter().map(row).collect();
    let others: Vec<_> = report
        .storages
        .iter()
        .map(String::as_str)
        .filter(|name| !in_use(name))
        .collect();
    match others.as_slice() {
        [] => rows.join(", "),
        others => joined([&rows.join(", "), &format!("also {}", others.join(", "))], "; "),
    }
}

fn sending(report: &ProbeReport) -> String {
    let words = [
        if report.pdu_mode {
            "PDU mode"
        } else {
            "no PDU mode"
        },
        if report.phase_2_plus {
            "phase 2+ (CSMS)"
        } else {
            "phase 2"
        },
        if report.more_messages {
            "link kept between parts (CMMS)"
        } else {
            ""
        },
    ];
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(", ")
}

/// `modes 0 1 2, messages 0 1 2 3, reports 0 1 2 (CNMI)`.
fn telling(report: &ProbeReport) -> String {
    let indications = &report.indications;
    let lists = [
        ("modes", &indications.modes),
        ("messages", &indications.messages),
        ("reports", &indications.reports),
    ];
    let lists = lists.into_iter().filter(|(_, values)| !values.is_empty());
    let lists = lists.map(|(name, values)| {
        let values: Vec<_> = values.iter().map(ToString::to_string).collect();
        format!("{name} {}", values.join(" "))
    });
    match lists.collect::<Vec<_>>().as_slice() {
        [] => String::new(),
        lists => format!("{} (CNMI)", lists.join(", ")),
    }
}

fn verdict(report: &ProbeReport) -> String {
    let judgement = report.judgement();
    let verdict = match judgement.is_usable() {
        true => "`ozml serve` can use it:\n",
        false => "`ozml serve` cannot use it as it is:\n",
    };
    let obstacles = judgement.obstacles.iter().map(ToString::to_string);
    let notes = judgement.notes.iter().map(|note| format!("note: {note}"));
    let lines = obstacles.chain(notes).map(|line| format!("- {line}\n"));
    verdict.to_owned() + &lines.collect::<String>()
}
