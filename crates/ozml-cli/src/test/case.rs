//! One scenario, from its file to what came of it.

use std::sync::Arc;

use ozml::engine::TraceEvent;
use ozml::parser::{Diagnostic, Style, render};
use ozml::sim::scenario::{Finding, Scenario, Verdict, Where};
use ozml::{Engine, Program, Source};

use super::args::TestArgs;
use crate::exit::Exit;
use crate::output::shown;
use crate::scenarios::{Faulty, Opened, open};
use crate::scripts::Place;

/// What came of one scenario.
pub(super) struct Outcome {
    /// The path of the scenario.
    pub(super) name: String,
    pub(super) exit: Exit,
    /// What there is to say, for people; empty where all is well.
    pub(super) report: String,
    /// The first failure: its code and its message.
    pub(super) failure: Option<(String, String)>,
    /// How long the simulated call took, in milliseconds.
    pub(super) ms: u64,
    /// How many hang-ups were tried.
    pub(super) hang_ups: usize,
    /// The script and the trace, for the report of what was reached.
    pub(super) run: Option<(Source, Vec<TraceEvent<'static>>)>,
}

impl Outcome {
    fn new(name: String, exit: Exit) -> Self {
        Self {
            name,
            exit,
            report: String::new(),
            failure: None,
            ms: 0,
            hang_ups: 0,
            run: None,
        }
    }

    /// A scenario that could not be tried.
    pub(super) fn broken(name: String, exit: Exit, fault: &str) -> Self {
        Self {
            report: format!("error: {}\n", shown(fault)),
            failure: Some(("error".to_owned(), fault.to_owned())),
            ..Self::new(name, exit)
        }
    }

    fn faulty(name: String, faulty: &Faulty, style: Style) -> Self {
        Self {
            report: render(&faulty.diagnostics, &faulty.source, style),
            failure: faulty.diagnostics.iter().find(|fault| fault.is_error()).map(told),
            ..Self::new(name, faulty.exit)
        }
    }
}

/// Tries one scenario as the arguments say.
pub(super) fn try_case(place: &Place, engine: &Engine, args: &TestArgs, style: Style) -> Outcome {
    let name = place.name();
    match open(place, engine) {
        Err(fault) => Outcome::broken(name, Exit::Usage, &fault),
        Ok(Err(faulty)) => Outcome::faulty(name, &faulty, style),
        Ok(Ok(opened)) => match program(&opened, engine) {
            Err(fault) => Outcome::broken(name, Exit::Usage, &fault),
            Ok(Err(faulty)) => Outcome::faulty(name, &faulty, style),
            Ok(Ok(program)) => Case {
                scenario: &opened.scenario,
                engine,
                program: &program,
                style,
            }
            .outcome(name, args),
        },
    }
}

/// The script, checked as the scenario wants it.
fn program(opened: &Opened, engine: &Engine) -> Result<Result<Arc<Program>, Box<Faulty>>, String> {
    let source = match opened.script.read(engine.limits().reading.script_bytes)? {
        Ok(source) => source,
        Err(fault) => {
            let exit = Exit::Unreadable;
            return Ok(Err(Faulty::new(fault.source, vec![fault.diagnostic], exit)));
        }
    };
    let checked = opened.scenario.check(engine, &source);
    let exit = Exit::of_check(&checked);
    Ok(checked
        .program
        .ok_or_else(|| Faulty::new(source, checked.diagnostics, exit)))
}

struct Case<'c> {
    scenario: &'c Scenario,
    engine: &'c Engine,
    program: &'c Arc<Program>,
    style: Style,
}

impl Case<'_> {
    fn outcome(&self, name: String, args: &TestArgs) -> Outcome {
        let (scenario, engine, program) = (self.scenario, self.engine, self.program);
        if args.hang_up_everywhere {
            let hang_ups = scenario.hang_up_everywhere(engine, program);
            let outcome = match hang_ups.broken {
                Some((_, verdict)) => self.judged(name, verdict),
                None => Outcome::new(name, Exit::Done),
            };
            return Outcome {
                hang_ups: hang_ups.tried,
                ..outcome
            };
        }
        match args.hang_up_at {
            Some(at) => Outcome {
                hang_ups: 1,
                ..self.judged(name, scenario.hang_up_at(engine, program, at))
            },
            None => self.judged(name, scenario.run(engine, program)),
        }
    }

    fn judged(&self, name: String, verdict: Verdict) -> Outcome {
        let passed = verdict.passed();
        let mut report = render(self.scenario.warnings(), self.scenario.source(), self.style);
        for finding in &verdict.findings {
            let diagnostic = std::slice::from_ref(&finding.diagnostic);
            let text = render(diagnostic, self.text_of(finding), self.style);
            let gap = if report.is_empty() { "" } else { "\n" };
            report.push_str(&format!("{gap}{text}"));
        }
        if !passed {
            let call = verdict.transcript().to_string();
            let call: String = call.lines().map(|line| shown(line) + "\n").collect();
            report.push_str(&format!("\nthe call:\n{call}"));
        }
        let mut errors = verdict.findings.iter().map(|finding| &finding.diagnostic);
        Outcome {
            report,
            failure: errors.find(|fault| fault.is_error()).map(told),
            ms: verdict.events.last().map_or(0, |event| event.at_ms),
            run: Some((self.program.source().clone(), verdict.events)),
            ..Outcome::new(name, if passed { Exit::Done } else { Exit::Failed })
        }
    }

    fn text_of(&self, finding: &Finding) -> &Source {
        match finding.place {
            Where::Scenario => self.scenario.source(),
            Where::Script => self.program.source(),
        }
    }
}

fn told(fault: &Diagnostic) -> (String, String) {
    (fault.code.to_string(), fault.message.clone())
}
