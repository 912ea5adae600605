use std::iter::{Enumerate, Peekable};
use std::str::Chars;

use super::{Form, NumberPattern, PatternError, Place, Rest};
use crate::regular_expression::{between_slashes, whole};

pub(super) fn form(written: &str) -> Result<Form, PatternError> {
    if written.starts_with('/') {
        let expression = between_slashes(written).ok_or(PatternError::OpenExpression)?;
        if expression.is_empty() {
            return Err(PatternError::Empty);
        }
        return Ok(Form::Expression(whole(expression)?));
    }
    let length = written.chars().count();
    if length > NumberPattern::MAX_CHARACTERS {
        return Err(PatternError::TooLong { length });
    }
    let mut parser = Parser {
        characters: written.chars().enumerate().peekable(),
        places: Vec::new(),
    };
    let rest = parser.places()?;
    if parser.places.is_empty() && rest == Rest::Nothing {
        return Err(PatternError::Empty);
    }
    Ok(Form::Places {
        places: parser.places.into(),
        rest,
    })
}

struct Parser<'p> {
    characters: Peekable<Enumerate<Chars<'p>>>,
    places: Vec<Place>,
}

impl Parser<'_> {
    fn places(&mut self) -> Result<Rest, PatternError> {
        while let Some((at, found)) = self.next() {
            let place = match found {
                '0'..='9' | '#' => byte(found),
                'X' | 'x' => Place::digits(b'0', b'9'),
                'Z' | 'z' => Place::digits(b'1', b'9'),
                'N' | 'n' => Place::digits(b'2', b'9'),
                '+' if self.places.is_empty() => byte(found),
                '+' => return Err(PatternError::Plus { at }),
                '[' => self.set(at)?,
                '*' | '!' if self.at_end() => return Ok(Rest::Anything),
                '*' | '!' => return Err(PatternError::NotAtEnd { at, found }),
                '.' if self.at_end() => return Ok(Rest::AtLeastOne),
                ' ' | '\t' | '-' | '(' | ')' | '/' | '.' => continue,
                found => return Err(PatternError::Character { at, found }),
            };
            self.places.push(place);
        }
        Ok(Rest::Nothing)
    }

    /// The set whose `[` stands at `begin`.
    fn set(&mut self, begin: usize) -> Result<Place, PatternError> {
        let mut set = Place::NOTHING;
        let mut last = None;
        loop {
            let (at, found) = self.next().ok_or(PatternError::OpenSet { at: begin })?;
            match found {
                ']' if set == Place::NOTHING => return Err(PatternError::EmptySet { at: begin }),
                ']' => return Ok(set),
                '-' => {
                    let range = (last.take(), self.next());
                    let (Some(from @ '0'..='9'), Some((_, to @ '0'..='9'))) = range else {
                        return Err(PatternError::Range { at });
                    };
                    let digits = range_of(from, to).ok_or(PatternError::Range { at })?;
                    set = set.and(digits);
                }
                '0'..='9' | '*' | '#' => {
                    set = set.and(byte(found));
                    last = Some(found);
                }
                '+' if self.places.is_empty() => set = set.and(byte(found)),
                '+' => return Err(PatternError::Plus { at }),
                found => return Err(PatternError::Character { at, found }),
            }
        }
    }

    /// The next character and its place, from 1.
    fn next(&mut self) -> Option<(usize, char)> {
        let (before, found) = self.characters.next()?;
        Some((before.saturating_add(1), found))
    }

    fn at_end(&mut self) -> bool {
        self.characters.peek().is_none()
    }
}

fn byte(character: char) -> Place {
    u8::try_from(character).map_or(Place::NOTHING, Place::of)
}

fn range_of(from: char, to: char) -> Option<Place> {
    let (from, to) = (u8::try_from(from).ok()?, u8::try_from(to).ok()?);
    (from < to).then(|| Place::digits(from, to))
}
