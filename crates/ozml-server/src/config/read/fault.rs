//! Why a value was not read, and how that is told.

use std::fmt;

use ozml_parser::{Diagnostic, Span};
use ozml_session::nearest;
use serde::de::{Expected, Unexpected};

use super::super::hide::is_secret;

/// One fault. Its places are added on the way out of the value.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    kind: Kind,
    /// The keys down to the value, inside its section.
    keys: Vec<String>,
    span: Option<Span>,
    /// Where the entry begins without which the rest can be read.
    culprit: Option<usize>,
}

#[derive(Debug, Clone)]
enum Kind {
    /// A key that is not known.
    Key { known: &'static [&'static str] },
    /// A key that is not there.
    Missing { key: &'static str },
    /// None of the words that may stand there.
    Word {
        written: String,
        known: &'static [&'static str],
    },
    /// A value of another form.
    Form { expected: String, found: &'static str },
    /// What the type of the value says.
    Text(String),
    /// Something is missing where something wrong was left out.
    FollowUp,
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            keys: Vec::new(),
            span: None,
            culprit: None,
        }
    }

    /// Lies at `span` unless it is known better.
    pub(super) fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }

    /// Came from the entry that begins at `start`, or from one in it.
    pub(super) fn because_of(mut self, start: usize) -> Self {
        self.culprit.get_or_insert(start);
        self
    }

    /// Came from the value of `key`.
    pub(super) fn under(mut self, key: &str) -> Self {
        self.keys.insert(0, key.to_owned());
        self
    }

    /// Was found when all entries had been read, but for those of the `wrong` keys, which were left out.
    pub(super) fn of_table(mut self, wrong: &[&str]) -> Self {
        let follows = match self.kind {
            // A slip of its name counts as well.
            Kind::Missing { key } => nearest(key, wrong.iter().copied()).is_some(),
            _ => !wrong.is_empty(),
        };
        if follows && self.culprit.is_none() {
            self.kind = Kind::FollowUp;
        }
        self
    }

    /// Was found when all items had been read. `incomplete`: but for some that were left out.
    pub(super) fn of_list(mut self, incomplete: bool) -> Self {
        if incomplete && self.culprit.is_none() {
            self.kind = Kind::FollowUp;
        }
        self
    }

    /// Where the entry begins that is to be left out.
    pub(super) fn culprit(&self) -> Option<usize> {
        self.culprit
    }

    /// What is told of it; nothing of a fault that only follows from another one.
    pub(super) fn diagnostic(&self, section: &str) -> Option<Diagnostic> {
        let span = self.span.unwrap_or_default();
        let key = match self.keys.as_slice() {
            [] => section.to_owned(),
            keys => keys.join("."),
        };
        let told = match &self.kind {
            Kind::FollowUp => return None,
            Kind::Key { known } => self.unknown_key(section, span, known),
            Kind::Missing { key } => {
                let message = format!("`{key}` is missing in {}", self.table(section));
                let label = format!("has no `{key}`");
                Diagnostic::error("missing-key", 302, span, message).label(span, label)
            }
            Kind::Word { written, known } => unknown_word(&key, span, written, known),
            Kind::Form { expected, found } => {
                wrong(&key, span, &format!("{expected} was expected, not {found}"))
            }
            Kind::Text(text) => wrong(&key, span, text),
        };
        Some(told)
    }

    fn unknown_key(&self, section: &str, span: Span, known: &[&'static str]) -> Diagnostic {
        let (written, table) = match self.keys.split_last() {
            Some((written, _)) => (written.as_str(), self.table(section)),
            None => ("", section.to_owned()),
        };
        let written = written.escape_debug();
        let message = format!("there is no key `{written}` in {table}");
        let told =
            Diagnostic::error("unknown-key", 302, span, message).label(span, format!("not a key of {table}"));
        suggest(told, &written.to_string(), span, known, |key| key.to_owned())
    }

    /// The table that the fault is about, for people.
    fn table(&self, section: &str) -> String {
        let inside = match (&self.kind, self.keys.split_last()) {
            (Kind::Key { .. }, Some((_, tables))) => tables,
            _ => self.keys.as_slice(),
        };
        match inside {
            [] => section.to_owned(),
            keys => format!("`{}` of {section}", keys.join(".")),
        }
    }
}

/// A value that is not taken.
pub(in super::super) fn wrong(key: &str, span: Span, text: &str) -> Diagnostic {
    Diagnostic::error("wrong-setting", 302, span, format!("`{key}`: {text}"))
}

/// Two settings of which one can hold: what `message` says of the second.
pub(in super::super) fn conflict(first: Span, second: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("conflicting-keys", 302, second, message)
        .label(first, "here first")
        .help("keep one of them")
}

fn unknown_word(key: &str, span: Span, written: &str, known: &[&'static str]) -> Diagnostic {
    let told = match is_secret(key) {
        true => "this word".to_owned(),
        false => format!("`{}`", written.escape_debug()),
    };
    let message = format!("`{key}`: one of {} was expected, not {told}", listed(known));
    let told = Diagnostic::error("wrong-setting", 302, span, message);
    // The message lists all words.
    match nearest(written, known.iter().copied()) {
        Some(_) => suggest(told, written, span, known, |word| format!("\"{word}\"")),
        None => told,
    }
}

/// Adds what was probably meant.
pub(in super::super) fn suggest<'n>(
    told: Diagnostic,
    written: &str,
    span: Span,
    known: &[&'n str],
    as_written: impl Fn(&'n str) -> String,
) -> Diagnostic {
    /// A longer list helps nobody.
    const MOST_LISTED: usize = 30;
    match nearest(written, known.iter().copied()) {
        Some(near) => told.help(format!("write `{near}`")).fix(span, as_written(near)),
        None if known.is_empty() => told.help("take it out"),
        None if known.len() <= MOST_LISTED => told.help(format!("known here: {}", listed(known))),
        None => told,
    }
}

/// Words for people, in code marks and with commas.
pub(in super::super) fn listed(words: &[&str]) -> String {
    let marked: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    marked.join(", ")
}

impl serde::de::Error for Fault {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self::new(Kind::Text(text.to_string()))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(Kind::Form {
            expected: plain(&expected.to_string()),
            found: form(found),
        })
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = plain(&expected.to_string());
        match found {
            Unexpected::Signed(number) => Self::custom(format!("{expected} was expected, not {number}")),
            Unexpected::Unsigned(number) => Self::custom(format!("{expected} was expected, not {number}")),
            other => Self::new(Kind::Form {
                expected,
                found: form(other),
            }),
        }
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::custom(format!("{} was expected", plain(&expected.to_string())))
    }

    fn unknown_variant(written: &str, known: &'static [&'static str]) -> Self {
        let written = written.to_owned();
        Self::new(Kind::Word { written, known })
    }

    fn unknown_field(written: &str, known: &'static [&'static str]) -> Self {
        Self::new(Kind::Key { known }).under(written)
    }

    fn missing_field(key: &'static str) -> Self {
        Self::new(Kind::Missing { key })
    }

    fn duplicate_field(key: &'static str) -> Self {
        Self::custom(format!("`{key}` is given twice"))
    }
}

/// What TOML calls what was found; never the value, which may be a secret.
fn form(found: Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "`true` or `false`",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "a whole number",
        Unexpected::Float(_) => "a number with a point",
        Unexpected::Str(_) | Unexpected::Char(_) => "a text",
        Unexpected::Seq => "a list",
        Unexpected::Map | Unexpected::StructVariant => "a table",
        Unexpected::Other("date") => "a date",
        _ => "this",
    }
}

/// What serde expects, in the words of the file.
fn plain(expected: &str) -> String {
    let known = match expected {
        "a string" | "a borrowed string" | "path string" => "a text in quotes",
        "a boolean" => "`true` or `false`",
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" => "a whole number from 0 to 4294967295",
        "a nonzero u32" => "a whole number from 1 to 4294967295",
        "u64" | "usize" => "a whole number, 0 or more,",
        "i64" | "i32" => "a whole number",
        "f64" | "f32" => "a number",
        "a sequence" => "a list",
        "a map" => "a table",
        "a tuple of size 2" => "a list of two numbers",
        other if other.starts_with("struct ") => "a table",
        other if other.starts_with("enum ") || other.starts_with("variant ") => "a word in quotes",
        other => other,
    };
    known.to_owned()
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.kind)
    }
}

impl std::error::Error for Fault {}
