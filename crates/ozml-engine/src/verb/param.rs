use std::marker::PhantomData;

use ozml_session::Invalid;

use crate::limits::Limits;
use crate::run::LimitReached;
use crate::verb::{Contexts, Doubt, ParamType};
use crate::white_space::WhiteSpace;

/// Whether something is documented by the vendor or is our reading. The manual marks what is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The vendor's documentation says so.
    Documented,
    /// We defined it where the documentation is silent.
    Ours,
}

/// What the value of a parameter means to the variables of the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Naming {
    /// It names none.
    Nothing,
    /// The verb sets the variable of this name, and those of the name with these endings.
    Sets {
        /// Whether the variable itself is an array, for ForEach only.
        array: bool,
        /// Such as `_count`.
        endings: &'static [&'static str],
    },
    /// The verb reads the array of this name.
    ReadsArray,
}

const MAX_ALIASES: usize = 4;

/// One parameter of a verb: the single source of its name, type and rules, and the key to read it with.
pub struct Param<T> {
    spec: ParamSpec,
    value: PhantomData<fn() -> T>,
}

/// What is known of a parameter without its type.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ParamSpec {
    /// Its name in the vendor's spelling.
    pub name: &'static str,
    /// What it means, in a few words.
    pub summary: &'static str,
    /// What kind of value it takes, in a few words.
    pub type_name: &'static str,
    /// All words it takes, where it takes no others; empty where it does.
    pub words: &'static [&'static str],
    /// The contexts in which it must be given.
    pub mandatory: Contexts,
    /// The value it has when it is not given, as it would be written.
    pub default: Option<&'static str>,
    /// Whether the text between the tags is this parameter.
    pub content: bool,
    /// Whether an empty value is a value; otherwise it counts as missing.
    pub may_be_empty: bool,
    /// Whether its value is shown as `•` wherever it is recorded.
    pub sensitive: bool,
    /// Whether only the HTTP API takes it.
    pub http_only: bool,
    /// Who defined it.
    pub origin: Origin,
    /// How its white space is read.
    pub white_space: WhiteSpace,
    /// Whether `$name` in it stands for the value of a variable.
    pub references: bool,
    /// What it means to the variables of the script.
    pub naming: Naming,
    /// Whether it is the address of a web application that answers with a script for the same call.
    pub leads_on: bool,
    /// What is odd about a literal value that is taken as it is.
    pub doubt: fn(&str) -> Option<Doubt>,
    /// Checks a literal value, and against the limits that a single value can exceed.
    pub check: fn(&str, &Limits) -> Result<Option<LimitReached>, Invalid>,
    aliases: [&'static str; MAX_ALIASES],
    alias_count: usize,
}

impl ParamSpec {
    /// Further names it is known by.
    pub fn aliases(&self) -> &[&'static str] {
        self.aliases.get(..self.alias_count).unwrap_or_default()
    }

    /// Whether `written` names this parameter, in any case.
    pub fn is_named(&self, written: &str) -> bool {
        self.name.eq_ignore_ascii_case(written)
            || self
                .aliases()
                .iter()
                .any(|alias| alias.eq_ignore_ascii_case(written))
    }
}

impl<T> Param<T> {
    /// Its name in the vendor's spelling.
    pub const fn name(&self) -> &'static str {
        self.spec.name
    }
}

impl<T: ParamType> Param<T> {
    /// An optional parameter without default.
    pub const fn new(name: &'static str, summary: &'static str) -> Self {
        Self {
            spec: ParamSpec {
                name,
                summary,
                type_name: T::NAME,
                words: T::WORDS,
                mandatory: Contexts::NONE,
                default: None,
                content: false,
                may_be_empty: false,
                sensitive: false,
                http_only: false,
                origin: Origin::Documented,
                white_space: T::WHITE_SPACE,
                references: T::REFERENCES,
                naming: Naming::Nothing,
                leads_on: false,
                doubt: T::doubt,
                check: |text, limits| T::parse(text).map(|value| value.over_limit(limits)),
                aliases: [""; MAX_ALIASES],
                alias_count: 0,
            },
            value: PhantomData,
        }
    }

    /// Must be given wherever the verb stands.
    #[must_use]
    pub const fn mandatory(mut self) -> Self {
        self.spec.mandatory = Contexts::SCRIPTS.and(Contexts::H);
        self
    }

    /// Must be given in these contexts.
    #[must_use]
    pub const fn mandatory_in(mut self, contexts: Contexts) -> Self {
        self.spec.mandatory = contexts;
        self
    }

    /// The value it has when it is not given. A test parses it.
    #[must_use]
    pub const fn default(mut self, written: &'static str) -> Self {
        self.spec.default = Some(written);
        self
    }

    /// The text between the tags is this parameter too. A verb has at most one.
    #[must_use]
    pub const fn content(mut self) -> Self {
        self.spec.content = true;
        self
    }

    /// An empty value is a value.
    #[must_use]
    pub const fn may_be_empty(mut self) -> Self {
        self.spec.may_be_empty = true;
        self
    }

    /// Its value is shown as `•` wherever it is recorded.
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.spec.sensitive = true;
        self
    }

    /// Only the HTTP API takes it; in a script it is an error.
    #[must_use]
    pub const fn http_only(mut self) -> Self {
        self.spec.http_only = true;
        self
    }

    /// The verb sets the variable of this name, and those of the name with these endings.
    #[must_use]
    pub const fn sets_variable(mut self, endings: &'static [&'static str]) -> Self {
        self.spec.naming = Naming::Sets {
            array: false,
            endings,
        };
        self
    }

    /// The verb sets the array of this name, and variables of the name with these endings.
    #[must_use]
    pub const fn sets_array(mut self, endings: &'static [&'static str]) -> Self {
        self.spec.naming = Naming::Sets { array: true, endings };
        self
    }

    /// The verb reads the array of this name.
    #[must_use]
    pub const fn reads_array(mut self) -> Self {
        self.spec.naming = Naming::ReadsArray;
        self
    }

    /// It is the address of a web application that answers with a script for the same call.
    #[must_use]
    pub const fn leads_on(mut self) -> Self {
        self.spec.leads_on = true;
        self
    }

    /// `$` in it is a character like any other, whatever its type says: for documents that are no scripts.
    #[must_use]
    pub const fn plain(mut self) -> Self {
        self.spec.references = false;
        self
    }

    /// We defined it, not the vendor.
    #[must_use]
    pub const fn ours(mut self) -> Self {
        self.spec.origin = Origin::Ours;
        self
    }

    /// One more name it is known by; at most four.
    ///
    /// # Panics
    /// With a fifth alias, when the constant is compiled.
    #[must_use]
    #[allow(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "evaluated at compile time"
    )]
    pub const fn alias(mut self, name: &'static str) -> Self {
        self.spec.aliases[self.spec.alias_count] = name;
        self.spec.alias_count += 1;
        self
    }

    /// The parameter without its type.
    pub const fn spec(&self) -> ParamSpec {
        self.spec
    }
}
