//! How sessions end, and what becomes of the parts.

use super::*;

fn with_a_part_out() -> Bench {
    let mut bench = Bench::ready(config());
    bench.answers("PDU", "");
    (1..=2).for_each(|ticket| bench.submits(ticket));
    bench
}

#[test]
fn a_port_that_is_gone_leaves_the_part_that_is_out_unknown() {
    let mut bench = with_a_part_out();
    bench.dialogue.on_port_lost("unplugged".to_owned());
    bench.run();
    assert!(matches!(
        bench.answers_told()[..],
        [(1, SubmitAnswer::Unknown(_))]
    ));
    assert_eq!(bench.events[1], DialogueEvent::NotSent { ticket: Ticket(2) });
    assert_eq!(bench.end(), &ModemEnd::PortLost("unplugged".to_owned()));
}

/// It was sent, whatever the modem would have said next.
#[test]
fn a_part_that_has_its_reference_is_sent_even_when_the_port_is_lost() {
    let mut bench = with_a_part_out();
    bench.says("+CMGS: 9");
    bench.dialogue.on_port_lost("unplugged".to_owned());
    bench.run();
    assert_eq!(
        bench.answers_told(),
        [(1, SubmitAnswer::Accepted { reference: Some(9) })]
    );
}

#[test]
fn before_the_prompt_a_part_is_not_out() {
    let mut bench = Bench::ready(config());
    bench.answers("AT+CMGS=18", "");
    bench.submits(1);
    bench.dialogue.on_port_lost("unplugged".to_owned());
    bench.run();
    assert_eq!(bench.events[0], DialogueEvent::NotSent { ticket: Ticket(1) });
}

#[test]
fn an_orderly_end_waits_for_what_is_out() {
    let mut bench = with_a_part_out();
    bench.dialogue.close(bench.now);
    bench.run();
    assert_eq!(bench.events, [DialogueEvent::NotSent { ticket: Ticket(2) }]);
    let late = bench.dialogue.submit(bench.now, Ticket(3), Box::new(submit()));
    assert_eq!(late, Err(SubmitError::NotReady));
    bench.says("+CMGS: 3\r\nOK");
    assert_eq!(
        bench.answers_told(),
        [(1, SubmitAnswer::Accepted { reference: Some(3) })]
    );
    assert_eq!(bench.end(), &ModemEnd::Closed);
}

#[test]
fn an_idle_modem_is_let_go_at_once() {
    let mut bench = Bench::ready(config());
    bench.dialogue.close(bench.now);
    bench.run();
    assert_eq!(bench.end(), &ModemEnd::Closed);
    let mut starting = Bench::open(config(), &[("AT", "")]);
    starting.dialogue.close(0);
    starting.run();
    assert_eq!(starting.end(), &ModemEnd::Closed);
}

#[test]
fn a_modem_that_restarts_ends_the_session() {
    let mut bench = with_a_part_out();
    bench.says("RDY");
    assert!(matches!(
        bench.answers_told()[..],
        [(1, SubmitAnswer::Unknown(_))]
    ));
    assert_eq!(bench.end(), &ModemEnd::RestartedItself);
}

/// The answer to the question shows the restart, and all of it comes at once.
#[test]
fn a_restart_that_shows_after_a_part_was_out_leaves_it_unknown_or_sent() {
    for (heard, expected) in [
        ("", None),
        ("+CMGS: 9", Some(SubmitAnswer::Accepted { reference: Some(9) })),
    ] {
        let mut bench = with_a_part_out();
        bench.says(heard);
        bench.answers("AT+CMEE?", "AT+CMEE?\r\r\n+CMEE: 0\r\n\r\nOK");
        bench.passes(120_000);
        let told = bench.answers_told();
        assert_eq!(told.len(), 1);
        match expected {
            None => assert!(matches!(told[0], (1, SubmitAnswer::Unknown(_)))),
            Some(expected) => assert_eq!(told[0], (1, expected)),
        }
        assert_eq!(bench.end(), &ModemEnd::RestartedItself);
    }
}

/// In text mode a PDU would be the text of a message to the number that is its length.
#[test]
fn a_modem_that_restarted_without_a_word_gets_no_pdu() {
    let mut bench = Bench::ready(config());
    bench.answers("AT+CMGS=18", "AT+CMGS=18\r\r\n> ");
    bench.submits(1);
    assert!(!bench.log().contains(&"PDU"));
    assert_eq!(bench.events[0], DialogueEvent::NotSent { ticket: Ticket(1) });
    assert_eq!(bench.end(), &ModemEnd::RestartedItself);

    let mut bench = Bench::ready(config());
    bench.answers("AT+CMGF?", "+CMGF: 1\r\nOK");
    bench.passes(3_000);
    bench.submits(1);
    assert_eq!(bench.log(), ["AT+CMGF?"]);
    assert_eq!(bench.end(), &ModemEnd::RestartedItself);
}
