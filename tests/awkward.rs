//! Runs that meet a session which does not behave.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::future::pending;
use std::sync::Arc;

use ozml_engine::{CheckOptions, Engine, RunOutcome, Trace};
use ozml_parser::Source;
use ozml_session::{
    CallError, CallInfo, CallSession, Capabilities, Cause, Ended, Ids, PhoneNumber, Played, PortFuture,
    Ports, Prompt, Rejection, SessionEvent, StopOn,
};
use ozml_sim::{Recorder, SimCall, SimClock, SimIds};

/// A session that never confirms a hang-up.
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

    fn play<'a>(&'a self, what: &'a Prompt, until: StopOn) -> PortFuture<'a, Played, CallError> {
        self.0.play(what, until)
    }

    fn hang_up(&self, _: Cause) -> PortFuture<'_, (), CallError> {
        Box::pin(pending())
    }
}

#[test]
fn a_session_that_does_not_confirm_a_hang_up_holds_it_up_for_two_seconds() {
    for script in [
        "<Response><Delay>3</Delay><Hangup/></Response>",
        "<Response><Delay>3</Delay></Response>",
    ] {
        let engine = Engine::new(ozml_verbs::standard().unwrap());
        let checked = engine.check(&Source::new("script.xml", script), CheckOptions::default());
        let (clock, ids, recorder) = (SimClock::new(), SimIds::new(), Arc::new(Recorder::new()));
        let info = CallInfo::incoming(ids.call(), PhoneNumber::new("100").unwrap());
        let trace = Trace::new(ids.run(), &clock, recorder.clone()).on_call(info.id.clone());
        let session = Deaf(SimCall::new(info, clock.clone()));
        let ports = Ports::builder(clock.clone(), ids).build();
        let run = engine.run_call(checked.program.as_ref().unwrap(), &session, &ports, &trace);
        let report = clock.run(run).unwrap();
        let ended_at_ms = recorder.events().last().unwrap().at_ms;
        assert_eq!(
            (report.outcome, ended_at_ms),
            (RunOutcome::Done, 5_000),
            "{script}"
        );
    }
}
