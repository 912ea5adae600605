use std::fmt;
use std::sync::{Arc, OnceLock};

use ozml_parser::{Diagnostic, Position, Source};

use crate::verb::{Verb, VerbSpec};

/// A checked script: immutable, shared by any number of runs.
pub struct Program {
    source: Source,
    sha256: OnceLock<String>,
    pub(crate) body: Block,
    pub(crate) warnings: Vec<Diagnostic>,
    /// Whether it asks for keys that nobody may see.
    pub(crate) hides_keys: bool,
}

impl Program {
    pub(crate) fn new(source: Source, body: Block, warnings: Vec<Diagnostic>) -> Self {
        Self {
            source,
            sha256: OnceLock::new(),
            body,
            warnings,
            hides_keys: false,
        }
    }

    /// The same, asking for keys that nobody may see.
    pub(crate) fn hiding_keys(mut self, hides: bool) -> Self {
        self.hides_keys = hides;
        self
    }

    /// The text it was made from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The SHA-256 of that text in lower-case hexadecimal.
    pub fn sha256(&self) -> &str {
        self.sha256.get_or_init(|| self.source.sha256())
    }

    /// What the checker warned of; the trace of every run repeats it.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Its verbs.
    pub fn body(&self) -> &Block {
        &self.body
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Program({}, {} verbs)", self.source.name(), self.body.len())
    }
}

/// Verbs that run one after the other. Cheap to clone.
#[derive(Clone, Default)]
pub struct Block(Option<Arc<[Step]>>);

impl Block {
    pub(crate) fn new(steps: Vec<Step>) -> Self {
        Self((!steps.is_empty()).then(|| steps.into()))
    }

    pub(crate) fn steps(&self) -> &[Step] {
        self.0.as_deref().unwrap_or_default()
    }

    /// How many verbs stand directly in it.
    pub fn len(&self) -> usize {
        self.steps().len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The name of the first verb.
    pub fn first(&self) -> Option<&'static str> {
        self.steps().first().map(|step| step.spec.name)
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.steps().iter().map(|step| step.spec.name))
            .finish()
    }
}

/// One verb at its place.
pub(crate) struct Step {
    pub(crate) spec: &'static VerbSpec,
    pub(crate) verb: Box<dyn Verb>,
    pub(crate) position: Position,
}
