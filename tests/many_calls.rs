//! Calls that go wrong beside calls that do not: on one clock, one engine and one set of ports.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use ozml_engine::{
    CheckOptions, Contexts, Engine, Fields, Kind, Program, RunCx, RunOutcome, RunReport, Trace, TraceEvent,
    TraceKind, TraceSink, Verb, VerbFuture, VerbSpec,
};
use ozml_parser::Source;
use ozml_session::{CallInfo, CallSession, Digits, HttpUrl, Ids, PhoneNumber, Ports};
use ozml_sim::{Inputs, SimAnswer, SimCall, SimClock, SimFetcher, SimIds, SimMessenger};

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

/// A call that has nothing to do with the others: 300 ms of speech, a key after a second, a wait, an SMS.
const ORDINARY: &str = r#"<Speak>Hello</Speak><UserInput Timeout="5"><Inputs><Input Key="1"><Delay>2</Delay></Input></Inputs></UserInput>
    <SendSms Recipient="+36201112222">Hi</SendSms>"#;
const ORDINARY_MS: u64 = 3_000;

/// Keeps how runs end and the limits they meet, of a long run little else.
#[derive(Default)]
struct Ends(Mutex<Vec<TraceEvent<'static>>>);

impl TraceSink for Ends {
    fn record(&self, event: &TraceEvent<'_>) {
        use TraceKind::{CallEnded, Limit, RunEnded};
        if matches!(event.kind, CallEnded { .. } | Limit { .. } | RunEnded { .. }) {
            self.0.lock().unwrap().push(event.to_owned_event());
        }
    }
}

struct World {
    engine: Engine,
    clock: SimClock,
    ids: SimIds,
    ports: Ports,
    ends: Arc<Ends>,
}

/// What became of a call: how its run and its call ended, and the limits it reached.
struct Ended {
    report: RunReport,
    ended_ms: u64,
    limits: Vec<String>,
}

impl World {
    fn new(web: SimFetcher) -> Self {
        let mut registry = ozml_verbs::standard().unwrap();
        registry.add(&BREAK_DOWN).unwrap();
        let clock = SimClock::new();
        let ports = Ports::builder(clock.clone(), SimIds::new())
            .messenger(SimMessenger::default())
            .fetcher(web)
            .build();
        Self {
            engine: Engine::new(registry),
            clock,
            ids: SimIds::new(),
            ports,
            ends: Arc::default(),
        }
    }

    fn program(&self, verbs: &str) -> Arc<Program> {
        let source = Source::new("script.xml", format!("<Response>{verbs}</Response>"));
        let checked = self.engine.check(&source, CheckOptions::default());
        checked
            .program
            .unwrap_or_else(|| panic!("{verbs}: {:?}", checked.diagnostics))
    }

    /// A call whose caller presses 1 a second after the answer.
    fn call(&self) -> SimCall {
        let info = CallInfo::incoming(self.ids.call(), PhoneNumber::new("100").unwrap());
        SimCall::new(info, self.clock.clone())
            .with(Inputs::new().press_at(Duration::from_secs(1), &Digits::new("1").unwrap()))
    }

    /// Runs all scripts at the same time.
    fn run(&self, scripts: &[&str]) -> Vec<Ended> {
        let runs = scripts.iter().map(|script| {
            let program = self.program(script);
            let run: Pin<Box<dyn Future<Output = RunReport> + '_>> = Box::pin(async move {
                let call = self.call();
                let trace = Trace::new(self.ids.run(), &self.clock, self.ends.clone())
                    .on_call(call.info().id.clone());
                let report = self.engine.run_call(&program, &call, &self.ports, &trace).await;
                assert!(call.ended().is_some(), "the call is released");
                report
            });
            run
        });
        let reports = self.clock.run(all(runs.collect())).unwrap();
        assert_eq!(self.clock.waits(), 0, "no timer is left");
        let events = self.ends.0.lock().unwrap();
        reports.into_iter().map(|report| ended(report, &events)).collect()
    }
}

async fn all<'a>(mut runs: Vec<Pin<Box<dyn Future<Output = RunReport> + 'a>>>) -> Vec<RunReport> {
    let mut reports: Vec<Option<RunReport>> = runs.iter().map(|_| None).collect();
    poll_fn(move |task| {
        for (run, report) in runs.iter_mut().zip(&mut reports) {
            if report.is_none()
                && let Poll::Ready(new) = run.as_mut().poll(task)
            {
                *report = Some(new);
            }
        }
        if reports.iter().any(Option::is_none) {
            return Poll::Pending;
        }
        Poll::Ready(reports.iter_mut().filter_map(Option::take).collect())
    })
    .await
}

/// The end of a call is told once, and nothing of the run but its own end comes after it.
fn ended(report: RunReport, events: &[TraceEvent<'_>]) -> Ended {
    let of_run: Vec<_> = events
        .iter()
        .filter(|event| *event.run == *report.run.as_str())
        .collect();
    let [.., end, last] = &of_run[..] else {
        panic!("a run has events");
    };
    assert!(matches!(last.kind, TraceKind::RunEnded { .. }));
    assert!(matches!(end.kind, TraceKind::CallEnded { .. }));
    let limits = of_run.iter().filter_map(|event| match &event.kind {
        TraceKind::Limit { name, .. } => Some(name.to_string()),
        _ => None,
    });
    Ended {
        ended_ms: end.at_ms,
        limits: limits.collect(),
        report,
    }
}

fn assert_ordinary(ended: &Ended) {
    assert_eq!(
        (ended.report.outcome, ended.ended_ms, ended.limits.len()),
        (RunOutcome::Done, ORDINARY_MS, 0)
    );
}

#[test]
fn a_thousand_panics_beside_a_thousand_calls_harm_no_other() {
    let broken = [
        "<BreakDown/>",
        "<Delay>2</Delay><BreakDown/>",
        r#"<UserInput Timeout="5"><InitialCommands><Speak>Hello</Speak><BreakDown/></InitialCommands></UserInput>"#,
        r#"<UserInput Timeout="5"><Inputs><Input Key="1"><BreakDown/></Input></Inputs></UserInput>"#,
        r#"<Array ID="a"><item>1</item></Array><ForEach Source="a"><BreakDown/></ForEach>"#,
    ];
    let world = World::new(SimFetcher::new());
    let scripts: Vec<&str> = (0..1_000)
        .flat_map(|number| [broken[number % broken.len()], ORDINARY])
        .collect();
    let ends = world.run(&scripts);
    for pair in ends.chunks(2) {
        assert_eq!(pair[0].report.outcome, RunOutcome::Panic);
        assert_ordinary(&pair[1]);
    }
    assert_eq!(ends.len(), 2_000);
}

/// Each form of a script that does not end by itself or grows, with the limit that it meets.
const ENDLESS: [(&str, &str); 12] = [
    (r#"<UserInput Repeat="true"/>"#, "menu_repeats"),
    (
        r#"<UserInput Repeat="true" Timeout="1"><InitialCommands><Speak>Menu</Speak></InitialCommands></UserInput>"#,
        "menu_repeats",
    ),
    ("<GoTo>http://app.example/circle</GoTo>", "goto_without_wait"),
    ("<GoTo>http://app.example/slow</GoTo>", "goto_per_call"),
    (
        r#"<Array ID="a"><item/></Array><ForEach Source="a"><ForEach Source="a"><ForEach Source="a"><ForEach Source="a">
            <UserInput Timeout="5" ForwardToUrl="http://app.example/loops"/></ForEach></ForEach></ForEach></ForEach>"#,
        "foreach_nesting",
    ),
    ("<GoTo>http://app.example/many</GoTo>", "verbs_without_wait"),
    ("<GoTo>http://app.example/talk</GoTo>", "verbs_per_call"),
    (
        r#"<Var ID="x">x</Var><GoTo>http://app.example/double</GoTo>"#,
        "variable_bytes",
    ),
    ("<GoTo>http://app.example/names</GoTo>", "variables"),
    ("<GoTo>http://app.example/bytes</GoTo>", "all_variable_bytes"),
    ("<GoTo>http://app.example/items</GoTo>", "elements"),
    (r#"<Play Repeat="true">hold.wav</Play>"#, "call_duration"),
];

fn web() -> SimFetcher {
    let page = |web: SimFetcher, name: &str, verbs: String| {
        let url = HttpUrl::new(&format!("http://app.example/{name}")).unwrap();
        web.answer(&url, SimAnswer::page(format!("<Response>{verbs}</Response>")))
    };
    let several = |count, verb: &str| verb.repeat(count);
    let each = |verbs: &str| format!(r#"<ForEach Source="a">{verbs}</ForEach>"#);
    let nested = |depth, verb: &str| (0..depth).fold(verb.to_owned(), |verbs, _| each(&verbs));
    let loops = |verb: &str| {
        let items = several(60, "<item/>");
        format!(r#"<Array ID="a">{items}</Array>{}"#, nested(3, verb))
    };
    let names: String = (0..=1_000)
        .map(|number| format!(r#"<Var ID="a{number}"/>"#))
        .collect();
    let copies: String = (0..30)
        .map(|number| format!(r#"<Var ID="a{number}">$x</Var>"#))
        .collect();
    let long = format!(r#"<Var ID="x">{}</Var>"#, "x".repeat(40_000));
    let pages = [
        ("circle", "<GoTo>circle</GoTo>".to_owned()),
        ("slow", "<Delay>1</Delay><GoTo>slow</GoTo>".to_owned()),
        ("loops", nested(5, "<Speak>No</Speak>")),
        ("many", loops(r#"<Var ID="x">1</Var>"#)),
        ("talk", loops(r#"<Beep Duration="50"/>"#)),
        ("double", several(20, r#"<Var ID="x">$x$x</Var>"#)),
        ("names", names),
        ("bytes", long + &copies),
        (
            "items",
            format!(r#"<Array ID="a">{}</Array>"#, several(10_001, "<item/>")),
        ),
    ];
    pages
        .into_iter()
        .fold(SimFetcher::new(), |web, (name, verbs)| page(web, name, verbs))
}

#[test]
fn every_endless_script_ends_with_its_limit_and_harms_no_other() {
    let world = World::new(web());
    let scripts: Vec<&str> = ENDLESS
        .iter()
        .flat_map(|(script, _)| [*script, ORDINARY])
        .collect();
    let ends = world.run(&scripts);
    for (pair, (script, limit)) in ends.chunks(2).zip(ENDLESS) {
        assert_eq!(pair[0].limits, [limit], "{script}");
        assert_ordinary(&pair[1]);
    }
}
