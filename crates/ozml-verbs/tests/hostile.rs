//! Scripts that are made to cost: bounded memory, bounded searches, a small stack.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "it needs a thread with a small stack, and fails by panicking"
)]

use ozml_engine::{CheckOptions, Checked, Engine, PlannedVerbs};
use ozml_parser::Source;

fn check(script: String) -> Checked {
    let engine = Engine::new(ozml_verbs::standard().unwrap());
    let options = CheckOptions::default().planned(PlannedVerbs::Known).hints(true);
    engine.check(&Source::new("hostile.xml", script), options)
}

fn response(inner: &str) -> String {
    format!("<Response>{inner}</Response>")
}

fn codes(checked: &Checked) -> Vec<&str> {
    checked
        .diagnostics
        .iter()
        .map(|fault| fault.code.as_str())
        .collect()
}

#[test]
fn wrong_verbs_are_all_found_and_the_first_hundred_looked_up() {
    let checked = check(response(&"<Speek/>".repeat(9_999)));
    assert_eq!(checked.diagnostics.len() + checked.omitted, 9_999);
    let suggested = checked.diagnostics.iter().filter(|fault| fault.fix.is_some());
    assert_eq!(suggested.count(), 100);
}

#[test]
fn of_very_many_faults_the_first_are_kept_and_the_rest_counted() {
    let attributes: String = (0..60).map(|number| format!(" a{number}=''")).collect();
    let checked = check(response(&format!("<Speak{attributes}/>").repeat(1_000)));
    assert_eq!((checked.diagnostics.len(), checked.omitted), (10_000, 50_000));
    assert!(checked.has_errors() && checked.program.is_none());
}

#[test]
fn an_error_behind_very_many_warnings_is_an_error() {
    let repeated = "<Speak Text='a' text='b'/>".repeat(9_997);
    let checked = check(response(&format!("{repeated}<Exit/><Speak/>")));
    assert!(!checked.has_errors(), "{:?}", checked.diagnostics.last());
    let doubled = "<Speak Text='a' text='b' TEXT='c'/>".repeat(9_997);
    let checked = check(response(&format!("{doubled}<Speek/>")));
    assert!(checked.omitted > 0 && checked.has_errors());
}

#[test]
fn very_many_names_are_looked_into_up_to_a_bound() {
    let names: String = (0..9_000).map(|number| format!("$n{number} ")).collect();
    let checked = check(response(&format!("<Speak>{names}</Speak>").repeat(10)));
    let undefined = codes(&checked)
        .iter()
        .filter(|code| **code == "undefined-name")
        .count();
    assert_eq!(undefined, 10_000);
}

#[test]
fn the_deepest_nesting_of_everything_fits_a_small_stack() {
    let menu = (
        "<UserInput><Inputs><Input Key='1'>",
        "</Input></Inputs></UserInput>",
    );
    let wrong = ("<ForEch Sorce='a'><Prompts>", "</Prompts></ForEch>");
    let response_in_response = ("<Response>", "</Response>");
    let scripts: Vec<_> = [(menu, 20), (wrong, 30), (response_in_response, 62)]
        .into_iter()
        .map(|((open, close), times)| {
            response(&format!("{}<Speek/>{}", open.repeat(times), close.repeat(times)))
        })
        .collect();
    let small = std::thread::Builder::new().stack_size(256 * 1024);
    let thread = small.spawn(move || scripts.into_iter().map(check).collect::<Vec<_>>());
    let checked = thread.unwrap().join().unwrap();
    for checked in checked {
        assert!(checked.is_readable() && checked.has_errors());
    }
}
