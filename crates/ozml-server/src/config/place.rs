//! Where values stand in the file.

use std::collections::BTreeMap;

use ozml_parser::Span;

use super::read::Entry;

/// The places of one section: its own and those of its keys.
///
/// Two are always equal: configurations are compared by what they say, not by where they say it.
#[derive(Debug, Clone, Default)]
pub struct Places {
    whole: Span,
    keys: BTreeMap<String, Span>,
}

impl Places {
    /// The places in one table.
    pub(super) fn new(entry: Entry<'_>) -> Self {
        let keys = entry.get_ref().as_table().into_iter().flatten();
        Self {
            whole: entry.span().into(),
            keys: keys
                .map(|(key, value)| (key.get_ref().to_string(), value.span().into()))
                .collect(),
        }
    }

    /// Where the value of `key` stands; where the section begins when it has no such key.
    pub fn of(&self, key: &str) -> Span {
        self.keys.get(key).copied().unwrap_or(self.whole)
    }

    /// Whether the section has that key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }
}

impl PartialEq for Places {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Places {}
