//! Parts on their way, and what errors mean for them.

use super::*;
use crate::gsm::ModemError::{Cms, Plain};
use SubmitAnswer::{Accepted, Refused, Unknown};

fn bench() -> Bench {
    let mut config = config();
    config.modem.window = 10;
    Bench::ready(config)
}

/// One part with this answer to its PDU.
fn sent(answer: &'static str) -> Bench {
    let mut bench = bench();
    bench.answers("PDU", answer);
    bench.submits(1);
    bench
}

fn accepted(reference: u8) -> SubmitAnswer {
    Accepted {
        reference: Some(reference),
    }
}

#[test]
fn a_part_takes_two_round_trips() {
    let bench = sent("+CMGS: 7\r\n\r\nOK");
    assert_eq!(bench.log(), ["AT+CMGS=18", "PDU"]);
    assert_eq!(bench.answers_told(), [(1, accepted(7))]);
}

#[test]
fn after_silence_the_mode_is_asked_for_first() {
    let mut bench = bench();
    bench.passes(3_000);
    bench.submits(1);
    assert_eq!(bench.log(), ["AT+CMGF?", "AT+CMGS=18", "PDU"]);
}

#[test]
fn the_window_bounds_what_waits() {
    let mut bench = bench();
    bench.answers("PDU", "");
    (0..10).for_each(|ticket| bench.submits(ticket));
    let one_more = bench.dialogue.submit(bench.now, Ticket(10), Box::new(submit()));
    assert_eq!(one_more, Err(SubmitError::WindowFull));
    assert_eq!(
        Bench::open(config(), &[("AT", "")])
            .dialogue
            .submit(0, Ticket(1), Box::new(submit())),
        Err(SubmitError::NotReady)
    );
}

#[test]
fn the_radio_link_is_kept_for_several_parts() {
    let mut bench = bench();
    bench.answers("AT+CMMS=1", "OK");
    bench.answers("PDU", "");
    (1..=3).for_each(|ticket| bench.submits(ticket));
    bench.says("+CMGS: 1\r\nOK");
    let expected = [
        "AT+CMGS=18",
        "PDU",
        "AT+CMMS=1",
        "AT+CMGS=18",
        "PDU",
        "AT+CMGS=18",
        "PDU",
    ];
    assert_eq!(bench.log(), expected);

    // A modem that does not know it is not asked again.
    bench.forget();
    for _ in 0..2 {
        bench.answers("PDU", "");
        (4..=6).for_each(|ticket| bench.submits(ticket));
        bench.says("+CMGS: 1\r\nOK");
    }
    assert_eq!(bench.log().iter().filter(|line| **line == "AT+CMMS=1").count(), 1);
}

#[test]
fn the_first_part_of_a_long_message_has_the_radio_link_kept_for_the_rest() {
    let mut bench = bench();
    bench.answers("AT+CMMS=1", "OK");
    let address = Address::from(&PhoneNumber::new("+36301234567").unwrap());
    let segments = segment(&"a".repeat(161), Reference::Bits8(1)).unwrap();
    // The second one is given while the first is out, as the gateway does.
    bench.answers("PDU", "");
    for (ticket, part) in (1..).zip(&segments.parts) {
        bench.gives(ticket, Submit::new(address.clone(), part));
    }
    bench.says("+CMGS: 1\r\nOK");
    let log = bench.log();
    assert_eq!(log.first(), Some(&"AT+CMMS=1"), "{log:?}");
    assert_eq!(
        log.iter().filter(|line| **line == "AT+CMMS=1").count(),
        1,
        "{log:?}"
    );
    assert_eq!(bench.answers_told().len(), 2);
}

#[test]
fn refusals_of_the_network_and_for_good_are_told_as_they_are() {
    for (answer, error) in [
        ("+CMS ERROR: 38", Cms(38)),
        ("+CMS ERROR: 1", Cms(1)),
        ("ERROR", Plain),
    ] {
        assert_eq!(sent(answer).answers_told(), [(1, Refused(error))]);
    }
}

#[test]
fn an_error_before_the_prompt_means_not_sent() {
    let mut bench = bench();
    bench.answers("AT+CMGS=18", "+CMS ERROR: 331");
    bench.submits(1);
    assert_eq!(bench.answers_told(), [(1, Refused(Cms(331)))]);
    assert!(!bench.log().contains(&"PDU"));
}

#[test]
fn a_duplicate_counts_as_sent_when_it_was_a_repeat() {
    let mut bench = bench();
    bench.answers("PDU", "+CMS ERROR: 197");
    bench.answers("PDU", "+CMS ERROR: 197");
    let mut repeat = submit();
    repeat.reject_duplicates = true;
    bench.gives(1, repeat);
    bench.submits(2);
    assert_eq!(
        bench.answers_told(),
        [(1, Accepted { reference: None }), (2, Refused(Cms(197)))]
    );
}

#[test]
fn without_a_prompt_the_same_part_is_tried_three_times() {
    let mut bench = bench();
    bench.answers("AT+CMGS=18", "");
    bench.submits(1);
    bench.passes(10_000);
    assert_eq!(bench.log()[..3], ["AT+CMGS=18", "ESC", "AT+CMGF?"]);
    assert_eq!(bench.answers_told(), [(1, accepted(42))]);

    bench.forget();
    (0..3).for_each(|_| bench.answers("AT+CMGS=18", ""));
    bench.submits(2);
    bench.passes(60_000);
    assert_eq!(bench.events[0], DialogueEvent::NotSent { ticket: Ticket(2) });
    assert_eq!(bench.end(), &ModemEnd::Silent);
}

/// So a modem answers as well when it gives an input up (3GPP TS 27.005 3.5.1).
#[test]
fn an_ok_alone_does_not_say_that_a_part_was_sent() {
    assert!(matches!(sent("OK").answers_told()[..], [(1, Unknown(_))]));
    assert_eq!(
        sent("+CMGS:\r\nOK").answers_told(),
        [(1, Accepted { reference: None })]
    );
}

#[test]
fn no_result_is_unknown_and_the_next_part_goes_on() {
    let mut bench = sent("");
    bench.submits(2);
    bench.passes(119_999);
    assert_eq!(bench.answers_told(), []);
    bench.passes(1);
    assert!(!bench.log().contains(&"ESC"));
    assert_eq!(bench.answers_told()[1], (2, accepted(42)));
    assert!(matches!(bench.answers_told()[0], (1, Unknown(_))));
}

/// The trap of the late answer: it must not become that of the next part.
#[test]
fn a_late_answer_is_not_taken_for_the_next_part() {
    let mut bench = bench();
    bench.answers("PDU", "");
    bench.answers("AT+CMGF?", "+CMGS: 7\r\nOK\r\n+CMGF: 0\r\nOK");
    bench.answers("PDU", "+CMS ERROR: 38");
    bench.submits(1);
    bench.submits(2);
    bench.passes(120_000);
    assert_eq!(bench.answers_told(), [(1, accepted(7)), (2, Refused(Cms(38)))]);
}

#[test]
fn a_modem_that_is_silent_after_a_pdu_ends_the_session() {
    let mut bench = sent("");
    bench.submits(2);
    for question in ["AT+CMGF?", "AT+CMEE?", "AT+CNMI?"] {
        bench.answers(question, "");
    }
    bench.passes(140_000);
    assert!(matches!(bench.answers_told()[..], [(1, Unknown(_))]));
    assert!(
        bench
            .events
            .contains(&DialogueEvent::NotSent { ticket: Ticket(2) })
    );
    assert_eq!(bench.end(), &ModemEnd::Silent);
}

#[test]
fn a_full_memory_is_emptied_and_the_part_tried_once_more() {
    let mut bench = sent("+CMS ERROR: 322");
    assert_eq!(
        bench.log(),
        ["AT+CMGS=18", "PDU", "AT+CMGL=4", "AT+CMGS=18", "PDU"]
    );
    assert_eq!(bench.answers_told(), [(1, accepted(42))]);

    bench.forget();
    bench.answers("PDU", "+CMS ERROR: 322");
    bench.answers("PDU", "+CMS ERROR: 322");
    bench.submits(2);
    assert_eq!(bench.answers_told(), [(2, Refused(Cms(322)))]);
}

#[test]
fn the_modem_has_its_peace_after_an_error_of_its_own() {
    let mut bench = sent("+CMS ERROR: 500");
    bench.submits(2);
    assert_eq!(bench.answers_told(), [(1, Refused(Cms(500)))]);
    bench.passes(5_000);
    assert_eq!(bench.answers_told().last(), Some(&(2, accepted(42))));
}

#[test]
fn three_errors_of_its_own_in_a_row_restart_it() {
    let mut bench = bench();
    (0..3).for_each(|_| bench.answers("PDU", "+CMS ERROR: 500"));
    bench.answers("AT+CFUN=1,1", "ERROR");
    (1..=4).for_each(|ticket| bench.submits(ticket));
    bench.passes(20_000);
    let log = bench.log();
    assert_eq!(log[log.len() - 2..], ["AT+CFUN=1,1", "AT+CFUN=1"]);
    assert!(
        bench
            .events
            .contains(&DialogueEvent::NotSent { ticket: Ticket(4) })
    );
    assert_eq!(bench.end(), &ModemEnd::Restarted(Cms(500)));
}

/// Refused at once it would be given again at once, for as long as the restart takes.
#[test]
fn a_part_given_during_a_restart_waits_for_its_end() {
    let mut bench = bench();
    (0..3).for_each(|_| bench.answers("PDU", "+CMS ERROR: 500"));
    bench.answers("AT+CFUN=1,1", "");
    (1..=3).for_each(|ticket| bench.submits(ticket));
    bench.passes(10_000);
    assert_eq!(bench.log().last(), Some(&"AT+CFUN=1,1"));
    bench.forget();
    bench.submits(4);
    assert_eq!(bench.events, []);
    bench.says("OK");
    assert_eq!(bench.events[0], DialogueEvent::NotSent { ticket: Ticket(4) });
    assert_eq!(bench.end(), &ModemEnd::Restarted(Cms(500)));
}

/// Its validity may end while another one is out.
#[test]
fn a_part_that_waits_can_be_taken_back() {
    let mut bench = sent("");
    bench.submits(2);
    bench.dialogue.withdraw(Ticket(1));
    bench.dialogue.withdraw(Ticket(2));
    bench.run();
    assert_eq!(bench.events, [DialogueEvent::NotSent { ticket: Ticket(2) }]);
    bench.says("+CMGS: 7\r\nOK");
    assert_eq!(bench.answers_told(), [(1, accepted(7))]);
    assert_eq!(bench.log(), ["AT+CMGS=18", "PDU"]);
}

#[test]
fn a_service_centre_is_set_where_one_is_configured() {
    let bench = sent("+CMS ERROR: 330");
    assert_eq!(bench.answers_told(), [(1, Refused(Cms(330)))]);
    assert_eq!(bench.end(), &ModemEnd::NeedsPerson(NeedsPerson::NoServiceCentre));

    let mut config = config();
    config.modem.smsc = Some(PhoneNumber::new("+36209300099").unwrap());
    let mut bench = Bench::ready(config);
    bench.answers("PDU", "+CMS ERROR: 330");
    bench.submits(1);
    assert!(bench.log().contains(&"AT+CSCA=\"+36209300099\",145"));
    assert_eq!(bench.answers_told(), [(1, accepted(42))]);
}

#[test]
fn a_modem_that_is_of_no_use_is_let_go() {
    let mut bench = bench();
    bench.answers("PDU", "");
    (1..=2).for_each(|ticket| bench.submits(ticket));
    bench.says("+CMS ERROR: 310");
    assert_eq!(bench.answers_told(), [(1, Refused(Cms(310)))]);
    assert!(
        bench
            .events
            .contains(&DialogueEvent::NotSent { ticket: Ticket(2) })
    );
    assert_eq!(bench.end(), &ModemEnd::NeedsPerson(NeedsPerson::NoSim));
}

#[test]
fn a_connection_may_sort_errors_otherwise() {
    let mut config = config();
    config.modem.errors = config.modem.errors.with(Cms(500), ErrorClass::Permanent);
    let mut bench = Bench::ready(config);
    bench.answers("PDU", "+CMS ERROR: 500");
    (1..=2).for_each(|ticket| bench.submits(ticket));
    assert_eq!(bench.answers_told(), [(1, Refused(Cms(500))), (2, accepted(42))]);
}
