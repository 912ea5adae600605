//! Outcomes that nobody can tell.

use ozml_dialplan::OnUnknown;
use ozml_session::SmsState;

use crate::gateway::outbox::testing::{Bench, connection};
use crate::link::{Answer, LinkEvent};

fn bound() -> Bench {
    let mut bench = Bench::new(vec![connection("a", 10)]);
    bench.bind(0);
    bench
}

#[test]
fn after_a_cut_link_a_message_goes_again_and_is_marked() {
    let mut bench = bound();
    let id = bench.sms("a");
    bench.cut(0);
    assert!(
        bench.stored(&id).progress.possible_duplicate,
        "marked before it leaves again"
    );
    bench.bind(0);
    assert_eq!(bench.sent.len(), 2);
    bench.take("1");
    assert_eq!(bench.state(&id), SmsState::Sent);
    assert_eq!(bench.outbox.counters().possible_duplicates, 1);
}

#[test]
fn a_cut_makes_unknown_what_was_on_the_wire_and_nothing_else() {
    let mut bench = Bench::new(vec![connection("a", 3)]);
    bench.bind(0);
    let ids: Vec<_> = (0..8).map(|_| bench.sms("a")).collect();
    assert_eq!(bench.wire.len(), 3);
    bench.cut(0);
    bench.bind(0);
    while !bench.wire.is_empty() {
        bench.take("1");
    }
    let marked = ids
        .iter()
        .filter(|id| bench.stored(id).progress.possible_duplicate);
    assert_eq!(marked.count(), 3);
    assert_eq!(bench.sent.len(), 8 + 3);
}

#[test]
fn a_message_on_hold_is_not_repeated_but_shown() {
    let mut bench = bound();
    let mut record = bench.record("+36301234567", "Your code is 123456", &["a"]);
    record.on_unknown = OnUnknown::Hold;
    bench.send(record);
    bench.cut(0);
    bench.bind(0);
    bench.pass(24 * 60 * 60 * 1_000);
    assert_eq!(bench.sent.len(), 1);
    let progress = bench.stored("sms-1").progress;
    assert_eq!((progress.state, progress.parked), (SmsState::Unknown, true));
    assert_eq!(
        bench.reason("sms-1"),
        "the link was cut; it is not sent again by itself"
    );
}

#[test]
fn after_a_crash_what_was_handed_over_is_unknown_and_nothing_is_lost() {
    let mut bench = Bench::new(vec![connection("a", 2)]);
    bench.bind(0);
    let ids: Vec<_> = (0..5).map(|_| bench.sms("a")).collect();
    bench.take("1");
    bench.take("2");
    assert_eq!(
        bench.wire.len(),
        2,
        "two are on the wire, two more are noted for it"
    );
    let mut bench = bench.crash(vec![connection("a", 2)]);
    bench.bind(0);
    while !bench.wire.is_empty() {
        bench.take("1");
    }
    for id in &ids {
        assert_eq!(bench.state(id), SmsState::Sent, "{id}");
    }
    let marked: Vec<_> = ids
        .iter()
        .filter(|id| bench.stored(id).progress.possible_duplicate)
        .collect();
    assert!(!marked.contains(&&ids[0]) && !marked.contains(&&ids[1]));
    assert!(marked.contains(&&ids[2]) && marked.contains(&&ids[3]));
}

#[test]
fn an_orderly_stop_leaves_nothing_unknown() {
    let mut bench = Bench::new(vec![connection("a", 2)]);
    bench.bind(0);
    let ids: Vec<_> = (0..5).map(|_| bench.sms("a")).collect();
    let now = bench.now();
    bench.outbox.stop(now);
    bench.take("1");
    bench.take("2");
    bench.turn();
    assert!(bench.outbox.is_settled());
    let mut bench = bench.crash(vec![connection("a", 2)]);
    bench.bind(0);
    while !bench.wire.is_empty() {
        bench.take("1");
    }
    assert!(ids.iter().all(|id| !bench.stored(id).progress.possible_duplicate));
    assert_eq!(bench.sent.len(), 3);
}

#[test]
fn a_stop_while_a_hand_over_is_noted_leaves_nothing_unknown() {
    let mut bench = bound();
    bench.holds = true;
    let mut record = bench.record("+36301234567", "Your code is 123456", &["a"]);
    record.on_unknown = OnUnknown::Hold;
    bench.send(record);
    bench.flush();
    let now = bench.now();
    bench.outbox.stop(now);
    bench.holds = false;
    bench.flush();
    assert!(bench.outbox.is_settled() && bench.sent.is_empty());
    let mut bench = bench.crash(vec![connection("a", 10)]);
    bench.bind(0);
    bench.take("1");
    assert_eq!(bench.state("sms-1"), SmsState::Sent);
}

#[test]
fn after_a_cut_messages_keep_their_order() {
    let mut bench = bound();
    (0..5).for_each(|_| drop(bench.sms("a")));
    bench.take("1");
    bench.cut(0);
    bench.bind(0);
    bench.sent.drain(..6);
    while !bench.wire.is_empty() {
        bench.take("1");
    }
    let order: Vec<_> = bench.sent.iter().map(|(_, token)| token.number.0).collect();
    assert_eq!(order, [2, 3, 4]);
}

#[test]
fn after_a_cut_one_message_shows_that_the_session_works() {
    let mut bench = bound();
    (0..5).for_each(|_| drop(bench.sms("a")));
    bench.cut(0);
    bench.bind(0);
    let out = |bench: &Bench| -> Vec<_> { bench.wire.iter().map(|(_, token)| token.number.0).collect() };
    assert_eq!(out(&bench), [5], "the first one may be what broke the link");
    bench.take("1");
    assert_eq!(out(&bench), [1, 2, 3]);
    bench.cut(0);
    bench.bind(0);
    assert_eq!(out(&bench), [4], "it was not there when the link broke again");
}

#[test]
fn a_message_that_always_cuts_the_link_is_parked_and_the_others_go_through() {
    let mut bench = bound();
    let poison = bench.sms("a");
    let good: Vec<_> = (0..50).map(|_| bench.sms("a")).collect();
    for _ in 0..500 {
        let front = bench.wire.front().map(|(_, token)| token.number.0);
        match front {
            Some(1) => {
                bench.cut(0);
                bench.bind(0);
            }
            Some(_) => {
                bench.take("1");
            }
            None => bench.pass(1_000),
        }
    }
    for id in &good {
        assert_eq!(bench.state(id), SmsState::Sent, "{id}");
    }
    let progress = bench.stored(&poison).progress;
    assert_eq!(
        (progress.state, progress.parked, progress.unknown_handovers),
        (SmsState::Unknown, true, 5)
    );
    assert_eq!(bench.outbox.counters().parked, 1);
}

#[test]
fn what_broke_a_link_has_ever_fewer_others_with_it() {
    let mut bench = bound();
    (0..10).for_each(|_| drop(bench.sms("a")));
    assert_eq!(bench.wire.len(), 10);
    bench.cut(0);
    bench.bind(0);
    bench.take("1");
    assert_eq!(bench.wire.len(), 3, "as many as the root of the window");
    bench.cut(0);
    bench.bind(0);
    bench.pass(1_000);
    let mut most = 0;
    while !bench.wire.is_empty() {
        most = most.max(bench.wire.iter().filter(|(_, token)| token.number.0 <= 3).count());
        bench.take("1");
        bench.pass(1_000);
    }
    assert_eq!(most, 1, "those three go alone now");
    let ids = bench.all();
    assert!(ids.iter().all(|id| bench.state(id) == SmsState::Sent));
}

#[test]
fn a_suspect_is_alone_on_its_session() {
    let mut bench = bound();
    bench.sms("a");
    for pause in [0, 0, 1_000, 5_000] {
        bench.pass(pause);
        if !bench.wire.is_empty() {
            bench.cut(0);
            bench.bind(0);
        }
    }
    bench.sms("a");
    bench.pass(30_000);
    let out: Vec<_> = bench.wire.iter().map(|(_, token)| token.number.0).collect();
    assert_eq!(out, [2], "the other one has no answer yet");
    bench.take("1");
    let out: Vec<_> = bench.wire.iter().map(|(_, token)| token.number.0).collect();
    assert_eq!(out, [1]);
    bench.sms("a");
    assert_eq!(bench.wire.len(), 1, "nothing goes beside it");
    bench.take("2");
    assert_eq!(bench.wire.len(), 1);
}

#[test]
fn a_parked_message_can_be_sent_again_by_a_person() {
    let mut bench = bound();
    let mut record = bench.record("+36301234567", "Hello", &["a"]);
    record.on_unknown = OnUnknown::Hold;
    bench.send(record);
    bench.answer(Answer::Unknown("no answer in time"));
    let stored = bench.stored("sms-1");
    let now = bench.now();
    assert!(
        bench
            .outbox
            .retry(now, stored, std::time::Duration::from_secs(60))
    );
    bench.turn();
    bench.take("1");
    let progress = bench.stored("sms-1").progress;
    assert_eq!(
        (progress.state, progress.possible_duplicate),
        (SmsState::Sent, true)
    );
    let stored = bench.stored("sms-1");
    let now = bench.now();
    assert!(
        !bench
            .outbox
            .retry(now, stored, std::time::Duration::from_secs(60)),
        "it is under way"
    );
}

#[test]
fn what_has_no_connection_is_not_sent_again() {
    let mut bench = bound();
    let record = bench.record("+36301234567", "Hello", &[]);
    bench.send(record);
    let stored = bench.stored("sms-1");
    assert_eq!(stored.progress.state, SmsState::Failed);
    let (now, life) = (bench.now(), std::time::Duration::from_secs(60));
    assert!(!bench.outbox.retry(now, stored, life));
    assert_eq!(bench.state("sms-1"), SmsState::Failed);
}

#[test]
fn an_orderly_stop_takes_back_what_is_only_noted() {
    for is_noted in [false, true] {
        let mut bench = bound();
        bench.holds = !is_noted;
        let mut record = bench.record("+36301234567", "Your code is 123456", &["a"]);
        record.on_unknown = OnUnknown::Hold;
        bench.send(record);
        if !is_noted {
            bench.flush();
        }
        let now = bench.now();
        bench.outbox.stop(now);
        if is_noted {
            // The session was to end before it was given to it.
            let (session, token) = bench.wire.pop_front().unwrap();
            bench.link(session, LinkEvent::NotSent { token });
        } else {
            bench.holds = false;
            bench.flush();
        }
        assert!(bench.outbox.is_settled());
        let mut bench = bench.crash(vec![connection("a", 10)]);
        bench.bind(0);
        assert_eq!(bench.wire.len(), 1, "it never left");
    }
}

#[test]
fn a_person_who_sends_again_what_may_be_there_in_part_makes_a_possible_duplicate() {
    let mut bench = bound();
    let record = bench.record("+36301234567", &"x".repeat(161), &["a"]);
    bench.send(record);
    bench.answer(Answer::Unknown("no answer in time"));
    bench.refuse(0x0B);
    assert_eq!(bench.state("sms-1"), SmsState::Failed);
    let (stored, now) = (bench.stored("sms-1"), bench.now());
    assert!(
        bench
            .outbox
            .retry(now, stored, std::time::Duration::from_secs(60))
    );
    bench.turn();
    assert!(bench.stored("sms-1").progress.possible_duplicate);
}
