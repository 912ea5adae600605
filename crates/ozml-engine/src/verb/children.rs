use crate::verb::{Contexts, ParamSpec};

/// Where among the other verbs of a script a verb may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// Anywhere its contexts allow.
    Anywhere,
    /// As the first verb of a script only, never inside another one.
    First,
    /// Not inside another verb.
    TopLevel,
}

/// What may stand between the tags of a verb besides its content parameter.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Children {
    /// No elements.
    None,
    /// Verbs, which the verb runs.
    Verbs,
    /// Parts, elements that are no verbs.
    Parts(&'static [PartSpec]),
    /// Elements of any kind that are not looked into: what stands between the tags is the content parameter,
    /// as it is written.
    Markup,
    /// Parts that are named after states, all beginning with `On`. One that is not known is never run: a
    /// warning.
    States(&'static [PartSpec]),
}

impl Children {
    /// The parts that are known.
    pub fn parts(self) -> &'static [PartSpec] {
        match self {
            Self::Parts(parts) | Self::States(parts) => parts,
            Self::None | Self::Verbs | Self::Markup => &[],
        }
    }
}

/// An element inside a verb that is no verb itself, such as `Input` in `UserInput`.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct PartSpec {
    /// Its name in the vendor's spelling.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub summary: &'static str,
    /// Its parameters.
    pub params: &'static [ParamSpec],
    /// What may stand inside it.
    pub children: Children,
    /// Whether there may be several of them; otherwise the first counts.
    pub several: bool,
    /// The contexts whose verbs may stand inside it besides those of the contexts around it.
    pub adds: Contexts,
    /// Verbs that must not stand inside it, however deep.
    pub bars: &'static [&'static str],
    /// Names that exist inside it only.
    pub inner_names: &'static [&'static str],
}

impl PartSpec {
    /// A part that may stand once and holds nothing.
    pub const fn new(name: &'static str, summary: &'static str) -> Self {
        Self {
            name,
            summary,
            params: &[],
            children: Children::None,
            several: false,
            adds: Contexts::NONE,
            bars: &[],
            inner_names: &[],
        }
    }

    /// A part that may stand once and holds verbs.
    pub const fn of_verbs(name: &'static str, summary: &'static str) -> Self {
        let mut part = Self::new(name, summary);
        part.children = Children::Verbs;
        part
    }

    /// Its parameters.
    #[must_use]
    pub const fn params(mut self, params: &'static [ParamSpec]) -> Self {
        self.params = params;
        self
    }

    /// What may stand inside it.
    #[must_use]
    pub const fn children(mut self, children: Children) -> Self {
        self.children = children;
        self
    }

    /// There may be several of them.
    #[must_use]
    pub const fn several(mut self) -> Self {
        self.several = true;
        self
    }

    /// Verbs of these contexts may stand inside it, too.
    #[must_use]
    pub const fn adds(mut self, contexts: Contexts) -> Self {
        self.adds = contexts;
        self
    }

    /// Verbs that must not stand inside it, however deep.
    #[must_use]
    pub const fn bars(mut self, verbs: &'static [&'static str]) -> Self {
        self.bars = verbs;
        self
    }

    /// Names that exist inside it only.
    #[must_use]
    pub const fn inner_names(mut self, names: &'static [&'static str]) -> Self {
        self.inner_names = names;
        self
    }

    /// Whether `written` names this part, in any case.
    pub fn is_named(&self, written: &str) -> bool {
        self.name.eq_ignore_ascii_case(written)
    }
}
