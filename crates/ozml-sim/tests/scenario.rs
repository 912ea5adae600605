//! Scenarios as a library: the same run every time, what waits for ever, what a hang-up breaks.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that meets something else fails; runs side by side need threads"
)]

use std::collections::BTreeSet;
use std::future::pending;
use std::sync::Arc;
use std::thread;

use ozml_engine::{Contexts, Engine, Kind, Outcome, Program, RunCx, Verb, VerbFuture, VerbSpec};
use ozml_parser::Source;
use ozml_session::Digits;
use ozml_sim::scenario::{Coverage, EXPLANATIONS, Scenario, Verdict};

const MENU: &str = r#"<Response>
  <UserInput Timeout="3" Repeat="true">
    <InitialCommands><Speak>One or two, $CallerID?</Speak></InitialCommands>
    <Inputs>
      <Input Key="1"><SendSms Recipient="+36201234567">One</SendSms></Input>
      <Input Key="2"><GoTo>http://app.example/two</GoTo></Input>
    </Inputs>
  </UserInput>
  <Delay>1</Delay>
  <Speak>Goodbye.</Speak>
</Response>"#;

const TWO: &str = r#"<Test Version="1">
  <Start At="2026-11-24 08:00"/>
  <Caller Number="+36209998877"/>
  <Press Keys="9" At="500ms"/>
  <Press Keys="2"/>
  <Sms To="+36201234567" State="delivered"/>
  <Answer Url="http://app.example/two" Takes="2s"><Response>
    <Var ID="way">two</Var>
    <SendSms Recipient="+36201234567">Two</SendSms>
    <Speak>You chose $way.</Speak>
  </Response></Answer>
  <Expect>
    <Spoken Contains="One or two"/>
    <Sms>Two</Sms>
    <Spoken>You chose two.</Spoken>
    <Variable Name="way" Value="two"/>
  </Expect>
</Test>"#;

fn engine() -> Engine {
    let mut registry = ozml_verbs::standard().unwrap();
    registry.add(&STALL).unwrap();
    registry.add(&CLING).unwrap();
    Engine::new(registry)
}

fn scenario(text: &str) -> Scenario {
    Scenario::read(&Source::new("script.test.xml", text)).expect("a scenario without faults")
}

fn program(scenario: &Scenario, script: &str) -> Arc<Program> {
    let checked = scenario.check(&engine(), &Source::new("script.xml", script));
    checked.program.expect("a script without faults")
}

fn codes(verdict: &Verdict) -> Vec<&'static str> {
    let findings = verdict.findings.iter();
    findings.map(|finding| finding.diagnostic.code.as_str()).collect()
}

#[test]
fn a_thousand_runs_in_a_row_and_side_by_side_give_the_same_trace() {
    let (scenario, engine) = (scenario(TWO), engine());
    let program = program(&scenario, MENU);
    let first = scenario.run(&engine, &program);
    assert!(first.passed(), "{:?}", first.findings);
    let trace = first.json_lines();
    let differing = || {
        (0..250)
            .filter(|_| scenario.run(&engine, &program).json_lines() != trace)
            .count()
    };
    let differing: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(differing)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(differing, 0);
}

#[test]
fn states_of_sms_come_when_the_scenario_says() {
    let scenario = scenario(TWO);
    let verdict = scenario.run(&engine(), &program(&scenario, MENU));
    let last = verdict.events.last().unwrap();
    assert!(
        last.to_json().contains(r#""kind":"sms.status""#),
        "{}",
        last.to_json()
    );
    let accepted = verdict
        .events
        .iter()
        .find(|event| event.to_json().contains("sms.accepted"));
    assert_eq!(last.at_ms, accepted.unwrap().at_ms + 5_000);
    assert!(
        verdict.events[0]
            .to_json()
            .contains(r#""started_at":"2026-11-24T08:00:00Z""#)
    );
}

#[test]
fn hang_ups_are_met_in_order_at_every_instant() {
    let scenario = scenario(TWO);
    let hang_ups = scenario.hang_up_everywhere(&engine(), &program(&scenario, MENU));
    assert!(hang_ups.broken.is_none(), "{:?}", hang_ups.broken);
    assert!(
        hang_ups.tried > 20 && hang_ups.tried == hang_ups.instants,
        "{}",
        hang_ups.tried
    );
}

#[test]
fn what_waits_for_ever_is_told_with_its_line() {
    let scenario = scenario(r#"<Test Version="1"/>"#);
    let script = "<Response>\n  <Speak>Hi</Speak>\n  <Stall/>\n</Response>";
    let verdict = scenario.run(&engine(), &program(&scenario, script));
    assert!(verdict.report.is_none());
    assert_eq!(codes(&verdict).first(), Some(&"waits-for-ever"));
    let span = verdict.findings[0].diagnostic.span().unwrap();
    assert_eq!(Source::new("", script).slice(span), "Stall");
}

#[test]
fn a_hang_up_that_is_not_met_is_told_with_its_instant() {
    let scenario = scenario(r#"<Test Version="1"/>"#);
    let program = program(&scenario, "<Response><Cling/><Speak>Hi</Speak></Response>");
    let hang_ups = scenario.hang_up_everywhere(&engine(), &program);
    let (at, verdict) = hang_ups.broken.expect("the verb breaks down");
    assert_eq!(codes(&verdict), ["hang-up"; 1]);
    let fault = &verdict.findings[0].diagnostic;
    let ms = at.as_millis();
    assert!(fault.message.ends_with("the run broke down"), "{}", fault.message);
    assert_eq!(
        fault.help.as_deref(),
        Some(&*format!("repeat it with `--hang-up-at {ms}ms`"))
    );
    let again = scenario.hang_up_at(&engine(), &program, at);
    assert_eq!(again.json_lines(), verdict.json_lines());
}

#[test]
fn what_was_reached_adds_up() {
    let script = Source::new("script.xml", MENU);
    let engine = engine();
    let mut coverage = Coverage::new(&script, engine.registry());
    let missed = |coverage: &Coverage| -> Vec<String> {
        coverage
            .missed()
            .map(|point| format!("{} {}", point.at.line, point.what))
            .collect()
    };
    let all = coverage.points().len();
    assert_eq!(coverage.missed().count(), all);
    let two = scenario(TWO);
    coverage.add(&two.run(&engine, &program(&two, MENU)).events);
    assert_eq!(
        missed(&coverage),
        [
            "2 no keys in time",
            r#"5 `Input` Key="1""#,
            "5 `SendSms`",
            "5 `SendSms` fails",
            "9 `Delay`",
            "10 `Speak`"
        ]
    );
    let one = Scenario::silent(Source::new("none", "")).pressing(&Digits::new("1").unwrap(), 1);
    coverage.add(&one.run(&engine, &program(&one, MENU)).events);
    assert_eq!(missed(&coverage), ["2 no keys in time", "5 `SendSms` fails"]);
}

#[test]
fn every_code_of_the_sources_is_explained_and_no_other() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/scenario");
    let mut used = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let source = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for maker in ["error(", "warning(", "in_script("] {
            let literals = source.split(maker).skip(1).filter_map(|rest| {
                let literal = rest.trim_start().strip_prefix('"')?;
                literal.split('"').next()
            });
            used.extend(literals.map(str::to_owned));
        }
    }
    // Those that scripts get, too.
    used.retain(|code| code != "missing-parameter" && code != "wrong-value");
    let explained: BTreeSet<_> = EXPLANATIONS.iter().map(|known| known.code.to_owned()).collect();
    assert_eq!(used, explained);
}

/// Waits for something that never happens and cannot be hung up.
static STALL: VerbSpec = VerbSpec::new("Stall", "Wait for ever", "<Stall/>")
    .contexts(Contexts::E)
    .kind(Kind::Effect)
    .compile(|_| Some(Box::new(Stall)));

struct Stall;

impl Verb for Stall {
    fn run<'a>(&'a self, _: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(pending())
    }
}

/// Speaks, and does not bear that it is interrupted.
static CLING: VerbSpec = VerbSpec::new("Cling", "Insist", "<Cling/>")
    .contexts(Contexts::E)
    .kind(Kind::Call)
    .compile(|_| Some(Box::new(Cling)));

struct Cling;

impl Verb for Cling {
    #[allow(clippy::panic, reason = "that is what the test is about")]
    fn run<'a>(&'a self, cx: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(async {
            let text = ozml_session::Speech::new("I insist.");
            match cx.play(&ozml_session::Prompt::Speech(text)).await {
                Ok(_) => Ok(Outcome::next()),
                Err(_) => panic!("interrupted"),
            }
        })
    }
}
