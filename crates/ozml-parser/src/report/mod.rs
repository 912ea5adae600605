//! All messages of a run in one form: for people, for programs, for code scanners.

mod json;
mod room;
mod sarif;

pub use sarif::{Rule, Tool};

use crate::render::{Style, render_one};
use crate::{Diagnostic, Fix, Source};

use room::Room;

/// What a report looks like.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Format<'t> {
    /// For people: each message with an excerpt of its script, parted by empty lines.
    Text(Style),
    /// For programs: a JSON array with one object a message and line. Each has `file`, `code`, `status`,
    /// `severity`, `message`, `line`, `column`, `byte` and `end_line`, `end_column`, `end_byte`, `labels`, `help`
    /// (or null), `fix` (or null) with `range` and `text`, and `limit` (or null). Lines and columns count
    /// characters from 1 as [`Position`](crate::Position) does, bytes count from 0 and ends are excluded. Where
    /// messages were left out, a last object `{"more":{"errors":N,"warnings":N}}` counts them.
    Json,
    /// For code scanners: a log in the Static Analysis Results Interchange Format, version 2.1.0 (OASIS).
    Sarif(Tool<'t>),
}

/// Collects the messages about any number of scripts.
///
/// At most 100 messages and 64 KiB of them are kept (limits `diagnostics` and `diagnostic_bytes`), the rest is
/// counted: what a report needs does not grow with what is wrong. A fix of more than 4 KiB is left out. Control and bidirectional characters are
/// escaped in every form.
///
/// ```
/// use ozml_parser::{Diagnostic, Format, Report, Source, Span};
///
/// let source = Source::new("a.xml", "<Response/>");
/// let mut report = Report::new(Format::Json);
/// report.add(&source, &[Diagnostic::warning("empty", 300, Span::new(0, 11), "nothing to do")]);
/// assert_eq!((report.errors(), report.warnings()), (0, 1));
/// assert!(report.finish().starts_with("[\n{\"file\":\"a.xml\",\"code\":\"empty\",\"status\":300,"));
/// ```
pub struct Report<'t> {
    format: Format<'t>,
    entries: Vec<String>,
    /// The codes of the entries, in the order of their first entry.
    codes: Vec<&'static str>,
    room: Room,
    errors: usize,
    warnings: usize,
}

impl<'t> Report<'t> {
    /// A report without messages.
    pub fn new(format: Format<'t>) -> Self {
        Self {
            format,
            entries: Vec::new(),
            codes: Vec::new(),
            room: Room::default(),
            errors: 0,
            warnings: 0,
        }
    }

    /// Adds messages about `source`.
    pub fn add(&mut self, source: &Source, diagnostics: &[Diagnostic]) {
        for diagnostic in diagnostics {
            match diagnostic.is_error() {
                true => self.errors = self.errors.saturating_add(1),
                false => self.warnings = self.warnings.saturating_add(1),
            }
            if !self.room.is_full() {
                self.add_entry(source, diagnostic);
            }
            if self.room.is_full() {
                self.room.leave_out(diagnostic);
            }
        }
    }

    fn add_entry(&mut self, source: &Source, diagnostic: &Diagnostic) {
        let code = diagnostic.code.as_str();
        let known = self.codes.iter().position(|&known| known == code);
        let entry = match self.format {
            Format::Text(style) => render_one(diagnostic, source, style),
            Format::Json => json::entry(source, diagnostic),
            Format::Sarif(_) => sarif::result(source, diagnostic, known.unwrap_or(self.codes.len())),
        };
        if self.room.take(entry.len()) {
            self.entries.push(entry);
            if known.is_none() {
                self.codes.push(code);
            }
        }
    }

    /// How many errors were added, those that were left out too.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// How many warnings were added, those that were left out too.
    pub fn warnings(&self) -> usize {
        self.warnings
    }

    /// The report, its last line ended. As text it is empty if there are no messages.
    pub fn finish(self) -> String {
        match self.format {
            Format::Text(_) => self.entries.join("\n") + &more(&self.room),
            Format::Json => json::array(&self.entries, &self.room) + "\n",
            Format::Sarif(tool) => sarif::log(&tool, &self.codes, &self.entries, &self.room),
        }
    }
}

/// The change that mends a fault, unless it is so long that it would take the room of many messages.
fn fix(diagnostic: &Diagnostic) -> Option<&Fix> {
    const MOST_BYTES: usize = 4 * 1024;
    let fix = diagnostic.fix.as_deref();
    fix.filter(|fix| fix.text.len() <= MOST_BYTES)
}

/// A line about what was left out; empty if nothing was.
fn more(room: &Room) -> String {
    room.sentence()
        .map(|sentence| format!("\n{sentence}\n"))
        .unwrap_or_default()
}
