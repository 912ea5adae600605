//! What a list is asked for.

use std::sync::Arc;

use ozml_session::Invalid;

use super::ParamType;
use crate::white_space::WhiteSpace;

/// A query for an SQL extension. Its form is the database's matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlQuery(Arc<str>);

impl SqlQuery {
    /// The query.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ParamType for SqlQuery {
    const NAME: &'static str = "SQL query";
    const WHITE_SPACE: WhiteSpace = WhiteSpace::Trim;
    // A value inserted into a query would become a part of it: the verb binds variables as parameters.
    const REFERENCES: bool = false;

    fn parse(text: &str) -> Result<Self, Invalid> {
        Ok(Self(text.into()))
    }
}

/// A date and time of day in the zone of the server: `yyyy-MM-dd HH:mm:ss`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalTime(Arc<str>);

impl LocalTime {
    /// The time as written; the text order is the order of time.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ParamType for LocalTime {
    const NAME: &'static str = "time as yyyy-MM-dd HH:mm:ss";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_local_time(text) {
            Ok(Self(text.into()))
        } else {
            Err(Invalid::new(format!(
                "a time such as `2026-03-01 08:30:00` was expected, not `{}`",
                text.escape_debug()
            )))
        }
    }
}

fn is_local_time(text: &str) -> bool {
    const FORM: &str = "dddd-dd-dd dd:dd:dd";
    let formed = text.len() == FORM.len()
        && text.chars().zip(FORM.chars()).all(|(c, form)| {
            if form == 'd' {
                c.is_ascii_digit()
            } else {
                c == form
            }
        });
    let part = |at: std::ops::Range<usize>| text.get(at).and_then(|digits| digits.parse::<u32>().ok());
    formed
        && matches!(part(5..7), Some(1..=12))
        && matches!(part(8..10), Some(1..=31))
        && matches!(part(11..13), Some(0..=23))
        && matches!(part(14..16), Some(0..=59))
        && matches!(part(17..19), Some(0..=59))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_one_form() {
        assert!(LocalTime::parse("2026-03-01 08:30:00").is_ok());
        for wrong in [
            "2026-03-01",
            "2026-13-01 08:30:00",
            "2026-03-01T08:30:00",
            "2026-03-01 24:00:00",
            "é",
        ] {
            assert!(LocalTime::parse(wrong).is_err(), "{wrong}");
        }
    }
}
