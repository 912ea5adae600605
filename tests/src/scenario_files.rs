//! Scripts of the repository with their scenarios.

use std::fs;
use std::path::{Path, PathBuf};

use ozml_engine::{Engine, Program};
use ozml_parser::{Source, Style, render};
use ozml_sim::scenario::Scenario;

use crate::repository::{files, read, root, shown};

/// What the name of a scenario file ends with.
const ENDING: &str = ".test.xml";

/// The scripts for people, without their scenarios.
pub fn scripts() -> Vec<PathBuf> {
    let mut all = files(&root().join("ozml-scripts"), "xml");
    all.retain(|path| !is_scenario(path));
    all
}

/// The scenarios of the scripts for people.
pub fn scenarios() -> Vec<PathBuf> {
    let mut all = files(&root().join("ozml-scripts"), "xml");
    all.retain(|path| is_scenario(path));
    all
}

fn is_scenario(path: &Path) -> bool {
    path.to_string_lossy().ends_with(ENDING)
}

/// A scenario with its answers, and its script.
///
/// # Panics
/// When one of its files cannot be read, or has a fault.
pub fn open(path: &Path) -> (Scenario, PathBuf) {
    let source = Source::new(shown(path), read(path));
    let told = |diagnostics: &[_]| -> String { render(diagnostics, &source, Style::Plain) };
    let mut scenario =
        Scenario::read(&source).unwrap_or_else(|faults| panic!("{}", told(&faults.diagnostics)));
    let folder = path.parent().expect("a file lies in a folder");
    scenario
        .load(|name| fs::read(folder.join(name)).map_err(|fault| fault.to_string()))
        .unwrap_or_else(|faults| panic!("{}", told(&faults)));
    let script = match scenario.script() {
        Some(script) => folder.join(script),
        None => PathBuf::from(path.to_string_lossy().replace(ENDING, ".xml")),
    };
    (scenario, script)
}

/// A script as the scenario has it checked.
///
/// # Panics
/// When it cannot be read, or has a fault.
pub fn program(scenario: &Scenario, engine: &Engine, script: &Path) -> std::sync::Arc<Program> {
    checked(scenario, engine, &shown(script), &read(script))
}

/// The same of a text.
///
/// # Panics
/// When it has a fault.
pub fn checked(scenario: &Scenario, engine: &Engine, name: &str, script: &str) -> std::sync::Arc<Program> {
    let source = Source::new(name, script);
    let checked = scenario.check(engine, &source);
    checked
        .program
        .unwrap_or_else(|| panic!("{}", render(&checked.diagnostics, &source, Style::Plain)))
}
