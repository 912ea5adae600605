//! Several connections.

use ozml_dialplan::WhenDown;
use ozml_session::SmsState;

use crate::gateway::SessionId;
use crate::gateway::outbox::testing::{Bench, changed, connection, name};
use crate::link::Answer;
use crate::smpp::{Bind, BindMode, Password, SystemId};

const SYSTEM_ERROR: u32 = 0x08;
const INVALID_DESTINATION: u32 = 0x0B;

fn two() -> Bench {
    Bench::new(vec![connection("a", 10), connection("b", 10)])
}

fn sent_by(bench: &Bench) -> Vec<u16> {
    bench.sent.iter().map(|(session, _)| session.connection).collect()
}

#[test]
fn a_connection_that_is_down_is_passed_over() {
    let mut bench = two();
    bench.bind(0);
    bench.bind(1);
    bench.cut(0);
    bench.pass(2_000);
    let record = bench.record("+36301234567", "Hello", &["a", "b"]);
    bench.send(record);
    assert_eq!(sent_by(&bench), [1]);
}

#[test]
fn what_waits_for_a_connection_that_stays_down_goes_elsewhere() {
    let mut bench = two();
    bench.bind(1);
    bench.cut(0);
    let record = bench.record("+36301234567", "Hello", &["a", "b"]);
    bench.send(record);
    assert!(bench.sent.is_empty(), "the first one may come back at once");
    bench.pass(2_000);
    assert_eq!(sent_by(&bench), [1]);
}

#[test]
fn two_refusals_for_now_and_the_next_one_is_tried() {
    let mut bench = two();
    bench.bind(0);
    bench.bind(1);
    let record = bench.record("+36301234567", "Hello", &["a", "b"]);
    bench.send(record);
    bench.refuse(SYSTEM_ERROR);
    bench.pass(5_000);
    bench.refuse(SYSTEM_ERROR);
    assert_eq!(sent_by(&bench), [0, 0, 1]);
    bench.take("1");
    assert_eq!(bench.state("sms-1"), SmsState::Sent);
}

#[test]
fn a_refusal_for_good_does_not_fail_over() {
    let mut bench = two();
    bench.bind(0);
    bench.bind(1);
    let record = bench.record("+36301234567", "Hello", &["a", "b"]);
    bench.send(record);
    bench.refuse(INVALID_DESTINATION);
    assert_eq!(bench.state("sms-1"), SmsState::Failed);
    assert_eq!(sent_by(&bench), [0]);
}

#[test]
fn with_nothing_up_a_rule_says_whether_a_message_waits() {
    let mut bench = two();
    bench.cut(0);
    bench.cut(1);
    bench.pass(2_000);
    let mut record = bench.record("+36301234567", "Hello", &["a", "b"]);
    record.when_down = WhenDown::Fail;
    bench.send(record);
    assert_eq!(bench.reason("sms-1"), "no connection is up");
    let record = bench.record("+36301234567", "Hello", &["a", "b"]);
    bench.send(record);
    assert_eq!(bench.state("sms-2"), SmsState::Accepted);
    bench.bind(1);
    assert_eq!(sent_by(&bench), [1]);
}

#[test]
fn a_centre_that_refuses_everything_is_left_alone_and_probed() {
    let mut bench = two();
    bench.bind(0);
    bench.bind(1);
    for _ in 0..10 {
        bench.sms("a");
        bench.refuse(SYSTEM_ERROR);
    }
    assert_eq!(bench.outbox.connections(bench.now())[0].state, "unhealthy");
    let record = bench.record("+36301234567", "Hello", &["a", "b"]);
    bench.send(record);
    assert_eq!(sent_by(&bench).last(), Some(&1));
    bench.pass(30_000);
    assert_eq!(
        bench
            .wire
            .iter()
            .filter(|(session, _)| session.connection == 0)
            .count(),
        1,
        "a probe"
    );
}

#[test]
fn a_paused_connection_gets_nothing() {
    let mut bench = two();
    bench.bind(0);
    let now = bench.now();
    assert!(bench.outbox.pause_connection(now, &name("a"), true));
    assert!(!bench.outbox.pause_connection(now, &name("c"), true));
    bench.sms("a");
    assert!(bench.sent.is_empty());
    bench.outbox.pause_connection(now, &name("a"), false);
    bench.turn();
    assert_eq!(sent_by(&bench), [0]);
}

#[test]
fn messages_for_a_connection_that_is_no_more_are_kept() {
    let mut bench = two();
    bench.sms("a");
    let mut bench = bench.crash(vec![connection("b", 10)]);
    bench.bind(0);
    assert!(bench.sent.is_empty());
    let connections = bench.outbox.connections(bench.now());
    let shown: Vec<_> = connections
        .iter()
        .map(|c| (c.name.as_str(), c.state, c.waiting))
        .collect();
    assert_eq!(shown, [("b", "up", 0), ("a", "gone", 1)]);
}

#[test]
fn a_connection_that_stays_down_wakes_nobody() {
    let mut bench = two();
    bench.cut(0);
    bench.cut(1);
    let record = bench.record("+36301234567", "Hello", &["a", "b"]);
    bench.send(record);
    bench.pass(10_000);
    let next = bench.outbox.next_wake_up(bench.now());
    assert!(next.is_some_and(|next| next > bench.ms), "{next:?}");
}

#[test]
fn a_probe_without_an_answer_does_not_shut_its_connection_for_ever() {
    let mut bench = two();
    bench.bind(0);
    for _ in 0..10 {
        bench.sms("a");
        bench.refuse(SYSTEM_ERROR);
    }
    bench.pass(30_000);
    assert_eq!(bench.wire.len(), 1, "a probe");
    bench.answer(Answer::Unknown("no answer in time"));
    assert_eq!(bench.wire.len(), 1, "the next probe");
}

#[test]
fn a_connection_bound_as_a_receiver_gets_nothing() {
    let system_id = SystemId::new("shop").unwrap();
    let bind = Bind::new(BindMode::Receiver, system_id, Password::default());
    let receiver = changed(connection("a", 10), |smpp| smpp.bind = bind);
    let mut bench = Bench::new(vec![receiver, connection("b", 10)]);
    bench.bind(0);
    bench.bind(1);
    bench.sms("a");
    let record = bench.record("+36301234567", "Hello", &["a", "b"]);
    bench.send(record);
    assert_eq!(sent_by(&bench), [1]);
}

#[test]
fn a_session_that_is_to_end_gets_nothing_though_it_is_bound_in_this_moment() {
    let mut bench = two();
    bench.outbox.retire(SessionId {
        connection: 0,
        session: 0,
    });
    bench.bind(0);
    bench.sms("a");
    assert!(bench.sent.is_empty());
    bench.cut(0);
    bench.bind(0);
    assert_eq!(sent_by(&bench), [0]);
}

#[test]
fn a_pause_that_ends_does_not_keep_what_waits_for_a_connection_that_is_down() {
    let mut bench = two();
    bench.bind(0);
    bench.bind(1);
    bench.cut(0);
    let record = bench.record("+36301234567", "Hello", &["a", "b"]);
    bench.send(record);
    bench.pass(1_000);
    let now = bench.now();
    bench.outbox.pause_connection(now, &name("a"), false);
    bench.pass(1_000);
    assert_eq!(sent_by(&bench), [1]);
}

#[test]
fn what_waits_for_a_centre_that_begins_to_refuse_everything_goes_elsewhere() {
    let mut bench = Bench::new(vec![connection("a", 1), connection("b", 10)]);
    bench.bind(0);
    bench.bind(1);
    for _ in 0..12 {
        bench.sms("a");
    }
    let record = bench.record("+36301234567", "Hello", &["a", "b"]);
    bench.send(record);
    for _ in 0..10 {
        bench.refuse(SYSTEM_ERROR);
    }
    assert_eq!(sent_by(&bench).last(), Some(&1));
}

#[test]
fn numbers_of_messages_that_are_gone_do_not_fill_the_line() {
    let mut bench = two();
    bench.cut(0);
    for _ in 0..50 {
        for _ in 0..100 {
            let mut record = bench.record("+36301234567", "Hello", &["a"]);
            record.expires_at = bench.now().date_after(1_000);
            bench.send(record);
        }
        bench.pass(1_000);
    }
    assert!(bench.outbox.connections[0].line.len() < 2_000);
}

#[test]
fn a_stop_fails_nothing_for_want_of_a_connection() {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    bench.bind(0);
    bench.holds = true;
    let mut record = bench.record("+36301234567", "Hello", &["a"]);
    record.when_down = WhenDown::Fail;
    bench.send(record);
    bench.flush();
    let now = bench.now();
    bench.outbox.stop(now);
    bench.cut(0);
    bench.pass(5_000);
    // Only now its hand-over is noted, and nothing is up any more.
    bench.holds = false;
    bench.flush();
    let mut bench = bench.crash(vec![connection("a", 10)]);
    bench.bind(0);
    assert_eq!(bench.wire.len(), 1);
}

#[test]
fn a_round_through_another_alphabet_begins_anew_in_the_first_one() {
    let ascii = changed(connection("b", 10), |smpp| {
        smpp.submit.charset = crate::text::DefaultCharset::Ascii;
    });
    let mut bench = Bench::new(vec![connection("a", 10), ascii]);
    bench.bind(0);
    bench.bind(1);
    let record = bench.record("+36301234567", &"ö".repeat(100), &["a", "b"]);
    bench.send(record);
    for (of, parts) in [(0, 1), (0, 1), (1, 2), (1, 2), (0, 1)] {
        assert_eq!(bench.wire.len(), parts);
        assert!(bench.wire.iter().all(|(session, _)| session.connection == of));
        for _ in 0..parts {
            bench.refuse(SYSTEM_ERROR);
        }
        if bench.wire.is_empty() {
            bench.pass(30_000);
        }
    }
}
