use jiff::tz::TimeZoneDatabase;
use serde::Deserialize;

use super::calendar::{DateSpan, Days, MinuteOfDay};
use super::{TimeProfile, TimeRange};
use crate::fault::Scope;
use crate::one_or_many::one_or_many;

/// A section `[[time_profile]]`: a name for the times at which rules hold. It holds while one of its ranges
/// does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TimeProfileSection {
    /// Its name; routes use it with `time = "NAME"` or `time = "!NAME"`.
    pub name: String,
    /// The zone of all its times, a name of the IANA database such as `Europe/Budapest`.
    pub zone: String,
    /// The ranges.
    pub ranges: Vec<TimeRangeSection>,
    /// Dates on which no range begins, written as in [`TimeRangeSection::dates`].
    #[serde(deserialize_with = "one_or_many")]
    pub except: Vec<String>,
}

/// One range of a [`TimeProfileSection`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TimeRangeSection {
    /// Weekdays on which the range begins, such as `mon` or `mon-fri`; none: every day.
    #[serde(deserialize_with = "one_or_many")]
    pub days: Vec<String>,
    /// When it begins, `08:00`; missing: at midnight.
    pub from: Option<String>,
    /// When it ends, `17:00`, this minute not in it; missing: at the next midnight, `24:00`. A range that
    /// ends before it begins, or at the same time, ends on the next day and belongs to the day on which it
    /// began.
    pub to: Option<String>,
    /// Dates on which it begins; none: every date. Written `2026-12-24`, or `12-24` for every year, or as a
    /// span with both ends in it: `12-24..12-26`.
    #[serde(deserialize_with = "one_or_many")]
    pub dates: Vec<String>,
    /// Dates on which it does not begin, written in the same way.
    #[serde(deserialize_with = "one_or_many")]
    pub except: Vec<String>,
}

impl TimeProfile {
    pub(crate) fn new(section: &TimeProfileSection, scope: &mut Scope<'_>) -> Option<Self> {
        if section.ranges.is_empty() {
            scope.fault("ranges", "a time profile without a range never holds");
        }
        let zones = TimeZoneDatabase::bundled();
        let zone = zones.get(&section.zone).ok();
        if zone.is_none() {
            let names: Vec<String> = zones.available().map(|zone| zone.to_string()).collect();
            scope.unknown(
                "zone",
                "time zone",
                &section.zone,
                names.iter().map(String::as_str),
            );
        }
        let ranges = section.ranges.iter().enumerate();
        Some(Self {
            name: section.name.as_str().into(),
            zone_name: section.zone.as_str().into(),
            except: spans("except", &section.except, scope),
            ranges: ranges
                .filter_map(|(index, range)| TimeRange::new(range, &mut scope.entry("ranges", index)))
                .collect(),
            zone: zone?,
        })
    }
}

impl TimeRange {
    fn new(section: &TimeRangeSection, scope: &mut Scope<'_>) -> Option<Self> {
        let days = scope.value("days", Days::new(&section.days));
        let from = scope.value(
            "from",
            MinuteOfDay::new(section.from.as_deref().unwrap_or("00:00")),
        );
        let to = scope.value("to", MinuteOfDay::new(section.to.as_deref().unwrap_or("24:00")));
        if from == Some(MinuteOfDay::END) {
            scope.fault(
                "from",
                "`24:00` is an end, a range begins at `23:59` at the latest",
            );
        }
        Some(Self {
            dates: spans("dates", &section.dates, scope),
            except: spans("except", &section.except, scope),
            days: days?,
            from: from?,
            to: to?,
        })
    }
}

fn spans(field: &'static str, written: &[String], scope: &mut Scope<'_>) -> Box<[DateSpan]> {
    written
        .iter()
        .filter_map(|span| scope.value(field, DateSpan::new(span)))
        .collect()
}
