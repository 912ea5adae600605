//! Reading a TOML document section by section, all faults at once.

mod document;
mod fault;
mod value;

use std::borrow::Cow;

use ozml_parser::{Diagnostic, Span};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(super) use self::document::{parse, tolerant};
use self::fault::Fault;
pub(super) use self::fault::{conflict, listed, suggest, wrong};
use self::value::{Key, LeftOut, Value};
use super::hide::hide_passwords;

/// Nobody reads more messages. What is wrong must not cost more memory than a file that is right.
const MOST_FAULTS: usize = 1_000;
/// Each costs another reading of its section.
const MOST_FAULTS_OF_A_SECTION: usize = 100;

/// A table of the document with the place it has there.
pub(super) type Entry<'t> = &'t Spanned<DeValue<'t>>;

/// Reads sections, remembers which were asked for, and collects what is wrong.
pub(super) struct Reader<'t> {
    root: &'t DeTable<'t>,
    sections: Vec<&'static str>,
    faults: Vec<Diagnostic>,
    any_error: bool,
}

impl<'t> Reader<'t> {
    pub(super) fn new(root: &'t DeTable<'t>) -> Self {
        Self {
            root,
            sections: Vec::new(),
            faults: Vec::new(),
            any_error: false,
        }
    }

    /// The section `[path]`; what has no section in the file is as it is by default. Nothing when it has faults.
    pub(super) fn section<T: DeserializeOwned + Default>(&mut self, path: &'static str) -> Option<T> {
        match self.entry(path) {
            None => Some(T::default()),
            Some(entry) => self.read(entry, &format!("[{path}]"), None),
        }
    }

    /// The sections `[[path]]`. Nothing when one has faults.
    pub(super) fn list<T: DeserializeOwned>(&mut self, path: &'static str) -> Option<Vec<T>> {
        let section = format!("[[{path}]]");
        let entries = self.entries(path)?;
        // Each is read, whatever the others are like.
        let read: Vec<_> = entries
            .iter()
            .map(|entry| self.read(entry, &section, None))
            .collect();
        read.into_iter().collect()
    }

    /// What stands in a section that was read before.
    pub(super) fn known(&self, section: &str) -> Option<Entry<'t>> {
        find(self.root, &[section])
    }

    /// What stands at a path, or else the last thing on the way to it; and whether it is the former.
    pub(super) fn nearest_to(&self, steps: &[Cow<'_, str>]) -> (Option<Entry<'t>>, bool) {
        let steps: Vec<&str> = steps.iter().map(AsRef::as_ref).collect();
        let mut ways = (1..=steps.len()).rev();
        let found = ways.find_map(|length| {
            let entry = find(self.root, steps.get(..length)?)?;
            Some((entry, length == steps.len()))
        });
        found.map_or((None, false), |(entry, whole)| (Some(entry), whole))
    }

    /// What stands at `path`, which is a known section from now on.
    pub(super) fn entry(&mut self, path: &'static str) -> Option<Entry<'t>> {
        self.sections.push(path);
        let steps: Vec<_> = path.split('.').collect();
        find(self.root, &steps)
    }

    /// The tables `[[path]]`, which is a known section from now on. Nothing when it is something else.
    pub(super) fn entries(&mut self, path: &'static str) -> Option<&'t [Spanned<DeValue<'t>>]> {
        match self.entry(path) {
            None => Some(&[]),
            Some(entry) => match entry.get_ref() {
                DeValue::Array(entries) => Some(entries),
                _ => {
                    let text = format!("write `[[{path}]]` with two brackets: there may be several");
                    self.report(wrong(path, entry.span().into(), &text));
                    None
                }
            },
        }
    }

    /// Reads one table for `section`. `read_before` is where a key begins that somebody else has read.
    pub(super) fn read<T: DeserializeOwned>(
        &mut self,
        entry: Entry<'_>,
        section: &str,
        read_before: Option<usize>,
    ) -> Option<T> {
        let mut left_out = LeftOut {
            read: read_before,
            ..LeftOut::default()
        };
        for _ in 0..MOST_FAULTS_OF_A_SECTION {
            let value = Value {
                value: entry,
                left_out: &left_out,
            };
            match T::deserialize(value) {
                Ok(read) => return left_out.wrong.is_empty().then_some(read),
                Err(fault) => {
                    if let Some(told) = fault.diagnostic(section) {
                        self.report(told);
                    }
                    if !left_out.leave_out(&fault) {
                        return None;
                    }
                }
            }
        }
        None
    }

    /// Keeps a message: the first ones, and at least one error if there is any. Messages may repeat values.
    pub(super) fn report(&mut self, mut fault: Diagnostic) {
        fault.message = hide_passwords(&fault.message);
        let first_error = fault.is_error() && !self.any_error;
        self.any_error |= fault.is_error();
        if first_error || self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        }
    }

    fn is_full(&self) -> bool {
        self.any_error && self.faults.len() >= MOST_FAULTS
    }

    /// Everything that is wrong, what nobody asked for too, in the order of the text.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.unknown_sections();
        self.faults
            .sort_by_key(|fault| fault.span().map(|span| (span.start, span.end)));
        self.faults
    }

    /// Sections have one or two steps; what is deeper belongs to somebody.
    fn unknown_sections(&mut self) {
        let known = first_steps(&self.sections);
        for (key, value) in self.root {
            let name: &str = key.get_ref();
            if self.sections.contains(&name) {
                continue;
            }
            if self.is_full() {
                return;
            }
            let parts = rest(&self.sections, name);
            match value.get_ref() {
                _ if parts.is_empty() => self.report(unknown_section("", key, &known)),
                DeValue::Table(table) => {
                    let unknown = table
                        .keys()
                        .filter(|key| !parts.contains(&key.get_ref().as_ref()));
                    unknown
                        .take(MOST_FAULTS)
                        .for_each(|key| self.report(unknown_section(name, key, &parts)));
                }
                _ => {
                    let text = format!("a table was expected; its parts are {}", listed(&parts));
                    self.report(wrong(name, value.span().into(), &text));
                }
            }
        }
    }
}

impl LeftOut {
    /// Leaves the entry out that a fault came from; false when there is none to leave out.
    fn leave_out(&mut self, fault: &Fault) -> bool {
        fault.culprit().is_some_and(|start| self.wrong.insert(start))
    }
}

/// `key` stands in the table `above`, or outside of all.
fn unknown_section(above: &str, key: &Key<'_>, known: &[&str]) -> Diagnostic {
    let span: Span = key.span().into();
    let dot = if above.is_empty() { "" } else { "." };
    let message = format!(
        "there is no section `[{above}{dot}{}]`",
        key.get_ref().escape_debug()
    );
    let fault = Diagnostic::error("unknown-key", 302, span, message).label(span, "not a section");
    suggest(fault, key.get_ref(), span, known, str::to_owned)
}

/// The first steps of paths, each once.
fn first_steps(paths: &[&'static str]) -> Vec<&'static str> {
    let mut steps: Vec<_> = paths.iter().filter_map(|path| path.split('.').next()).collect();
    steps.sort_unstable();
    steps.dedup();
    steps
}

/// What follows `first` in paths that begin with it.
fn rest(paths: &[&'static str], first: &str) -> Vec<&'static str> {
    let after = |path: &&'static str| path.strip_prefix(first)?.strip_prefix('.');
    paths.iter().filter_map(after).collect()
}

/// What stands at `steps`, if each is there. Entries of lists are counted from 0.
pub(super) fn find<'t>(table: &'t DeTable<'t>, steps: &[&str]) -> Option<Entry<'t>> {
    let (first, rest) = steps.split_first()?;
    let entry = table.get(*first)?;
    inside(entry, rest)
}

fn inside<'t>(entry: Entry<'t>, steps: &[&str]) -> Option<Entry<'t>> {
    let Some((first, rest)) = steps.split_first() else {
        return Some(entry);
    };
    let next = match entry.get_ref() {
        DeValue::Table(table) => table.get(*first)?,
        DeValue::Array(items) => items.get(first.parse::<usize>().ok()?)?,
        _ => return None,
    };
    inside(next, rest)
}

/// A key of a table with its place, and the value.
pub(super) fn key<'t>(entry: Entry<'t>, name: &str) -> Option<(usize, Entry<'t>)> {
    let table = entry.get_ref().as_table()?;
    let (key, value) = table.get_key_value(name)?;
    Some((key.span().start, value))
}
