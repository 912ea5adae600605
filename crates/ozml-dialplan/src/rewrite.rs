use ozml_session::{Invalid, PhoneNumber};
use regex::Regex;

/// What a rule does to the called number.
#[derive(Debug, Clone)]
pub(crate) enum Rewrite {
    /// Takes characters from the beginning, then puts others before it.
    Beginning { strip: usize, prepend: Box<str> },
    /// Builds it anew from what an expression finds in it.
    Replace { pattern: Regex, template: Template },
}

/// Why a number cannot be rewritten.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RewriteFailure {
    #[error("`strip` takes {strip} characters, the number has {length}")]
    TooShort { strip: usize, length: usize },
    #[error("the pattern of `replace` does not match")]
    NotMatched,
    #[error("`{}` is no number: {reason}", written.escape_debug())]
    NotANumber { written: String, reason: Invalid },
}

impl Rewrite {
    pub(crate) fn apply(&self, number: &PhoneNumber) -> Result<PhoneNumber, RewriteFailure> {
        let before = number.as_str();
        let written = match self {
            Self::Beginning { strip: 0, prepend } if prepend.is_empty() => return Ok(number.clone()),
            Self::Beginning { strip, prepend } => {
                let length = before.len();
                let too_short = RewriteFailure::TooShort {
                    strip: *strip,
                    length,
                };
                format!("{prepend}{}", before.get(*strip..).ok_or(too_short)?)
            }
            Self::Replace { pattern, template } => {
                let found = pattern.captures(before).ok_or(RewriteFailure::NotMatched)?;
                template.fill(&found)
            }
        };
        PhoneNumber::new(&written).map_err(|reason| RewriteFailure::NotANumber { written, reason })
    }
}

/// A text with references `$0` to `$9` to what an expression found; each is one digit, so that `$10` is
/// group 1 and a zero.
#[derive(Debug, Clone)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Debug, Clone)]
enum Piece {
    Literal(char),
    Group(usize),
}

impl Template {
    /// Reads a template for an expression with so many groups, the whole match counted.
    pub(crate) fn new(written: &str, groups: usize) -> Result<Self, Invalid> {
        let mut characters = written.chars();
        let mut pieces = Vec::new();
        while let Some(character) = characters.next() {
            pieces.push(match character {
                '$' => Piece::Group(group(characters.next(), groups)?),
                '0'..='9' | '*' | '#' | '+' => Piece::Literal(character),
                ' ' | '-' | '(' | ')' => continue,
                wrong => {
                    let wrong = wrong.escape_debug();
                    return Err(Invalid::new(format!("`{wrong}` cannot stand in a number")));
                }
            });
        }
        Ok(Self(pieces))
    }

    fn fill(&self, found: &regex::Captures<'_>) -> String {
        self.0.iter().fold(String::new(), |mut text, piece| {
            match piece {
                Piece::Literal(character) => text.push(*character),
                Piece::Group(group) => text.push_str(found.get(*group).map_or("", |found| found.as_str())),
            }
            text
        })
    }
}

fn group(written: Option<char>, groups: usize) -> Result<usize, Invalid> {
    let digit = written
        .and_then(|c| c.to_digit(10))
        .and_then(|digit| usize::try_from(digit).ok())
        .ok_or_else(|| Invalid::new("behind a `$` the number of a group was expected, such as `$1`"))?;
    if digit < groups {
        return Ok(digit);
    }
    Err(Invalid::new(format!(
        "there is no group {digit}, the pattern has {}",
        groups.saturating_sub(1)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regular_expression::whole;

    fn number(written: &str) -> PhoneNumber {
        PhoneNumber::new(written).unwrap()
    }

    fn beginning(strip: usize, prepend: &str) -> Rewrite {
        Rewrite::Beginning {
            strip,
            prepend: prepend.into(),
        }
    }

    fn replace(pattern: &str, template: &str) -> Rewrite {
        let pattern = whole(pattern).unwrap();
        let template = Template::new(template, pattern.captures_len()).unwrap();
        Rewrite::Replace { pattern, template }
    }

    #[test]
    fn numbers_are_rewritten() {
        for (rewrite, before, after) in [
            (beginning(0, ""), "06201", "06201"),
            (beginning(2, "+36"), "06201", "+36201"),
            (beginning(2, "+"), "00974555", "+974555"),
            (beginning(1, ""), "+36", "36"),
            (
                replace("06(20|30)(.*)", "+36 $1 $2"),
                "06201234567",
                "+36201234567",
            ),
            (replace("(.)(.*)", "$10$2"), "36", "306"),
        ] {
            assert_eq!(rewrite.apply(&number(before)), Ok(number(after)), "{rewrite:?}");
        }
    }

    #[test]
    fn a_rewrite_that_fails_says_why() {
        for (rewrite, why) in [
            (beginning(5, ""), "`strip` takes 5 characters, the number has 4"),
            (beginning(4, ""), "`` is no number"),
            (beginning(0, "123456789012345678"), "at most 20 digits"),
            (replace("06.*", "$0"), "the pattern of `replace` does not match"),
        ] {
            let failure = rewrite.apply(&number("9994")).unwrap_err().to_string();
            assert!(failure.contains(why), "{failure}");
        }
    }

    #[test]
    fn templates_are_checked_when_they_are_read() {
        for (template, why) in [
            ("$2", "there is no group 2, the pattern has 1"),
            ("$", "behind a `$`"),
            ("$x", "behind a `$`"),
            ("+36a", "`a` cannot stand"),
        ] {
            let fault = Template::new(template, 2).unwrap_err().to_string();
            assert!(fault.contains(why), "{fault}");
        }
    }
}
