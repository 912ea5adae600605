//! The text of a configuration as it may be shown: secrets have asterisks in their place.

use std::ops::Range;

use ozml_parser::Source;
use ozml_session::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::read::tolerant;

/// Whether what stands under `key` is to be hidden. A slip of the pen in the name hides it, too.
pub(super) fn is_secret(key: &str) -> bool {
    let key = key.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let named = ["pass", "pas", "pwd", "secret", "token", "credential"]
        .iter()
        .any(|word| key.contains(word));
    let is_pin = key.starts_with('p') && nearest(&key, ["pin"]).is_some();
    (named || is_pin) && !key.ends_with("_env") && !key.ends_with("_file")
}

/// The same text of the same length without its secrets: the values of keys that name one, and the passwords
/// of addresses. Places in the one are places in the other, so messages are rendered with this one.
pub fn hide_secrets(source: &Source) -> Source {
    let text = source.text();
    let (document, faults) = tolerant(text);
    let mut secrets = Vec::new();
    in_table(document.get_ref(), &mut secrets);
    if !faults.is_empty() {
        in_lines(text, &mut secrets);
    }
    in_addresses(text, &mut secrets);
    if secrets.is_empty() {
        return source.clone();
    }
    let hidden = without(text, secrets);
    Source::new(source.name(), hidden)
}

/// A message without the passwords of addresses that it repeats.
pub(super) fn hide_passwords(text: &str) -> String {
    let mut secrets = Vec::new();
    in_addresses(text, &mut secrets);
    // Messages show how an address is written.
    secrets.retain(|secret| text.get(secret.clone()) != Some("PASSWORD]"));
    without(text, secrets)
}

/// The text with asterisks at these places; quotes and line ends stay.
fn without(text: &str, secrets: Vec<Range<usize>>) -> String {
    let mut secret = vec![false; text.len()];
    for range in secrets {
        secret.get_mut(range).unwrap_or_default().fill(true);
    }
    let mut hidden = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        match character {
            '\n' | '\r' | '"' | '\'' => hidden.push(character),
            _ if secret.get(at) == Some(&true) => {
                hidden.extend(std::iter::repeat_n('*', character.len_utf8()))
            }
            _ => hidden.push(character),
        }
    }
    hidden
}

/// As deep as the parser lets a document be.
fn in_table(table: &DeTable<'_>, secrets: &mut Vec<Range<usize>>) {
    for (key, value) in table {
        if is_secret(key.get_ref()) {
            secrets.push(value.span());
        } else {
            in_value(value, secrets);
        }
    }
}

fn in_value(value: &Spanned<DeValue<'_>>, secrets: &mut Vec<Range<usize>>) {
    match value.get_ref() {
        DeValue::Table(table) => in_table(table, secrets),
        DeValue::Array(items) => items.iter().for_each(|item| in_value(item, secrets)),
        _ => {}
    }
}

/// What a document that is no TOML may have for secrets: the lines in which one is named, and those behind
/// them that a text of several lines may reach.
fn in_lines(text: &str, secrets: &mut Vec<Range<usize>>) {
    let mut start: usize = 0;
    let mut open: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let end = start.saturating_add(line.len());
        if let Some(mark) = open {
            secrets.push(start..end);
            open = (!line.contains(mark)).then_some(mark);
        } else if let Some((key, value)) = line.split_once('=').filter(|(key, _)| {
            let bare = key.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            is_secret(bare) || mentions_secret(line)
        }) {
            secrets.push(start.saturating_add(key.len()).saturating_add(1)..end);
            open = ["\"\"\"", "'''"]
                .into_iter()
                .find(|mark| value.matches(mark).count() == 1);
        }
        start = end;
    }
}

/// A table in one line may name a secret behind other keys.
fn mentions_secret(line: &str) -> bool {
    line.split(['{', ',', '=', ' ']).any(is_secret)
}

/// `scheme://user:password@host`
fn in_addresses(text: &str, secrets: &mut Vec<Range<usize>>) {
    let mut start: usize = 0;
    for piece in text.split_inclusive(['"', '\'', '\n']) {
        let user = piece
            .split_once("://")
            .and_then(|(_, rest)| rest.rsplit_once('@'));
        if let Some((name, password)) = user.and_then(|(user, _)| user.split_once(':')) {
            // All of these are pieces of `text`, behind one another.
            let scheme = piece.find("://").unwrap_or_default();
            let from = [scheme, "://".len(), name.len(), 1]
                .iter()
                .fold(start, |sum, n| sum.saturating_add(*n));
            secrets.push(from..from.saturating_add(password.len()));
        }
        start = start.saturating_add(piece.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> String {
        hide_secrets(&Source::new("ozml.toml", text)).text().to_owned()
    }

    #[test]
    fn secrets_are_hidden_where_they_stand() {
        assert_eq!(hidden("password = \"marker\""), "password = \"******\"");
        assert_eq!(hidden("pasword = 5"), "pasword = *");
        assert_eq!(hidden("password_env = \"NAME\""), "password_env = \"NAME\"");
        assert_eq!(
            hidden("url = \"smpp://shop:mar@ker@h:1\""),
            "url = \"smpp://shop:*******@h:1\""
        );
        assert_eq!(
            hidden("a = [{ name = 1, secret = 'é' }]"),
            "a = [{ name = 1, secret = '**' }]"
        );
    }

    #[test]
    fn what_is_no_toml_shows_no_secret_either() {
        for text in [
            "password = \"marker",
            "x = \npassword = marker",
            "a = { b = , password = \"marker\" }",
            "x = \npassword = \"\"\"a\nmarker\n\"\"\"",
            "x = \n[[http.user]]\npassword_hash = \"marker\"",
        ] {
            let hidden = hidden(text);
            assert!(!hidden.contains("marker"), "{hidden}");
            assert_eq!(hidden.len(), text.len());
        }
    }
}
