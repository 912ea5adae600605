//! The scripts for people: each is free of faults and runs.
#![allow(clippy::disallowed_methods, reason = "it reads the scripts")]

use ozml_engine::RunOutcome;
use ozml_tests::repository;
use ozml_tests::setting::Setting;
use ozml_tests::simulation::simulate;

#[test]
fn every_script_checks_clean_and_runs() {
    let scripts = repository::files(&repository::root().join("ozml-scripts"), "xml");
    assert!(!scripts.is_empty());
    for path in scripts {
        let name = repository::shown(&path);
        let simulated = simulate(&name, &repository::read(&path), &Setting::default());
        assert_eq!(simulated.diagnostics, "", "{name}");
        let outcome = simulated.report.map(|report| report.outcome);
        assert_eq!(outcome, Some(RunOutcome::Done), "{name}\n{}", simulated.trace);
    }
}
