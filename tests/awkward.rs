//! Runs that meet a verb or a session which does not behave.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use ozml_engine::{
    CheckOptions, Contexts, Engine, Fields, Kind, Outcome, RunCx, RunOutcome, Trace, TraceKind, Verb,
    VerbFuture, VerbSpec,
};
use ozml_parser::Source;
use ozml_session::{
    CallError, CallInfo, CallSession, Capabilities, Cause, Ended, Ids, PhoneNumber, Played, PortFuture,
    Ports, Prompt, Rejection, SessionEvent, StopOn,
};
use ozml_sim::{Inputs, Recorder, SimCall, SimClock, SimIds};

static BREAK: VerbSpec = VerbSpec::new("Break", "Break down", "<Response><Break/></Response>")
    .contexts(Contexts::E)
    .kind(Kind::Control)
    .compile(|_: &Fields<'_>| Some(Box::new(Break)));

struct Break;

impl Verb for Break {
    fn run<'a>(&'a self, _: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(async { panic!("a fault of the verb") })
    }
}

/// A session that does not end what it does, and does not confirm a hang-up.
struct Deaf(SimCall);

impl CallSession for Deaf {
    fn info(&self) -> &CallInfo {
        self.0.info()
    }

    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }

    fn next_event(&self) -> PortFuture<'_, SessionEvent, CallError> {
        self.0.next_event()
    }

    fn ended(&self) -> Option<Ended> {
        self.0.ended()
    }

    fn answer(&self) -> PortFuture<'_, (), CallError> {
        self.0.answer()
    }

    fn reject(&self, why: Rejection) -> PortFuture<'_, (), CallError> {
        self.0.reject(why)
    }

    fn play<'a>(&'a self, _: &'a Prompt, _: StopOn) -> PortFuture<'a, Played, CallError> {
        Box::pin(pending())
    }

    fn hang_up(&self, _: Cause) -> PortFuture<'_, (), CallError> {
        Box::pin(pending())
    }
}

/// When and how a run ended, and what it traced.
struct Ran {
    outcome: RunOutcome,
    ended_at_ms: u64,
    events: Vec<TraceKind<'static>>,
}

fn run<S: CallSession>(script: &str, inputs: Inputs, session: impl FnOnce(SimCall) -> S) -> Ran {
    let mut verbs = ozml_verbs::standard().unwrap();
    verbs.add(&BREAK).unwrap();
    let engine = Engine::new(verbs);
    let checked = engine.check(&Source::new("script.xml", script), CheckOptions::default());
    let (clock, ids, recorder) = (SimClock::new(), SimIds::new(), Arc::new(Recorder::new()));
    let info = CallInfo::incoming(ids.call(), PhoneNumber::new("100").unwrap());
    let trace = Trace::new(ids.run(), &clock, recorder.clone()).on_call(info.id.clone());
    let session = session(SimCall::new(info, clock.clone()).with(inputs));
    let ports = Ports::builder(clock.clone(), ids).build();
    let report = clock
        .run(engine.run_call(&checked.program.unwrap(), &session, &ports, &trace))
        .unwrap();
    assert_eq!(clock.waits(), 0, "no timer is left");
    let events = recorder.events();
    Ran {
        outcome: report.outcome,
        ended_at_ms: events.last().unwrap().at_ms,
        events: events.into_iter().map(|event| event.kind).collect(),
    }
}

#[test]
fn a_verb_that_panics_ends_its_call_in_order() {
    let ran = run(
        "<Response><Break/><Speak>No</Speak></Response>",
        Inputs::new(),
        |call| call,
    );
    assert_eq!(ran.outcome, RunOutcome::Panic);
    let [.., panic, leg, call, end] = &ran.events[..] else {
        panic!("{:?}", ran.events)
    };
    assert_eq!(
        panic,
        &TraceKind::Panic {
            text: "a fault of the verb".into()
        }
    );
    assert_eq!(
        leg,
        &TraceKind::LegState {
            state: "ended".into()
        }
    );
    assert_eq!(
        call,
        &TraceKind::CallEnded {
            cause: "panic".into(),
            by: "host".into(),
            ms: 0
        }
    );
    assert_eq!(
        end,
        &TraceKind::RunEnded {
            outcome: "panic".into()
        }
    );
}

#[test]
fn a_session_that_does_not_end_its_prompt_is_given_a_second() {
    let inputs = Inputs::new().hang_up_at(Duration::from_secs(5));
    let ran = run(
        "<Response><Speak>Hello</Speak><Speak>No</Speak></Response>",
        inputs,
        Deaf,
    );
    assert_eq!((ran.outcome, ran.ended_at_ms), (RunOutcome::HungUp, 6_000));
    let spoken = ran
        .events
        .iter()
        .filter(|event| matches!(event, TraceKind::PromptSpoken { .. }));
    assert_eq!(spoken.count(), 1);
}

#[test]
fn a_session_that_does_not_confirm_a_hang_up_is_given_two() {
    let ran = run(
        "<Response><Delay>3</Delay><Hangup/></Response>",
        Inputs::new(),
        Deaf,
    );
    assert_eq!(
        (ran.outcome, ran.ended_at_ms),
        (RunOutcome::Done, 5_000),
        "{:?}",
        ran.events
    );
}
