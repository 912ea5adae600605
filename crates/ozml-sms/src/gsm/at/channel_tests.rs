//! The line to a modem, played by hand.

use super::super::{ModemConfig, ModemError, SerialPort};
use super::*;

struct Line {
    channel: Channel,
    now: u64,
}

impl Line {
    fn new() -> Self {
        let config = ModemConfig::new(SerialPort::new("/dev/ttyUSB0").unwrap());
        Self {
            channel: Channel::new(0, &config),
            now: 0,
        }
    }

    /// Echo off, as after a start.
    fn set_up() -> Self {
        let mut line = Self::new();
        for command in [Command::ECHO_OFF, Command::WORDS] {
            line.send(command);
            line.hears("OK\r\n");
            line.finished();
        }
        line
    }

    fn send(&mut self, command: Command) {
        self.channel.send(self.now, command);
    }

    fn hears(&mut self, octets: &str) {
        self.channel.on_bytes(self.now, octets.as_bytes());
    }

    fn passes(&mut self, ms: u64) {
        self.now += ms;
        self.channel.on_tick(self.now);
    }

    fn written(&mut self) -> String {
        let mut octets = Vec::new();
        self.channel.take_output(&mut octets);
        String::from_utf8(octets).unwrap()
    }

    fn events(&mut self) -> Vec<ChannelEvent> {
        std::iter::from_fn(|| self.channel.next_event()).collect()
    }

    fn finished(&mut self) -> Outcome {
        self.written();
        let events = self.events();
        match &events[..] {
            [ChannelEvent::Finished(outcome)] => outcome.clone(),
            other => panic!("{other:?}"),
        }
    }

    fn submits(&mut self) {
        let frame = crate::gsm::pdu::Frame::new(vec![0x01, 0x2A]);
        self.send(Command::submit(&frame));
        assert_eq!(self.written(), "AT+CMGS=2\r");
    }

    fn writes_pdu(&mut self) {
        self.submits();
        self.hears("\r\n> ");
        assert_eq!(self.written(), "00012A\x1A");
    }
}

fn answered(result: Result<(), ModemError>, lines: &[&str]) -> Outcome {
    Outcome::Answered(Reply {
        result,
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        is_cut: false,
    })
}

#[test]
fn the_lines_of_an_answer_are_told_from_what_comes_between() {
    let mut line = Line::set_up();
    line.send(Command::REGISTRATION);
    line.hears("RING\r\n+CREG: 2\r\n+CMTI: \"SM\",4\r\n+CREG: 0,1\r\n^RSSI: 12\r\nNO CARRIER\r\nOK\r\n");
    let slot = Slot {
        memory: Memory::SIM,
        index: 4,
    };
    let expected = [
        ChannelEvent::Registration(2),
        ChannelEvent::Stored(slot),
        ChannelEvent::Finished(answered(Ok(()), &["+CREG: 0,1"])),
    ];
    assert_eq!(line.events(), expected);
}

#[test]
fn unsolicited_lines_never_move_a_deadline() {
    let mut line = Line::set_up();
    line.send(Command::SIGNAL);
    line.written();
    for _ in 0..5 {
        line.passes(1_000);
        line.hears("RING\r\n");
    }
    assert_eq!(line.written(), "\x1B");
}

#[test]
fn a_message_that_comes_directly_has_the_line_behind_its_header() {
    let mut line = Line::set_up();
    line.send(Command::LIST);
    line.hears("+CMGL: 1,0,,2\r\n+CMT: ,3\r\n00AABBCC\r\n00DDEE\r\nOK\r\n");
    let direct = DirectPdu {
        length: Some(3),
        line: "00AABBCC".to_owned(),
    };
    let expected = [
        ChannelEvent::Direct(direct),
        ChannelEvent::Finished(answered(Ok(()), &["+CMGL: 1,0,,2", "00DDEE"])),
    ];
    assert_eq!(line.events(), expected);
}

#[test]
fn a_part_is_sent_with_two_round_trips() {
    let mut line = Line::set_up();
    line.writes_pdu();
    line.hears("\r\nRING\r\n\r\n+CMGS: 7\r\n\r\nOK\r\n");
    assert_eq!(line.finished(), answered(Ok(()), &["+CMGS: 7"]));
}

#[test]
fn an_echo_of_command_and_pdu_is_dropped() {
    let mut line = Line::new();
    line.submits();
    line.hears("AT+CMGS=2\r\r\n> ");
    assert_eq!(line.written(), "00012A\x1A");
    line.hears("00012A\x1A\r\n+CMGS: 7\r\nOK\r\n");
    assert_eq!(line.finished(), answered(Ok(()), &["+CMGS: 7"]));
}

#[test]
fn before_the_prompt_only_an_error_is_an_answer() {
    let mut line = Line::set_up();
    line.submits();
    line.hears("OK\r\n+CMGS: 6\r\n");
    assert_eq!(line.events(), []);
    line.hears("+CMS ERROR: 331\r\n");
    assert_eq!(line.finished(), answered(Err(ModemError::Cms(331)), &[]));
}

#[test]
fn without_a_prompt_nothing_was_sent() {
    let mut line = Line::set_up();
    line.submits();
    line.passes(10_000);
    assert_eq!(line.written(), "\x1B");
    line.hears("OK\r\n");
    assert_eq!(line.written(), "AT+CMGF?\r");
    line.hears("+CMGF: 0\r\nOK\r\n");
    assert_eq!(line.finished(), Outcome::NoPrompt);
}

/// The trap: the modem is slow, its answer comes after our deadline. Whoever just goes on takes it for the answer to
/// the next part.
#[test]
fn a_late_answer_is_that_of_its_own_part() {
    let mut line = Line::set_up();
    line.writes_pdu();
    line.passes(120_000);
    assert_eq!(line.written(), "AT+CMGF?\r", "a question, and no ESC");
    line.hears("+CMGS: 7\r\nOK\r\n");
    assert_eq!(line.events(), [], "not in step before the question is answered");
    line.hears("+CMGF: 0\r\nOK\r\n");
    assert_eq!(line.finished(), answered(Ok(()), &["+CMGS: 7"]));
}

#[test]
fn what_is_older_than_the_last_question_is_discarded() {
    let mut line = Line::set_up();
    line.writes_pdu();
    line.passes(120_000);
    line.passes(5_000);
    assert_eq!(line.written(), "AT+CMGF?\rAT+CMEE?\r");
    line.hears("+CMGF: 0\r\nOK\r\n");
    assert_eq!(line.events(), []);
    line.hears("+CMEE: 1\r\nOK\r\n");
    assert_eq!(line.finished(), Outcome::NoResult);
}

/// Else the late answer to the command would be that to the question.
#[test]
fn a_question_that_was_not_answered_is_not_asked_again() {
    let mut line = Line::set_up();
    line.send(Command::MESSAGE_MODE);
    line.passes(5_000);
    line.passes(1_000);
    assert_eq!(line.written(), "AT+CMGF?\r\x1BAT+CMEE?\r");
}

#[test]
fn a_late_error_counts_when_the_question_has_its_own_answer() {
    let mut line = Line::set_up();
    line.writes_pdu();
    line.passes(120_000);
    line.hears("+CMS ERROR: 38\r\n+CMGF: 0\r\nOK\r\n");
    assert_eq!(line.finished(), answered(Err(ModemError::Cms(38)), &[]));
}

/// It may be the late answer to anything. The next question follows sooner.
#[test]
fn a_bare_ok_is_no_answer_to_a_question() {
    let mut line = Line::set_up();
    line.writes_pdu();
    line.passes(120_000);
    for _ in 0..2 {
        line.hears("OK\r\n");
        line.passes(999);
        assert_eq!(line.events(), []);
        line.passes(1);
    }
    assert_eq!(line.written(), "AT+CMGF?\rAT+CMEE?\rAT+CNMI?\r");
    line.hears("OK\r\n");
    line.passes(1_000);
    assert!(matches!(
        line.finished(),
        Outcome::Silent {
            is_out: true,
            reply: None
        }
    ));
}

#[test]
fn three_questions_without_an_answer_are_silence() {
    let mut line = Line::set_up();
    line.writes_pdu();
    line.passes(120_000);
    line.hears("+CMGS: 7\r\n");
    for _ in 0..3 {
        line.passes(5_000);
    }
    let Outcome::Silent {
        is_out: true,
        reply: Some(reply),
    } = line.finished()
    else {
        panic!("not silent");
    };
    assert_eq!(reply.line(), Some("+CMGS: 7"));
}

#[test]
fn an_echo_that_is_back_shows_a_restart_before_the_pdu_leaves() {
    let mut line = Line::set_up();
    line.submits();
    line.hears("AT+CMGS=2\r\r\n> ");
    assert_eq!(
        (line.written().as_str(), line.events()),
        ("", vec![ChannelEvent::Restarted])
    );
}

#[test]
fn a_restart_behind_a_pdu_leaves_its_outcome_open() {
    let mut line = Line::set_up();
    line.writes_pdu();
    line.hears("RDY\r\n+CMEE: 0\r\nOK\r\n");
    let expected = [ChannelEvent::Finished(Outcome::NoResult), ChannelEvent::Restarted];
    assert_eq!(line.events(), expected);
}

#[test]
fn a_set_up_that_is_gone_shows_a_restart() {
    let mut line = Line::set_up();
    line.channel.expect_set_up("+CMGF:", 0);
    line.send(Command::MESSAGE_MODE);
    line.hears("+CMGF: 1\r\nOK\r\n");
    let events = line.events();
    assert_eq!(events.last(), Some(&ChannelEvent::Restarted));
}

#[test]
fn a_long_answer_is_cut_and_survived() {
    let mut line = Line::set_up();
    line.send(Command::LIST);
    for _ in 0..20 {
        line.hears(&format!("+CMGL: 1,0,,2\r\n{}\r\n", "0".repeat(1_000)));
    }
    line.hears("OK\r\n");
    let Outcome::Answered(reply) = line.finished() else {
        panic!("no answer");
    };
    assert_eq!(
        (reply.is_cut, reply.lines.concat().len()),
        (true, 16 * 1_013 + 13)
    );
    assert_eq!(line.channel.counters().cut_replies, 1);
}

/// Its late answer would be taken for that to the question, and every later one for that to another command: what is
/// read at one place would be deleted at another.
#[test]
fn a_command_that_is_a_question_is_not_asked_to_get_in_step() {
    let mut line = Line::set_up();
    line.send(Command::MESSAGE_MODE);
    assert_eq!(line.written(), "AT+CMGF?\r");
    line.passes(5_000);
    line.passes(1_000);
    assert_eq!(line.written(), "\x1BAT+CMEE?\r");
    line.hears("+CMGF: 0\r\nOK\r\n");
    assert_eq!(line.events(), []);
    line.hears("+CMEE: 1\r\nOK\r\n");
    assert_eq!(line.finished(), Outcome::NoResult);
}
