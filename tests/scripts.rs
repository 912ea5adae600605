//! The scripts for people: free of faults, laid out, listed, and reached everywhere by scenarios that pass.
#![allow(clippy::expect_used, reason = "a test fails by panicking, in its helpers too")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ozml_engine::{CheckOptions, Engine, Profile, Provenance};
use ozml_parser::{ReadingLimits, Source, Style, format, render};
use ozml_sim::scenario::{Coverage, Verdict};
use ozml_tests::repository::{files, read, root, shown};
use ozml_tests::scenario_files::{open, program, scenarios, scripts};

/// The answers of web applications that scenarios and `--answer` take from files.
const ANSWERS: &str = "ozml";

fn engine() -> Engine {
    Engine::new(ozml_verbs::standard().expect("our verbs have distinct names"))
}

fn folder() -> PathBuf {
    root().join("ozml-scripts")
}

fn source(path: &Path) -> Source {
    Source::new(shown(path), read(path))
}

/// Everything the checker says about a file, warnings too.
fn told(path: &Path, options: CheckOptions) -> String {
    let source = source(path);
    render(
        &engine().check(&source, options).diagnostics,
        &source,
        Style::Plain,
    )
}

/// Everything that came of a scenario, notes too.
fn findings(verdict: &Verdict) -> Vec<String> {
    let findings = verdict.findings.iter();
    findings.map(|finding| finding.diagnostic.to_string()).collect()
}

#[test]
fn every_script_checks_clean() {
    assert!(scripts().len() >= 12);
    for path in scripts() {
        assert_eq!(told(&path, CheckOptions::default()), "");
    }
}

#[test]
fn every_answer_of_a_web_application_checks_clean() {
    let mut options = CheckOptions::default().profile(Profile::Strict);
    options.provenance = Provenance::Fetched;
    let answers = files(&folder(), ANSWERS);
    assert!(!answers.is_empty());
    for path in answers {
        assert_eq!(told(&path, options), "");
    }
}

#[test]
fn every_file_is_laid_out_as_the_formatter_would() {
    let all = [files(&folder(), "xml"), files(&folder(), ANSWERS)].concat();
    for path in all {
        let formatted = format(&source(&path), &ReadingLimits::default());
        assert_eq!(formatted.as_deref(), Ok(&*read(&path)), "{}", shown(&path));
    }
}

#[test]
fn every_script_says_what_it_is_for() {
    for path in scripts()
        .into_iter()
        .filter(|path| !path.ends_with("sms/notice.xml"))
    {
        let text = read(&path);
        let first = text.lines().nth(1).unwrap_or_default();
        assert!(first.starts_with("<!-- "), "{}: {first}", shown(&path));
    }
}

#[test]
fn every_scenario_has_its_script_and_passes() {
    let (engine, scripts) = (engine(), scripts());
    for path in scenarios() {
        let (scenario, script) = open(&path);
        let name = shown(&path);
        assert!(scripts.contains(&script), "{name}: {}", script.display());
        assert_eq!(scenario.warnings(), [], "{name}");
        let verdict = scenario.run(&engine, &program(&scenario, &engine, &script));
        assert_eq!(findings(&verdict), [""; 0], "{name}\n{}", verdict.transcript());
    }
}

#[test]
fn the_scenarios_of_a_script_bear_its_name() {
    for path in scenarios() {
        let script = open(&path).1.with_extension("");
        let (name, script) = (path.to_string_lossy(), script.to_string_lossy());
        let rest = name.strip_prefix(&*script).unwrap_or_default();
        assert!(rest.starts_with(['.', '-']), "{}", shown(&path));
    }
}

#[test]
fn scenarios_reach_every_verb_and_branch() {
    let engine = engine();
    let start = |path: PathBuf| {
        let coverage = Coverage::new(&source(&path), engine.registry());
        (path, coverage)
    };
    let mut all: BTreeMap<_, _> = scripts().into_iter().map(start).collect();
    for path in scenarios() {
        let (scenario, script) = open(&path);
        let verdict = scenario.run(&engine, &program(&scenario, &engine, &script));
        let coverage = all.get_mut(&script).expect("a script of the repository");
        coverage.add(&verdict.events);
    }
    for (path, coverage) in all {
        let missed: Vec<_> = coverage.missed().map(|point| (point.at, &point.what)).collect();
        assert_eq!(missed, [], "{}", shown(&path));
    }
}

#[test]
fn every_script_is_in_the_list() {
    let list = read(&folder().join("README.md"));
    for path in scripts() {
        let inside = path.strip_prefix(folder()).expect("a script lies in the folder");
        let name = shown(inside);
        assert!(list.contains(&format!("[`{name}`]({name})")), "{name}");
    }
}

/// The files that a script plays.
fn played(script: &Path) -> Vec<PathBuf> {
    let text = read(script);
    let rests = text.split("<Play>").skip(1);
    let names = rests.filter_map(|rest| rest.split_once("</Play>"));
    names.map(|(name, _)| script.with_file_name(name)).collect()
}

#[test]
fn every_file_a_script_plays_is_there() {
    let played: Vec<_> = scripts().iter().flat_map(|path| played(path)).collect();
    assert!(!played.is_empty());
    for file in played {
        assert!(file.is_file(), "{}", shown(&file));
    }
}
