//! Stops, restarts and jumps of the date.

use std::collections::BTreeMap;

use ozml_session::SmsState;

use crate::gateway::outbox::testing::{Bench, changed, connection};
use crate::text::DefaultCharset;

const SYSTEM_ERROR: u32 = 0x08;
const HOUR: i64 = 60 * 60 * 1_000;
/// How the date jumps: a day ahead, a day back, an hour back.
const JUMPS: [i64; 3] = [24 * HOUR, -24 * HOUR, -HOUR];

#[test]
fn a_next_try_keeps_its_time_across_a_restart() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    bench.bind(0);
    let id = bench.sms("a");
    bench.refuse(SYSTEM_ERROR);
    bench.pass(1_000);
    let ms = bench.ms;
    let mut bench = bench.crash(vec![connection("a", 10)]);
    // The new process counts its own milliseconds; the date goes on.
    bench.bind(0);
    assert!(bench.sent.is_empty());
    bench.pass(5_000 - ms + ms);
    assert_eq!(bench.sent.len(), 1);
    bench.take("1");
    assert_eq!(bench.state(&id), SmsState::Sent);
}

#[test]
fn numbers_go_on_counting() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    bench.sms("a");
    let bench = bench.crash(vec![connection("a", 10)]);
    assert_eq!(bench.outbox.last_number, 1);
}

#[test]
fn changed_connections_are_told_from_those_that_stay() {
    let mut bench = Bench::new(vec![connection("a", 10), connection("b", 10)]);
    let mut changed = connection("b", 10);
    changed.sessions = 2;
    let differences = bench
        .outbox
        .differences(vec![changed, connection("c", 10)], &BTreeMap::new());
    let seen: Vec<_> = differences
        .iter()
        .map(|(index, config)| (*index, config.is_some()))
        .collect();
    assert_eq!(seen, [(0, false), (1, true), (2, true)]);
}

#[test]
fn a_message_follows_its_connection_into_another_alphabet() {
    for (before, now, parts) in [
        (DefaultCharset::Gsm7, DefaultCharset::Ascii, 2),
        (DefaultCharset::Ascii, DefaultCharset::Gsm7, 1),
    ] {
        let charset = |charset| changed(connection("a", 10), |smpp| smpp.submit.charset = charset);
        let mut bench = Bench::new(vec![charset(before)]);
        let mut record = bench.record("+36301234567", &"ö".repeat(100), &["a"]);
        record.segments = 3 - parts;
        bench.send(record);
        bench.change(charset(now));
        bench.bind(0);
        assert_eq!(bench.wire.len(), usize::from(parts));
        for _ in 0..parts {
            bench.take("1");
        }
        assert_eq!(bench.state("sms-1"), SmsState::Sent);
        assert!(!bench.stored("sms-1").progress.possible_duplicate);
    }
}

#[test]
fn places_of_the_window_are_kept_through_a_change_of_the_connection() {
    let mut bench = Bench::new(vec![connection("a", 2)]);
    bench.bind(0);
    for _ in 0..8 {
        bench.sms("a");
    }
    bench.holds = true;
    bench.take("1");
    bench.take("2");
    bench.cut(0);
    let mut config = connection("a", 2);
    config.classes = config
        .classes
        .with(crate::smpp::Status(9), crate::smpp::StatusClass::Temporary);
    bench.change(config);
    bench.bind(0);
    assert!(bench.wire.is_empty(), "two answers are not durable yet");
    bench.flush();
    bench.holds = false;
    bench.flush();
    assert_eq!(bench.wire.len(), 2);
}

#[test]
fn the_present_configuration_is_not_what_counts_while_another_one_is_on_its_way() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    let on_its_way = BTreeMap::from([(0, Some(connection("a", 20)))]);
    let back = bench.outbox.differences(vec![connection("a", 10)], &on_its_way);
    assert_eq!(back, [(0, Some(connection("a", 10)))]);
    let same = bench.outbox.differences(vec![connection("a", 20)], &on_its_way);
    assert_eq!(same, []);
}

#[test]
fn when_the_date_jumps_retries_neither_burst_nor_come_early_nor_late() {
    for jump in JUMPS {
        let mut bench = Bench::new(vec![connection("a", 10)]);
        bench.bind(0);
        let ids: Vec<_> = (0..5).map(|_| bench.sms("a")).collect();
        for _ in &ids {
            bench.refuse(SYSTEM_ERROR);
        }
        bench.pass(1_000);
        bench.date_jump = jump;
        bench.pass(3_999);
        assert_eq!(bench.sent.len(), 5, "{jump}: 5 s are not over");
        bench.pass(1);
        assert_eq!(bench.sent.len(), 10, "{jump}: each goes once more");
        for _ in &ids {
            bench.take("1");
        }
        assert!(ids.iter().all(|id| bench.state(id) == SmsState::Sent));
    }
}

#[test]
fn when_the_date_jumps_a_validity_lasts_as_long_as_it_was_to_last() {
    for jump in JUMPS {
        let mut bench = Bench::new(vec![connection("a", 10)]);
        let id = bench.sms("a");
        bench.pass(1_000);
        bench.date_jump = jump;
        bench.pass(24 * 60 * 60 * 1_000 - 1_001);
        assert_eq!(bench.state(&id), SmsState::Accepted, "{jump}");
        bench.pass(1);
        assert_eq!(bench.state(&id), SmsState::Expired, "{jump}");
    }
}

#[test]
fn a_date_that_went_back_while_nothing_ran_holds_up_no_retry_for_long() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    bench.bind(0);
    let id = bench.sms("a");
    bench.refuse(SYSTEM_ERROR);
    let mut bench = bench.crash_on_date(vec![connection("a", 10)], -24 * HOUR);
    bench.bind(0);
    bench.pass(60 * 60 * 1_000);
    assert_eq!(bench.sent.len(), 1);
    bench.take("1");
    assert_eq!(bench.state(&id), SmsState::Sent);
}
