use super::*;
use crate::fault::{ConfigFault, Scope};

fn read(toml: &str) -> Result<TimeProfile, Vec<ConfigFault>> {
    let section: TimeProfileSection = toml::from_str(toml).unwrap();
    let mut faults = Vec::new();
    let profile = TimeProfile::new(&section, &mut Scope::new(&[], &mut faults));
    profile.filter(|_| faults.is_empty()).ok_or(faults)
}

fn in_budapest(ranges: &str) -> TimeProfile {
    read(&format!(
        "name = 'office'\nzone = 'Europe/Budapest'\nranges = [{ranges}]"
    ))
    .unwrap()
}

/// A moment in UTC, such as `2026-03-29T01:30`.
fn utc(written: &str) -> WallTime {
    let timestamp: jiff::Timestamp = format!("{written}:00Z").parse().unwrap();
    WallTime::from_unix_millis(timestamp.as_millisecond())
}

fn assert_holds(profile: &TimeProfile, moments: &[&str]) {
    for moment in moments {
        assert!(profile.holds(utc(moment)), "{}", profile.describe(utc(moment)));
    }
}

fn assert_does_not_hold(profile: &TimeProfile, moments: &[&str]) {
    for moment in moments {
        assert!(!profile.holds(utc(moment)), "{}", profile.describe(utc(moment)));
    }
}

#[test]
fn office_hours_are_local_in_winter_and_summer() {
    let office = in_budapest("{ days = 'mon-fri', from = '08:00', to = '17:00' }");
    assert_holds(
        &office,
        &["2026-01-05T07:00", "2026-01-05T15:59", "2026-07-06T06:00"],
    );
    assert_does_not_hold(
        &office,
        &[
            "2026-01-05T06:59",
            "2026-01-05T16:00",
            "2026-01-10T10:00",
            "2026-07-06T15:00",
        ],
    );
    assert_eq!(
        office.describe(utc("2026-07-06T06:00")),
        "Mon 2026-07-06 08:00 Europe/Budapest"
    );
}

#[test]
fn a_night_belongs_to_the_day_on_which_it_begins() {
    let friday_night = in_budapest("{ days = ['fri'], from = '22:00', to = '06:00' }");
    assert_holds(&friday_night, &["2026-01-09T21:00", "2026-01-10T04:59"]);
    assert_does_not_hold(
        &friday_night,
        &["2026-01-09T04:00", "2026-01-10T05:00", "2026-01-10T21:00"],
    );
}

#[test]
fn a_range_without_times_is_a_whole_day() {
    let weekend = in_budapest("{ days = 'sat-sun' }");
    assert_holds(&weekend, &["2026-01-09T23:00", "2026-01-11T22:59"]);
    assert_does_not_hold(&weekend, &["2026-01-09T22:59", "2026-01-11T23:00"]);
    let from_eight_to_eight = in_budapest("{ days = 'sat', from = '08:00', to = '08:00' }");
    assert_holds(&from_eight_to_eight, &["2026-01-10T07:00", "2026-01-11T06:59"]);
    assert_does_not_hold(&from_eight_to_eight, &["2026-01-10T06:59", "2026-01-11T07:00"]);
}

#[test]
fn dates_and_exceptions() {
    let profile = read(
        "name = 'shop'\nzone = 'UTC'\nexcept = '2026-12-25'\n\
         ranges = [{ dates = '12-20..01-05', except = ['12-31', '2027-01-01..2027-01-02'] }]",
    )
    .unwrap();
    assert_holds(
        &profile,
        &[
            "2026-12-20T00:00",
            "2026-12-24T12:00",
            "2027-01-05T23:59",
            "2025-12-25T12:00",
        ],
    );
    assert_does_not_hold(
        &profile,
        &[
            "2026-12-19T12:00",
            "2026-12-25T12:00",
            "2026-12-31T12:00",
            "2027-01-02T12:00",
            "2027-01-06T00:00",
        ],
    );
}

#[test]
fn an_hour_that_the_clock_skips_does_not_occur() {
    // 02:00 CET is 03:00 CEST.
    let half_past_two = in_budapest("{ from = '02:15', to = '02:45' }");
    assert_does_not_hold(&half_past_two, &["2026-03-29T00:30", "2026-03-29T01:30"]);
    let around = in_budapest("{ from = '01:30', to = '03:30' }");
    assert_holds(
        &around,
        &[
            "2026-03-29T00:30",
            "2026-03-29T00:59",
            "2026-03-29T01:00",
            "2026-03-29T01:29",
        ],
    );
    assert_does_not_hold(&around, &["2026-03-29T01:30"]);
}

#[test]
fn an_hour_that_the_clock_shows_twice_holds_twice() {
    // 03:00 CEST is 02:00 CET.
    let half_past_two = in_budapest("{ from = '02:15', to = '02:45' }");
    assert_holds(&half_past_two, &["2026-10-25T00:30", "2026-10-25T01:30"]);
    assert_does_not_hold(&half_past_two, &["2026-10-25T01:00", "2026-10-25T01:45"]);
    let night = in_budapest("{ days = 'sat', from = '22:00', to = '02:30' }");
    assert_holds(&night, &["2026-10-25T00:29", "2026-10-25T01:00"]);
    assert_does_not_hold(&night, &["2026-10-25T00:30", "2026-10-25T01:30"]);
}

#[test]
fn a_moment_that_no_calendar_has_holds_never() {
    assert!(!in_budapest("{}").holds(WallTime::from_unix_millis(i64::MAX)));
}

#[test]
fn faults_name_the_value() {
    for (ranges, path) in [
        ("{ days = 'mun' }", "ranges[0].days: a weekday"),
        ("{}, { from = '8' }", "ranges[1].from: a time of day"),
        ("{ from = '24:00' }", "ranges[0].from: `24:00` is an end"),
        ("{ to = '24:01' }", "ranges[0].to: a time of day"),
        ("{ dates = '2026-02-29' }", "ranges[0].dates: a date"),
        ("{ dates = '2026-12-26..2026-12-24' }", "ranges[0].dates: a date"),
        ("{ except = '2026-12-26..12-27' }", "ranges[0].except: a date"),
        ("", "ranges: a time profile without a range"),
    ] {
        let faults = read(&format!("zone = 'UTC'\nranges = [{ranges}]")).unwrap_err();
        assert!(faults[0].to_string().starts_with(path), "{}", faults[0]);
    }
    let faults = read("zone = 'Europe/Budapst'\nranges = [{}]").unwrap_err();
    assert_eq!(faults[0].suggestion.as_deref(), Some("Europe/Budapest"));
}
