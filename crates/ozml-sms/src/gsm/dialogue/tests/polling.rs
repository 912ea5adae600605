//! The regular look at a modem.

use super::*;

fn health(bench: &Bench) -> Vec<ModemHealth> {
    let health = |event: &DialogueEvent| match event {
        DialogueEvent::Health(health) => Some(*health),
        _ => None,
    };
    bench.events.iter().filter_map(health).collect()
}

#[test]
fn health_is_told_when_it_changes() {
    let mut bench = Bench::open(config(), &[]);
    let first = health(&bench);
    assert_eq!(first.len(), 1);
    assert_eq!((first[0].signal, first[0].registered), (Some(20), true));
    assert_eq!((first[0].memory_used, first[0].memory_total), (Some(0), Some(10)));
    bench.forget();
    bench.passes(60_000);
    assert_eq!(
        bench.log(),
        ["AT+CMEE?", "AT+CSMS?", "AT+CREG?", "AT+CSQ", "AT+CPMS?"]
    );
    assert_eq!(health(&bench), []);
    bench.answers("AT+CSQ", "+CSQ: 99,99\r\nOK");
    bench.passes(60_000);
    assert_eq!(health(&bench)[0].signal, None);
}

#[test]
fn a_memory_with_less_than_two_places_is_told() {
    let mut bench = Bench::ready(config());
    bench.answers("AT+CPMS?", "+CPMS: \"SM\",9,10,\"SM\",9,10,\"SM\",9,10\r\nOK");
    bench.passes(60_000);
    assert!(health(&bench)[0].memory_low);
}

#[test]
fn without_a_network_parts_come_back_and_none_is_taken() {
    let mut bench = Bench::ready(config());
    for _ in 0..2 {
        bench.answers("AT+CREG?", "+CREG: 0,2\r\nOK");
        bench.answers("AT+CEREG?", "+CEREG: 0,0\r\nOK");
    }
    bench.answers("AT+CSQ", "");
    bench.says("+CREG: 2");
    // It is known to have none, but that was not told yet.
    bench.submits(1);
    bench.passes(5_000);
    assert!(!health(&bench)[0].registered);
    let back = DialogueEvent::NotSent { ticket: Ticket(1) };
    assert!(bench.events.contains(&back));
    let given = bench.dialogue.submit(bench.now, Ticket(2), Box::new(submit()));
    assert_eq!(given, Err(SubmitError::NotReady));
    bench.passes(10_000);
    bench.submits(3);
    assert_eq!(bench.answers_told().len(), 1);
}

/// It would wait for a minute where another modem may send it at once.
#[test]
fn what_waits_comes_back_when_the_network_is_lost() {
    let mut bench = Bench::ready(config());
    bench.answers("AT+CREG?", "+CREG: 0,2\r\nOK");
    bench.answers("AT+CEREG?", "+CEREG: 0,0\r\nOK");
    bench.answers("PDU", "");
    (1..=2).for_each(|ticket| bench.submits(ticket));
    bench.says("+CREG: 2\r\n+CMS ERROR: 331");
    let last = bench.events.len() - 2;
    assert!(matches!(bench.events[last], DialogueEvent::Health(_)));
    assert_eq!(
        bench.events[last + 1],
        DialogueEvent::NotSent { ticket: Ticket(2) }
    );
}

#[test]
fn a_network_that_stays_away_ends_the_session() {
    let mut bench = Bench::ready(config());
    for _ in 0..30 {
        bench.answers("AT+CREG?", "+CREG: 0,2\r\nOK");
        bench.answers("AT+CEREG?", "ERROR");
    }
    bench.says("+CREG: 2");
    bench.passes(59_000);
    assert!(matches!(bench.events.last(), Some(DialogueEvent::Health(_))));
    bench.passes(2_000);
    assert_eq!(bench.end(), &ModemEnd::NoNetwork);
}

#[test]
fn another_set_up_shows_a_restart() {
    let mut bench = Bench::ready(config());
    bench.answers("AT+CMEE?", "+CMEE: 0\r\nOK");
    bench.passes(60_000);
    assert_eq!(bench.end(), &ModemEnd::RestartedItself);
}

#[test]
fn another_memory_shows_a_restart() {
    let other = "+CPMS: \"ME\",0,99,\"ME\",0,99,\"ME\",0,99\r\nOK";
    let bench = Bench::open(config(), &[("AT+CPMS?", other)]);
    assert_eq!(bench.end(), &ModemEnd::RestartedItself);
}
