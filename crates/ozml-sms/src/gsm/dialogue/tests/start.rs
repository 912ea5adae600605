//! From the first `AT` to a modem that is ready.

use super::*;
use crate::gsm::{Pin, Storage};

fn with_pin() -> DialogueConfig {
    let mut config = config();
    config.modem.pin = Some(Pin::new("1234").unwrap());
    config
}

#[test]
fn a_start_asks_for_what_it_needs() {
    let bench = Bench::open(config(), &[]);
    let expected = [
        "AT",
        "ATE0",
        "ATV1",
        // Marks: nothing that a session before has asked for is taken for an answer to this one.
        "AT+CMEE=0",
        "AT+CMEE?",
        "AT+CMEE=0",
        "AT+CMEE?",
        "AT+CMEE=1",
        "AT+CMEE?",
        "AT+CMEE=1",
        "AT+CMEE?",
        "AT+CPIN?",
        "AT+CREG?",
        "AT+CMGF=0",
        "AT+CSMS=?",
        "AT+CPMS=?",
        "AT+CPMS=\"SM\",\"SM\",\"SM\"",
        "AT+CNMI=2,1,0,1,0",
        "AT+CSCA?",
        "AT+CGMI",
        "AT+CGMM",
        "AT+CGMR",
        "AT+CIMI",
        "AT+COPS?",
        // From here on it is ready: the first look, and what is stored.
        "AT+CMEE?",
        "AT+CSMS?",
        "AT+CREG?",
        "AT+CSQ",
        "AT+CPMS?",
        "AT+CPMS=\"ME\"",
        "AT+CPMS=\"SM\"",
        "AT+CMGL=4",
    ];
    assert_eq!(bench.log(), expected);
    let DialogueEvent::Ready { modem } = &bench.events[0] else {
        panic!("{:?}", bench.events);
    };
    assert_eq!(
        (modem.manufacturer.as_str(), modem.operator.as_str()),
        ("Maker", "Operator")
    );
    assert_eq!(modem.sim.len(), 8);
}

#[test]
fn a_modem_that_waits_for_a_pdu_of_before_is_freed() {
    let silence = [("AT", ""); 3];
    let mut bench = Bench::open(config(), &silence);
    bench.passes(4_000);
    assert_eq!(bench.log()[..6], ["AT", "AT", "AT", "ESC", "AT", "ATE0"]);
    assert!(matches!(bench.events[0], DialogueEvent::Ready { .. }));
}

#[test]
fn silence_ends_the_session() {
    let silence = [("AT", ""); 6];
    let mut bench = Bench::open(config(), &silence);
    bench.passes(60_000);
    assert_eq!(bench.log(), ["AT", "AT", "AT", "ESC", "AT", "AT", "AT"]);
    assert_eq!(bench.end(), &ModemEnd::Silent);
    assert_eq!(bench.dialogue.next_wake_up(), None);
}

#[test]
fn answers_to_a_session_of_before_are_not_taken_for_ours() {
    let mut bench = Bench::open(config(), &[("AT", "+CMGS: 9\r\nOK\r\nERROR\r\nOK")]);
    bench.passes(60_000);
    assert!(bench.log().contains(&"AT+CMEE=1"));
    assert!(matches!(bench.events[0], DialogueEvent::Ready { .. }));
}

#[test]
fn short_results_are_understood_until_words_are_set() {
    let bench = Bench::open(config(), &[("AT", "0"), ("ATE0", "0")]);
    assert!(matches!(bench.events[0], DialogueEvent::Ready { .. }));
}

#[test]
fn the_pin_is_given_once() {
    let wants = [("AT+CPIN?", "+CPIN: SIM PIN\r\nOK")];
    let mut bench = Bench::open(with_pin(), &wants);
    bench.passes(1_000);
    assert_eq!(bench.log.iter().filter(|line| line.contains("1234")).count(), 1);
    assert_eq!(
        bench.events[..2],
        [DialogueEvent::PinGiven, DialogueEvent::PinTaken]
    );
    assert!(matches!(bench.events[2], DialogueEvent::Ready { .. }));
}

/// Whatever stops before the card has answered: whoever keeps account of it knows that it was given.
#[test]
fn that_the_pin_is_given_is_told_before_the_card_has_it() {
    let mut bench = Bench::open(
        with_pin(),
        &[("AT+CPIN?", "+CPIN: SIM PIN\r\nOK"), ("AT+CPIN=\"1234\"", "")],
    );
    bench.dialogue.on_port_lost("unplugged".to_owned());
    bench.run();
    assert_eq!(bench.log.last().unwrap(), "AT+CPIN=\"1234\"");
    assert_eq!(bench.events[0], DialogueEvent::PinGiven);
    assert!(!bench.events.contains(&DialogueEvent::PinTaken));
}

/// What it refused until it had its PIN is said again.
#[test]
fn a_modem_may_know_nothing_but_the_pin_before_it() {
    let locked = "+CME ERROR: 11";
    let mut bench = Bench::open(
        with_pin(),
        &[
            ("AT", locked),
            ("ATE0", locked),
            ("ATV1", locked),
            ("AT+CMEE=1", locked),
            ("AT+CPIN?", "+CPIN: SIM PIN\r\nOK"),
        ],
    );
    bench.passes(10_000);
    assert!(matches!(bench.events[2], DialogueEvent::Ready { .. }));
    assert_eq!(bench.log.iter().filter(|line| *line == "ATE0").count(), 2);
    assert_eq!(bench.log.iter().filter(|line| line.contains("1234")).count(), 1);
}

/// As old Wavecom modems do it.
#[test]
fn the_state_of_the_card_may_come_without_a_result() {
    let mut bench = Bench::open(config(), &[("AT+CPIN?", "+CPIN: READY")]);
    bench.passes(6_000);
    assert!(matches!(bench.events[0], DialogueEvent::Ready { .. }));
}

#[test]
fn a_pin_that_was_refused_is_not_given_again() {
    let mut bench = Bench::open(
        with_pin(),
        &[
            ("AT+CPIN?", "+CPIN: SIM PIN\r\nOK"),
            ("AT+CPIN=\"1234\"", "+CME ERROR: 16"),
        ],
    );
    bench.passes(60_000);
    assert_eq!(bench.log.iter().filter(|line| line.contains("1234")).count(), 1);
    assert_eq!(
        bench.events[..2],
        [DialogueEvent::PinGiven, DialogueEvent::PinRefused]
    );
    assert_eq!(bench.end(), &ModemEnd::NeedsPerson(NeedsPerson::WrongPin));

    let mut again = with_pin();
    again.gives_pin = false;
    let bench = Bench::open(again, &[("AT+CPIN?", "+CPIN: SIM PIN\r\nOK")]);
    assert_eq!(bench.log.last().unwrap(), "AT+CPIN?");
    assert_eq!(bench.end(), &ModemEnd::NeedsPerson(NeedsPerson::WrongPin));
}

/// An answer that was lost does not show whether it was taken: it is not given again, its state is asked for.
#[test]
fn a_pin_without_an_answer_is_not_given_again() {
    let mut once = vec![("AT+CPIN=\"1234\"", "")];
    once.resize(41, ("AT+CPIN?", "+CPIN: SIM PIN\r\nOK"));
    let mut bench = Bench::open(with_pin(), &once);
    bench.passes(120_000);
    assert_eq!(bench.log.iter().filter(|line| line.contains("1234")).count(), 1);
    assert!(bench.events.contains(&DialogueEvent::PinRefused));
}

#[test]
fn cards_that_only_a_person_can_mend_end_the_session() {
    for (answer, needs) in [
        ("+CPIN: SIM PIN\r\nOK", NeedsPerson::NoPin),
        ("+CPIN: SIM PUK\r\nOK", NeedsPerson::Locked),
    ] {
        let bench = Bench::open(config(), &[("AT+CPIN?", answer)]);
        assert_eq!(bench.end(), &ModemEnd::NeedsPerson(needs));
    }
    let missing = [("AT+CPIN?", "+CME ERROR: 10"); 30];
    let mut bench = Bench::open(config(), &missing);
    bench.passes(60_000);
    assert_eq!(bench.end(), &ModemEnd::NeedsPerson(NeedsPerson::NoSim));
}

#[test]
fn a_network_is_waited_for() {
    let mut once = vec![("AT+CREG?", "+CREG: 0,2\r\nOK"); 5];
    once.extend([("AT+CEREG?", "ERROR"); 5]);
    let mut bench = Bench::open(config(), &once);
    let waits = DialogueEvent::Health(ModemHealth::default());
    assert_eq!(bench.events, [waits]);
    bench.passes(5_000);
    assert!(matches!(bench.events[1], DialogueEvent::Ready { .. }));
    assert!(
        bench
            .dialogue
            .submit(bench.now, Ticket(1), Box::new(submit()))
            .is_ok()
    );

    for (state, end) in [
        ("+CREG: 0,2\r\nOK", ModemEnd::NoNetwork),
        (
            "+CREG: 0,3\r\nOK",
            ModemEnd::NeedsPerson(NeedsPerson::RegistrationDenied),
        ),
    ] {
        let mut bench = Bench::open(config(), &[("AT+CREG?", state); 100]);
        bench.passes(70_000);
        assert_eq!(bench.end(), &end);
    }
}

#[test]
fn packet_service_alone_is_a_network_too() {
    let bench = Bench::open(
        config(),
        &[
            ("AT+CREG?", "+CREG: 0,0\r\nOK"),
            ("AT+CEREG?", "+CEREG: 0,1\r\nOK"),
        ],
    );
    assert!(matches!(bench.events[0], DialogueEvent::Ready { .. }));
}

#[test]
fn a_modem_without_pdu_mode_is_of_no_use() {
    let bench = Bench::open(config(), &[("AT+CMGF=0", "ERROR")]);
    assert_eq!(bench.end(), &ModemEnd::NeedsPerson(NeedsPerson::NoPduMode));
}

#[test]
fn what_a_modem_lacks_is_gone_without() {
    let mut config = config();
    config.modem.storage = Storage::Sim;
    config.modem.smsc = Some(PhoneNumber::new("+36209300000").unwrap());
    let bench = Bench::open(
        config,
        &[
            ("AT+CSMS=?", "+CSMS: (0-1)\r\nOK"),
            ("AT+CNMI=2,1,0,1,0", "+CMS ERROR: 303"),
            ("AT+CNMI=2,1,0,2,0", "ERROR"),
            ("AT+CIMI", "ERROR"),
            ("AT+CCID", "+CCID: \"8936200000123456789\"\r\nOK"),
        ],
    );
    for expected in [
        "AT+CSMS=1",
        "AT+CNMI=1,1,0,1,0",
        "AT+CSCA=\"+36209300000\",145",
        "AT+CCID",
    ] {
        assert!(bench.log().contains(&expected), "{expected}");
    }
}

#[test]
fn a_modem_without_numbers_of_errors_is_got_in_step_otherwise() {
    let mut once = vec![("AT+CMEE?", "ERROR"); 3];
    once.extend([("AT+CMEE=0", "ERROR"), ("AT+CMEE=1", "ERROR")]);
    let mut bench = Bench::open(config(), &once);
    bench.passes(10_000);
    assert!(matches!(bench.events[0], DialogueEvent::Ready { .. }));
    assert_eq!(bench.log().iter().filter(|line| **line == "AT+CMEE?").count(), 3);
}

#[test]
fn a_card_that_is_busy_after_its_pin_is_waited_for() {
    let busy = [("AT+CPMS=\"SM\",\"SM\",\"SM\"", "+CMS ERROR: 314"); 3];
    let mut bench = Bench::open(config(), &busy);
    assert_eq!(bench.events, []);
    bench.passes(3_000);
    assert!(matches!(bench.events[0], DialogueEvent::Ready { .. }));
}
