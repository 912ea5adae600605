//! The hang-up rules: calls are ended by their session, waits are dropped, effects run to their outcome.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets something else fails"
)]

use std::future::{Future, pending, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ozml_engine::{
    CheckOptions, Contexts, Engine, Fields, Kind, RunCx, RunOutcome, RunReport, Trace, TraceEvent, Verb,
    VerbFuture, VerbSpec,
};
use ozml_parser::Source;
use ozml_session::{
    AcceptedSms, CallError, CallInfo, CallSession, Capabilities, Cause, Clock, Ended, EndedBy, Ids,
    MessageId, Messenger, OutgoingSms, PhoneNumber, Played, PortFuture, Ports, Prompt, Rejection,
    SessionEvent, SmsEncoding, SmsRefusal, StopOn,
};
use ozml_sim::{Inputs, Recorder, SimCall, SimClock, SimIds, SimMessenger};

struct Stage {
    engine: Engine,
    clock: SimClock,
    recorder: Arc<Recorder>,
}

impl Stage {
    fn new() -> Self {
        let mut registry = ozml_verbs::standard().unwrap();
        registry.add(&BREAK_DOWN).unwrap();
        Self {
            engine: Engine::new(registry),
            clock: SimClock::new(),
            recorder: Arc::default(),
        }
    }

    fn info() -> CallInfo {
        CallInfo::incoming(SimIds::new().call(), PhoneNumber::new("100").unwrap())
    }

    fn run(&self, script: &str, call: &dyn CallSession, messenger: impl Messenger + 'static) -> RunReport {
        let checked = self
            .engine
            .check(&Source::new("test.xml", script), CheckOptions::default());
        let program = checked
            .program
            .unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
        let ports = Ports::builder(self.clock.clone(), SimIds::new())
            .messenger(messenger)
            .build();
        let trace = Trace::new(SimIds::new().run(), &self.clock, self.recorder.clone())
            .on_call(call.info().id.clone())
            .full();
        let report = self
            .clock
            .run(self.engine.run_call(&program, call, &ports, &trace))
            .unwrap();
        assert_eq!(self.clock.waits(), 0, "no timer is left");
        report
    }

    fn kinds(&self) -> Vec<String> {
        let of = |event: &TraceEvent<'_>| {
            let value = serde_json::to_value(event).unwrap();
            format!("{} {}", event.at_ms, value["kind"].as_str().unwrap())
        };
        self.recorder
            .events()
            .iter()
            .map(of)
            .filter(|kind| !kind.ends_with(" port"))
            .collect()
    }

    fn tail(&self, count: usize) -> Vec<String> {
        let kinds = self.kinds();
        kinds[kinds.len() - count..].to_vec()
    }
}

/// Takes two seconds for every message, and counts what it finished.
#[derive(Clone)]
struct Slow(SimClock, Arc<AtomicUsize>);

impl Messenger for Slow {
    fn send<'a>(&'a self, _: &'a OutgoingSms) -> PortFuture<'a, AcceptedSms, SmsRefusal> {
        Box::pin(async {
            self.0
                .sleep_until(self.0.now().after(Duration::from_secs(2)))
                .await;
            self.1.fetch_add(1, Ordering::Relaxed);
            Ok(AcceptedSms::new(
                MessageId::new("m1").unwrap(),
                1,
                SmsEncoding::Gsm7,
            ))
        })
    }
}

#[test]
fn an_effect_runs_to_its_outcome_and_nothing_starts_after_the_end() {
    let stage = Stage::new();
    let inputs = Inputs::new().hang_up_at(Duration::from_millis(800));
    let call = SimCall::new(Stage::info(), stage.clock.clone()).with(inputs);
    let slow = Slow(stage.clock.clone(), Arc::default());
    let script = "<Response><Speak>Hi</Speak><SendSms Recipient='1'>x</SendSms><SendSms Recipient='2'>y</SendSms></Response>";
    let report = stage.run(script, &call, slow.clone());
    assert_eq!(report.outcome, RunOutcome::HungUp);
    assert_eq!(
        slow.1.load(Ordering::Relaxed),
        1,
        "the first was finished, the second never began"
    );
    assert_eq!(
        stage.tail(5),
        [
            "800 leg.state",
            "2300 sms.accepted",
            "2300 verb.finished",
            "2300 call.ended",
            "2300 run.ended"
        ]
    );
    let ended = report.ended.unwrap();
    assert_eq!(
        (ended.by, ended.at.as_millis()),
        (EndedBy::Caller, 800),
        "the time of the end is the caller's"
    );
}

/// A simulated call whose prompts come to another end.
struct Altered {
    call: SimCall,
    play: fn() -> PortFuture<'static, Played, CallError>,
}

impl Altered {
    /// Never notices that its call has ended.
    fn deaf(call: SimCall) -> Self {
        Self {
            call,
            play: || Box::pin(pending()),
        }
    }

    /// Loses its link in the middle of a prompt.
    fn lost(call: SimCall) -> Self {
        Self {
            call,
            play: || Box::pin(ready(Err(CallError::Transport("the socket closed".to_owned())))),
        }
    }
}

impl CallSession for Altered {
    fn info(&self) -> &CallInfo {
        self.call.info()
    }
    fn capabilities(&self) -> Capabilities {
        self.call.capabilities()
    }
    fn next_event(&self) -> PortFuture<'_, SessionEvent, CallError> {
        self.call.next_event()
    }
    fn ended(&self) -> Option<Ended> {
        self.call.ended()
    }
    fn answer(&self) -> PortFuture<'_, (), CallError> {
        self.call.answer()
    }
    fn reject(&self, why: Rejection) -> PortFuture<'_, (), CallError> {
        self.call.reject(why)
    }
    fn play<'a>(&'a self, _: &'a Prompt, _: StopOn) -> PortFuture<'a, Played, CallError> {
        (self.play)()
    }
    fn hang_up(&self, cause: Cause) -> PortFuture<'_, (), CallError> {
        self.call.hang_up(cause)
    }
}

#[test]
fn an_operation_that_ignores_the_end_is_dropped_after_a_second() {
    let stage = Stage::new();
    let inputs = Inputs::new().hang_up_at(Duration::from_millis(500));
    let call = Altered::deaf(SimCall::new(Stage::info(), stage.clock.clone()).with(inputs));
    let report = stage.run(
        "<Response><Speak>Hi</Speak></Response>",
        &call,
        SimMessenger::default(),
    );
    assert_eq!(report.outcome, RunOutcome::HungUp);
    assert_eq!(
        stage.tail(4),
        [
            "500 leg.state",
            "1500 verb.finished",
            "1500 call.ended",
            "1500 run.ended"
        ]
    );
}

#[test]
fn a_limit_hangs_up_while_the_operation_is_still_heard() {
    let stage = Stage::new();
    let call = Altered::deaf(SimCall::new(Stage::info(), stage.clock.clone()));
    let report = stage.run(
        "<Response><Speak>Hi</Speak></Response>",
        &call,
        SimMessenger::default(),
    );
    assert_eq!((report.outcome, report.limits), (RunOutcome::Limit, 1));
    let hours = 4 * 3_600_000;
    assert_eq!(report.ended.unwrap().at.as_millis(), hours);
    assert_eq!(stage.tail(1), [format!("{} run.ended", hours + 1000)]);
}

static BREAK_DOWN: VerbSpec = VerbSpec::new("BreakDown", "Break down", "<Response><BreakDown/></Response>")
    .contexts(Contexts::SCRIPTS)
    .kind(Kind::Control)
    .compile(|_: &Fields<'_>| Some(Box::new(BreakDown)));

struct BreakDown;

impl Verb for BreakDown {
    fn run<'a>(&'a self, _: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(async { panic!("a verb broke down") })
    }
}

/// Breaks down inside a poll.
struct Broken;

impl Messenger for Broken {
    fn send<'a>(&'a self, _: &'a OutgoingSms) -> PortFuture<'a, AcceptedSms, SmsRefusal> {
        Box::pin(async { panic!("a port broke down") })
    }
}

#[test]
fn a_panic_of_verb_or_port_ends_its_own_call_in_order() {
    for script in ["<BreakDown/>", "<SendSms Recipient='1'>x</SendSms>"] {
        let stage = Stage::new();
        let call = SimCall::new(Stage::info(), stage.clock.clone());
        let report = stage.run(
            &format!("<Response>{script}<Speak>No</Speak></Response>"),
            &call,
            Broken,
        );
        assert_eq!(report.outcome, RunOutcome::Panic);
        let ended = report.ended.unwrap();
        assert_eq!((ended.by, ended.cause), (EndedBy::Host, Cause::Panic));
        assert_eq!(
            stage.tail(4),
            ["0 panic", "0 leg.state", "0 call.ended", "0 run.ended"]
        );
        assert!(call.ended().is_some(), "the call is released");
    }
}

#[test]
fn a_thousand_panics_among_a_thousand_calls_harm_no_other() {
    let outcomes: Vec<RunOutcome> = (0..2000)
        .map(|number| {
            let stage = Stage::new();
            let call = SimCall::new(Stage::info(), stage.clock.clone());
            let script = if number % 2 == 0 {
                "<BreakDown/>"
            } else {
                "<Speak>Hi</Speak>"
            };
            stage
                .run(
                    &format!("<Response>{script}</Response>"),
                    &call,
                    SimMessenger::default(),
                )
                .outcome
        })
        .collect();
    assert_eq!(
        outcomes
            .iter()
            .filter(|outcome| **outcome == RunOutcome::Panic)
            .count(),
        1000
    );
    assert_eq!(
        outcomes
            .iter()
            .filter(|outcome| **outcome == RunOutcome::Done)
            .count(),
        1000
    );
}

#[test]
fn a_lost_link_ends_the_run_as_failed() {
    let stage = Stage::new();
    let call = Altered::lost(SimCall::new(Stage::info(), stage.clock.clone()));
    let report = stage.run(
        "<Response><Speak>Hi</Speak><Speak>No</Speak></Response>",
        &call,
        SimMessenger::default(),
    );
    assert_eq!(
        (report.outcome, report.ended.unwrap().cause),
        (RunOutcome::Failed, Cause::Error)
    );
    let spoken = stage
        .kinds()
        .iter()
        .filter(|kind| kind.ends_with("prompt.spoken"))
        .count();
    assert_eq!(spoken, 1, "nothing starts on a call that is lost");
}

#[test]
fn an_operation_the_session_lacks_fails_and_the_script_goes_on() {
    let error = CallError::Unsupported { operation: "hold" };
    let call = SimCall::new(Stage::info(), SimClock::new());
    let held = SimClock::new().run(call.hold()).unwrap();
    assert_eq!(held, Err(error));
}

#[test]
fn a_full_trace_holds_every_port_answer() {
    let stage = Stage::new();
    let inputs = Inputs::new().read("7@100ms").unwrap();
    let call = SimCall::new(Stage::info(), stage.clock.clone()).with(inputs);
    stage.run(
        "<Response><Speak>Hi</Speak><SendSms Recipient='1'>x</SendSms></Response>",
        &call,
        SimMessenger::default(),
    );
    let ports: Vec<String> = stage
        .recorder
        .events()
        .iter()
        .filter_map(|event| {
            serde_json::to_value(event)
                .unwrap()
                .get("name")
                .and_then(|name| name.as_str().map(str::to_owned))
        })
        .collect();
    assert_eq!(
        ports,
        [
            "session.answer",
            "session.next_event",
            "session.play",
            "messenger.send",
            "session.next_event",
            "session.hang_up"
        ]
    );
}

#[test]
fn a_dropped_run_leaves_nothing_behind() {
    let stage = Stage::new();
    let checked = stage.engine.check(
        &Source::new("t", "<Response><Speak>Hi</Speak></Response>"),
        CheckOptions::default(),
    );
    let program = checked.program.unwrap();
    let call = SimCall::new(Stage::info(), stage.clock.clone());
    let ports = Ports::builder(stage.clock.clone(), SimIds::new()).build();
    let trace = Trace::new(SimIds::new().run(), &stage.clock, stage.recorder.clone());
    {
        let mut run: Pin<Box<dyn Future<Output = RunReport> + '_>> =
            Box::pin(stage.engine.run_call(&program, &call, &ports, &trace));
        let mut task = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(run.as_mut().poll(&mut task).is_pending());
        assert!(stage.clock.waits() > 0);
    }
    assert_eq!(stage.clock.waits(), 0);
}

/// A simulated call that lies about its end in some way.
struct Lying {
    call: SimCall,
    clock: SimClock,
    lie: Lie,
}

#[derive(Clone, Copy, PartialEq)]
enum Lie {
    /// `hang_up` takes a second and a half.
    SlowHangUp,
    /// Nothing ever ends, and `hang_up` fails.
    Stuck,
    /// The event reader loses its link after a second.
    ReaderLost,
    /// The event reader breaks down after a second.
    ReaderPanics,
    /// Every prompt is stopped by a key nobody asked for.
    Cuts,
}

impl CallSession for Lying {
    fn info(&self) -> &CallInfo {
        self.call.info()
    }
    fn capabilities(&self) -> Capabilities {
        self.call.capabilities()
    }
    fn next_event(&self) -> PortFuture<'_, SessionEvent, CallError> {
        let second = self.clock.sleep_until(ozml_session::ClockTime::from_millis(1000));
        match self.lie {
            Lie::ReaderLost => Box::pin(async {
                second.await;
                Err(CallError::Transport("the socket closed".to_owned()))
            }),
            Lie::ReaderPanics => Box::pin(async {
                second.await;
                panic!("a reader broke down")
            }),
            Lie::Stuck => Box::pin(pending()),
            _ => self.call.next_event(),
        }
    }
    fn ended(&self) -> Option<Ended> {
        self.call.ended().filter(|_| self.lie != Lie::Stuck)
    }
    fn answer(&self) -> PortFuture<'_, (), CallError> {
        self.call.answer()
    }
    fn reject(&self, why: Rejection) -> PortFuture<'_, (), CallError> {
        self.call.reject(why)
    }
    fn play<'a>(&'a self, what: &'a Prompt, until: StopOn) -> PortFuture<'a, Played, CallError> {
        match self.lie {
            Lie::Stuck => Box::pin(pending()),
            Lie::Cuts => Box::pin(ready(Ok(Played::cut(10, ozml_session::Key::new('1').unwrap())))),
            _ => self.call.play(what, until),
        }
    }
    fn hang_up(&self, cause: Cause) -> PortFuture<'_, (), CallError> {
        match self.lie {
            Lie::SlowHangUp => Box::pin(async move {
                let later = self.clock.now().after(Duration::from_millis(1500));
                self.clock.sleep_until(later).await;
                self.call.hang_up(cause).await
            }),
            Lie::Stuck => Box::pin(ready(Err(CallError::Denied))),
            _ => self.call.hang_up(cause),
        }
    }
}

fn lie(lie: Lie, script: &str) -> (Stage, RunReport) {
    let mut stage = Stage::new();
    let mut limits = ozml_engine::Limits::default();
    limits.set("call_duration", "5s").unwrap();
    stage.engine = stage.engine.with_limits(limits);
    let call = Lying {
        call: SimCall::new(Stage::info(), stage.clock.clone()),
        clock: stage.clock.clone(),
        lie,
    };
    let report = stage.run(script, &call, SimMessenger::default());
    let ended = stage
        .kinds()
        .iter()
        .filter(|kind| kind.ends_with("call.ended"))
        .count();
    assert_eq!(ended, 1, "every call that began has its end: {:?}", stage.kinds());
    let leg = stage
        .kinds()
        .iter()
        .filter(|kind| kind.ends_with("leg.state"))
        .count();
    assert_eq!(leg, 1, "{:?}", stage.kinds());
    (stage, report)
}

const SMS: &str = "<SendSms Recipient='1'>x</SendSms>";

#[test]
fn nothing_begins_while_we_hang_up() {
    let (stage, report) = lie(
        Lie::SlowHangUp,
        &format!("<Response><Delay>5.5</Delay>{SMS}</Response>"),
    );
    assert_eq!(report.outcome, RunOutcome::Limit);
    assert!(
        !stage.kinds().iter().any(|kind| kind.ends_with("sms.accepted")),
        "{:?}",
        stage.kinds()
    );
}

#[test]
fn a_session_that_never_ends_holds_no_run_up() {
    let (_, report) = lie(Lie::Stuck, "<Response><Speak>Hi</Speak></Response>");
    assert_eq!(
        (report.outcome, report.ended.unwrap().by),
        (RunOutcome::Limit, EndedBy::Limit)
    );
    let (_, report) = lie(Lie::Stuck, "<Response><Hangup/></Response>");
    assert_eq!(report.ended.unwrap().by, EndedBy::Script);
}

#[test]
fn a_reader_that_loses_its_link_ends_the_run() {
    let (stage, report) = lie(
        Lie::ReaderLost,
        &format!("<Response><Delay>4</Delay>{SMS}</Response>"),
    );
    assert_eq!(
        (report.outcome, report.ended.unwrap().cause),
        (RunOutcome::Failed, Cause::Error)
    );
    assert_eq!(stage.tail(1), ["1000 run.ended"]);
}

#[test]
fn a_reader_that_panics_ends_its_own_call_in_order() {
    let (stage, report) = lie(Lie::ReaderPanics, "<Response><Delay>4</Delay></Response>");
    assert_eq!(
        (report.outcome, report.ended.unwrap().cause),
        (RunOutcome::Panic, Cause::Panic)
    );
    assert_eq!(
        stage.tail(4),
        [
            "1000 panic",
            "1000 leg.state",
            "1000 call.ended",
            "1000 run.ended"
        ]
    );
}

#[test]
fn a_key_nobody_asked_for_cuts_nothing() {
    let (stage, report) = lie(
        Lie::Cuts,
        "<Response><Speak>Hi</Speak><Speak>there</Speak></Response>",
    );
    assert_eq!(report.outcome, RunOutcome::Done);
    let spoken = stage
        .kinds()
        .iter()
        .filter(|kind| kind.ends_with("prompt.spoken"))
        .count();
    assert_eq!(spoken, 2);
}

#[test]
fn a_limit_that_comes_in_an_effect_is_the_outcome() {
    let mut stage = Stage::new();
    let mut limits = ozml_engine::Limits::default();
    limits.set("call_duration", "1s").unwrap();
    stage.engine = stage.engine.with_limits(limits);
    let call = SimCall::new(Stage::info(), stage.clock.clone());
    let report = stage.run(
        &format!("<Response>{SMS}</Response>"),
        &call,
        Slow(stage.clock.clone(), Arc::default()),
    );
    assert_eq!(report.outcome, RunOutcome::Limit);
    assert!(stage.kinds().contains(&"2000 sms.accepted".to_owned()));
}

#[test]
fn a_run_is_ended_from_outside_in_order() {
    use ozml_engine::{Control, RunOptions};
    let stage = Stage::new();
    let source = Source::new("t", format!("<Response><Delay>60</Delay>{SMS}</Response>"));
    let program = stage
        .engine
        .check(&source, CheckOptions::default())
        .program
        .unwrap();
    let call = SimCall::new(Stage::info(), stage.clock.clone());
    let ports = Ports::builder(stage.clock.clone(), SimIds::new()).build();
    let control = Control::new();
    for (options, by) in [
        (RunOptions::on_call(&call), Some(EndedBy::Host)),
        (RunOptions::messaging(), None),
    ] {
        let trace = Trace::new(SimIds::new().run(), &stage.clock, stage.recorder.clone());
        let options = options.control(&control);
        let mut run = std::pin::pin!(stage.engine.run(options, &program, &ports, &trace));
        let mut host = std::pin::pin!(async {
            if by.is_some() {
                host_once(&stage, &control).await
            }
        });
        let mut host_done = false;
        let report = stage.clock.run(std::future::poll_fn(|task| {
            host_done = host_done || host.as_mut().poll(task).is_ready();
            run.as_mut().poll(task)
        }));
        let report = report.unwrap();
        assert_eq!(
            (report.outcome, report.ended.map(|ended| ended.by)),
            (RunOutcome::HungUp, by)
        );
        assert_eq!(stage.clock.now().as_millis(), 700, "at once");
    }
}

async fn host_once(stage: &Stage, control: &ozml_engine::Control) {
    stage
        .clock
        .sleep_until(ozml_session::ClockTime::from_millis(700))
        .await;
    control.hang_up(Cause::Normal);
}
