//! The checker: a document becomes a program, or a list of everything that is wrong with it.
//!
//! One walk over the document matches every element with its description. Names of variables are settled
//! after it, since a name may be set anywhere.

mod block;
mod described;
mod element;
mod faults;
mod names;
mod options;
mod parts;
mod shape;
mod suggest;

use std::sync::Arc;

use ozml_parser::{Diagnostic, Document, Element, Severity, Source, Span};

pub use described::{Described, read_described};
pub(crate) use faults::over_limit;
pub use options::{CheckOptions, PlannedVerbs, Profile, Provenance};

use self::names::Names;
use self::suggest::Suggestions;
use crate::limits::Limits;
use crate::program::{Block, Program};
use crate::registry::Registry;
use crate::verb::Contexts;

/// Most faults that are kept; beyond it they are only counted.
const MOST_FAULTS: usize = 10_000;

/// What the checker found.
#[derive(Debug)]
#[non_exhaustive]
pub struct Checked {
    /// The program, when there is no error and every verb can run.
    pub program: Option<Arc<Program>>,
    /// All faults and warnings, in the order of the text; of a very faulty script the first 10,000.
    pub diagnostics: Vec<Diagnostic>,
    /// How many more there were.
    pub omitted: usize,
    readable: bool,
    errors: bool,
}

impl Checked {
    /// Whether it is an XML document within the reading limits; if not, nothing about its verbs is known.
    pub fn is_readable(&self) -> bool {
        self.readable
    }

    /// Whether the script has errors; warnings are none.
    pub fn has_errors(&self) -> bool {
        self.errors
    }
}

/// What a script is checked against.
#[derive(Clone, Copy)]
pub(crate) struct Known<'c> {
    pub(crate) registry: &'c Registry,
    pub(crate) limits: &'c Limits,
    /// Names of variables that the host sets before the first verb.
    pub(crate) host_names: &'c [Arc<str>],
}

/// Reads and checks a script.
pub(crate) fn check(source: &Source, known: Known<'_>, options: CheckOptions) -> Checked {
    let document = match Document::parse(source, &known.limits.reading) {
        Ok(document) => document,
        Err(fault) => {
            return Checked {
                program: None,
                diagnostics: vec![fault],
                omitted: 0,
                readable: false,
                errors: true,
            };
        }
    };
    let mut checker = Checker::new(source, known, options);
    let body = checker.root(document.root());
    checker.settle_names();
    checker.finish(body)
}

struct Checker<'c> {
    source: &'c Source,
    known: Known<'c>,
    options: CheckOptions,
    /// The contexts whose verbs may stand here.
    context: Contexts,
    /// How many verbs stand around.
    depth: usize,
    /// How many of them run what is inside again and again.
    loops: u64,
    /// Verbs that must not stand here, and the part that says so.
    bars: Vec<(&'static str, &'static str)>,
    /// Names that exist here only.
    inner_names: Vec<&'static str>,
    /// The places of verbs of which only the first counts.
    once: Vec<(&'static str, Span)>,
    names: Names,
    suggestions: Suggestions,
    found: Vec<Diagnostic>,
    omitted: usize,
    errors: bool,
    /// Whether every verb so far can run.
    runs: bool,
    /// Whether keys that come are not to be shown.
    hides_keys: bool,
}

impl<'c> Checker<'c> {
    fn new(source: &'c Source, known: Known<'c>, options: CheckOptions) -> Self {
        Self {
            source,
            known,
            options,
            context: options.context,
            depth: 0,
            loops: 0,
            bars: Vec::new(),
            inner_names: Vec::new(),
            once: Vec::new(),
            names: Names::default(),
            suggestions: Suggestions::default(),
            found: Vec::new(),
            omitted: 0,
            errors: false,
            runs: true,
            hides_keys: false,
        }
    }

    /// `Response` and `OzML` hold verbs; a verb as the root is a script of one verb.
    fn root(&mut self, root: Element<'_>) -> Block {
        if block::is_root(root) {
            for attribute in root.attributes() {
                let fault = faults::unknown_attribute(self.source, root, &attribute, &[], None);
                self.report_by_profile(fault);
            }
            self.verbs(root)
        } else if let Some(spec) = self.known.registry.get(root.name()) {
            Block::new(self.step(root, Some(spec), true).into_iter().collect())
        } else {
            self.report(faults::unknown_root(root));
            Block::default()
        }
    }

    fn report(&mut self, fault: Diagnostic) {
        self.errors |= fault.is_error();
        if self.found.len() < MOST_FAULTS {
            self.found.push(fault);
        } else {
            self.omitted = self.omitted.saturating_add(1);
        }
    }

    /// What is an error in the strict profile is a warning in the lenient one.
    fn report_by_profile(&mut self, mut fault: Diagnostic) {
        if self.options.profile == Profile::Lenient {
            fault.severity = Severity::Warning;
        }
        self.report(fault);
    }

    fn finish(self, body: Block) -> Checked {
        let mut diagnostics = self.found;
        diagnostics.sort_by_key(|fault| fault.span().map(|span| span.start));
        let clean = !self.errors && self.runs;
        Checked {
            program: clean.then(|| {
                let warnings = diagnostics.clone();
                let program = Program::new(self.source.clone(), body, warnings);
                Arc::new(program.hiding_keys(self.hides_keys))
            }),
            diagnostics,
            omitted: self.omitted,
            readable: true,
            errors: self.errors,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;

    #[test]
    fn what_cannot_be_read_and_what_is_wrong_are_told_apart() {
        let engine = Engine::new(Registry::default());
        for (script, readable, errors) in [
            ("<Response/>", true, false),
            ("<Response><Nothing/></Response>", true, true),
            ("<Response>", false, true),
        ] {
            let checked = engine.check(&Source::new("t.xml", script), CheckOptions::default());
            let found = (
                checked.is_readable(),
                checked.has_errors(),
                checked.program.is_some(),
            );
            assert_eq!(found, (readable, errors, !errors), "{script}");
        }
    }
}
