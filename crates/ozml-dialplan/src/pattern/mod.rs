//! Patterns of numbers.

mod parse;
#[cfg(test)]
mod tests;

use std::fmt;

use ozml_session::{PhoneNumber, SenderId};
use regex::Regex;

use crate::ExpressionError;

/// A pattern that a whole number matches or not.
///
/// | written | matches |
/// | --- | --- |
/// | `0`–`9`, `#` | this character |
/// | `+` | this character; at the beginning only |
/// | `X`, `Z`, `N` | one digit: 0–9, 1–9, 2–9 |
/// | `[…]` | one character of the set, such as `[2-57]`; a `*` that is dialled is written `[*]` |
/// | `*` or `!`, at the end | whatever follows, nothing too |
/// | `.`, at the end | whatever follows, at least one character |
/// | `/…/` | a regular expression for the whole number, in linear time |
///
/// Blanks, hyphens, brackets, slashes and other dots are separators and dropped, as they are in a
/// [`PhoneNumber`].
///
/// A pattern takes the `+` like any other character: `36*` does not match `+36201234567`, and `+36*` does
/// not match `36201234567`. Only what begins with `*`, `.` or `!`, with a set that holds `+`, such as
/// `[+0]*`, or with an expression that says so matches numbers of both forms.
///
/// ```
/// use ozml_dialplan::NumberPattern;
/// use ozml_session::PhoneNumber;
///
/// let mobile = NumberPattern::new("+36 [237]0 XXX XXXX")?;
/// assert!(mobile.matches(&PhoneNumber::new("+36 20 123-4567")?));
/// assert!(NumberPattern::new("[*]100#")?.matches(&PhoneNumber::new("*100#")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct NumberPattern {
    written: Box<str>,
    form: Form,
}

#[derive(Clone)]
enum Form {
    Places { places: Box<[Place]>, rest: Rest },
    Expression(Regex),
}

/// The characters that may stand at one place, a bit for each that a number may have.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place(u16);

impl Place {
    const NOTHING: Self = Self(0);

    fn holds(self, character: u8) -> bool {
        self.0 & Self::of(character).0 != 0
    }

    fn of(character: u8) -> Self {
        Self(match character {
            b'0'..=b'9' => 1 << (character & 0x0f),
            b'*' => 1 << 10,
            b'#' => 1 << 11,
            b'+' => 1 << 12,
            _ => 0,
        })
    }

    fn digits(from: u8, to: u8) -> Self {
        (from..=to).fold(Self::NOTHING, |place, digit| place.and(Self::of(digit)))
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    Nothing,
    Anything,
    AtLeastOne,
}

impl Rest {
    fn takes(self, characters: usize) -> bool {
        match self {
            Self::Nothing => characters == 0,
            Self::Anything => true,
            Self::AtLeastOne => characters > 0,
        }
    }
}

impl NumberPattern {
    /// Most characters of a pattern that is no regular expression.
    pub const MAX_CHARACTERS: usize = 256;

    /// Reads a pattern.
    pub fn new(written: &str) -> Result<Self, PatternError> {
        Ok(Self {
            written: written.into(),
            form: parse::form(written.trim())?,
        })
    }

    /// Whether the whole number matches.
    pub fn matches(&self, number: &PhoneNumber) -> bool {
        match &self.form {
            Form::Places { places, rest } => {
                let mut characters = number.as_str().bytes();
                let fits = |place: &Place| characters.next().is_some_and(|found| place.holds(found));
                places.iter().all(fits) && rest.takes(characters.len())
            }
            Form::Expression(expression) => expression.is_match(number.as_str()),
        }
    }

    /// Whether a sender matches. Only a regular expression, or a pattern that takes everything, matches a
    /// name.
    pub fn matches_sender(&self, sender: &SenderId) -> bool {
        match (sender, &self.form) {
            (SenderId::Number(number), _) => self.matches(number),
            (SenderId::Name(name), Form::Expression(expression)) => expression.is_match(name),
            (SenderId::Name(_), _) => self.takes_everything(),
        }
    }

    /// Whether it is `*` or `!` alone.
    pub fn takes_everything(&self) -> bool {
        matches!(&self.form, Form::Places { places, rest: Rest::Anything } if places.is_empty())
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.written
    }
}

impl fmt::Display for NumberPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl fmt::Debug for NumberPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NumberPattern({})", self.written)
    }
}

/// What is wrong with a pattern; characters are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// Nothing is left of it.
    #[error("a pattern of numbers was expected, this is empty")]
    Empty,
    /// It is too long.
    #[error(
        "a pattern has at most {} characters, this one has {length}",
        NumberPattern::MAX_CHARACTERS
    )]
    TooLong {
        /// Its characters.
        length: usize,
    },
    /// A character that means nothing in a pattern.
    #[error("character {at} of the pattern: `{}` has no meaning here (digits, `#`, `+`, `X`, `N`, `Z`, `[…]`, `*`, `.`, `!`)", .found.escape_debug())]
    Character {
        /// Where.
        at: usize,
        /// Which.
        found: char,
    },
    /// A `+` that does not begin the number.
    #[error("character {at} of the pattern: `+` stands once, at the beginning")]
    Plus {
        /// Where.
        at: usize,
    },
    /// A `*` or `!` with something behind it.
    #[error(
        "character {at} of the pattern: `{found}` stands at the end; a `*` that is dialled is written `[*]`"
    )]
    NotAtEnd {
        /// Where.
        at: usize,
        /// Which.
        found: char,
    },
    /// A set without end.
    #[error("character {at} of the pattern: this `[` is not closed")]
    OpenSet {
        /// Where the set begins.
        at: usize,
    },
    /// A set that nothing matches.
    #[error("character {at} of the pattern: an empty set matches no number")]
    EmptySet {
        /// Where the set begins.
        at: usize,
    },
    /// A range in a set that does not go from a digit to a higher one.
    #[error("character {at} of the pattern: a range goes from a digit to a higher one, such as `2-5`")]
    Range {
        /// Where the hyphen is.
        at: usize,
    },
    /// A regular expression that does not end with a slash.
    #[error("a pattern that begins with `/` is a regular expression and ends with `/`")]
    OpenExpression,
    /// A wrong regular expression.
    #[error(transparent)]
    Expression(#[from] ExpressionError),
}
