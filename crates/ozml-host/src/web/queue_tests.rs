use super::*;

const DAY: ClockTime = ClockTime::from_millis(24 * 3600 * 1000);
const BEGIN: ClockTime = ClockTime::ZERO;

fn queue() -> Queue {
    Queue::new(QueueLimits {
        tries: 8,
        per_server: 100,
        bytes: 10_000,
        at_once: 20,
    })
}

/// Queues so many reports for a server; those that are sent at once.
fn fill(queue: &mut Queue, server: &str, reports: usize) -> Vec<Ticket> {
    let tickets: Vec<_> = (0..reports)
        .map(|_| queue.reserve(server, 10, DAY).unwrap())
        .collect();
    let kept = tickets
        .into_iter()
        .flat_map(|ticket| queue.on(BEGIN, Event::Kept(ticket)));
    sent(kept.collect())
}

fn sent(actions: Vec<Action>) -> Vec<Ticket> {
    let sent = |action| match action {
        Action::Send(ticket) => ticket,
        other => panic!("{other:?}"),
    };
    actions.into_iter().map(sent).collect()
}

fn again() -> Outcome {
    Outcome::Again("status 500".to_owned())
}

#[test]
fn eight_tries_in_seventeen_hours() {
    let mut queue = queue();
    let [ticket] = fill(&mut queue, "a:80", 1)[..] else {
        panic!()
    };
    let mut now = BEGIN;
    let mut seconds = Vec::new();
    loop {
        let actions = queue.on(now, Event::Ended(ticket, again()));
        let Some(next) = queue.next_wake() else {
            let reason = "status 500".to_owned();
            assert_eq!(
                actions,
                [Action::Undelivered {
                    ticket,
                    tries: 8,
                    reason
                }]
            );
            break;
        };
        assert_eq!(actions, []);
        seconds.push(next.millis_since(now) / 1000);
        let early = ClockTime::from_millis(next.as_millis() - 1);
        assert_eq!(queue.on(early, Event::Tick), []);
        now = next;
        assert_eq!(queue.on(now, Event::Tick), [Action::Send(ticket)]);
    }
    assert_eq!(seconds, [5, 30, 120, 600, 3600, 4 * 3600, 12 * 3600]);
    assert_eq!((queue.len(), queue.bytes), (0, 0));
    assert!(queue.servers.is_empty());
}

#[test]
fn a_report_is_not_tried_after_its_life() {
    let mut queue = queue();
    let minute = ClockTime::from_millis(60_000);
    let ticket = queue.reserve("a:80", 10, minute).unwrap();
    queue.on(BEGIN, Event::Kept(ticket));
    assert_eq!(queue.on(BEGIN, Event::Ended(ticket, again())), []);
    let late = ClockTime::from_millis(40_000);
    queue.on(late, Event::Tick);
    let actions = queue.on(late, Event::Ended(ticket, again()));
    assert!(
        matches!(actions[..], [Action::Undelivered { tries: 2, .. }]),
        "{actions:?}"
    );
}

#[test]
fn a_report_that_never_had_its_turn_expires() {
    let mut queue = queue();
    let first = fill(&mut queue, "a:80", 4);
    let ticket = queue.reserve("a:80", 10, ClockTime::from_millis(10)).unwrap();
    assert_eq!(queue.on(BEGIN, Event::Kept(ticket)), []);
    let later = ClockTime::from_millis(10);
    let actions = queue.on(later, Event::Ended(first[0], Outcome::Delivered));
    assert_eq!(actions[0], Action::Delivered(first[0]));
    assert!(
        matches!(actions[1], Action::Undelivered { tries: 0, .. }),
        "{actions:?}"
    );
}

#[test]
fn a_server_that_hangs_holds_up_nobody_else() {
    let mut queue = queue();
    assert_eq!(fill(&mut queue, "hangs:80", 50).len(), 4);
    for server in 0..16 {
        let sent = fill(&mut queue, &format!("{server}:80"), 1);
        assert_eq!(sent.len(), 1, "{server}");
    }
    assert!(fill(&mut queue, "more:80", 1).is_empty(), "twenty at once in all");
}

#[test]
fn a_server_that_fails_is_asked_one_by_one_until_it_answers() {
    let mut queue = queue();
    let first = fill(&mut queue, "a:80", 10);
    for &ticket in &first[..3] {
        assert_eq!(queue.on(BEGIN, Event::Ended(ticket, again())), []);
    }
    let one = sent(queue.on(BEGIN, Event::Ended(first[3], again())));
    assert_eq!(one.len(), 1);
    let actions = queue.on(BEGIN, Event::Ended(one[0], Outcome::Delivered));
    assert_eq!(actions[0], Action::Delivered(one[0]));
    assert_eq!(sent(actions[1..].to_vec()).len(), 4);
}

#[test]
fn servers_take_turns() {
    let mut queue = queue();
    queue.limits.at_once = 1;
    let one = fill(&mut queue, "a:80", 3);
    fill(&mut queue, "b:80", 3);
    let mut order = Vec::new();
    let mut ticket = one[0];
    while queue.len() > 0 {
        order.push(queue.reports[&ticket].server.to_string());
        let actions = queue.on(BEGIN, Event::Ended(ticket, Outcome::Delivered));
        if let [_, Action::Send(next)] = actions[..] {
            ticket = next;
        }
    }
    assert_eq!(order, ["a:80", "a:80", "b:80", "a:80", "b:80", "b:80"]);
}

#[test]
fn a_full_queue_takes_nothing_but_what_was_accepted_before() {
    let mut queue = queue();
    fill(&mut queue, "a:80", 100);
    assert_eq!(queue.reserve("a:80", 10, DAY), None);
    assert!(queue.reserve("b:80", 9_000, DAY).is_some());
    assert_eq!(queue.reserve("c:80", 1, DAY), None, "all bytes are taken");
    queue.take("a:80", 10, DAY);
    assert_eq!(queue.len(), 102);
}

#[test]
fn an_abandoned_report_leaves_nothing_and_a_closed_queue_begins_nothing() {
    let mut queue = queue();
    let ticket = queue.reserve("a:80", 10, DAY).unwrap();
    assert_eq!(queue.on(BEGIN, Event::Abandoned(ticket)), []);
    assert!(queue.servers.is_empty());
    let sent = fill(&mut queue, "a:80", 5);
    assert_eq!(queue.on(BEGIN, Event::Closed), []);
    let actions = queue.on(BEGIN, Event::Ended(sent[0], Outcome::Delivered));
    assert_eq!(actions, [Action::Delivered(sent[0])]);
}

#[test]
fn what_is_refused_is_not_tried_again() {
    let mut queue = queue();
    let [ticket] = fill(&mut queue, "a:80", 1)[..] else {
        panic!()
    };
    let never = Outcome::Never("status 410".to_owned());
    let actions = queue.on(BEGIN, Event::Ended(ticket, never));
    assert!(
        matches!(actions[..], [Action::Undelivered { tries: 1, .. }]),
        "{actions:?}"
    );
}
