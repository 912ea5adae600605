//! Scenario files: what a caller does, what the world answers, and what must come of it.
//!
//! A scenario is XML, read by the parser of scripts and described by the same [`Param`](ozml_engine::Param)s,
//! so its faults look like those of a script. [`Scenario::run`] plays it on virtual time with the very engine
//! that live calls use; the expectations read the trace and nothing else.
//!
//! ```
//! use ozml_engine::Engine;
//! use ozml_parser::Source;
//! use ozml_sim::scenario::Scenario;
//!
//! let scenario = Scenario::read(&Source::new(
//!     "hello.test.xml",
//!     r#"<Test Version="1"><Expect><Spoken Contains="Hello"/><Ended By="script"/></Expect></Test>"#,
//! ))?;
//! let engine = Engine::new(ozml_verbs::standard().expect("distinct names"));
//! let script = Source::new("hello.xml", "<Response><Speak>Hello!</Speak></Response>");
//! let program = scenario.check(&engine, &script).program.expect("no faults");
//! let verdict = scenario.run(&engine, &program);
//! assert!(verdict.passed());
//! # Ok::<(), ozml_sim::scenario::Faults>(())
//! ```

mod compare;
mod coverage;
mod elements;
mod expect;
mod explain;
mod follow;
mod hang_up;
mod near;
mod places;
mod read;
mod run;
mod transcript;
mod types;
mod verdict;
mod world;

use std::fmt;
use std::sync::Arc;

use ozml_engine::{CheckOptions, Checked, Engine};
use ozml_parser::{Diagnostic, Source, Span};
use ozml_session::{PhoneNumber, WallTime};

pub use self::coverage::{Coverage, Point};
pub use self::elements::TEST;
pub use self::explain::EXPLANATIONS;
pub use self::hang_up::HangUps;
pub use self::transcript::{Transcript, transcript};
pub use self::verdict::{Finding, Verdict, Where};

use self::expect::{Expectations, SoundFile};
use self::world::{Answer, Body, SmsOutcome};
use crate::inputs::{Input, When};

/// A call to be simulated, and what must come of it.
#[derive(Debug, Clone)]
pub struct Scenario {
    source: Source,
    root: Span,
    script: Option<(Arc<str>, Span)>,
    caller: Option<PhoneNumber>,
    called: PhoneNumber,
    start: Option<WallTime>,
    steps: Vec<Step>,
    sms: Vec<SmsOutcome>,
    answers: Vec<Answer>,
    files: Vec<SoundFile>,
    characters_per_second: Option<u16>,
    variables: Vec<(Arc<str>, Arc<str>)>,
    limits: Vec<(Arc<str>, Arc<str>)>,
    expect: Expectations,
    warnings: Vec<Diagnostic>,
}

/// Something the caller does.
#[derive(Debug, Clone)]
struct Step {
    when: When,
    inputs: Vec<Input>,
    span: Span,
}

/// What is wrong with a scenario file.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Faults {
    /// All faults and warnings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether it is an XML document within the reading limits.
    pub readable: bool,
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors: Vec<_> = self.diagnostics.iter().filter(|fault| fault.is_error()).collect();
        match errors.first() {
            Some(first) => write!(f, "the scenario has {} faults, first: {first}", errors.len()),
            None => f.write_str("the scenario has faults"),
        }
    }
}

impl std::error::Error for Faults {}

impl Scenario {
    /// A caller who only listens, and no expectations.
    pub fn silent(source: Source) -> Self {
        Self {
            source,
            root: Span::default(),
            script: None,
            caller: None,
            called: read::default_called(),
            start: None,
            steps: Vec::new(),
            sms: Vec::new(),
            answers: Vec::new(),
            files: Vec::new(),
            characters_per_second: None,
            variables: Vec::new(),
            limits: Vec::new(),
            expect: Expectations::default(),
            warnings: Vec::new(),
        }
    }

    /// Reads a scenario file; all faults at once.
    pub fn read(source: &Source) -> Result<Self, Faults> {
        let described = read::read(source);
        described.value.ok_or(Faults {
            diagnostics: described.diagnostics,
            readable: described.readable,
        })
    }

    /// The same with a caller who presses these keys each time the script waits for some.
    #[must_use]
    pub fn pressing(mut self, keys: &ozml_session::Digits, times: usize) -> Self {
        for _ in 0..times {
            self.steps.push(Step {
                when: When::Listening,
                inputs: keys.keys().iter().copied().map(Input::Press).collect(),
                span: Span::default(),
            });
        }
        self
    }

    /// The text it was read from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// What is odd about it and no fault.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The script as the file names it, seen from its folder; none: that of its own name.
    pub fn script(&self) -> Option<&str> {
        self.script.as_ref().map(|(script, _)| &**script)
    }

    /// The same file with `fault` at the place that names the script.
    pub fn script_fault(&self, fault: &str) -> Diagnostic {
        let span = self.script.as_ref().map_or(self.root, |(_, span)| *span);
        missing_file(span, fault)
    }

    /// Fills in the answers that stand in files of their own, which `read` fetches by the name the scenario
    /// gives them; all faults at once.
    pub fn load(&mut self, read: impl Fn(&str) -> Result<Vec<u8>, String>) -> Result<(), Vec<Diagnostic>> {
        let mut faults = Vec::new();
        for answer in &mut self.answers {
            if let Body::File(name, span) = &answer.body {
                match read(name) {
                    Ok(bytes) => answer.body = Body::Text(bytes.into()),
                    Err(fault) => faults.push(missing_file(*span, &fault)),
                }
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Checks a script for this scenario: with its limits, and with the variables it sets.
    pub fn check(&self, engine: &Engine, script: &Source) -> Checked {
        self.engine(engine).check(script, CheckOptions::default())
    }

    /// The engine with the limits of this scenario and the variables it sets.
    pub(crate) fn engine(&self, engine: &Engine) -> Engine {
        let mut limits = engine.limits().clone();
        for (name, value) in &self.limits {
            // Names and values were tried when the scenario was read.
            let _ = limits.set(name, value);
        }
        let names = self.variables.iter().map(|(name, _)| name.clone());
        engine.clone().with_limits(limits).with_host_names(names)
    }
}

fn missing_file(span: Span, fault: &str) -> Diagnostic {
    Diagnostic::error("file-not-found", 302, span, fault)
        .label(span, "named here")
        .help("correct the path; it is seen from the folder of the scenario")
}
