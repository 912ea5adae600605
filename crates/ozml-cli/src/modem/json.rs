//! A modem for programs.

use serde_json::{Value, json};

use crate::modem::{Probed, config};

pub(super) fn json(probed: &Probed) -> Value {
    let report = &probed.report;
    let judgement = report.judgement();
    let memories = report.memories.iter();
    let memories: Vec<_> = memories
        .map(|memory| json!({ "name": memory.name, "used": memory.used, "total": memory.total }))
        .collect();
    let obstacles: Vec<_> = judgement.obstacles.iter().map(ToString::to_string).collect();
    json!({
        "port": probed.port.to_string(),
        "baud": probed.baud,
        "manufacturer": report.manufacturer,
        "model": report.model,
        "revision": report.revision,
        "serial_number": probed.serial_number(),
        "sim": report.sim.to_string(),
        "operator": report.operator,
        "registration": report.registration.to_string(),
        "registered": report.registration.is_registered(),
        "signal_dbm": report.signal.map(|signal| signal.dbm()),
        "signal": report.signal.map(|signal| signal.words()),
        "service_centre": report.service_centre,
        "memories": memories,
        "storages": report.storages,
        "pdu_mode": report.pdu_mode,
        "phase_2_plus": report.phase_2_plus,
        "indications": {
            "modes": report.indications.modes,
            "messages": report.indications.messages,
            "reports": report.indications.reports,
        },
        "more_messages": report.more_messages,
        "usable": judgement.is_usable(),
        "obstacles": obstacles,
        "notes": judgement.notes,
        "config": config::lines(probed),
    })
}
