//! A layout changes nothing: the checked program is the same before and after the formatter.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "it reads the scripts and fails by panicking"
)]

mod generated_scripts;

use std::cell::RefCell;

use generated_scripts::Generator;
use ozml_engine::{
    CheckOptions, Compiled, Contexts, Engine, Fields, Outcome, PlannedVerbs, Registry, RunCx, Verb,
    VerbFuture, VerbSpec,
};
use ozml_parser::{ReadingLimits, Source, format};
use ozml_tests::{markdown, repository, scenario_files};

thread_local! {
    /// What each verb of the script is made of, in the order in which they are compiled: inner ones first.
    static COMPILED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Stands for every verb: all forty get a program, and each leaves what it is made of.
struct Recorded;

impl Verb for Recorded {
    fn run<'a>(&'a self, _: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(std::future::ready(Ok(Outcome::next())))
    }
}

fn record(fields: &Fields<'_>) -> Compiled {
    COMPILED.with_borrow_mut(|compiled| compiled.push(format!("{fields:?}")));
    Some(Box::new(Recorded))
}

/// An engine for which all verbs run.
fn engine() -> Engine {
    let standard = ozml_verbs::standard().unwrap();
    let verbs = standard
        .verbs()
        .map(|verb| &*Box::leak(Box::new(VerbSpec::compile(*verb, record))));
    Engine::new(Registry::new(verbs).unwrap())
}

/// A script as it is checked, without places.
#[derive(Debug, PartialEq)]
struct Meaning {
    /// The verbs at the top, when there is no error.
    program: Option<String>,
    compiled: Vec<String>,
    messages: Vec<String>,
}

fn meaning(engine: &Engine, text: &str, context: Contexts) -> Meaning {
    let options = CheckOptions::new(context)
        .planned(PlannedVerbs::Known)
        .hints(true);
    let checked = engine.check(&Source::new("t.xml", text), options);
    let message = |fault: &ozml_parser::Diagnostic| format!("{:?} {} {fault}", fault.severity, fault.code);
    Meaning {
        program: checked.program.map(|program| format!("{:?}", program.body())),
        compiled: COMPILED.take(),
        messages: checked.diagnostics.iter().map(message).collect(),
    }
}

/// Whether the script can be read at all, and is free of errors.
#[derive(Debug, PartialEq)]
enum Kind {
    Unreadable,
    Faulty,
    Clean,
}

/// Formats a script and compares what it means.
#[track_caller]
fn check(engine: &Engine, name: &str, text: &str, context: Contexts) -> Kind {
    let Ok(formatted) = format(&Source::new(name, text), &ReadingLimits::default()) else {
        return Kind::Unreadable;
    };
    let before = meaning(engine, text, context);
    let after = meaning(engine, &formatted, context);
    assert_eq!(after, before, "{name}:\n{text}\nformatted as\n{formatted}");
    match before.program {
        Some(_) => Kind::Clean,
        None => Kind::Faulty,
    }
}

#[test]
fn the_scripts_of_the_repository_mean_the_same_after_it() {
    let engine = engine();
    let scripts = scenario_files::scripts();
    assert!(!scripts.is_empty());
    for path in scripts {
        let name = repository::shown(&path);
        assert_eq!(
            check(&engine, &name, &repository::read(&path), Contexts::E),
            Kind::Clean
        );
    }
}

#[test]
fn the_scripts_of_the_suites_mean_the_same_after_it() {
    let engine = engine();
    let mut compared = 0;
    for folder in ["tests/suite", "tests/cli"] {
        for suite in repository::files(&repository::root().join(folder), "md") {
            for case in markdown::cases(&repository::read(&suite)) {
                for block in case.blocks.iter().filter(|block| block.kind == "xml") {
                    let kind = check(&engine, &case.name, &block.text, Contexts::E);
                    compared += usize::from(kind != Kind::Unreadable);
                }
            }
        }
    }
    assert!(compared > 300, "{compared} scripts could be read");
}

#[test]
fn the_examples_of_the_verbs_mean_the_same_after_it() {
    let engine = engine();
    for verb in engine.registry().verbs() {
        let context = if verb.contexts.contains(Contexts::E) {
            Contexts::E
        } else {
            verb.contexts
        };
        assert_ne!(check(&engine, verb.name, verb.example, context), Kind::Unreadable);
    }
}

#[test]
fn ten_thousand_scripts_mean_the_same_after_it() {
    const SCRIPTS: u64 = 10_000;
    let engine = engine();
    let mut clean = 0;
    for seed in 0..SCRIPTS {
        let mut generator = Generator::new(engine.registry(), seed);
        let (script, context) = (generator.script(), generator.context());
        let kind = check(&engine, &format!("seed {seed}"), &script, context);
        assert_ne!(kind, Kind::Unreadable, "seed {seed}:\n{script}");
        clean += u64::from(kind == Kind::Clean);
    }
    // Few faults hide what the rest of a script means, but most scripts that are written have none.
    assert!(clean > SCRIPTS / 4, "{clean} of {SCRIPTS} scripts have no error");
}
