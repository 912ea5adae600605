//! What verbs and their parts have in common for the checker.

use crate::verb::{Children, ParamSpec, PartSpec, VerbSpec};

/// The description of an element, be it a verb or a part of one.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) name: &'static str,
    pub(super) params: &'static [ParamSpec],
    pub(super) children: Children,
}

impl Shape {
    pub(super) fn content(self) -> Option<&'static ParamSpec> {
        self.params.iter().find(|param| param.content)
    }
}

impl From<&'static VerbSpec> for Shape {
    fn from(verb: &'static VerbSpec) -> Self {
        Self {
            name: verb.name,
            params: verb.params,
            children: verb.children,
        }
    }
}

impl From<&'static PartSpec> for Shape {
    fn from(part: &'static PartSpec) -> Self {
        Self {
            name: part.name,
            params: part.params,
            children: part.children,
        }
    }
}
