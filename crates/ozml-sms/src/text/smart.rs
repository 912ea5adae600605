//! Smart replacement: typographic characters that would force UCS-2 and have a plain twin.
//!
//! Off unless a route or a sender asks for it; what was changed is reported, never silent.

use std::borrow::Cow;

/// A text after the replacement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smart<'a> {
    /// The text to send.
    pub text: Cow<'a, str>,
    /// What was replaced, in the order of first occurrence; empty when the text is unchanged.
    pub changes: Vec<Replacement>,
}

/// One kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replacement {
    /// The character that stood in the text.
    pub character: char,
    /// What stands there now.
    pub by: &'static str,
    /// How often.
    pub count: usize,
}

/// Replaces curly quotes, long dashes, the ellipsis and no-break spaces by their plain twins.
pub fn replace(text: &str) -> Smart<'_> {
    if text.chars().all(|character| twin(character).is_none()) {
        return Smart {
            text: Cow::Borrowed(text),
            changes: Vec::new(),
        };
    }
    let mut plain = String::with_capacity(text.len());
    let mut changes = Vec::new();
    for character in text.chars() {
        match twin(character) {
            Some(by) => {
                plain.push_str(by);
                note(&mut changes, character, by);
            }
            None => plain.push(character),
        }
    }
    Smart {
        text: Cow::Owned(plain),
        changes,
    }
}

fn note(changes: &mut Vec<Replacement>, character: char, by: &'static str) {
    match changes.iter_mut().find(|change| change.character == character) {
        Some(change) => change.count += 1,
        None => changes.push(Replacement {
            character,
            by,
            count: 1,
        }),
    }
}

const fn twin(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{2018}'..='\u{201B}' => "'",
        '\u{201C}'..='\u{201F}' => "\"",
        '\u{2010}'..='\u{2015}' => "-",
        '\u{2026}' => "...",
        '\u{A0}' | '\u{202F}' => " ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Encoding, gsm7};

    #[test]
    fn changes_are_made_and_told() {
        let smart = replace("„It’s” – well…\u{a0}it’s");
        assert_eq!(smart.text, "\"It's\" - well... it's");
        let told: Vec<_> = smart
            .changes
            .iter()
            .map(|c| (c.character, c.by, c.count))
            .collect();
        assert_eq!(
            told,
            [
                ('„', "\"", 1),
                ('’', "'", 2),
                ('”', "\"", 1),
                ('–', "-", 1),
                ('…', "...", 1),
                ('\u{a0}', " ", 1)
            ]
        );
        assert_eq!(Encoding::choose(&smart.text), Encoding::Gsm7);
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        let text = "Árvíztűrő `tükörfúrógép` ç";
        assert_eq!(
            replace(text),
            Smart {
                text: Cow::Borrowed(text),
                changes: Vec::new()
            }
        );
    }

    #[test]
    fn only_characters_outside_the_alphabet_are_replaced_by_ones_inside() {
        for (character, twin) in (0..=0xFFFF)
            .filter_map(char::from_u32)
            .filter_map(|c| twin(c).map(|twin| (c, twin)))
        {
            assert_eq!(gsm7::width(character), None, "{character:?}");
            assert!(gsm7::encode(twin).is_ok(), "{twin:?}");
        }
    }
}
