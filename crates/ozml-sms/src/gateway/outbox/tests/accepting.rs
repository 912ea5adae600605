//! Nothing is promised before it is written, nothing leaves before it is noted.

use ozml_session::{SmsRefusal, SmsState};

use crate::gateway::outbox::testing::{Bench, connection};
use crate::store::{PartState, StoreError};

#[test]
fn a_message_is_answered_when_it_is_written_and_leaves_when_that_is_noted() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    bench.bind(0);
    bench.holds = true;
    let id = bench.sms("a");
    assert!(bench.answers.is_empty(), "not written yet");
    bench.flush();
    assert_eq!(bench.answers[&1].as_ref().unwrap().id.to_string(), id);
    assert!(bench.wire.is_empty(), "the hand-over is not noted yet");
    bench.flush();
    assert_eq!(bench.wire.len(), 1);
    let stored = bench.stored(&id);
    assert_eq!(stored.progress.state, SmsState::Submitted);
    assert_eq!(stored.progress.parts[0].state, PartState::Out);
}

#[test]
fn one_key_is_one_message() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    let record = bench.record("+36301234567", "Hello", &["a"]);
    bench.send(record.clone());
    let mut again = record.clone();
    again.id = ozml_session::MessageId::new("other").unwrap();
    bench.send(again.clone());
    assert_eq!(bench.answers[&1], bench.answers[&2]);
    again.text = ozml_session::SmsText::new("Something else").unwrap();
    bench.send(again);
    assert_eq!(bench.answers[&3], Err(SmsRefusal::KeyReused));
    assert_eq!(bench.all(), ["sms-1"]);
}

#[test]
fn a_full_queue_refuses() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    bench.outbox.limits.messages = 2;
    for _ in 0..3 {
        bench.sms("a");
    }
    assert_eq!(bench.answers[&3], Err(SmsRefusal::QueueFull));
    bench.outbox.limits = crate::gateway::QueueLimits::default();
    bench.outbox.limits.bytes = 14;
    bench.sms("a");
    assert_eq!(
        bench.answers[&4],
        Err(SmsRefusal::QueueFull),
        "two texts of five bytes wait"
    );
}

#[test]
fn a_full_disk_refuses_and_what_was_under_way_goes_on() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    bench.bind(0);
    let first = bench.sms("a");
    bench.fault = Some(StoreError::Full);
    bench.sms("a");
    let refused = SmsRefusal::Store("the disk is full".to_owned());
    assert_eq!(bench.answers[&2], Err(refused));
    bench.take("1");
    let fault = bench.outbox.store_fault(bench.now());
    assert_eq!(fault.as_deref(), Some("the disk is full"));
    assert_eq!(
        bench.state(&first),
        SmsState::Submitted,
        "its end could not be written"
    );
    bench.fault = None;
    bench.pass(1_000);
    assert_eq!(bench.state(&first), SmsState::Sent);
    bench.sms("a");
    assert!(bench.answers[&3].is_ok());
    assert_eq!(bench.all().len(), 2, "the refused one is not kept");
    assert_eq!(bench.outbox.store_fault(bench.now()), None);
}

#[test]
fn a_store_that_failed_takes_nothing_until_it_is_open_again() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    bench.bind(0);
    bench.fault = Some(StoreError::Failed("the flush failed".to_owned()));
    bench.sms("a");
    assert!(bench.outbox.needs_reopening());
    bench.fault = None;
    bench.sms("a");
    let refused = Err(SmsRefusal::Store("the flush failed".to_owned()));
    assert_eq!((&bench.answers[&1], &bench.answers[&2]), (&refused, &refused));
    bench.outbox.on_reopened();
    bench.sms("a");
    assert!(bench.answers[&3].is_ok());
}

#[test]
fn a_hand_over_that_cannot_be_noted_does_not_leave() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    let id = bench.sms("a");
    bench.fault = Some(StoreError::Full);
    bench.bind(0);
    assert!(bench.wire.is_empty());
    bench.fault = None;
    bench.pass(1_000);
    assert_eq!(bench.wire.len(), 1);
    bench.take("1");
    assert_eq!(bench.state(&id), SmsState::Sent);
}

#[test]
fn what_left_and_is_not_settled_never_exceeds_the_window() {
    let mut bench = Bench::new(vec![connection("a", 3)]);
    bench.bind(0);
    for _ in 0..10 {
        bench.sms("a");
    }
    assert_eq!(bench.wire.len(), 3);
    bench.holds = true;
    for id in ["1", "2", "3"] {
        bench.take(id);
    }
    assert!(bench.wire.is_empty(), "their answers are not durable yet");
    bench.flush();
    bench.flush();
    assert_eq!(bench.wire.len(), 3);
}

#[test]
fn messages_leave_in_their_order_and_urgent_ones_first() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    for urgent in [0, 0, 3] {
        let mut record = bench.record("+36301234567", "Hello", &["a"]);
        record.priority = crate::store::Priority::new(urgent).unwrap();
        bench.send(record);
    }
    bench.bind(0);
    let order: Vec<_> = bench.sent.iter().map(|(_, token)| token.number.0).collect();
    assert_eq!(order, [3, 1, 2]);
}

#[test]
fn what_comes_back_from_a_session_keeps_its_order() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    for _ in 0..4 {
        bench.sms("a");
    }
    bench.holds = true;
    bench.bind(0);
    bench.cut(0);
    bench.holds = false;
    bench.flush();
    bench.bind(0);
    let order: Vec<_> = bench.sent.iter().map(|(_, token)| token.number.0).collect();
    assert_eq!(order, [1, 2, 3, 4]);
}

#[test]
fn a_message_that_expired_is_never_sent() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    let mut record = bench.record("+36301234567", "Hello", &["a"]);
    record.expires_at = bench.now().date_after(60_000);
    bench.send(record);
    bench.pass(60_000);
    bench.bind(0);
    assert!(bench.sent.is_empty());
    assert_eq!(bench.told, [("sms-1".to_owned(), SmsState::Expired)]);
    assert_eq!(
        bench.reason("sms-1"),
        "its validity ended before it could be sent"
    );
}

#[test]
fn what_was_written_though_its_flush_seemed_to_fail_is_not_sent() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    bench.bind(0);
    let record = bench.record("+36301234567", "Hello", &["a"]);
    bench.writes_and_fails = Some(StoreError::Failed("the flush failed".to_owned()));
    bench.send(record);
    assert!(bench.answers[&1].is_err());
    bench.outbox.on_reopened();
    bench.turn();
    assert_eq!(bench.state("sms-1"), SmsState::Failed);
    let mut bench = bench.crash(vec![connection("a", 10)]);
    bench.bind(0);
    assert!(bench.sent.is_empty());
}

#[test]
fn a_message_with_the_id_of_another_spoils_no_others() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    bench.bind(0);
    let first = bench.sms("a");
    bench.holds = true;
    let mut twin = bench.record("+36301234567", "Hello", &["a"]);
    twin.id = ozml_session::MessageId::new(&first).unwrap();
    // One batch is being written; the next one has the twin, a good message and an answer.
    bench.take("1");
    bench.send(twin);
    bench.sms("a");
    bench.holds = false;
    bench.flush();
    assert!(bench.answers[&2].is_err() && bench.answers[&3].is_ok());
    assert_eq!(bench.state(&first), SmsState::Sent);
    assert!(!bench.outbox.needs_reopening());
}

#[test]
fn what_is_refused_while_the_disk_is_full_is_not_remembered() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    bench.fault = Some(StoreError::Full);
    for _ in 0..100 {
        bench.sms("a");
        bench.pass(500);
    }
    assert!(bench.outbox.is_settled());
}

#[test]
fn a_sender_that_asks_again_after_a_flush_that_seemed_to_fail_is_served() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    bench.bind(0);
    let record = bench.record("+36301234567", "Hello", &["a"]);
    bench.writes_and_fails = Some(StoreError::Failed("the flush failed".to_owned()));
    bench.send(record.clone());
    bench.outbox.on_reopened();
    bench.turn();
    let mut again = record;
    again.id = ozml_session::MessageId::new("other").unwrap();
    bench.send(again);
    assert_eq!(bench.answers[&2].as_ref().unwrap().id.as_str(), "sms-1");
    assert_eq!(bench.wire.len(), 1, "what is promised is sent");
    bench.take("1");
    assert_eq!(bench.state("sms-1"), SmsState::Sent);
}

#[test]
fn a_message_that_a_rule_throws_away_is_told_to_have_failed() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    let record = bench.record("+36301234567", "Hello", &[]);
    let mut progress = crate::store::Progress::accepted(bench.now().wall, 1);
    progress.state = SmsState::Failed;
    bench.outbox.accept(bench.now(), record, progress, 1);
    bench.turn();
    assert!(bench.answers[&1].is_ok());
    assert_eq!(bench.told, [("sms-1".to_owned(), SmsState::Failed)]);
}
