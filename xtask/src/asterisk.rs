//! Calls through a real Asterisk: SIPp calls, presses keys and hangs up, scripts answer over FastAGI, and the trace
//! of each run must tell exactly that.

mod caller;
mod phone_system;
mod process;
mod server;

use std::path::PathBuf;

use crate::command::{Chore, cargo, root};
use crate::stages::Stages;
use crate::tools;
use caller::Then;
use phone_system::PhoneSystem;
use server::Server;

/// A call and the trace it must leave.
struct Case {
    script: &'static str,
    then: Then,
    trace: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        script: "menu",
        then: Then::Presses("1"),
        trace: &[
            "call.answered",
            "prompt.spoken For sales press 1.",
            "key.pressed 1",
            "prompt.cut 1",
            "verb.finished cut",
            "input.collected 1",
            "prompt.spoken Sales.",
            "prompt.spoken Good bye.",
            "call.ended normal script",
            "run.ended done",
        ],
    },
    Case {
        script: "type_ahead",
        then: Then::Presses("42"),
        trace: &[
            "call.answered",
            "prompt.spoken This is not cut by keys.",
            "key.pressed 4",
            "key.pressed 2",
            "input.collected 42",
            "beep",
            "prompt.spoken Good bye.",
            "call.ended normal script",
            "run.ended done",
        ],
    },
    Case {
        script: "listen",
        then: Then::HangsUp,
        trace: &[
            "call.answered",
            "prompt.spoken A long story.",
            "verb.finished hung-up",
            "call.ended normal caller",
            "run.ended hung-up",
        ],
    },
    Case {
        script: "wait",
        then: Then::HangsUp,
        trace: &[
            "call.answered",
            "input.waiting",
            "verb.finished hung-up",
            "call.ended normal caller",
            "run.ended hung-up",
        ],
    },
    Case {
        script: "unrecorded",
        then: Then::Presses(""),
        trace: &[
            "call.answered",
            "prompt.spoken Nobody has recorded this.",
            "verb.finished failed",
            "prompt.spoken Good bye.",
            "call.ended normal script",
            "run.ended failed",
        ],
    },
    Case {
        script: "refuse",
        then: Then::IsRefused,
        trace: &[
            "call.rejected rejected",
            "call.ended rejected script",
            "run.ended done",
        ],
    },
];

/// Recordings that the scripts need, and their lengths in milliseconds.
const RECORDINGS: &[(&str, u32)] = &[
    ("for-sales-press-1", 10_000),
    ("sales", 300),
    ("good-bye", 300),
    ("this-is-not-cut-by-keys", 4_000),
    ("this-is-not-heard", 4_000),
    ("a-long-story", 10_000),
];

/// Where the configuration, the scenarios and the scripts are.
fn folder() -> PathBuf {
    root().join("tests/interop/asterisk")
}

/// Builds what is missing, starts a phone system of its own on free ports of loopback, makes the calls, and
/// ends everything it has started.
pub(crate) fn run() -> Chore {
    let mut stages = Stages::default();
    stages.run("tools", tools::install_telephony)?;
    stages.run("phone system", phone_system::install)?;
    stages.run("server", || {
        cargo("build --package ozml-examples --example fastagi_session --locked").run()
    })?;
    let mut server = Server::start()?;
    let phone_system = PhoneSystem::start(server.port)?;
    for case in CASES {
        stages.run(case.script, || {
            caller::call(phone_system.port, case.script, case.then)?;
            compare(case.trace, &server.trace()?)
        })?;
    }
    stages.report();
    Ok(())
}

/// Whole traces are compared, as far as they are shown.
fn compare(expected: &[&str], found: &[String]) -> Chore {
    found.iter().for_each(|event| println!("{event}"));
    if found == expected {
        Ok(())
    } else {
        Err(format!("the trace was expected to be:\n{}", expected.join("\n")))
    }
}
