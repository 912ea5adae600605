use std::borrow::Cow;

use serde_json::Value;

use crate::trace::TraceKind;
use crate::variables::dots;

/// The values of a run that nothing it records may show (`Sensitive` of UserInput): the keys, and every
/// value made of them. They are found in whatever text a later event carries.
#[derive(Debug, Default)]
pub(crate) struct Secrets(Vec<String>);

/// Shorter ones are hidden as words of their own only, or half of every text would be dots.
const LEAST_INSIDE: usize = 3;

impl Secrets {
    /// Keeps a value from being shown from now on.
    pub(crate) fn add(&mut self, secret: &str) {
        if !secret.trim().is_empty() && !self.0.iter().any(|known| known == secret) {
            self.0.push(secret.to_owned());
            // A longer one may hold a shorter one.
            self.0.sort_by_key(|known| std::cmp::Reverse(known.len()));
        }
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text as it may be shown.
    pub(crate) fn hidden<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut shown = Cow::Borrowed(text);
        for secret in &self.0 {
            if shown.contains(secret.as_str()) {
                shown = Cow::Owned(without(&shown, secret));
            }
        }
        shown
    }

    /// The event as it may be recorded.
    pub(crate) fn hidden_in(&self, kind: &TraceKind<'_>) -> TraceKind<'static> {
        let hidden = serde_json::to_value(kind).map(|value| self.hidden_in_value(value));
        hidden
            .and_then(serde_json::from_value)
            .unwrap_or(TraceKind::Unknown)
    }

    /// The answer of a port as it may be recorded.
    pub(crate) fn hidden_in_value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.hidden(&text).into_owned()),
            Value::Array(items) => items.into_iter().map(|item| self.hidden_in_value(item)).collect(),
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| {
                    let value = if name == "kind" {
                        value
                    } else {
                        self.hidden_in_value(value)
                    };
                    (name, value)
                })
                .collect(),
            other => other,
        }
    }
}

fn without(text: &str, secret: &str) -> String {
    let inside = secret.chars().count() >= LEAST_INSIDE;
    let mut shown = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(secret) {
        let (before, found) = rest.split_at(at);
        let after = found.get(secret.len()..).unwrap_or_default();
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        shown.push_str(before);
        let alone = !word(shown.chars().next_back()) && !word(after.chars().next());
        if inside || alone {
            shown.push_str(&dots(secret));
        } else {
            shown.push_str(secret);
        }
        rest = after;
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_found_in_any_text() {
        let mut secrets = Secrets::default();
        for secret in ["1234", "7", " "] {
            secrets.add(secret);
        }
        assert_eq!(secrets.hidden("pin=1234, 12345"), "pin=••••, ••••5");
        assert_eq!(secrets.hidden("key 7 of 177"), "key • of 177");
        assert!(matches!(secrets.hidden("nothing"), Cow::Borrowed(_)));
    }

    #[test]
    fn the_longer_one_first() {
        let mut secrets = Secrets::default();
        secrets.add("123");
        secrets.add("12345");
        assert_eq!(secrets.hidden("12345"), "•••••");
    }

    #[test]
    fn events_and_port_answers_are_searched() {
        let mut secrets = Secrets::default();
        secrets.add("var");
        let kind = TraceKind::Var {
            name: "x".into(),
            value: "a var".into(),
        };
        let hidden = TraceKind::Var {
            name: "x".into(),
            value: "a •••".into(),
        };
        assert_eq!(secrets.hidden_in(&kind), hidden);
        let answer = serde_json::json!({"list": ["var", 5]});
        assert_eq!(
            secrets.hidden_in_value(answer),
            serde_json::json!({"list": ["•••", 5]})
        );
    }
}
