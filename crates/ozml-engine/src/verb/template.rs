use ozml_parser::Span;

use crate::variables::{Resolved, Scope};

/// A value with references to variables (OzML reference: variables). `ref = "$" ident { "." ident }`; the
/// dot belongs to the reference only when the value so far is a record that has the field, which is known
/// when it is evaluated. `$$` is a dollar sign, `$` before anything else is plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    pieces: Vec<Piece>,
    pub(crate) param: &'static str,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// The names of a reference, separated by dots.
    Reference(String),
}

impl Template {
    /// None when the text is a literal; then it is used as [`literal`] gives it.
    pub(crate) fn parse(text: &str, param: &'static str, span: Span) -> Option<Self> {
        // Most values are literals: they cost one look.
        if !text.contains('$') {
            return None;
        }
        let pieces = pieces(text);
        let refers = pieces.iter().any(|piece| matches!(piece, Piece::Reference(_)));
        refers.then_some(Self { pieces, param, span })
    }

    /// The names it refers to, without members.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Reference(path) => path.split('.').next(),
            Piece::Text(_) => None,
        })
    }

    /// The text with every reference replaced, unless it grows over `most` bytes, and the names that are
    /// not defined.
    pub(crate) fn expand(&self, scope: &Scope<'_>, percent_encoded: bool, most: usize) -> Expanded {
        let encode = percent_encoded && self.pieces.len() > 1;
        let mut text = String::new();
        let (mut undefined, mut secrets) = (Vec::new(), Vec::new());
        for piece in &self.pieces {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Reference(path) => match scope.resolve(path) {
                    Resolved::Text { value, rest } => {
                        push(&mut text, &value, encode);
                        text.push_str(rest);
                    }
                    Resolved::Secret { value, rest } => {
                        let begin = text.len();
                        push(&mut text, value, encode);
                        secrets.push(text.get(begin..).unwrap_or_default().to_owned());
                        text.push_str(rest);
                    }
                    Resolved::Undefined => {
                        text.push('$');
                        text.push_str(path);
                        report(&mut undefined, path);
                    }
                },
            }
            if text.len() > most {
                return Expanded {
                    text: None,
                    undefined,
                    secrets,
                };
            }
        }
        Expanded {
            text: Some(text),
            undefined,
            secrets,
        }
    }
}

/// What an expansion gave.
#[derive(Debug)]
pub(crate) struct Expanded {
    /// None when it grew too large.
    pub(crate) text: Option<String>,
    /// Each name once, and not more than a person would read.
    pub(crate) undefined: Vec<String>,
    /// The secrets in it, as they stand in the text.
    pub(crate) secrets: Vec<String>,
}

const MOST_UNDEFINED: usize = 16;

fn report(undefined: &mut Vec<String>, path: &str) {
    if undefined.len() < MOST_UNDEFINED && !undefined.iter().any(|known| known == path) {
        undefined.push(path.to_owned());
    }
}

/// The text of a value without references: `$$` has become `$`.
pub(crate) fn literal(text: &str) -> String {
    text.replace("$$", "$")
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, dollar) = rest.split_at(at);
        plain.push_str(before);
        let after = dollar.get(1..).unwrap_or_default();
        let length = reference_length(after);
        if let Some(escaped) = after.strip_prefix('$') {
            plain.push('$');
            rest = escaped;
        } else if length == 0 {
            plain.push('$');
            rest = after;
        } else {
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            let (path, tail) = after.split_at(length);
            pieces.push(Piece::Reference(path.to_owned()));
            rest = tail;
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    pieces
}

/// The bytes of `ident { "." ident }` at the beginning of `text`.
fn reference_length(text: &str) -> usize {
    let mut length = ident_length(text);
    while length > 0 {
        let Some(after_dot) = text.get(length..).and_then(|rest| rest.strip_prefix('.')) else {
            break;
        };
        let member = ident_length(after_dot);
        if member == 0 {
            break;
        }
        length = length.saturating_add(1).saturating_add(member);
    }
    length
}

/// Whether `name` can stand behind a `$`.
pub fn is_variable_name(name: &str) -> bool {
    !name.is_empty() && ident_length(name) == name.len()
}

fn ident_length(text: &str) -> usize {
    let starts = text
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    if starts {
        text.bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
            .count()
    } else {
        0
    }
}

fn push(to: &mut String, value: &str, encode: bool) {
    if encode {
        push_percent_encoded(to, value);
    } else {
        to.push_str(value);
    }
}

fn push_percent_encoded(to: &mut String, value: &str) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let hex = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or('0');
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            to.push(char::from(byte));
        } else {
            to.extend(['%', hex(byte >> 4), hex(byte & 0x0F)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::variables::{Record, Variable, Variables};

    fn scope_with(set: &[(&str, &str)]) -> Variables {
        let mut variables = Variables::default();
        for (name, value) in set {
            variables
                .set(name, Variable::text(value), &Limits::default())
                .unwrap();
        }
        variables
    }

    fn expand(text: &str, variables: &Variables) -> String {
        match Template::parse(text, "Text", Span::default()) {
            Some(template) => template
                .expand(&Scope::new(variables, None), false, 1000)
                .text
                .unwrap(),
            None => literal(text),
        }
    }

    #[test]
    fn names_end_where_the_vendor_ends_them() {
        let variables = scope_with(&[("username", "Ann"), ("account", "7")]);
        for (text, expected) in [
            ("Hello $username .", "Hello Ann ."),
            ("$account, Event name", "7, Event name"),
            ("$username.", "Ann."),
            ("$username.Thanks", "Ann.Thanks"),
            ("$USERNAME", "Ann"),
            ("$5 and $ 5", "$5 and $ 5"),
            ("$$username costs $$5", "$username costs $5"),
            ("${username} {username}", "${username} {username}"),
            ("$nobody stays", "$nobody stays"),
            ("$nobody.field", "$nobody.field"),
            ("ends with $", "ends with $"),
        ] {
            assert_eq!(expand(text, &variables), expected, "{text}");
        }
    }

    #[test]
    fn members_belong_to_records_only() {
        let mut variables = Variables::default();
        let record = Record::new([("from", "Bob"), ("date", "today")]);
        variables
            .set("item", Variable::record(record), &Limits::default())
            .unwrap();
        assert_eq!(expand("$item.from . $item.Date.", &variables), "Bob . today.");
        assert_eq!(expand("$item.other", &variables), "$item.other");
    }

    #[test]
    fn a_value_is_never_read_again() {
        let variables = scope_with(&[("a", "$b <x> $$"), ("b", "no")]);
        assert_eq!(expand("$a", &variables), "$b <x> $$");
    }

    #[test]
    fn inside_a_url_values_are_percent_encoded() {
        let variables = scope_with(&[("q", "a b&c/é")]);
        let whole = Template::parse("$q", "Url", Span::default()).unwrap();
        let part = Template::parse("http://x/?q=$q", "Url", Span::default()).unwrap();
        let scope = Scope::new(&variables, None);
        assert_eq!(whole.expand(&scope, true, 99).text.unwrap(), "a b&c/é");
        assert_eq!(
            part.expand(&scope, true, 99).text.unwrap(),
            "http://x/?q=a%20b%26c%2F%C3%A9"
        );
    }

    #[test]
    fn an_expansion_stops_where_it_is_too_large() {
        let variables = scope_with(&[("a", "0123456789")]);
        let template = Template::parse("$a$a$a", "Text", Span::default()).unwrap();
        let scope = Scope::new(&variables, None);
        assert!(template.expand(&scope, false, 30).text.is_some());
        assert!(template.expand(&scope, false, 29).text.is_none());
    }
}
