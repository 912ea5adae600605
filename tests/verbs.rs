//! What every verb must bring along: a summary, an example that runs, a suite file.
#![allow(clippy::disallowed_methods, reason = "it looks for suite files")]

use ozml_engine::{CheckOptions, Contexts, Engine, PlannedVerbs, RunOutcome, VerbSpec};
use ozml_parser::{Document, ReadingLimits, Source};
use ozml_tests::repository;
use ozml_tests::setting::Setting;
use ozml_tests::simulation::simulate;
use ozml_verbs::{PLANNED, VERBS};

fn all() -> impl Iterator<Item = &'static VerbSpec> {
    VERBS.iter().chain(PLANNED).copied()
}

#[test]
fn summaries_are_short_and_begin_with_a_capital() {
    for verb in all() {
        let summary = verb.summary;
        assert!(
            summary.starts_with(char::is_uppercase),
            "{}: {summary}",
            verb.name
        );
        assert!(
            summary.len() <= 60 && !summary.ends_with('.'),
            "{}: {summary}",
            verb.name
        );
    }
}

#[test]
fn examples_check_clean_and_run() {
    let setting = Setting::read("answer http://app.example/menu2 <Response><Speak>Two.</Speak></Response>");
    for verb in VERBS {
        let simulated = simulate(verb.name, verb.example, &setting);
        assert_eq!(simulated.diagnostics, "", "{}", verb.name);
        let outcome = simulated.report.map(|report| report.outcome);
        assert_eq!(
            outcome,
            Some(RunOutcome::Done),
            "{}\n{}",
            verb.name,
            simulated.trace
        );
        let shown = format!("verb.started verb={}\n", verb.name);
        assert!(
            simulated.trace.contains(&shown),
            "the example of {} does not use it",
            verb.name
        );
    }
}

#[test]
fn examples_of_planned_verbs_check_clean() {
    let engine = Engine::new(ozml_verbs::standard().unwrap());
    for verb in PLANNED {
        let contexts = [Contexts::E, Contexts::T, Contexts::R, Contexts::M];
        let context = contexts
            .into_iter()
            .find(|context| verb.contexts.contains(*context));
        let options = CheckOptions::new(context.expect("a context of scripts")).planned(PlannedVerbs::Known);
        let checked = engine.check(&Source::new(verb.name, verb.example), options.hints(true));
        assert!(
            checked.diagnostics.is_empty(),
            "{}: {:?}",
            verb.name,
            checked.diagnostics
        );
    }
}

#[test]
fn examples_of_planned_verbs_use_them() {
    for verb in PLANNED {
        let source = Source::new(verb.name, verb.example);
        let document = Document::parse(&source, &ReadingLimits::default());
        let document = document.unwrap_or_else(|fault| panic!("{}: {fault}", verb.name));
        let mut elements = vec![document.root()];
        let mut found = false;
        while let Some(element) = elements.pop() {
            found |= element.name() == verb.name;
            elements.extend(element.elements());
        }
        assert!(found, "the example of {} does not use it", verb.name);
    }
}

#[test]
fn every_verb_has_a_suite_file() {
    for verb in VERBS {
        let suite = repository::root().join(format!("tests/suite/verbs/{}.md", words(verb.name)));
        assert!(suite.is_file(), "{} is missing", repository::shown(&suite));
    }
}

/// `SendSms` as `send_sms`, `SendDTMF` as `send_dtmf`.
fn words(name: &str) -> String {
    let mut words = String::new();
    let mut after_small = false;
    for c in name.chars() {
        if c.is_uppercase() && after_small {
            words.push('_');
        }
        after_small = c.is_lowercase();
        words.push(c.to_ascii_lowercase());
    }
    words
}

#[test]
fn names_are_split_into_words() {
    let split = ["Speak", "SendSms", "SendDTMF", "SQL"].map(words);
    assert_eq!(split, ["speak", "send_sms", "send_dtmf", "sql"]);
}
