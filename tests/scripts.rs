//! The scripts for people: each is free of faults and runs, and its scenarios pass.

use ozml_engine::{Engine, RunOutcome};
use ozml_tests::repository::{read, shown};
use ozml_tests::scenario_files::{open, program, scenarios, scripts};
use ozml_tests::setting::Setting;
use ozml_tests::simulation::simulate;

#[test]
fn every_script_checks_clean() {
    let scripts = scripts();
    assert!(!scripts.is_empty());
    for path in scripts {
        let name = shown(&path);
        let simulated = simulate(&name, &read(&path), &Setting::default());
        assert_eq!(simulated.diagnostics, "", "{name}");
    }
}

#[test]
fn every_script_without_a_scenario_runs() {
    let tested: Vec<_> = scenarios().iter().map(|path| open(path).1).collect();
    for path in scripts().iter().filter(|path| !tested.contains(path)) {
        let name = shown(path);
        let simulated = simulate(&name, &read(path), &Setting::default());
        let outcome = simulated.report.map(|report| report.outcome);
        assert_eq!(outcome, Some(RunOutcome::Done), "{name}\n{}", simulated.trace);
    }
}

#[test]
fn every_scenario_passes() {
    let engine = Engine::new(ozml_verbs::standard().expect("our verbs have distinct names"));
    for path in scenarios() {
        let (scenario, script) = open(&path);
        let verdict = scenario.run(&engine, &program(&scenario, &engine, &script));
        let failures: Vec<_> = verdict
            .findings
            .iter()
            .map(|finding| finding.diagnostic.message.as_str())
            .collect();
        assert!(verdict.passed(), "{}: {failures:#?}", shown(&path));
    }
}
