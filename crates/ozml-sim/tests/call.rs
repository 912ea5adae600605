//! Runs on the simulated phone: the awkward moments of a call, on virtual time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets something else fails"
)]

use std::sync::Arc;
use std::time::Duration;

use ozml_engine::{CheckOptions, Engine, RunOutcome, RunReport, Trace, TraceEvent, TraceKind};
use ozml_parser::Source;
use ozml_session::{CallInfo, Ids, PhoneNumber, Ports};
use ozml_sim::{Inputs, Recorder, SimCall, SimClock, SimIds, SimMessenger};

fn run(script: &str, inputs: Inputs) -> (RunReport, Vec<TraceEvent<'static>>) {
    let engine = Engine::new(ozml_verbs::standard().unwrap());
    run_with(&engine, script, inputs)
}

fn run_with(engine: &Engine, script: &str, inputs: Inputs) -> (RunReport, Vec<TraceEvent<'static>>) {
    let checked = engine.check(&Source::new("test.xml", script), CheckOptions::default());
    let program = checked
        .program
        .unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
    let clock = SimClock::new();
    let ids = SimIds::new();
    let info = CallInfo::incoming(ids.call(), PhoneNumber::new("100").unwrap())
        .from(PhoneNumber::new("+36209998877").unwrap());
    let call = SimCall::new(info.clone(), clock.clone()).with(inputs);
    let recorder = Arc::new(Recorder::new());
    let trace = Trace::new(ids.run(), &clock, recorder.clone()).on_call(info.id);
    let ports = Ports::builder(clock.clone(), ids)
        .messenger(SimMessenger::default())
        .build();
    let report = clock
        .run(engine.run_call(&program, &call, &ports, &trace))
        .unwrap();
    assert_eq!(clock.waits(), 0, "no timer is left");
    (report, recorder.events())
}

fn kinds(events: &[TraceEvent<'_>]) -> Vec<String> {
    events
        .iter()
        .map(|event| {
            let value = serde_json::to_value(event).unwrap();
            format!("{} {}", event.at_ms, value["kind"].as_str().unwrap())
        })
        .collect()
}

fn ended<'e>(events: &'e [TraceEvent<'e>]) -> (&'e str, &'e str, u64) {
    events
        .iter()
        .find_map(|event| match &event.kind {
            TraceKind::CallEnded { cause, by, ms } => Some((&**cause, &**by, *ms)),
            _ => None,
        })
        .expect("the call ended")
}

#[test]
fn a_script_runs_from_answer_to_hang_up() {
    let script =
        "<Response><Speak>Hi</Speak><Delay>2</Delay><SendSms Recipient='1'>x</SendSms><Hangup/></Response>";
    let (report, events) = run(script, Inputs::new());
    assert_eq!(report.outcome, RunOutcome::Done);
    assert_eq!(
        kinds(&events),
        [
            "0 run.started",
            "0 call.started",
            "0 call.answered",
            "0 verb.started",
            "0 prompt.spoken",
            "300 verb.finished",
            "300 verb.started",
            "2300 waited",
            "2300 verb.finished",
            "2300 verb.started",
            "2300 sms.accepted",
            "2300 verb.finished",
            "2300 verb.started",
            "2300 leg.state",
            "2300 verb.finished",
            "2300 call.ended",
            "2300 run.ended",
        ]
    );
    assert_eq!(ended(&events), ("normal", "script", 2300));
    assert!(events.iter().zip(1..).all(|(event, seq)| event.seq == seq));
}

#[test]
fn the_end_of_the_script_hangs_up() {
    let (report, events) = run("<Response><Speak>Hi</Speak></Response>", Inputs::new());
    assert_eq!(
        (report.outcome, ended(&events)),
        (RunOutcome::Done, ("normal", "script", 300))
    );
}

#[test]
fn an_empty_script_ends_the_call_unanswered() {
    let (report, events) = run("<Response/>", Inputs::new());
    assert_eq!(report.outcome, RunOutcome::Done);
    assert_eq!(ended(&events), ("empty", "script", 0));
    let rejected = TraceKind::CallRejected {
        cause: "empty".into(),
    };
    assert!(events.iter().any(|event| event.kind == rejected));
    assert!(!events.iter().any(|event| event.kind == TraceKind::CallAnswered));
}

#[test]
fn a_hang_up_in_a_prompt_ends_it_there() {
    let inputs = Inputs::new().hang_up_at(Duration::from_millis(100));
    let (report, events) = run(
        "<Response><Speak>Hello there</Speak><Speak>No</Speak></Response>",
        inputs,
    );
    assert_eq!(report.outcome, RunOutcome::HungUp);
    assert_eq!(ended(&events), ("normal", "caller", 100));
    let tail = kinds(&events);
    assert_eq!(
        tail[tail.len() - 4..],
        [
            "100 leg.state",
            "100 verb.finished",
            "100 call.ended",
            "100 run.ended"
        ]
    );
    assert_eq!(
        events
            .iter()
            .filter(|event| matches!(event.kind, TraceKind::PromptSpoken { .. }))
            .count(),
        1
    );
}

#[test]
fn a_hang_up_in_a_wait_drops_it_at_once() {
    let inputs = Inputs::new().hang_up_at(Duration::from_secs(3));
    let (report, events) = run("<Response><Delay>60</Delay></Response>", inputs);
    assert_eq!((report.outcome, ended(&events).2), (RunOutcome::HungUp, 3000));
    assert!(
        events
            .iter()
            .any(|event| event.kind == TraceKind::Waited { ms: 3000 })
    );
}

#[test]
fn a_prompt_that_ends_with_the_call_is_finished_first() {
    let inputs = Inputs::new().hang_up_at(Duration::from_millis(300));
    let (_, events) = run("<Response><Speak>Hi</Speak><Speak>No</Speak></Response>", inputs);
    let finished = TraceKind::VerbFinished {
        verb: "Speak".into(),
        outcome: "ok".into(),
    };
    assert!(
        events.iter().any(|event| event.kind == finished),
        "{:?}",
        kinds(&events)
    );
}

#[test]
fn keys_are_recorded_when_they_arrive_read_or_not() {
    let inputs = Inputs::new().read("1@100ms,2@1s").unwrap();
    let (_, events) = run("<Response><Speak>Hi</Speak><Delay>2</Delay></Response>", inputs);
    let keys: Vec<_> = events
        .iter()
        .filter_map(|event| match event.kind {
            TraceKind::KeyPressed { key } => Some((event.at_ms, key)),
            _ => None,
        })
        .collect();
    assert_eq!(keys, [(100, '1'), (1000, '2')]);
}

#[test]
fn limits_that_guard_the_run_end_the_call() {
    for (name, value, script) in [
        (
            "verbs_per_call",
            "3",
            "<Response><Exit2/><Speak/><Speak/><Speak/><Speak/></Response>",
        ),
        (
            "verbs_without_wait",
            "2",
            "<Response><Speak/><Speak/><Speak/></Response>",
        ),
        ("call_duration", "5s", "<Response><Delay>6</Delay></Response>"),
        (
            "call_duration",
            "5s",
            "<Response><Speak>A text that takes far more than five seconds to be spoken as it has more than eighty-four characters in it.</Speak></Response>",
        ),
    ] {
        let script = script.replace("<Exit2/>", "");
        let mut limits = ozml_engine::Limits::default();
        limits.set(name, value).unwrap();
        let engine = Engine::new(ozml_verbs::standard().unwrap()).with_limits(limits);
        let (report, events) = run_with(&engine, &script, Inputs::new());
        assert_eq!((report.outcome, report.limits), (RunOutcome::Limit, 1), "{name}");
        assert_eq!((ended(&events).0, ended(&events).1), ("limit", "limit"), "{name}");
        let reached =
            |event: &TraceEvent<'_>| matches!(&event.kind, TraceKind::Limit { name: n, .. } if n == name);
        assert_eq!(events.iter().filter(|event| reached(event)).count(), 1, "{name}");
    }
}

#[test]
fn a_budget_refuses_the_one_effect_and_the_script_goes_on() {
    let mut limits = ozml_engine::Limits::default();
    limits.set("sms_per_call", "1").unwrap();
    let engine = Engine::new(ozml_verbs::standard().unwrap()).with_limits(limits);
    let sms = "<SendSms Recipient='1'>x</SendSms>";
    let (report, events) = run_with(
        &engine,
        &format!("<Response>{sms}{sms}<Speak>$SmsStatus $ErrorCode</Speak></Response>"),
        Inputs::new(),
    );
    assert_eq!(
        (report.outcome, report.limits, report.failures),
        (RunOutcome::Failed, 1, 1)
    );
    let spoken = TraceKind::PromptSpoken {
        text: "refused 902".into(),
        language: None,
    };
    assert!(events.iter().any(|event| event.kind == spoken));
}

#[test]
fn a_run_gives_the_same_trace_every_time() {
    let script = "<Response><Speak>Hi $CallerID</Speak><SendSms Recipient='1'>x $nobody</SendSms></Response>";
    let trace = || {
        let (_, events) = run(script, Inputs::new().read("5@100ms").unwrap());
        events
            .iter()
            .map(|event| event.to_json() + "\n")
            .collect::<String>()
    };
    let first = trace();
    assert!(first.contains("Hi +36209998877") && first.contains("undefined-variable"));
    assert!((0..100).all(|_| trace() == first));
}
