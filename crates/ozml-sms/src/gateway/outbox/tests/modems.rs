//! Modems beside message centres.

use ozml_session::{PhoneNumber, SmsState};

use crate::gateway::ConnectionConfig;
use crate::gateway::SessionId;
use crate::gateway::incoming::SHOWN;
use crate::gateway::outbox::event::LogEvent;
use crate::gateway::outbox::testing::{Bench, connection, modem};
use crate::gateway::transport::Transport;
use crate::gsm::arrival::{arrival, message_id};
use crate::gsm::pdu::{Address, Deliver, Incoming, StatusReport, Submit, Timestamp, TpStatus};
use crate::gsm::{ModemEnd, ModemError, ModemHealth, ModemIdentity, NeedsPerson};
use crate::link::{Answer, LinkEnd, LinkEvent, PartPdu, Peer};
use crate::store::OnUnknown;
use crate::text::Reference;

const SIM: &str = "a1b2c3d4";
const RECIPIENT: &str = "+36301234567";
const MODEM: SessionId = SessionId {
    connection: 0,
    session: 0,
};

fn number() -> PhoneNumber {
    PhoneNumber::new(RECIPIENT).unwrap()
}

fn with_modem() -> Bench {
    let mut bench = Bench::new(vec![modem("a")]);
    bench.bind(0);
    bench
}

/// The latest part that left for a modem.
fn submitted(bench: &Bench) -> &Submit {
    match bench.pdus.last() {
        Some(PartPdu::Gsm(submit)) => submit,
        other => panic!("{other:?}"),
    }
}

/// The modem takes the oldest part, under the TP-MR in it.
fn take(bench: &mut Bench) -> u8 {
    let place = bench.pdus.len() - bench.wire.len();
    let PartPdu::Gsm(submit) = &bench.pdus[place] else {
        panic!("it goes to a modem");
    };
    let reference = submit.reference;
    bench.take(&message_id(SIM, reference, RECIPIENT));
    reference
}

/// A status report comes in.
fn report(bench: &mut Bench, reference: u8, status: u8) {
    let recipient = Address::from(&number());
    let now = Timestamp::utc(bench.now().wall);
    let report = StatusReport::new(reference, recipient, now, now, TpStatus(status));
    bench.arrive(0, arrival(SIM, Incoming::StatusReport(report), [0; 16]));
}

fn deliver(bench: &Bench, text: &str) -> Deliver {
    let sender = Address::from(&number());
    let at = Timestamp::utc(bench.now().wall);
    let parts = Deliver::of_text(&sender, text, Reference::Bits8(0), at);
    parts.unwrap().remove(0)
}

/// A message comes in: the modem shows the text under a fingerprint.
fn show(bench: &mut Bench, text: &str, fingerprint: u8) {
    let deliver = deliver(bench, text);
    bench.arrive(0, arrival(SIM, Incoming::Deliver(deliver), [fingerprint; 16]));
}

#[test]
fn a_modem_that_needs_a_person_leaves_its_messages_to_a_centre_until_it_is_back() {
    let mut bench = Bench::new(vec![modem("a"), connection("b", 10)]);
    bench.bind(0);
    bench.bind(1);
    let to_both = |bench: &mut Bench| {
        let record = bench.record(RECIPIENT, "Hello", &["a", "b"]);
        bench.send(record);
    };
    to_both(&mut bench);
    bench.modem_error(310);
    assert_eq!(bench.rebound, [MODEM], "the modem is of no use");
    let end = ModemEnd::NeedsPerson(NeedsPerson::NoSim);
    bench.link(MODEM, LinkEvent::Ended(LinkEnd::Modem(end)));
    bench.pass(2_000);
    assert_eq!(bench.sent.last().unwrap().0.connection, 1);
    bench.take("17");
    assert_eq!(bench.state("sms-1"), SmsState::Sent);
    bench.bind(0);
    to_both(&mut bench);
    assert_eq!(bench.sent.last().unwrap().0, MODEM);
    take(&mut bench);
    assert_eq!(bench.state("sms-2"), SmsState::Sent);
}

#[test]
fn a_modem_without_a_network_leaves_its_messages_to_a_centre_until_it_has_one() {
    let mut bench = Bench::new(vec![modem("a"), connection("b", 10)]);
    bench.bind(0);
    bench.bind(1);
    let health = |registered| {
        LinkEvent::Health(ModemHealth {
            registered,
            ..ModemHealth::default()
        })
    };
    let send = |bench: &mut Bench| {
        let record = bench.record(RECIPIENT, "Hello", &["a", "b"]);
        bench.send(record);
    };
    bench.link(MODEM, health(true));
    send(&mut bench);
    let (session, token) = bench.wire[0];
    assert_eq!(session, MODEM);
    bench.link(MODEM, health(false));
    bench.wire.clear();
    bench.link(MODEM, LinkEvent::NotSent { token });
    send(&mut bench);
    bench.pass(2_000);
    let wire: Vec<_> = bench.wire.iter().map(|(session, _)| session.connection).collect();
    assert_eq!(wire, [1, 1], "both go to the centre");
    let status = &bench.outbox.connections(bench.now())[0];
    assert_eq!(
        status.last_error.as_deref(),
        Some("/dev/ttyUSB0: the modem is not registered with a network: check the antenna and the reception")
    );
    bench.link(MODEM, health(true));
    send(&mut bench);
    assert_eq!(bench.wire.back().unwrap().0, MODEM);
}

#[test]
fn a_centre_that_is_gone_leaves_its_messages_to_a_modem() {
    let mut bench = Bench::new(vec![modem("a"), connection("b", 10)]);
    bench.bind(0);
    bench.bind(1);
    let record = bench.record(RECIPIENT, &"ű".repeat(71), &["b", "a"]);
    bench.send(record);
    bench.cut(1);
    bench.pass(2_000);
    for _ in 0..2 {
        assert_eq!(bench.wire[0].0, MODEM);
        assert!(
            !submitted(&bench).reject_duplicates,
            "the centre of the modem has never seen it"
        );
        take(&mut bench);
    }
    assert_eq!(bench.state("sms-1"), SmsState::Sent);
}

#[test]
fn a_repeat_has_the_reference_of_the_first_try_and_says_what_it_is() {
    let mut bench = with_modem();
    bench.sms("a");
    let first = submitted(&bench).clone();
    assert!(!first.reject_duplicates && first.status_report);
    bench.answer(Answer::Unknown("no answer in time"));
    let again = submitted(&bench).clone();
    assert!(again.reject_duplicates);
    assert_eq!(again.reference, first.reference);
    // After a crash as well: another message was sent meanwhile.
    bench.sms("a");
    let mut bench = bench.crash(vec![modem("a")]);
    bench.bind(0);
    let second = submitted(&bench);
    assert!(second.reject_duplicates);
    assert_eq!(second.reference, first.reference.wrapping_add(1));
    take(&mut bench);
    bench.pass(1_000);
    let third = submitted(&bench);
    assert!(third.reject_duplicates);
    assert_eq!(third.reference, first.reference);
}

/// A centre that finds a part to be a duplicate says that it has it: one that never left must not ask for that.
#[test]
fn only_the_parts_that_may_have_been_sent_say_so() {
    let mut bench = with_modem();
    let record = bench.record(RECIPIENT, &"ű".repeat(71), &["a"]);
    bench.send(record);
    bench.answer(Answer::Unknown("no answer in time"));
    let (session, token) = bench.wire.pop_front().unwrap();
    bench.link(session, LinkEvent::NotSent { token });
    // What may have broken the session goes alone.
    take(&mut bench);
    let repeats: Vec<_> = bench.pdus[2..]
        .iter()
        .map(|pdu| match pdu {
            PartPdu::Gsm(submit) => submit.reject_duplicates,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(repeats, [true, false]);
}

#[test]
fn a_repeat_stays_one_until_it_is_taken() {
    let mut bench = with_modem();
    bench.sms("a");
    let first = submitted(&bench).reference;
    bench.answer(Answer::Unknown("no answer in time"));
    // The first try may have been sent, whatever comes of the second.
    bench.modem_error(38);
    bench.pass(5_000);
    let (session, token) = bench.wire.pop_front().unwrap();
    bench.link(session, LinkEvent::NotSent { token });
    let repeat = submitted(&bench);
    assert_eq!((repeat.reference, repeat.reject_duplicates), (first, true));
    assert_eq!(bench.pdus.len(), 4);
}

#[test]
fn what_a_person_sends_again_is_the_same_to_the_centre() {
    let mut bench = with_modem();
    let mut record = bench.record(RECIPIENT, "Code 1234", &["a"]);
    record.on_unknown = OnUnknown::Hold;
    bench.send(record);
    let first = submitted(&bench).reference;
    bench.answer(Answer::Unknown("no answer in time"));
    let held = bench.stored("sms-1");
    let life = std::time::Duration::from_secs(60);
    assert!(bench.outbox.retry(bench.now(), held, life));
    bench.turn();
    let repeat = submitted(&bench);
    assert_eq!((repeat.reference, repeat.reject_duplicates), (first, true));
}

#[test]
fn a_message_that_must_not_be_sent_twice_is_held() {
    let mut bench = with_modem();
    let mut record = bench.record(RECIPIENT, "Code 1234", &["a"]);
    record.on_unknown = OnUnknown::Hold;
    bench.send(record);
    bench.answer(Answer::Unknown("no answer in time"));
    assert_eq!(bench.state("sms-1"), SmsState::Unknown);
    bench.pass(60_000);
    assert_eq!(bench.sent.len(), 1);
}

#[test]
fn parts_have_references_of_their_own() {
    let mut bench = with_modem();
    let long = "x".repeat(161);
    for _ in 0..2 {
        let record = bench.record(RECIPIENT, &long, &["a"]);
        bench.send(record);
    }
    let references: Vec<_> = (0..4).map(|_| take(&mut bench)).collect();
    let first = references[0];
    let expected: Vec<_> = (0..4).map(|part| first.wrapping_add(part)).collect();
    assert_eq!(references, expected);
    for reference in references {
        report(&mut bench, reference, 0);
    }
    assert_eq!(bench.state("sms-1"), SmsState::Delivered);
    assert_eq!(bench.state("sms-2"), SmsState::Delivered);
}

#[test]
fn a_report_after_a_restart_ends_its_message() {
    let mut bench = with_modem();
    let id = bench.sms("a");
    let reference = take(&mut bench);
    let mut bench = bench.crash(vec![modem("a")]);
    bench.bind(0);
    report(&mut bench, reference, 0x20);
    assert_eq!(bench.state(&id), SmsState::Sent, "it is still tried");
    report(&mut bench, reference, 0x46);
    assert_eq!(bench.state(&id), SmsState::Expired);
    assert_eq!(bench.reason(&id), "validity ended (TP-ST 0x46)");
    assert_eq!(bench.answered, [(1, true), (2, true)]);
}

#[test]
fn a_report_that_says_less_than_received_is_told_with_the_message() {
    let mut bench = with_modem();
    let id = bench.sms("a");
    let reference = take(&mut bench);
    report(&mut bench, reference, 1);
    assert_eq!(bench.state(&id), SmsState::Delivered);
    assert_eq!(
        bench.reason(&id),
        "handed on, whether it was received is not known (TP-ST 0x01)"
    );
}

#[test]
fn when_references_come_round_the_newest_part_has_the_report() {
    let mut bench = with_modem();
    let mut references = std::collections::BTreeSet::new();
    for _ in 0..256 {
        bench.sms("a");
        assert!(references.insert(take(&mut bench)), "none twice");
    }
    bench.sms("a");
    let again = take(&mut bench);
    report(&mut bench, again, 0);
    assert_eq!(bench.state("sms-257"), SmsState::Delivered);
    assert_eq!(bench.state("sms-1"), SmsState::Sent);
}

#[test]
fn errors_of_the_modem_have_its_own_pause_and_those_of_the_network_the_usual_ones() {
    for (code, pauses) in [(300, [5_000, 5_000]), (38, [5_000, 30_000])] {
        let mut bench = with_modem();
        let id = bench.sms("a");
        for pause in pauses {
            bench.modem_error(code);
            assert!(bench.reason(&id).starts_with("the modem refused for now: "));
            bench.pass(pause - 1);
            assert!(bench.wire.is_empty(), "{code}");
            bench.pass(1);
            assert_eq!(bench.wire.len(), 1, "{code}");
        }
    }
}

#[test]
fn a_message_the_network_will_never_take_fails() {
    let mut bench = with_modem();
    let id = bench.sms("a");
    bench.modem_error(1);
    assert_eq!(bench.state(&id), SmsState::Failed);
    assert_eq!(
        bench.reason(&id),
        "the modem refused: unassigned number (+CMS ERROR: 1)"
    );
    assert_eq!(bench.outbox.counters().modem_errors[&ModemError::Cms(1)], 1);
}

#[test]
fn an_invalid_pdu_is_logged_without_recipient_and_text() {
    let mut bench = with_modem();
    bench.sms("a");
    let octets = submitted(&bench).write();
    bench.modem_error(304);
    let [
        LogEvent::InvalidPdu {
            octets: length,
            beginning,
            ..
        },
    ] = bench.logged.as_slice()
    else {
        panic!("{:?}", bench.logged);
    };
    assert_eq!(*length, octets.len());
    assert_eq!(beginning.as_slice(), &octets[..4]);
    assert_eq!(octets[2..4], [11, 0x91], "the digits begin behind it");
}

#[test]
fn what_a_modem_shows_after_a_crash_is_not_kept_twice() {
    let mut bench = with_modem();
    show(&mut bench, "Hello", 1);
    assert_eq!(bench.answered, [(1, true)]);
    let mut bench = bench.crash(vec![modem("a")]);
    bench.bind(0);
    show(&mut bench, "Hello", 1);
    assert_eq!(bench.answered, [(1, true)], "it may be deleted");
    assert_eq!(bench.outbox.queue(bench.now()).received, 1);
    // The same text once more is another message.
    show(&mut bench, "Hello", 2);
    assert_eq!(bench.outbox.queue(bench.now()).received, 2);
}

#[test]
fn what_a_modem_has_deleted_is_not_remembered() {
    let mut bench = with_modem();
    show(&mut bench, "Hello", 1);
    assert_eq!(bench.notes(SHOWN).len(), 1);
    let cleared = LinkEvent::Cleared {
        sequence: 1,
        fingerprint: [1; 16],
    };
    bench.link(MODEM, cleared);
    assert!(bench.notes(SHOWN).is_empty());
    // Its centre may send it once more when the modem's thanks got lost.
    show(&mut bench, "Hello", 1);
    assert_eq!(bench.outbox.queue(bench.now()).received, 1);
    bench.pass(300_000);
    // What will never be deleted is forgotten at a start after a month.
    show(&mut bench, "Hello", 2);
    let bench = bench.crash_on_date(vec![modem("a")], 29 * 24 * 60 * 60 * 1_000);
    assert_eq!(bench.notes(SHOWN).len(), 1);
    let mut bench = bench.crash_on_date(vec![modem("a")], 31 * 24 * 60 * 60 * 1_000);
    bench.turn();
    assert!(bench.notes(SHOWN).is_empty());
}

#[test]
fn two_modems_may_show_the_same_message() {
    let mut bench = Bench::new(vec![modem("a"), modem("b")]);
    bench.bind(0);
    bench.bind(1);
    let deliver = deliver(&bench, "Hello");
    for connection in [0, 1] {
        bench.arrive(
            connection,
            arrival(SIM, Incoming::Deliver(deliver.clone()), [1; 16]),
        );
    }
    assert_eq!(bench.outbox.queue(bench.now()).received, 2);
}

#[test]
fn what_could_not_be_kept_is_not_deleted() {
    let mut bench = with_modem();
    bench.fault = Some(crate::store::StoreError::Full);
    show(&mut bench, "Hello", 1);
    assert_eq!(bench.answered, [(1, false)]);
    bench.fault = None;
    bench.pass(1_000);
    show(&mut bench, "Hello", 1);
    assert_eq!(bench.answered.last(), Some(&(2, true)));
    assert_eq!(bench.outbox.queue(bench.now()).received, 1);
}

/// The modem has one part out at a time: the other one waits there, as long as it takes.
#[test]
fn a_part_whose_validity_ends_while_it_waits_in_the_modem_is_taken_back() {
    let mut bench = with_modem();
    bench.sms("a");
    let mut record = bench.record(RECIPIENT, "Hello", &["a"]);
    record.expires_at = bench.now().date_after(60_000);
    bench.send(record);
    assert_eq!(bench.wire.len(), 2);
    bench.pass(60_000);
    let (session, token) = bench.wire.pop_back().unwrap();
    assert_eq!(bench.withdrawn, [(session, token)]);
    bench.link(session, LinkEvent::NotSent { token });
    assert_eq!(bench.state("sms-2"), SmsState::Expired);
    assert_eq!(bench.sent.len(), 2);
}

#[test]
fn the_rest_of_a_message_that_was_refused_is_taken_back() {
    let mut bench = with_modem();
    let record = bench.record(RECIPIENT, &"x".repeat(161), &["a"]);
    bench.send(record);
    bench.modem_error(1);
    let (session, token) = bench.wire.pop_front().unwrap();
    assert_eq!(bench.withdrawn, [(session, token)]);
    bench.link(session, LinkEvent::NotSent { token });
    assert_eq!(bench.state("sms-1"), SmsState::Failed);
}

/// Two modems, each with its own number, and a message of two parts whose first part was sent by the first one.
fn half_sent_by_one_of_two() -> Bench {
    let mut config = modem("a");
    if let Transport::Modem(modem) = &mut config.transport {
        modem.ports.push("/dev/ttyUSB1".parse().unwrap());
    }
    let mut bench = Bench::new(vec![config]);
    bench.bind_session(0, 0);
    bench.bind_session(0, 1);
    let record = bench.record(RECIPIENT, &"x".repeat(161), &["a"]);
    bench.send(record);
    take(&mut bench);
    bench
}

/// A telephone puts only those parts together that one number sent.
#[test]
fn the_rest_of_a_message_goes_through_the_modem_that_sent_its_beginning() {
    let mut bench = half_sent_by_one_of_two();
    bench.modem_error(38);
    bench.pass(5_000);
    assert_eq!(bench.wire.len(), 1);
    assert_eq!(bench.wire[0].0, MODEM);
}

#[test]
fn another_modem_sends_a_message_from_its_beginning() {
    let mut bench = half_sent_by_one_of_two();
    let first = submitted(&bench).clone();
    bench.cut(0);
    for part in [0, 1] {
        let (session, token) = bench.wire[0];
        assert_eq!((session.session, token.part), (1, part));
        let again = submitted(&bench);
        assert_ne!(
            again.user_data, first.user_data,
            "not mixed up with what was sent"
        );
        assert!(!again.reject_duplicates, "its centre has never seen it");
        take(&mut bench);
    }
    assert!(bench.stored("sms-1").progress.possible_duplicate);
    assert_eq!(bench.state("sms-1"), SmsState::Sent);
}

#[test]
fn a_report_of_a_message_that_is_not_ours_is_logged_without_its_number() {
    let mut bench = with_modem();
    report(&mut bench, 7, 0);
    bench.pass(30_000);
    let [LogEvent::Uncorrelated { ids, .. }] = bench.logged.as_slice() else {
        panic!("{:?}", bench.logged);
    };
    assert_eq!(ids, &["a1b2c3d4-7-•••567"]);
}

#[test]
fn a_pin_whose_fate_nobody_knows_is_not_given_again() {
    let mut bench = Bench::new(with_pin("1234"));
    bench.link(MODEM, LinkEvent::PinGiven);
    let mut bench = bench.crash(with_pin("1234"));
    assert!(!bench.outbox.gives_pin(MODEM));
    bench.link(MODEM, LinkEvent::PinTaken);
    let bench = bench.crash(with_pin("1234"));
    assert!(bench.outbox.gives_pin(MODEM));
}

fn with_pin(pin: &str) -> Vec<ConnectionConfig> {
    let mut config = modem("a");
    if let Transport::Modem(modem) = &mut config.transport {
        modem.pin = Some(pin.parse().unwrap());
    }
    vec![config]
}

#[test]
fn a_refused_pin_is_not_given_again_until_it_is_another_one_or_the_modem_works() {
    let mut bench = Bench::new(with_pin("1234"));
    assert!(bench.outbox.gives_pin(MODEM));
    bench.link(MODEM, LinkEvent::PinRefused);
    assert!(!bench.outbox.gives_pin(MODEM));
    let bench = bench.crash(with_pin("1234"));
    assert!(!bench.outbox.gives_pin(MODEM), "nor does the next process");
    let mut bench = bench.crash(with_pin("4321"));
    assert!(bench.outbox.gives_pin(MODEM));
    bench.bind(0);
    let bench = bench.crash(with_pin("1234"));
    assert!(bench.outbox.gives_pin(MODEM), "the card is open");
}

#[test]
fn a_modem_tells_how_it_is() {
    let mut bench = Bench::new(vec![modem("a")]);
    let identity = ModemIdentity {
        manufacturer: "Huawei".to_owned(),
        model: "E3372".to_owned(),
        operator: "Telenor HU".to_owned(),
        ..ModemIdentity::default()
    };
    let peer = Peer::Modem(Box::new(identity));
    bench.link(MODEM, LinkEvent::Bound { peer });
    let health = ModemHealth {
        signal: Some(21),
        ..ModemHealth::default()
    };
    bench.link(MODEM, LinkEvent::Health(health));
    let modem = bench.outbox.connections(bench.now()).remove(0).modems.remove(0);
    assert_eq!(modem.port.to_string(), "/dev/ttyUSB0");
    assert_eq!(
        (modem.is_up, modem.model().as_deref()),
        (true, Some("Huawei E3372"))
    );
    assert_eq!(
        (modem.operator(), modem.signal_dbm()),
        (Some("Telenor HU"), Some(-71))
    );
    let end = ModemEnd::PortLost("no such device".to_owned());
    bench.link(MODEM, LinkEvent::Ended(LinkEnd::Modem(end)));
    let status = bench.outbox.connections(bench.now()).remove(0);
    assert_eq!((status.modems[0].is_up, &status.modems[0].health), (false, &None));
    let reason = "/dev/ttyUSB0: the serial port is gone: no such device";
    assert_eq!(status.last_error.as_deref(), Some(reason));
}
