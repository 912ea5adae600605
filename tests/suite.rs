//! The markdown suites: each case gives a script and says what the checker reports and what a simulated
//! call does.
#![allow(clippy::disallowed_methods, reason = "it reads the suites")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use ozml_tests::markdown::{Case, cases};
use ozml_tests::scenario::judge;
use ozml_tests::setting::Setting;
use ozml_tests::simulation::simulate;
use ozml_tests::{golden, repository};

fn main() -> ExitCode {
    let folder = repository::root().join("tests/suite");
    let trials = repository::files(&folder, "md")
        .into_iter()
        .flat_map(|suite| trials(&folder, &suite))
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn trials(folder: &Path, suite: &Path) -> Vec<Trial> {
    let inside = suite.strip_prefix(folder).unwrap_or(suite).with_extension("");
    let trial = |case: Case| {
        let (name, suite): (String, PathBuf) = (format!("{}: {}", inside.display(), case.name), suite.into());
        Trial::test(name, move || check(&suite, &case))
    };
    cases(&repository::read(suite)).into_iter().map(trial).collect()
}

fn check(suite: &Path, case: &Case) -> Result<(), Failed> {
    let script = case.block("xml").ok_or("the case has no block `xml`")?;
    if let Some(scenario) = case.block("scenario") {
        let judged = judge(&script.text, &scenario.text);
        let actual = [("diagnostics", judged.diagnostics), ("verdict", judged.verdict)];
        return golden::settle(suite, "suite", case, &actual);
    }
    let simulated = simulate("script.xml", &script.text, &Setting::read(case.text("inputs")));
    // A case that is only about the messages of the checker need not show how its script runs.
    let runs_silently = simulated.diagnostics.is_empty();
    let mut actual = vec![("diagnostics", simulated.diagnostics)];
    if runs_silently || case.block("trace").is_some() {
        actual.push(("trace", simulated.trace));
    }
    golden::settle(suite, "suite", case, &actual)
}
