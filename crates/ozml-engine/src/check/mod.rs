//! The checker: a document becomes a program, or a list of everything that is wrong with it.

mod element;
mod faults;
mod suggest;

use std::sync::Arc;

use ozml_parser::{Diagnostic, Document, Element, Node, Source};

use crate::limits::Limits;
use crate::program::{Block, Program, Step};
use crate::registry::Registry;
use crate::verb::Contexts;

/// How strictly a script is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// For files given by hand: an unknown attribute or stray text is an error.
    #[default]
    Strict,
    /// For what a web application returns: the same is a warning.
    Lenient,
}

/// How and for what a script is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckOptions {
    /// How strictly.
    pub profile: Profile,
    /// Where it will run; one of the contexts E, T, R, M.
    pub context: Contexts,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            profile: Profile::Strict,
            context: Contexts::E,
        }
    }
}

impl CheckOptions {
    /// For a context, strictly.
    pub fn new(context: Contexts) -> Self {
        Self {
            context,
            ..Self::default()
        }
    }

    /// The same with another profile.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }
}

/// What the checker found.
#[derive(Debug)]
#[non_exhaustive]
pub struct Checked {
    /// The program, when there is no error.
    pub program: Option<Arc<Program>>,
    /// All faults and warnings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    readable: bool,
}

impl Checked {
    /// Whether it is an XML document within the reading limits; if not, nothing about its verbs is known.
    pub fn is_readable(&self) -> bool {
        self.readable
    }

    /// Whether the script cannot run.
    pub fn has_errors(&self) -> bool {
        self.program.is_none()
    }
}

/// Reads and checks a script.
pub(crate) fn check(source: &Source, registry: &Registry, limits: &Limits, options: CheckOptions) -> Checked {
    let document = match Document::parse(source, &limits.reading) {
        Ok(document) => document,
        Err(fault) => {
            return Checked {
                program: None,
                diagnostics: vec![fault],
                readable: false,
            };
        }
    };
    let mut checker = Checker {
        source,
        registry,
        limits,
        options,
        found: Vec::new(),
    };
    let body = checker.root(document.root());
    let mut diagnostics = checker.found;
    diagnostics.sort_by_key(|fault| fault.span().map(|span| span.start));
    let clean = !diagnostics.iter().any(Diagnostic::is_error);
    let program = clean.then(|| Arc::new(Program::new(source.clone(), body, diagnostics.clone())));
    Checked {
        program,
        diagnostics,
        readable: true,
    }
}

struct Checker<'c> {
    source: &'c Source,
    registry: &'c Registry,
    limits: &'c Limits,
    options: CheckOptions,
    found: Vec<Diagnostic>,
}

impl Checker<'_> {
    /// `Response` and `OzML` hold verbs; a verb as the root is a script of one verb.
    fn root(&mut self, root: Element<'_>) -> Block {
        let name = root.name();
        if name.eq_ignore_ascii_case("Response") || name.eq_ignore_ascii_case("OzML") {
            for attribute in root.attributes() {
                self.unknown_attribute(root, &attribute, &[]);
            }
            self.verbs(root)
        } else if self.registry.get(name).is_some() {
            Block::new(self.step(root).into_iter().collect())
        } else {
            self.found.push(faults::unknown_root(root));
            Block::default()
        }
    }

    /// The verbs inside a container. The depth of the recursion is bounded by the limit `depth`.
    fn verbs(&mut self, container: Element<'_>) -> Block {
        let mut steps = Vec::new();
        for node in container.children() {
            match node {
                Node::Element(element) => steps.extend(self.step(element)),
                Node::Text(text) => self.stray_text(container, &text),
                _ => {}
            }
        }
        Block::new(steps)
    }

    fn step(&mut self, element: Element<'_>) -> Option<Step> {
        let Some(spec) = self.registry.get(element.name()) else {
            self.found.push(faults::unknown_verb(element, self.registry));
            return None;
        };
        let Some(compile) = spec.compile else {
            self.found.push(faults::not_available(element, spec));
            return None;
        };
        if !spec.contexts.contains(self.options.context) {
            self.found
                .push(faults::not_here(element, spec, self.options.context));
        }
        let fields = self.fields(element, spec);
        let verb = compile(&fields)?;
        let position = self.position(element);
        Some(Step { spec, verb, position })
    }
}
