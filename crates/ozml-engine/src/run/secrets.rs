use std::borrow::Cow;

use serde_json::Value;

use crate::trace::TraceKind;
use crate::variables::dots;

/// The values of a run that nothing it records may show (`Sensitive` of UserInput).
///
/// What a verb uses is hidden in whatever that verb records. What a caller entered is hidden for the rest of
/// the run, too, where it stands as a word of its own: a web application may repeat it.
///
/// Most runs have none, so they take one word.
#[derive(Debug, Default)]
pub(crate) struct Secrets(Option<Box<Lists>>);

#[derive(Debug, Default)]
struct Lists {
    /// Without what is so short that half of every text would be dots.
    entered: Vec<String>,
    used: Vec<String>,
}

/// The shortest word that is hidden for the rest of a run.
const LEAST_WORD: usize = 4;
/// Most words that are.
const MOST_WORDS: usize = 64;

/// Fields of events and port answers that no value of a script reaches.
const IDENTIFIERS: [&str; 4] = ["kind", "id", "sha256", "verb"];

impl Secrets {
    /// A verb begins: it has used nothing yet.
    pub(crate) fn begin_verb(&mut self) {
        if let Some(lists) = &mut self.0 {
            lists.used.clear();
        }
    }

    /// The verb that runs has this in a value.
    pub(crate) fn use_one(&mut self, secret: &str) {
        let lists = self.0.get_or_insert_default();
        if !secret.trim().is_empty() && !lists.used.iter().any(|known| known == secret) {
            lists.used.push(secret.to_owned());
            // A longer one may hold a shorter one.
            lists.used.sort_by_key(|known| std::cmp::Reverse(known.len()));
        }
    }

    /// A caller entered this.
    pub(crate) fn enter(&mut self, secret: &str) {
        self.use_one(secret);
        self.keep_used();
    }

    /// What the verb that runs has used outlives it.
    pub(crate) fn keep_used(&mut self) {
        let Some(lists) = &mut self.0 else { return };
        for secret in &lists.used {
            let long_enough = secret.chars().count() >= LEAST_WORD;
            let fits = lists.entered.len() < MOST_WORDS;
            if long_enough && fits && !lists.entered.contains(secret) {
                lists.entered.push(secret.clone());
            }
        }
    }

    /// Whether there is nothing to hide now.
    pub(crate) fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// Whether a value of the verb that runs has a secret in it.
    pub(crate) fn are_used(&self) -> bool {
        self.0.as_ref().is_some_and(|lists| !lists.used.is_empty())
    }

    /// Whether the text has one in it that the verb that runs has used.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        let mut used = self.all().filter(|(_, inside)| *inside);
        used.any(|(secret, _)| text.contains(secret.as_str()))
    }

    /// The text as it may be shown.
    pub(crate) fn hidden<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut shown = Cow::Borrowed(text);
        for (secret, inside) in self.all() {
            if shown.contains(secret.as_str()) {
                shown = Cow::Owned(without(&shown, secret, inside));
            }
        }
        shown
    }

    /// Each with whether it is hidden inside words, too.
    fn all(&self) -> impl Iterator<Item = (&String, bool)> {
        self.0.iter().flat_map(|lists| {
            let used = lists.used.iter().map(|secret| (secret, true));
            used.chain(lists.entered.iter().map(|secret| (secret, false)))
        })
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
                    let is_identifier = IDENTIFIERS.contains(&name.as_str());
                    let value = if is_identifier {
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

fn without(text: &str, secret: &str, inside: bool) -> String {
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
    fn what_a_verb_uses_is_found_in_any_text_of_it() {
        let mut secrets = Secrets::default();
        for secret in ["123", "12345", "7", " "] {
            secrets.use_one(secret);
        }
        assert_eq!(secrets.hidden("pin=123, x12345y, 77"), "pin=•••, x•••••y, ••");
        assert!(matches!(secrets.hidden("nothing"), Cow::Borrowed(_)));
        secrets.begin_verb();
        assert!(secrets.is_empty());
    }

    #[test]
    fn what_was_entered_is_hidden_as_a_word_for_ever() {
        let mut secrets = Secrets::default();
        secrets.enter("4711");
        secrets.enter("73");
        secrets.begin_verb();
        assert_eq!(secrets.hidden("4711, +36204711234, 73"), "••••, +36204711234, 73");
    }

    #[test]
    fn the_last_part_of_a_number_is_no_word() {
        let mut secrets = Secrets::default();
        secrets.enter("7777");
        secrets.begin_verb();
        assert_eq!(secrets.hidden("177777777 7777"), "177777777 ••••");
    }

    #[test]
    fn identifiers_are_left_alone() {
        let mut secrets = Secrets::default();
        secrets.use_one("000");
        let kind = TraceKind::SmsAccepted {
            id: "0000-000".into(),
            to: "+36000".into(),
            from: None,
            text: "000".into(),
            segments: 1,
        };
        let hidden = TraceKind::SmsAccepted {
            id: "0000-000".into(),
            to: "+36•••".into(),
            from: None,
            text: "•••".into(),
            segments: 1,
        };
        assert_eq!(secrets.hidden_in(&kind), hidden);
        let answer = serde_json::json!({"id": "000", "list": ["000", 5]});
        assert_eq!(
            secrets.hidden_in_value(answer),
            serde_json::json!({"id": "000", "list": ["•••", 5]})
        );
    }
}
