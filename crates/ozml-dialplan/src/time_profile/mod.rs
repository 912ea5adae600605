//! Times of day and days at which a rule holds.

mod calendar;
mod section;
#[cfg(test)]
mod tests;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use ozml_session::WallTime;

use calendar::{DateSpan, Days, MinuteOfDay};
pub use section::{TimeProfileSection, TimeRangeSection};

/// A checked `[[time_profile]]`.
///
/// A range is judged by the local clock of its zone, with the rules of zones that are built into the
/// program. An hour that a clock skips does not occur; one that it shows twice holds twice.
#[derive(Debug, Clone)]
pub(crate) struct TimeProfile {
    name: Box<str>,
    zone_name: Box<str>,
    zone: TimeZone,
    ranges: Box<[TimeRange]>,
    except: Box<[DateSpan]>,
}

#[derive(Debug, Clone)]
struct TimeRange {
    days: Days,
    from: MinuteOfDay,
    to: MinuteOfDay,
    dates: Box<[DateSpan]>,
    except: Box<[DateSpan]>,
}

impl TimeProfile {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether the profile holds at `now`.
    pub(crate) fn holds(&self, now: WallTime) -> bool {
        self.local(now).is_some_and(|local| {
            let minute = MinuteOfDay::of(local);
            let today = local.date();
            let begins = |range: &TimeRange, date| !on(&self.except, date) && range.begins_on(date);
            self.ranges.iter().any(|range| {
                range.holds_on_its_day(minute) && begins(range, today)
                    || range.holds_on_the_next(minute)
                        && today.yesterday().is_ok_and(|day| begins(range, day))
            })
        })
    }

    /// The weekday, date, time and zone as people read it.
    pub(crate) fn describe(&self, now: WallTime) -> String {
        match self.local(now) {
            Some(local) => format!("{} {}", local.strftime("%a %Y-%m-%d %H:%M"), self.zone_name),
            None => now.to_string(),
        }
    }

    fn local(&self, now: WallTime) -> Option<DateTime> {
        let timestamp = jiff::Timestamp::from_millisecond(now.as_unix_millis()).ok()?;
        Some(self.zone.to_datetime(timestamp))
    }
}

impl TimeRange {
    fn begins_on(&self, date: Date) -> bool {
        self.days.hold(date) && (self.dates.is_empty() || on(&self.dates, date)) && !on(&self.except, date)
    }

    fn passes_midnight(&self) -> bool {
        self.to <= self.from
    }

    fn holds_on_its_day(&self, minute: MinuteOfDay) -> bool {
        self.from <= minute && (minute < self.to || self.passes_midnight())
    }

    fn holds_on_the_next(&self, minute: MinuteOfDay) -> bool {
        self.passes_midnight() && minute < self.to
    }
}

fn on(spans: &[DateSpan], date: Date) -> bool {
    spans.iter().any(|span| span.holds(date))
}
