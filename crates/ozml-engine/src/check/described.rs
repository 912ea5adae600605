//! Documents that are no scripts and are described like verbs: scenario files.

use ozml_parser::{Diagnostic, Document, Source};

use super::options::CheckOptions;
use super::{Checker, Known, faults};
use crate::limits::Limits;
use crate::registry::Registry;
use crate::verb::{Fields, PartSpec, Rules};

/// What was read of a document that is described by parts.
#[derive(Debug)]
#[non_exhaustive]
pub struct Described<T> {
    /// What it says; none when it has errors.
    pub value: Option<T>,
    /// All faults and warnings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether it is an XML document within the reading limits.
    pub readable: bool,
}

/// Reads a document whose root is the element that `root` describes, strictly. `read` makes a value of a
/// document whose elements are as described; what it reports about several of them together is a fault like
/// any other.
///
/// Parameters of types that take variables need [`Param::plain`](crate::Param::plain): there are none here.
pub fn read_described<T>(
    source: &Source,
    limits: &Limits,
    root: &'static PartSpec,
    read: impl FnOnce(&Fields<'_>, &mut Rules<'_>) -> Option<T>,
) -> Described<T> {
    let document = match Document::parse(source, &limits.reading) {
        Ok(document) => document,
        Err(fault) => {
            return Described {
                value: None,
                diagnostics: vec![fault],
                readable: false,
            };
        }
    };
    let registry = Registry::default();
    let known = Known {
        registry: &registry,
        limits,
        host_names: &[],
    };
    let mut checker = Checker::new(source, known, CheckOptions::default());
    let value = checker.described(&document, root, read);
    checker
        .found
        .sort_by_key(|fault| fault.span().map(|span| span.start));
    Described {
        value: value.filter(|_| !checker.errors),
        diagnostics: checker.found,
        readable: true,
    }
}

impl Checker<'_> {
    fn described<T>(
        &mut self,
        document: &Document,
        root: &'static PartSpec,
        read: impl FnOnce(&Fields<'_>, &mut Rules<'_>) -> Option<T>,
    ) -> Option<T> {
        let element = document.root();
        if !root.is_named(element.name()) {
            self.report(faults::other_root(element, root.name));
            return None;
        }
        let fields = self.part(element, root);
        if self.errors {
            return None;
        }
        let mut found = Vec::new();
        let mut hides_keys = false;
        let mut rules = Rules {
            hides_keys: &mut hides_keys,
            limits: self.known.limits,
            options: self.options,
            context: self.context,
            found: &mut found,
        };
        let value = read(&fields, &mut rules);
        found.into_iter().for_each(|fault| self.report(fault));
        value
    }
}
