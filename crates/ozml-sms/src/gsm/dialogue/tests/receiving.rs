//! What comes in.

use super::*;

/// A modem that stored `text` at place 3 and says so.
fn stored(text: &str) -> Bench {
    let mut bench = Bench::ready(config());
    let (line, length) = deliver(text);
    bench.answers(
        "AT+CMGR=3",
        leak(format!("+CMGR: 0,,{length}\r\n{line}\r\n\r\nOK")),
    );
    bench.says("+CMTI: \"SM\",3");
    bench
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn cleared(bench: &Bench) -> Vec<u32> {
    let sequence = |event: &DialogueEvent| match event {
        DialogueEvent::Cleared { sequence, .. } => Some(*sequence),
        _ => None,
    };
    bench.events.iter().filter_map(sequence).collect()
}

#[test]
fn a_full_memory_is_looked_at_again_when_it_was_emptied() {
    let mut bench = Bench::ready(config());
    let (line, length) = deliver("hello");
    bench.answers(
        "AT+CMGR=3",
        leak(format!("+CMGR: 0,,{length}\r\n{line}\r\n\r\nOK")),
    );
    let full = "+CPMS: \"SM\",10,10,\"SM\",10,10,\"SM\",10,10\r\nOK";
    bench.answers("AT+CPMS?", full);
    bench.passes(60_000);
    bench.says("+CMTI: \"SM\",3");
    bench.answer(1, true);
    let health = bench.events.iter().rev().find_map(|event| match event {
        DialogueEvent::Health(health) => Some(*health),
        _ => None,
    });
    assert_eq!(health.map(|health| health.memory_low), Some(false));
}

/// Phase 2+: what comes directly is acknowledged.
fn acknowledging() -> Bench {
    let service = ("AT+CSMS?", "+CSMS: 1,1,1,1\r\nOK");
    let mut bench = Bench::open(config(), &[("AT+CSMS=?", "+CSMS: (0,1)\r\nOK"), service, service]);
    bench.forget();
    bench
}

fn direct(text: &str) -> String {
    let (line, length) = deliver(text);
    format!("+CMT: ,{length}\r\n{line}")
}

#[test]
fn a_message_is_deleted_only_when_it_was_taken() {
    let mut bench = stored("hello");
    let [
        DialogueEvent::Arrived {
            sequence,
            incoming: Incoming::Deliver(message),
            ..
        },
    ] = &bench.events[..]
    else {
        panic!("{:?}", bench.events);
    };
    assert_eq!(
        (*sequence, message.source.to_string().as_str()),
        (1, "+36301234567")
    );
    assert_eq!(bench.log(), ["AT+CMGR=3"]);
    bench.answer(1, true);
    assert_eq!(bench.log().last(), Some(&"AT+CMGD=3"));
    assert_eq!(cleared(&bench), [1]);
}

#[test]
fn a_message_that_is_not_taken_comes_again_at_the_next_poll() {
    let mut bench = stored("hello");
    bench.answer(1, false);
    let (line, length) = deliver("hello");
    bench.answers("AT+CMGL=4", leak(format!("+CMGL: 3,1,,{length}\r\n{line}\r\nOK")));
    bench.answers("AT+CMGR=3", leak(format!("+CMGR: 1,,{length}\r\n{line}\r\nOK")));
    bench.passes(50_000);
    assert_eq!(bench.arrived(), [1]);
    bench.passes(20_000);
    assert_eq!(bench.arrived(), [1, 2]);
    assert!(!bench.log().contains(&"AT+CMGD=3"));
}

#[test]
fn messages_that_nobody_announced_are_found() {
    let mut bench = Bench::ready(config());
    let (line, length) = deliver("hello");
    bench.answers("AT+CPMS?", "+CPMS: \"SM\",1,10,\"SM\",1,10,\"SM\",1,10\r\nOK");
    bench.answers("AT+CMGL=4", leak(format!("+CMGL: 7,0,,{length}\r\n{line}\r\nOK")));
    bench.answers("AT+CMGR=7", leak(format!("+CMGR: 0,,{length}\r\n{line}\r\nOK")));
    bench.passes(60_000);
    assert_eq!(bench.arrived(), [1]);
}

#[test]
fn another_memory_is_chosen_and_left_again() {
    let mut bench = Bench::ready(config());
    let (line, length) = deliver("hello");
    for index in ["AT+CMGR=3", "AT+CMGR=4"] {
        bench.answers(index, leak(format!("+CMGR: 0,,{length}\r\n{line}\r\nOK")));
    }
    bench.says("+CDSI: \"SR\",3");
    bench.answer(1, true);
    bench.says("+CMTI: \"SM\",4");
    let expected = [
        "AT+CPMS=\"SR\"",
        "AT+CMGR=3",
        "AT+CMGD=3",
        "AT+CPMS=\"SM\"",
        "AT+CMGR=4",
    ];
    assert_eq!(bench.log(), expected);
}

/// A deletion in the wrong memory would be a loss.
#[test]
fn nothing_is_deleted_in_a_memory_that_is_not_certain() {
    let mut bench = stored("hello");
    bench.passes(3_000);
    bench.answers("AT+CPMS=\"SM\"", "ERROR");
    bench.answer(1, true);
    assert_eq!(bench.log(), ["AT+CMGR=3", "AT+CPMS=\"SM\""]);
}

/// It would wait in this memory until the next start: only the usual one is looked at.
#[test]
fn a_message_whose_header_was_lost_is_read_again() {
    let mut bench = Bench::ready(config());
    let (line, length) = deliver("hello");
    bench.answers(
        "AT+CMGR=3",
        leak(format!("+MGR: 0,,{length}\r\n{line}\r\n\r\nOK")),
    );
    bench.answers(
        "AT+CMGR=3",
        leak(format!("+CMGR: 0,,{length}\r\n{line}\r\n\r\nOK")),
    );
    bench.says("+CDSI: \"SR\",3");
    assert_eq!(bench.arrived(), [1]);
}

/// The question that it answered does not show whether it has another memory now.
#[test]
fn the_memory_is_chosen_anew_when_a_command_had_no_answer() {
    let mut bench = stored("hello");
    bench.answers("AT+CMGS=18", "");
    bench.submits(1);
    bench.answer(1, true);
    bench.passes(20_000);
    let log = bench.log();
    let deleted = log.iter().position(|line| *line == "AT+CMGD=3").unwrap();
    assert!(log[..deleted].contains(&"AT+CPMS=\"SM\""), "{log:?}");
    let sent = log.iter().rposition(|line| *line == "AT+CMGS=18").unwrap();
    assert!(log[..sent].contains(&"AT+CMGF?"), "{log:?}");
}

/// The place may have another message by now.
#[test]
fn a_deletion_without_an_answer_is_repeated_only_after_reading() {
    let mut bench = stored("hello");
    bench.answers("AT+CMGD=3", "");
    let (line, length) = deliver("other");
    bench.answers("AT+CMGR=3", leak(format!("+CMGR: 0,,{length}\r\n{line}\r\nOK")));
    bench.answer(1, true);
    bench.passes(10_000);
    assert_eq!(bench.arrived(), [1, 2]);
    assert_eq!(cleared(&bench), [1]);
    assert_eq!(bench.log().iter().filter(|line| **line == "AT+CMGD=3").count(), 1);
}

#[test]
fn a_line_that_lost_octets_is_read_again_at_once() {
    let mut bench = Bench::ready(config());
    let (line, length) = deliver("hello");
    let short = &line[..line.len() - 2];
    bench.answers("AT+CMGR=3", leak(format!("+CMGR: 0,,{length}\r\n{short}\r\nOK")));
    bench.answers("AT+CMGR=3", leak(format!("+CMGR: 1,,{length}\r\n{line}\r\nOK")));
    bench.says("+CMTI: \"SM\",3");
    assert_eq!((bench.arrived().len(), bench.log()), (1, vec!["AT+CMGR=3"; 2]));
}

/// Old modems leave the service centre out: what is the same twice lost nothing.
#[test]
fn a_line_of_another_length_is_believed_when_it_is_the_same_again() {
    let mut bench = Bench::ready(config());
    let (line, length) = deliver("hello");
    for _ in 0..2 {
        bench.answers(
            "AT+CMGR=3",
            leak(format!("+CMGR: 1,,{length}\r\n{}\r\nOK", &line[2..])),
        );
    }
    bench.says("+CMTI: \"SM\",3");
    assert_eq!(bench.arrived().len(), 1);
}

#[test]
fn what_cannot_be_read_is_told_once_and_kept() {
    let mut bench = Bench::ready(config());
    for _ in 0..3 {
        bench.answers("AT+CPMS?", "+CPMS: \"SM\",1,10,\"SM\",1,10,\"SM\",1,10\r\nOK");
        bench.answers("AT+CMGL=4", "+CMGL: 3,1,,2\r\n000401\r\nOK");
        bench.answers("AT+CMGR=3", "+CMGR: 1,,2\r\n000401\r\nOK");
    }
    bench.passes(180_000);
    let told = |event: &&DialogueEvent| matches!(event, DialogueEvent::Unreadable { kept: true, .. });
    assert_eq!(bench.events.iter().filter(told).count(), 1);
    assert!(!bench.log().contains(&"AT+CMGD=3"));
}

#[test]
fn what_comes_directly_is_acknowledged_when_it_was_taken() {
    let mut bench = acknowledging();
    bench.says(&direct("hello"));
    assert_eq!((bench.arrived(), bench.log().len()), (vec![1], 0));
    bench.answer(1, true);
    assert_eq!(bench.log(), ["AT+CNMA"]);
    assert_eq!(cleared(&bench), [1]);
}

#[test]
fn an_acknowledgement_goes_before_the_next_part() {
    let mut bench = acknowledging();
    bench.answers("PDU", "");
    (1..=2).for_each(|ticket| bench.submits(ticket));
    bench.says(&direct("hello"));
    bench.answer(1, true);
    assert_eq!(bench.log(), ["AT+CMGS=18", "PDU"]);
    bench.says("+CMGS: 1\r\nOK");
    assert_eq!(bench.log()[2..], ["AT+CNMA", "AT+CMGS=18", "PDU"]);
}

#[test]
fn what_is_not_acknowledged_is_told_again_after_the_next_poll() {
    let mut bench = acknowledging();
    bench.says(&direct("hello"));
    bench.answer(1, false);
    assert_eq!(bench.log().len(), 0);
    bench.passes(60_000);
    assert!(bench.log().contains(&"AT+CNMI=2,1,0,1,0"));

    // Too late an acknowledgement: the network repeats the message.
    bench.says(&direct("hello"));
    bench.answers("AT+CNMA", "+CMS ERROR: 340");
    bench.answer(2, true);
    assert!(!cleared(&bench).contains(&2));
    bench.says(&direct("hello"));
    assert_eq!(bench.arrived(), [1, 2, 3]);
}

#[test]
fn before_phase_2_plus_nothing_is_acknowledged() {
    let mut bench = Bench::ready(config());
    bench.says(&direct("hello"));
    bench.answer(1, true);
    assert_eq!((bench.log().len(), cleared(&bench)), (0, vec![1]));
}

#[test]
fn of_what_is_not_answered_only_so_much_is_told() {
    let mut bench = Bench::ready(config());
    let (line, length) = deliver("hello");
    for index in 1..=70 {
        bench.answers(
            leak(format!("AT+CMGR={index}")),
            leak(format!("+CMGR: 0,,{length}\r\n{line}\r\nOK")),
        );
        bench.says(&format!("+CMTI: \"SM\",{index}"));
    }
    assert_eq!(bench.arrived().len(), 64);
    bench.answer(1, true);
    assert_eq!(bench.arrived().len(), 65);
}
