//! What the statuses of a centre make of a message.

use ozml_session::SmsState;

use crate::gateway::outbox::testing::{Bench, connection};
use crate::link::LinkEvent;

const THROTTLED: u32 = 0x58;
const SYSTEM_ERROR: u32 = 0x08;
const INVALID_DESTINATION: u32 = 0x0B;
const INVALID_BIND_STATUS: u32 = 0x04;

fn bound() -> Bench {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    bench.bind(0);
    bench
}

#[test]
fn a_refusal_for_good_ends_it_with_the_status() {
    let mut bench = bound();
    let id = bench.sms("a");
    bench.refuse(INVALID_DESTINATION);
    assert_eq!(bench.state(&id), SmsState::Failed);
    assert_eq!(
        bench.reason(&id),
        "the message centre refused: RINVDSTADR (0x0000000B)"
    );
    let states: Vec<_> = bench.told.iter().map(|(_, state)| *state).collect();
    assert_eq!(states, [SmsState::Submitted, SmsState::Failed]);
}

#[test]
fn a_refusal_for_now_is_tried_again_after_the_schedule() {
    let mut bench = bound();
    let id = bench.sms("a");
    for (wait, sent) in [(4_999, 1), (1, 2)] {
        if sent == 1 {
            bench.refuse(SYSTEM_ERROR);
        }
        bench.pass(wait);
        assert_eq!(bench.sent.len(), sent);
    }
    bench.refuse(SYSTEM_ERROR);
    bench.pass(29_999);
    assert_eq!(bench.sent.len(), 2);
    bench.pass(1);
    bench.take("1");
    assert_eq!(bench.state(&id), SmsState::Sent);
    assert_eq!(bench.outbox.counters().retried, 2);
    assert!(!bench.stored(&id).progress.possible_duplicate);
}

#[test]
fn refusals_for_now_go_on_until_the_validity_ends() {
    let mut bench = bound();
    let id = bench.sms("a");
    for _ in 0..200 {
        if !bench.wire.is_empty() {
            bench.refuse(SYSTEM_ERROR);
        }
        bench.pass(600_000);
    }
    assert_eq!(bench.state(&id), SmsState::Expired);
    let reason = "its validity ended; before that: the message centre refused for now: RSYSERR (0x00000008)";
    assert_eq!(bench.reason(&id), reason);
    assert!(
        (20..40).contains(&bench.sent.len()),
        "{} tries in a day",
        bench.sent.len()
    );
}

#[test]
fn a_busy_centre_counts_no_try_and_the_others_do_not_wait() {
    let mut bench = bound();
    let id = bench.sms("a");
    bench.refuse(THROTTLED);
    bench.pass(1_000);
    assert_eq!(bench.sent.len(), 2, "it goes again");
    bench.take("1");
    assert_eq!(bench.state(&id), SmsState::Sent);
    assert_eq!(
        (bench.stored(&id).progress.tries, bench.outbox.counters().retried),
        (0, 0)
    );
}

#[test]
fn a_session_at_fault_is_bound_anew_and_the_message_goes_again_untouched() {
    let mut bench = bound();
    let id = bench.sms("a");
    bench.refuse(INVALID_BIND_STATUS);
    assert_eq!((bench.rebound.len(), bench.wire.len()), (1, 0));
    bench.cut(0);
    bench.bind(0);
    bench.take("1");
    let progress = bench.stored(&id).progress;
    assert_eq!(
        (progress.state, progress.tries, progress.possible_duplicate),
        (SmsState::Sent, 0, false)
    );
}

#[test]
fn a_route_may_sort_a_status_otherwise() {
    let mut config = connection("a", 10);
    config.classes = config.classes.with(
        crate::smpp::Status(SYSTEM_ERROR),
        crate::smpp::StatusClass::PermanentMessage,
    );
    let mut bench = Bench::new(vec![config]);
    bench.bind(0);
    let id = bench.sms("a");
    bench.refuse(SYSTEM_ERROR);
    assert_eq!(bench.state(&id), SmsState::Failed);
}

#[test]
fn of_a_message_in_parts_only_what_is_not_sent_goes_again() {
    let mut bench = bound();
    let record = bench.record("+36301234567", &"x".repeat(400), &["a"]);
    bench.send(record);
    assert_eq!(bench.wire.len(), 3);
    bench.take("1");
    bench.refuse(SYSTEM_ERROR);
    bench.take("3");
    bench.pass(5_000);
    let parts: Vec<_> = bench.wire.iter().map(|(_, token)| token.part).collect();
    assert_eq!(parts, [1]);
    bench.take("2");
    assert_eq!(bench.state("sms-1"), SmsState::Sent);
}

#[test]
fn a_part_that_is_refused_for_good_fails_the_whole() {
    let mut bench = Bench::new(vec![connection("a", 1)]);
    bench.bind(0);
    let record = bench.record("+36301234567", &"x".repeat(400), &["a"]);
    bench.send(record);
    bench.take("1");
    bench.refuse(INVALID_DESTINATION);
    assert!(bench.wire.is_empty(), "the third part stays behind");
    let reason = "the message centre refused: RINVDSTADR (0x0000000B); 1 of 3 parts had been accepted";
    assert_eq!(bench.reason("sms-1"), reason);
    let next = bench.sms("a");
    bench.take("9");
    assert_eq!(
        bench.state(&next),
        SmsState::Sent,
        "its places in the window are free"
    );
}

#[test]
fn one_message_that_is_always_refused_does_not_hold_up_the_others() {
    let mut bench = bound();
    let poison = bench.sms("a");
    bench.refuse(SYSTEM_ERROR);
    let mut sent = 0;
    for _ in 0..1_000 {
        bench.sms("a");
        while let Some((_, token)) = bench.wire.front() {
            if token.number.0 == 1 {
                bench.refuse(SYSTEM_ERROR);
            } else {
                bench.take("1");
                sent += 1;
            }
        }
        bench.pass(10);
    }
    assert_eq!(sent, 1_000);
    assert_eq!(bench.state(&poison), SmsState::Submitted);
}

#[test]
fn a_message_that_the_centre_is_always_too_busy_for_expires() {
    let mut bench = bound();
    let mut record = bench.record("+36301234567", "Hello", &["a"]);
    record.expires_at = bench.now().date_after(60_000);
    bench.send(record);
    for _ in 0..30 {
        if !bench.wire.is_empty() {
            bench.refuse(THROTTLED);
        }
        bench.pass(5_000);
    }
    assert_eq!(bench.state("sms-1"), SmsState::Expired);
    assert!(bench.wire.is_empty() && bench.outbox.is_settled());
}

#[test]
fn what_waits_for_its_rate_expires_in_time() {
    let mut config = connection("a", 10);
    config.rate = Some(0.01);
    let mut bench = Bench::new(vec![config]);
    bench.bind(0);
    for _ in 0..2 {
        let mut record = bench.record("+36301234567", "Hello", &["a"]);
        record.expires_at = bench.now().date_after(60_000);
        bench.send(record);
    }
    bench.pass(60_000);
    assert_eq!(bench.state("sms-2"), SmsState::Expired);
    bench.pass(60_000);
    assert_eq!(bench.sent.len(), 1);
}

#[test]
fn what_comes_back_after_its_validity_is_not_sent_again() {
    let mut bench = bound();
    let mut record = bench.record("+36301234567", "Hello", &["a"]);
    record.expires_at = bench.now().date_after(1_000);
    bench.send(record);
    bench.pass(1_000);
    bench.refuse(THROTTLED);
    assert_eq!(bench.state("sms-1"), SmsState::Expired);
    assert!(bench.outbox.is_settled());
}

#[test]
fn for_parts_that_never_left_the_throttle_awaits_no_answers() {
    let mut bench = bound();
    bench.sms("a");
    for _ in 0..5 {
        let (session, token) = bench.wire.pop_front().unwrap();
        bench.link(session, LinkEvent::NotSent { token });
    }
    assert_eq!(bench.outbox.connections[0].lanes[0].throttle.out(), 1);
}

#[test]
fn sessions_share_a_rate() {
    let mut config = connection("a", 2);
    (config.sessions, config.rate) = (2, Some(1.0));
    let mut bench = Bench::new(vec![config]);
    bench.bind_session(0, 0);
    bench.bind_session(0, 1);
    for _ in 0..40 {
        bench.sms("a");
    }
    for _ in 0..20 {
        bench.pass(1_000);
        while !bench.wire.is_empty() {
            bench.take("1");
        }
    }
    let of_second = bench.sent.iter().filter(|(session, _)| session.session == 1);
    assert!((8..=12).contains(&of_second.count()));
}
