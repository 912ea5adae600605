//! Bars of the engine: verb steps, simulated calls, parked calls, the process time of `ozml run`.
//!
//! `cargo bench -p ozml --bench engine`; pinned to one core it is steadier.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a benchmark reads the real clock"
)]
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)]
#![allow(missing_docs)]

use std::future::Future;
use std::hint::black_box;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use ozml::engine::{Limits, TraceEvent, TraceKind, TraceSink};
use ozml::session::{CallInfo, Clock, Ids, PhoneNumber, Ports};
use ozml::sim::{SimCall, SimClock, SimIds, SimMessenger};
use ozml::{Engine, Program, RunReport, Source, Trace};

/// Counts events that are built and not serialised.
#[derive(Default)]
struct Counter(AtomicU64);

impl TraceSink for Counter {
    fn record(&self, event: &TraceEvent<'_>) {
        black_box(event);
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Counts verbs that start.
#[derive(Default)]
struct Verbs(AtomicU64);

impl TraceSink for Verbs {
    fn record(&self, event: &TraceEvent<'_>) {
        if matches!(event.kind, TraceKind::VerbStarted { .. }) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn main() {
    let quick = !std::env::args().any(|argument| argument == "--bench");
    let rounds = if quick { 1 } else { 5 };
    println!("limits: defaults with verbs_per_call and verbs_without_wait raised; one thread, SimClock");
    check_50_verbs(if quick { 10 } else { 20_000 });
    for (name, verb) in [
        (
            "mixed",
            "<Speak>Your order $CallId is ready.</Speak><Delay>1</Delay><Speak>Good bye.</Speak><Delay>0</Delay>",
        ),
        (
            "menus and loops",
            "<Var ID='n'>$n</Var><ForEach Source='days'><Speak>$item</Speak><Beep/></ForEach>\
             <UserInput><InitialCommands><Speak>Press 1.</Speak></InitialCommands></UserInput>",
        ),
        ("Speak", "<Speak>Good bye.</Speak>"),
        ("Var", "<Var ID='n'>12</Var>"),
        ("Delay", "<Delay>1</Delay>"),
    ] {
        steps(name, verb, if quick { 10 } else { 20_000 }, rounds);
    }
    calls(if quick { 10 } else { 100_000 }, rounds);
    parked(if quick { 10 } else { 100_000 });
}

fn engine() -> Engine {
    let mut limits = Limits::default();
    for name in ["verbs_per_call", "verbs_without_wait", "elements", "sms_per_call"] {
        limits.set(name, "100000000").unwrap();
    }
    limits.set("call_duration", "100000h").unwrap();
    limits.set("script_bytes", "1000000000").unwrap();
    ozml::standard().with_limits(limits)
}

fn program(engine: &Engine, verbs: &str) -> Arc<Program> {
    let source = Source::new("bench.xml", format!("<Response>{verbs}</Response>"));
    let checked = engine.check(&source, Default::default());
    checked
        .program
        .unwrap_or_else(|| panic!("{:?}", checked.diagnostics))
}

struct World {
    engine: Engine,
    clock: SimClock,
    ids: SimIds,
    ports: Ports,
    counter: Arc<Counter>,
}

impl World {
    fn new() -> Self {
        let clock = SimClock::new();
        let ports = Ports::builder(clock.clone(), SimIds::new())
            .messenger(SimMessenger::default())
            .build();
        Self {
            engine: engine(),
            clock,
            ids: SimIds::new(),
            ports,
            counter: Arc::default(),
        }
    }

    fn call(&self) -> SimCall {
        let caller = PhoneNumber::new("+36209998877").unwrap();
        let info = CallInfo::incoming(self.ids.call(), PhoneNumber::new("9994").unwrap()).from(caller);
        SimCall::new(info, self.clock.clone())
    }

    fn trace(&self, call: &SimCall, sink: Arc<dyn TraceSink>) -> Trace {
        use ozml::session::CallSession;
        Trace::new(self.ids.run(), &self.clock, sink).on_call(call.info().id.clone())
    }

    fn run(&self, program: &Arc<Program>) -> RunReport {
        self.run_to(program, self.counter.clone())
    }

    fn run_to(&self, program: &Arc<Program>, sink: Arc<dyn TraceSink>) -> RunReport {
        let call = self.call();
        let trace = self.trace(&call, sink);
        self.clock
            .run(self.engine.run_call(program, &call, &self.ports, &trace))
            .unwrap()
    }
}

fn check_50_verbs(times: u32) {
    let engine = ozml::standard();
    let verbs = "  <Speak Language=\"en-UK\">Your parcel will be there at noon.</Speak>\n  <SendSms Recipient=\"+36201234567\">On its way.</SendSms>\n";
    let source = Source::new(
        "bench.xml",
        format!("<Response>\n{}</Response>\n", verbs.repeat(25)),
    );
    let begin = Instant::now();
    for _ in 0..times {
        black_box(engine.check(&source, Default::default()).program.unwrap());
    }
    let each = begin.elapsed() / times;
    println!(
        "parse and check of 50 verbs ({} bytes): {:.1} us",
        source.text().len(),
        micros(each)
    );
}

fn steps(name: &str, verb: &str, repeats: usize, rounds: u32) {
    let world = World::new();
    let days = "<Array ID='days'><item>Monday</item><item>Tuesday</item></Array><Var ID='n'>1</Var>";
    let program = program(&world.engine, &format!("{days}{}", verb.repeat(repeats)));
    let started = Arc::new(Verbs::default());
    world.run_to(&program, started.clone());
    let verbs = usize::try_from(started.0.load(Ordering::Relaxed)).unwrap();
    let best = (0..rounds)
        .map(|_| {
            let begin = Instant::now();
            let report = world.run(&program);
            assert_eq!(report.failures, 0);
            begin.elapsed()
        })
        .min()
        .unwrap();
    println!(
        "verb steps, {name}: {:.0}/s ({verbs} verbs, best of {rounds})",
        per_second(verbs, best)
    );
}

fn calls(count: usize, rounds: u32) {
    let world = World::new();
    let script = "<Speak>Hello, this is the office.</Speak><Delay>1</Delay>\
        <Speak>We are closed.</Speak><SendSms Recipient='$CallerID'>You called.</SendSms><Speak>Sent: $SmsStatus.</Speak>\
        <Delay>0</Delay><Speak>Good bye.</Speak><Delay>2</Delay><Speak>Bye.</Speak><Hangup/>";
    let program = program(&world.engine, script);
    assert_eq!(program.body().len(), 10);
    let best = (0..rounds)
        .map(|_| {
            let world = World::new();
            let begin = Instant::now();
            (0..count).for_each(|_| assert_eq!(world.run(&program).failures, 0));
            let took = begin.elapsed();
            assert!(world.counter.0.load(Ordering::Relaxed) > 0);
            took
        })
        .min()
        .unwrap();
    println!(
        "simulated calls of 10 verbs: {:.0}/s ({count} calls, best of {rounds})",
        per_second(count, best)
    );
}

/// Calls that all wait in a UserInput inside a ForEach, session and timers included.
fn parked(count: usize) {
    let world = World::new();
    let script = "<Array ID='rooms'><item>Hall.</item></Array><ForEach Source='rooms'><UserInput Timeout='600'>\
        <InitialCommands><Speak>Hello.</Speak></InitialCommands>\
        <Inputs><Input Key='1'><Speak>$item</Speak></Input></Inputs></UserInput></ForEach>";
    let program = program(&world.engine, script);
    let before = resident();
    let legs: Vec<(SimCall, Trace)> = (0..count)
        .map(|_| {
            let call = world.call();
            let trace = world.trace(&call, world.counter.clone());
            (call, trace)
        })
        .collect();
    let mut runs: Vec<Pin<Box<dyn Future<Output = RunReport> + '_>>> = Vec::with_capacity(count);
    for (call, trace) in &legs {
        runs.push(Box::pin(world.engine.run_call(
            &program,
            call,
            &world.ports,
            trace,
        )));
    }
    let poll_all = |runs: &mut Vec<Pin<Box<dyn Future<Output = RunReport> + '_>>>| {
        let mut task = Context::from_waker(Waker::noop());
        runs.iter_mut()
            .map(|run| run.as_mut().poll(&mut task))
            .filter(Poll::is_pending)
            .count()
    };
    assert_eq!(poll_all(&mut runs), count);
    world.clock.advance();
    assert_eq!(poll_all(&mut runs), count, "all wait for a key now");
    assert_eq!(world.clock.now().as_millis(), 360);
    let bytes = resident().saturating_sub(before) / u64::try_from(count).unwrap();
    println!(
        "parked calls: {count} in one process, {bytes} bytes each (resident set), {} waits",
        world.clock.waits()
    );
    world.clock.advance();
    assert_eq!(poll_all(&mut runs), 0, "all came to their end");
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap_or("0 kB");
    line.split_whitespace()
        .next()
        .and_then(|kb| kb.parse::<u64>().ok())
        .unwrap_or(0)
        * 1024
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn per_second(count: usize, time: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / time.as_secs_f64()
}
