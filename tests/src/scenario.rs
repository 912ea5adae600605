//! A script and a scenario for it, as a case of a suite has them.

use ozml_engine::Engine;
use ozml_parser::{Diagnostic, Source, Style, render};
use ozml_sim::scenario::{Scenario, Verdict, Where};

/// What came of a scenario.
#[derive(Debug)]
pub struct Judged {
    /// The messages about the scenario file, or those about its script.
    pub diagnostics: String,
    /// `passed` or `failed`, and what is not as expected.
    pub verdict: String,
}

/// Reads a scenario and plays it on a script.
///
/// # Panics
/// When the verbs have no distinct names.
pub fn judge(script: &str, scenario: &str) -> Judged {
    let engine = Engine::new(ozml_verbs::standard().expect("our verbs have distinct names"));
    let (script, source) = (
        Source::new("script.xml", script),
        Source::new("script.test.xml", scenario),
    );
    let faulty = |diagnostics: &[Diagnostic], source: &Source| Judged {
        diagnostics: render(diagnostics, source, Style::Plain),
        verdict: String::new(),
    };
    let scenario = match Scenario::read(&source) {
        Ok(scenario) => scenario,
        Err(faults) => return faulty(&faults.diagnostics, &source),
    };
    let checked = scenario.check(&engine, &script);
    match checked.program {
        Some(program) => Judged {
            diagnostics: render(scenario.warnings(), &source, Style::Plain),
            verdict: told(&scenario.run(&engine, &program), &source, &script),
        },
        None => faulty(&checked.diagnostics, &script),
    }
}

fn told(verdict: &Verdict, scenario: &Source, script: &Source) -> String {
    let mut text = String::from(if verdict.passed() { "passed\n" } else { "failed\n" });
    for finding in &verdict.findings {
        let source = match finding.place {
            Where::Scenario => scenario,
            Where::Script => script,
        };
        text.push('\n');
        text.push_str(&render(
            std::slice::from_ref(&finding.diagnostic),
            source,
            Style::Plain,
        ));
    }
    text
}
