//! Receipts.

use ozml_session::{HttpUrl, SmsState};

use crate::gateway::outbox::testing::{Bench, changed, connection};
use crate::store::StoreError;

fn bound() -> Bench {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    bench.bind(0);
    bench
}

#[test]
fn a_receipt_ends_a_message_and_is_answered_when_that_is_written() {
    let mut bench = bound();
    let id = bench.sms("a");
    bench.take("17");
    bench.holds = true;
    bench.receipt(0, "id:17 stat:DELIVRD");
    assert!(bench.answered.is_empty());
    bench.flush();
    assert_eq!(bench.answered, [(1, true)]);
    assert_eq!(bench.state(&id), SmsState::Delivered);
}

#[test]
fn a_receipt_that_cannot_be_written_stays_with_the_centre() {
    let mut bench = bound();
    let id = bench.sms("a");
    bench.take("17");
    bench.fault = Some(StoreError::Full);
    bench.receipt(0, "id:17 stat:DELIVRD");
    assert_eq!(bench.answered, [(1, false)]);
    bench.fault = None;
    bench.pass(1_000);
    assert_eq!(
        bench.state(&id),
        SmsState::Delivered,
        "what it said is written later"
    );
}

#[test]
fn the_worst_part_is_the_state_of_the_whole() {
    let mut bench = bound();
    let record = bench.record("+36301234567", &"x".repeat(161), &["a"]);
    bench.send(record);
    bench.take("1");
    bench.take("2");
    bench.receipt(0, "id:2 stat:DELIVRD");
    assert_eq!(bench.state("sms-1"), SmsState::Sent);
    bench.receipt(0, "id:1 stat:EXPIRED err:001");
    assert_eq!(bench.state("sms-1"), SmsState::Expired);
    assert_eq!(
        bench.reason("sms-1"),
        "1 of 2 parts were delivered; part 1: expired, error 001"
    );
}

#[test]
fn a_failure_is_told_as_soon_as_nothing_can_make_it_worse() {
    let mut bench = bound();
    let record = bench.record("+36301234567", &"x".repeat(161), &["a"]);
    bench.send(record);
    bench.take("1");
    bench.take("2");
    bench.receipt(0, "id:2 stat:UNDELIV");
    assert_eq!(bench.state("sms-1"), SmsState::Failed);
    bench.receipt(0, "id:1 stat:DELIVRD");
    assert_eq!(
        bench.told.last(),
        Some(&("sms-1".to_owned(), SmsState::Failed)),
        "told once"
    );
}

#[test]
fn without_a_receipt_a_message_is_unknown_when_its_validity_ends() {
    let mut bench = bound();
    let id = bench.sms("a");
    bench.take("17");
    bench.receipt(0, "id:17 stat:ENROUTE");
    bench.pass(24 * 60 * 60 * 1_000);
    assert_eq!(bench.state(&id), SmsState::Unknown);
    assert_eq!(bench.reason(&id), "no delivery receipt came in time");
    assert!(
        !bench.stored(&id).progress.parked,
        "it was sent: nobody need do anything"
    );
}

#[test]
fn a_message_without_receipts_is_through_when_it_is_sent() {
    let config = changed(connection("a", 10), |smpp| smpp.submit.receipts = false);
    let mut bench = Bench::new(vec![config]);
    bench.bind(0);
    let id = bench.sms("a");
    bench.take("17");
    assert_eq!(bench.state(&id), SmsState::Sent);
    assert_eq!(bench.outbox.queue(bench.now()).unfinished, 0);
}

#[test]
fn receipts_are_awaited_across_a_restart() {
    let mut bench = bound();
    let id = bench.sms("a");
    bench.take("17");
    let mut bench = bench.crash(vec![connection("a", 10)]);
    bench.bind(0);
    assert!(bench.sent.is_empty(), "it is not sent again");
    bench.receipt(0, "id:17 stat:DELIVRD");
    assert_eq!(bench.state(&id), SmsState::Delivered);
}

#[test]
fn a_receipt_counts_on_the_connection_that_sent_only() {
    let mut bench = Bench::new(vec![connection("a", 10), connection("b", 10)]);
    bench.bind(0);
    bench.bind(1);
    let id = bench.sms("a");
    bench.take("17");
    bench.receipt(1, "id:17 stat:DELIVRD");
    assert_eq!(bench.state(&id), SmsState::Sent);
}

#[test]
fn the_end_is_reported_once_to_whom_it_may_concern() {
    let mut bench = bound();
    let mut record = bench.record("+36301234567", "Hello", &["a"]);
    record.report = Some(HttpUrl::new("http://app.example/dlr").unwrap());
    bench.send(record);
    bench.take("17");
    assert!(bench.reports.is_empty());
    bench.receipt(0, "id:17 stat:UNDELIV err:069");
    bench.receipt(0, "id:17 stat:UNDELIV err:069");
    assert_eq!(bench.reports.len(), 1);
    let fields: Vec<_> = bench.reports[0]
        .fields
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(
        fields.join("&"),
        "SmsId=sms-1&Sender=&Recipient=+36301234567&Status=Failed&StatusText=undeliverable, error 069&Connection=a&Timestamp=2026-01-01T00:00:00Z"
    );
}

#[test]
fn an_answer_is_for_the_session_in_which_it_was_asked_for() {
    let mut bench = bound();
    bench.holds = true;
    bench.deliver(0, 0, "one");
    bench.cut(0);
    bench.bind(0);
    // The new session begins to count anew.
    bench.deliver(0, 0, "two");
    bench.flush();
    assert_eq!(bench.answered, [], "the second one is not durable yet");
    bench.flush();
    assert_eq!(bench.answered, [(1, true)]);
}

#[test]
fn what_comes_in_while_the_disk_is_full_stays_with_the_centre() {
    let mut bench = bound();
    bench.fault = Some(StoreError::Full);
    for number in 0..50 {
        bench.deliver(0, 0, &format!("message {number}"));
    }
    assert_eq!(bench.answered.len(), 50);
    assert!(
        bench.outbox.pending.changes.len() <= 1,
        "the first one showed that it is full"
    );
    bench.fault = None;
    bench.pass(1_000);
    bench.deliver(0, 0, "message 49");
    assert_eq!(bench.answered.last(), Some(&(51, true)));
    assert_eq!(bench.outbox.counters().received, 2);
}

#[test]
fn what_nobody_takes_stays_with_its_centre_when_as_much_is_kept_as_may_be() {
    let mut bench = bound();
    bench.outbox.limits.received = 1;
    for text in ["one", "two"] {
        bench.deliver(0, 0, text);
    }
    let answers = [(1, true), (2, false)];
    assert_eq!(bench.answered, answers);
    assert_eq!(bench.outbox.queue(bench.now()).received, 1);
    bench.receipt(0, "id:17 stat:DELIVRD");
    bench.outbox.on_purged(1);
    bench.deliver(0, 0, "three");
    let answers: Vec<_> = bench.answered.iter().skip(2).map(|(_, taken)| *taken).collect();
    assert_eq!(answers, [true, true], "receipts need no place");
}
