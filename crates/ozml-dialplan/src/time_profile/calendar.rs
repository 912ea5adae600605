use jiff::civil::{Date, DateTime, Weekday};
use ozml_session::Invalid;

/// Minutes since midnight, up to 24:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MinuteOfDay(u16);

impl MinuteOfDay {
    pub(super) const END: Self = Self(24 * 60);

    pub(super) fn new(written: &str) -> Result<Self, Invalid> {
        let read = || {
            let (hour, minute) = written.split_once(':')?;
            let (hour, minute): (u16, u16) = (two_digits(hour)?, two_digits(minute)?);
            let minutes = hour.checked_mul(60)?.checked_add(minute)?;
            (minute < 60 && minutes <= Self::END.0).then_some(Self(minutes))
        };
        read().ok_or_else(|| {
            let written = written.escape_debug();
            Invalid::new(format!(
                "a time of day such as `08:30` was expected, not `{written}`"
            ))
        })
    }

    pub(super) fn of(local: DateTime) -> Self {
        let part = |part: i8| u16::try_from(part).unwrap_or_default();
        Self(
            part(local.hour())
                .saturating_mul(60)
                .saturating_add(part(local.minute())),
        )
    }
}

/// One or two digits.
fn two_digits<N: std::str::FromStr>(written: &str) -> Option<N> {
    let fits = (1..=2).contains(&written.len()) && written.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| written.parse().ok())?
}

/// Weekdays, a bit for each from Monday.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days(u8);

impl Days {
    const NAMES: [(&'static str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];

    /// Days and ranges of days; none are all.
    pub(super) fn new(written: &[String]) -> Result<Self, Invalid> {
        if written.is_empty() {
            return Ok(Self(u8::MAX));
        }
        let mut days = 0;
        for item in written {
            let (from, to) = item.split_once('-').unwrap_or((item, item));
            let (mut day, last) = (weekday(from)?, weekday(to)?);
            days |= bit(day);
            while day != last {
                day = day.next();
                days |= bit(day);
            }
        }
        Ok(Self(days))
    }

    pub(super) fn hold(self, date: Date) -> bool {
        self.0 & bit(date.weekday()) != 0
    }
}

fn weekday(written: &str) -> Result<Weekday, Invalid> {
    let lower = written.trim().to_ascii_lowercase();
    Days::NAMES
        .iter()
        .find(|(name, _)| lower == *name || name.get(..3) == Some(&lower))
        .map(|(_, day)| *day)
        .ok_or_else(|| {
            let written = written.escape_debug();
            Invalid::new(format!(
                "a weekday such as `mon` or `mon-fri` was expected, not `{written}`"
            ))
        })
}

fn bit(day: Weekday) -> u8 {
    1 << day.to_monday_zero_offset()
}

/// Dates from one to another, both in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateSpan {
    Once {
        from: Date,
        to: Date,
    },
    /// Month and day. The first may stand behind the last: then the span passes the new year.
    EveryYear {
        from: (i8, i8),
        to: (i8, i8),
    },
}

impl DateSpan {
    pub(super) fn new(written: &str) -> Result<Self, Invalid> {
        let (from, to) = written.split_once("..").unwrap_or((written, written));
        match (day(from.trim()), day(to.trim())) {
            (Some(Day::Of(from)), Some(Day::Of(to))) if from <= to => Ok(Self::Once { from, to }),
            (Some(Day::EveryYear(from)), Some(Day::EveryYear(to))) => Ok(Self::EveryYear { from, to }),
            _ => {
                let written = written.escape_debug();
                Err(Invalid::new(format!(
                    "a date such as `2026-12-24` or `12-24`, or a span such as `12-24..12-26` was expected, not `{written}`"
                )))
            }
        }
    }

    pub(super) fn holds(self, date: Date) -> bool {
        match self {
            Self::Once { from, to } => from <= date && date <= to,
            Self::EveryYear { from, to } => {
                let day = (date.month(), date.day());
                if from <= to {
                    from <= day && day <= to
                } else {
                    from <= day || day <= to
                }
            }
        }
    }
}

enum Day {
    Of(Date),
    EveryYear((i8, i8)),
}

fn day(written: &str) -> Option<Day> {
    let parts: Vec<&str> = written.split('-').collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => {
            let date = Date::new(year.parse().ok()?, two_digits(month)?, two_digits(day)?);
            Some(Day::Of(date.ok()?))
        }
        // A leap year, so that the 29th of February is a day.
        [month, day] => {
            let date = Date::new(2024, two_digits(month)?, two_digits(day)?).ok()?;
            Some(Day::EveryYear((date.month(), date.day())))
        }
        _ => None,
    }
}
