//! Hang-ups at every instant of every script of the repository, whatever the caller does.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that meets something else fails"
)]

use std::path::Path;
use std::sync::Arc;

use ozml_engine::{Engine, Limits, Program};
use ozml_parser::Source;
use ozml_session::Digits;
use ozml_sim::scenario::Scenario;
use ozml_tests::repository::{read, shown};
use ozml_tests::scenario_files::{checked, open, program, scenarios, scripts};
use ozml_verbs::VERBS;

/// Keys are pressed at most this often: the input that waits for them may be repeated.
const TIMES: usize = 3;

/// A menu that nobody answers is repeated a few times only: the rounds are all alike, and the work grows with
/// their square.
fn engine() -> Engine {
    let mut limits = Limits::default();
    limits.menu_repeats = 3;
    Engine::new(ozml_verbs::standard().expect("our verbs have distinct names")).with_limits(limits)
}

/// A call that is refused has no instant after the answer.
fn is_answered(script: &str) -> bool {
    !script.contains("<Reject")
}

fn silent() -> Scenario {
    Scenario::silent(Source::new("silent.test.xml", ""))
}

/// A caller who only listens, and where there is a menu one for each key.
fn callers(script: &str) -> Vec<(String, Scenario)> {
    let mut callers = vec![("a silent caller".to_owned(), silent())];
    if script.to_ascii_lowercase().contains("<userinput") {
        for key in "0123456789*#".chars() {
            let keys = Digits::new(&key.to_string()).expect("a key");
            callers.push((format!("key {key}"), silent().pressing(&keys, TIMES)));
        }
    }
    callers
}

/// How many instants were tried.
fn hang_up(name: &str, scenario: &Scenario, engine: &Engine, program: &Arc<Program>) -> usize {
    let hang_ups = scenario.hang_up_everywhere(engine, program);
    if let Some((at, verdict)) = hang_ups.broken {
        let told: Vec<_> = verdict
            .findings
            .iter()
            .map(|finding| finding.diagnostic.message.as_str())
            .collect();
        panic!("{name}, hung up at {at:?}: {told:?}\n{}", verdict.json_lines());
    }
    hang_ups.tried
}

fn with_every_caller(name: &str, script: &str, engine: &Engine) -> usize {
    let tried = |(caller, scenario): (String, Scenario)| {
        let program = checked(&scenario, engine, name, script);
        hang_up(&format!("{name}, {caller}"), &scenario, engine, &program)
    };
    callers(script).into_iter().map(tried).sum()
}

#[test]
fn every_script_with_every_caller() {
    let engine = engine();
    for path in scripts() {
        let name = shown(&path);
        let text = read(&path);
        let tried = with_every_caller(&name, &text, &engine);
        assert_eq!(tried > 0, is_answered(&text), "{name}");
    }
}

#[test]
fn every_example_of_a_verb() {
    let engine = engine();
    let tried = |name: &str, example: &str| with_every_caller(name, example, &engine);
    let all: usize = VERBS.iter().map(|verb| tried(verb.name, verb.example)).sum();
    assert!(all > 100, "{all}");
}

#[test]
fn every_scenario() {
    let engine = engine();
    for path in scenarios() {
        let (scenario, script) = open(&path);
        let program = program(&scenario, &engine, &script);
        let name = shown(Path::new(&path));
        let tried = hang_up(&name, &scenario, &engine, &program);
        assert_eq!(tried > 0, is_answered(program.source().text()), "{name}");
    }
}
