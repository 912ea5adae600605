use std::borrow::Cow;
use std::sync::Arc;

use ozml_session::CallInfo;

use crate::limits::Limits;
use crate::run::LimitReached;

/// The value of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Variable {
    /// A text.
    Text(Arc<str>),
    /// A text that traces and logs do not show: the keys of a UserInput with `Sensitive`, and what is made
    /// of them.
    Secret(Arc<str>),
    /// A record with named fields, such as `$item` of an array of records.
    Record(Record),
    /// A list of texts or records, for ForEach only.
    Array(Arc<[Variable]>),
}

impl Variable {
    /// A text.
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// A record.
    pub fn record(record: Record) -> Self {
        Self::Record(record)
    }

    /// What it weighs, its own bookkeeping included.
    fn bytes(&self) -> usize {
        match self {
            Self::Text(text) | Self::Secret(text) => text.len(),
            Self::Record(record) => {
                let field = |(name, value): &(Arc<str>, Arc<str>)| name.len().saturating_add(value.len());
                record
                    .0
                    .iter()
                    .map(|pair| field(pair).saturating_add(ENTRY))
                    .sum()
            }
            Self::Array(items) => items.iter().map(|item| item.bytes().saturating_add(ENTRY)).sum(),
        }
    }
}

/// What an entry of a list, a record or the scope weighs beside its texts.
const ENTRY: usize = 32;

/// Named fields in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record(Arc<[(Arc<str>, Arc<str>)]>);

impl Record {
    /// A record of fields.
    pub fn new<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(
            fields
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }

    /// The field of this name; an exact match wins over one in another case.
    pub fn field(&self, name: &str) -> Option<&str> {
        let exact = self.0.iter().find(|(known, _)| &**known == name);
        let found = exact.or_else(|| self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)));
        found.map(|(_, value)| &**value)
    }
}

/// The variables of a run: one flat scope, sorted by name.
#[derive(Debug, Clone, Default)]
pub struct Variables {
    sorted: Vec<(Arc<str>, Variable)>,
    bytes: usize,
}

impl Variables {
    /// Sets a variable; a later one overwrites. The limits `variables`, `variable_bytes`,
    /// `all_variable_bytes` and `array_items` hold.
    pub fn set(&mut self, name: &str, value: Variable, limits: &Limits) -> Result<(), LimitReached> {
        let size = value.bytes();
        let over = |count: usize, limit: u64| u64::try_from(count).unwrap_or(u64::MAX) > limit;
        let place = self.sorted.binary_search_by(|(known, _)| (**known).cmp(name));
        let weight = |bytes: usize| bytes.saturating_add(name.len()).saturating_add(ENTRY);
        let old = place
            .ok()
            .and_then(|at| self.sorted.get(at))
            .map_or(0, |(_, old)| weight(old.bytes()));
        let all = self.bytes.saturating_sub(old).saturating_add(weight(size));
        if over(size, limits.variable_bytes) && !matches!(value, Variable::Array(_)) {
            return Err(LimitReached::new("variable_bytes", limits.variable_bytes));
        }
        if let Variable::Array(items) = &value
            && over(items.len(), limits.array_items)
        {
            return Err(LimitReached::new("array_items", limits.array_items));
        }
        if place.is_err() && over(self.sorted.len().saturating_add(1), limits.variables) {
            return Err(LimitReached::new("variables", limits.variables));
        }
        if over(all, limits.all_variable_bytes) {
            return Err(LimitReached::new("all_variable_bytes", limits.all_variable_bytes));
        }
        match place {
            Ok(at) => {
                if let Some((_, old)) = self.sorted.get_mut(at) {
                    *old = value;
                }
            }
            Err(at) => self.sorted.insert(at, (name.into(), value)),
        }
        self.bytes = all;
        Ok(())
    }

    /// Names and values of the variables that are texts, sorted by name; of secrets what may be shown.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        self.sorted.iter().filter_map(|(name, value)| match value {
            Variable::Text(text) => Some((&**name, Cow::Borrowed(&**text))),
            Variable::Secret(text) => Some((&**name, Cow::Owned(dots(text)))),
            _ => None,
        })
    }

    /// Takes a variable away; what it was.
    pub(crate) fn remove(&mut self, name: &str) -> Option<Variable> {
        let at = self
            .sorted
            .binary_search_by(|(known, _)| (**known).cmp(name))
            .ok()?;
        let (name, value) = self.sorted.remove(at);
        let weight = value.bytes().saturating_add(name.len()).saturating_add(ENTRY);
        self.bytes = self.bytes.saturating_sub(weight);
        Some(value)
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.sorted.iter().map(|(name, _)| name)
    }

    /// The variable of this name; an exact match wins over one in another case.
    pub fn get(&self, name: &str) -> Option<&Variable> {
        match self.sorted.binary_search_by(|(known, _)| (**known).cmp(name)) {
            Ok(at) => self.sorted.get(at).map(|(_, value)| value),
            Err(_) => self
                .sorted
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value),
        }
    }
}

/// What stands for a secret wherever it would be shown.
pub(crate) fn dots(secret: &str) -> String {
    "•".repeat(secret.chars().count())
}

/// What references are resolved in: the variables of the run, then the names its call provides.
pub(crate) struct Scope<'s> {
    variables: &'s Variables,
    call: Option<&'s CallInfo>,
}

/// What became of a reference.
pub(crate) enum Resolved<'s, 'r> {
    /// A value, and what of the reference was plain text after all.
    Text { value: Cow<'s, str>, rest: &'r str },
    /// The same of a value that is not shown.
    Secret { value: &'s Arc<str>, rest: &'r str },
    /// No such name.
    Undefined,
}

impl<'s> Scope<'s> {
    pub(crate) fn new(variables: &'s Variables, call: Option<&'s CallInfo>) -> Self {
        Self { variables, call }
    }

    /// Resolves `name{.member}`.
    pub(crate) fn resolve<'r>(&self, path: &'r str) -> Resolved<'s, 'r> {
        let (name, members) = path.split_at(path.find('.').unwrap_or(path.len()));
        match self.variables.get(name) {
            Some(Variable::Text(text)) => Resolved::Text {
                value: Cow::Borrowed(text),
                rest: members,
            },
            Some(Variable::Secret(value)) => Resolved::Secret { value, rest: members },
            Some(Variable::Record(record)) => field(record, members),
            Some(Variable::Array(_)) => Resolved::Undefined,
            None => match self.of_call(name) {
                Some(value) => Resolved::Text {
                    value: Cow::Borrowed(value),
                    rest: members,
                },
                None => Resolved::Undefined,
            },
        }
    }

    fn of_call(&self, name: &str) -> Option<&'s str> {
        of_call(self.call?, name)
    }
}

/// Whether the call provides `name`.
pub(crate) fn is_of_call(call: Option<&CallInfo>, name: &str) -> bool {
    call.is_some_and(|call| of_call(call, name).is_some())
}

/// The fields of the IncomingCall notification (OzML reference: notifications).
fn of_call<'s>(call: &'s CallInfo, name: &str) -> Option<&'s str> {
    if name.eq_ignore_ascii_case("CallId") {
        Some(call.id.as_str())
    } else if name.eq_ignore_ascii_case("CallerID") {
        Some(call.caller.as_ref().map_or("", |caller| caller.as_str()))
    } else if name.eq_ignore_ascii_case("Dialed") {
        Some(call.called.as_str())
    } else {
        None
    }
}

fn field<'s, 'r>(record: &'s Record, members: &'r str) -> Resolved<'s, 'r> {
    let Some(member) = members.strip_prefix('.') else {
        return Resolved::Undefined;
    };
    let (name, rest) = member.split_at(member.find('.').unwrap_or(member.len()));
    match record.field(name) {
        Some(value) => Resolved::Text {
            value: Cow::Borrowed(value),
            rest,
        },
        None => Resolved::Undefined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_names_win_and_others_are_found_in_any_case() {
        let limits = Limits::default();
        let mut variables = Variables::default();
        for (name, value) in [("Name", "1"), ("name", "2")] {
            variables.set(name, Variable::text(value), &limits).unwrap();
        }
        assert_eq!(variables.get("name"), Some(&Variable::text("2")));
        assert_eq!(variables.get("Name"), Some(&Variable::text("1")));
        assert!(variables.get("NAME").is_some() && variables.get("other").is_none());
    }

    #[test]
    fn every_budget_of_variables_is_kept() {
        let mut limits = Limits::default();
        for (name, value) in [
            ("variables", "2"),
            ("variable_bytes", "10"),
            ("all_variable_bytes", "77"),
            ("array_items", "1"),
        ] {
            limits.set(name, value).unwrap();
        }
        let mut variables = Variables::default();
        let name_of = |result: Result<(), LimitReached>| result.unwrap_err().name;
        let array = Variable::Array([Variable::text("a"), Variable::text("b")].into());
        assert_eq!(
            name_of(variables.set("a", Variable::text("12345678901"), &limits)),
            "variable_bytes"
        );
        assert_eq!(name_of(variables.set("a", array, &limits)), "array_items");
        variables.set("a", Variable::text("1234567890"), &limits).unwrap();
        assert_eq!(
            name_of(variables.set("b", Variable::text("123"), &limits)),
            "all_variable_bytes"
        );
        variables.set("a", Variable::text("1"), &limits).unwrap();
        variables.set("b", Variable::text("2"), &limits).unwrap();
        assert_eq!(
            name_of(variables.set("c", Variable::text(""), &limits)),
            "variables"
        );
    }
}
