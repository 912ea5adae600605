//! The ledger over a session, the centre played by hand on a virtual clock.

use std::collections::VecDeque;

use ozml_session::{EffectKey, MessageId, OutgoingSms, PhoneNumber, RunId, SmsText};
use rusmpp::CommandId;
use rusmpp::pdus::{BindTransceiverResp, SubmitSmResp};

use super::deliver::tests::body;
use super::frame::{self, Framer};
use super::known::SendResult;
use super::ledger::{Ledger, Notice, Submission};
use super::*;

struct Line {
    session: Session,
    ledger: Ledger<u32>,
    /// Sequence numbers of the submits the centre has got and not answered.
    got: VecDeque<u32>,
    /// The answers to what the centre delivered.
    deliveries: Vec<Status>,
    told: Vec<String>,
}

impl Line {
    fn new(window: u16, limits: Limits, receipts: bool) -> Self {
        let bind = Bind::new(
            BindMode::Transceiver,
            SystemId::new("shop").unwrap(),
            Password::default(),
        );
        let window = Window::new(window).unwrap();
        let config = SessionConfig {
            window,
            ..SessionConfig::new(bind)
        };
        let mut line = Self {
            session: Session::open(0, config),
            ledger: Ledger::new(limits, receipts, window.size()),
            got: VecDeque::new(),
            deliveries: Vec::new(),
            told: Vec::new(),
        };
        line.receive(0, |out| {
            frame::write(out, 0, 1, &BindTransceiverResp::default().into())
        });
        line
    }

    fn usual() -> Self {
        Self::new(10, Limits::default(), true)
    }

    /// Effect `number` asked for by asker `number`.
    fn send(&mut self, number: u32, text: &str) {
        self.send_as(number, number, text);
    }

    fn send_as(&mut self, asker: u32, number: u32, text: &str) {
        let key = EffectKey::new(RunId::new("r").unwrap(), u64::from(number));
        let to = PhoneNumber::new("+36301234567").unwrap();
        let sms = OutgoingSms::new(key.clone(), to.clone(), SmsText::new(text).unwrap());
        let submission = Submission {
            key,
            id: MessageId::new(&format!("m{number}")).unwrap(),
            recipient: to,
            submits: SubmitOptions::default().submits(&sms, || 1).unwrap(),
            deadline: 60_000,
        };
        self.ledger.accept(0, submission, asker);
        self.turn(0);
    }

    fn receive(&mut self, now: u64, write: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = Vec::new();
        write(&mut bytes);
        self.session.on_bytes(now, &bytes);
        self.turn(now);
    }

    /// The centre answers the oldest submit.
    fn answer(&mut self, status: u32, id: &str) {
        let sequence = self.got.pop_front().unwrap();
        let answer = SubmitSmResp::builder().message_id(id.parse().unwrap()).build();
        self.receive(0, |out| frame::write(out, status, sequence, &answer.into()));
    }

    fn receipt(&mut self, now: u64, text: &str) {
        let body = body(b"36301234567", 4, text.as_bytes(), &[]);
        self.receive(now, |out| {
            let length = u32::try_from(body.len() + frame::HEADER_LENGTH).unwrap();
            for field in [length, 5, 0, 1] {
                out.extend(field.to_be_bytes());
            }
            out.extend(body);
        });
    }

    fn tick(&mut self, now: u64) {
        self.session.on_tick(now);
        self.ledger.on_tick(now);
        self.turn(now);
    }

    fn turn(&mut self, now: u64) {
        while let Some(event) = self.session.next_event() {
            match event {
                Event::Answered { ticket, answer } => self.ledger.on_answer(ticket, answer),
                Event::Delivered { sequence, deliver } => {
                    let status = self.ledger.on_deliver(now, deliver);
                    self.session.answer_deliver(now, sequence, status);
                }
                _ => {}
            }
        }
        self.ledger.pump(now, &mut self.session);
        let mut out = Vec::new();
        self.session.take_output(&mut out);
        let mut framer = Framer::default();
        framer.push(&out);
        while let Some(frame) = framer.next_frame().unwrap() {
            match frame.header.id {
                CommandId::SubmitSm => self.got.push_back(frame.header.sequence),
                CommandId::DeliverSmResp => self.deliveries.push(Status(frame.header.status)),
                _ => {}
            }
        }
        for notice in self.ledger.take_notices() {
            self.told.push(match notice {
                Notice::Answer { askers, result, .. } => format!("{askers:?}: {}", shown(&result)),
                Notice::State(status) => {
                    let reason = status
                        .reason
                        .map(|reason| format!(" ({reason})"))
                        .unwrap_or_default();
                    format!("{} {}{reason}", status.id, status.state)
                }
            });
        }
    }

    fn told(&mut self) -> Vec<String> {
        std::mem::take(&mut self.told)
    }
}

fn shown(result: &SendResult) -> String {
    match result {
        Ok(accepted) => format!("{} in {}", accepted.id, accepted.segments),
        Err(refusal) => refusal.to_string(),
    }
}

#[test]
fn a_message_goes_its_way() {
    let mut line = Line::usual();
    line.send(1, "hi");
    assert_eq!(line.told(), [""; 0]);
    line.answer(0, "A1");
    assert_eq!(line.told(), ["[1]: m1 in 1", "m1 sent"]);
    line.receipt(5, "id:a1 stat:ENROUTE");
    line.receipt(6, "id:00a1 stat:DELIVRD err:000");
    line.receipt(7, "id:A1 stat:EXPIRED");
    assert_eq!(line.told(), ["m1 delivered"], "only forward and only once");
    assert!(line.ledger.is_idle());
}

#[test]
fn receipts_tell_why() {
    for (stat, told) in [
        ("UNDELIV err:069", "m1 failed (undeliverable, error 069)"),
        ("REJECTD", "m1 failed (rejected)"),
        ("DELETED", "m1 failed (deleted)"),
        ("EXPIRED err:000", "m1 expired (expired)"),
    ] {
        let mut line = Line::usual();
        line.send(1, "hi");
        line.answer(0, "7");
        line.told();
        line.receipt(5, &format!("id:7 stat:{stat}"));
        assert_eq!(line.told(), [told]);
    }
}

#[test]
fn one_effect_is_one_message() {
    let mut line = Line::usual();
    line.send(1, "hi");
    line.send_as(2, 1, "hi");
    assert_eq!(line.got.len(), 1);
    line.answer(0, "7");
    assert_eq!(line.told(), ["[1, 2]: m1 in 1", "m1 sent"]);
    line.send_as(3, 1, "hi");
    assert_eq!(
        (line.told(), line.got.len()),
        (vec!["[3]: m1 in 1".to_owned()], 0)
    );
    line.send(2, "hi");
    line.answer(0x0B, "");
    line.send_as(4, 2, "hi");
    let refused = "the message centre refused: RINVDSTADR (0x0000000B)";
    assert_eq!(
        line.told(),
        [format!("[2]: {refused}"), format!("[4]: {refused}")]
    );
}

#[test]
fn parts_count_together() {
    let mut line = Line::usual();
    line.send(1, &"x".repeat(400));
    assert_eq!(line.got.len(), 3);
    line.answer(0, "1");
    line.receipt(1, "id:1 stat:DELIVRD");
    line.answer(0, "2");
    assert_eq!(line.told(), [""; 0]);
    line.answer(0, "3");
    assert_eq!(line.told(), ["[1]: m1 in 3", "m1 sent"]);
    line.receipt(2, "id:3 stat:UNDELIV");
    assert_eq!(line.told(), [""; 0]);
    line.receipt(3, "id:2 stat:EXPIRED");
    assert_eq!(
        line.told(),
        ["m1 failed (1 of 3 parts were delivered; part 3: undeliverable)"]
    );
}

#[test]
fn a_refused_part_refuses_the_message() {
    let mut line = Line::new(2, Limits::default(), true);
    line.send(1, &"x".repeat(400));
    line.answer(0, "1");
    assert_eq!(line.got.len(), 2);
    line.answer(0x45, "");
    line.answer(0, "3");
    let text = "[1]: the message centre refused: RSUBMITFAIL (0x00000045); 2 of 3 parts had been accepted";
    assert_eq!(line.told(), [text]);
    line.receipt(1, "id:1 stat:DELIVRD");
    assert_eq!(line.told(), [""; 0]);
    let mut line = Line::new(1, Limits::default(), true);
    line.send(1, &"x".repeat(400));
    line.answer(0x45, "");
    assert_eq!(
        (line.got.len(), line.ledger.is_idle()),
        (0, true),
        "the rest is not sent"
    );
}

#[test]
fn no_answer_is_an_unknown_outcome() {
    let mut line = Line::usual();
    line.send(1, "hi");
    line.send(2, &"x".repeat(161));
    line.got.pop_front();
    line.answer(0, "7");
    line.tick(30_000);
    assert_eq!(
        line.told(),
        [
            "[1]: m1 in 1",
            "m1 unknown (the message centre gave no answer in time)",
            "[2]: m2 in 2",
            "m2 unknown (1 of 2 parts were accepted: the message centre gave no answer in time)"
        ]
    );
}

#[test]
fn a_cut_link_answers_everybody() {
    let mut line = Line::new(2, Limits::default(), true);
    line.send(1, "hi");
    line.send(2, &"x".repeat(161));
    line.send(3, "hi");
    line.answer(0, "7");
    line.answer(0, "8");
    line.told();
    line.session.on_link_lost();
    line.turn(0);
    line.ledger.abandon("gone");
    line.turn(0);
    assert_eq!(
        line.told(),
        [
            "[2]: m2 in 2",
            "m2 unknown (1 of 2 parts were accepted: the link ended before the message centre answered)",
            "[3]: m3 in 1",
            "m3 unknown (the link ended before the message centre answered)",
        ]
    );
    assert!(line.ledger.is_idle());
}

#[test]
fn what_did_not_begin_is_refused_and_may_be_sent_again() {
    let mut line = Line::new(1, Limits::default(), true);
    line.send(1, &"x".repeat(161));
    line.send(2, "hi");
    line.answer(0, "7");
    line.got.clear();
    line.ledger.abandon("gone");
    line.turn(0);
    assert_eq!(line.told(), ["[2]: gone"]);
    line.send_as(9, 2, "hi");
    line.session.on_link_lost();
    line.turn(0);
    let told = line.told();
    assert!(
        told[0].starts_with("[1]: m1 in 2") && told[1].starts_with("m1 unknown (1 of 2"),
        "{told:?}"
    );
    assert!(!line.ledger.is_idle(), "the message waits for another try");
}

#[test]
fn what_waits_too_long_for_its_turn_is_refused() {
    let mut line = Line::new(1, Limits::default(), true);
    line.send(1, &"x".repeat(161));
    line.send(2, "hi");
    assert!(!line.ledger.wants_more(), "a begun message takes no place");
    assert_eq!(line.ledger.next_wake_up(), Some(60_000));
    line.ledger.on_tick(59_999);
    assert!(!line.ledger.wants_more());
    line.ledger.on_tick(60_000);
    line.turn(60_000);
    assert_eq!(line.told(), ["[2]: the SMS queue is full"]);
    assert!(line.ledger.wants_more());
    line.answer(0, "7");
    line.answer(0, "8");
    assert_eq!(line.told(), ["[1]: m1 in 2", "m1 sent"], "what was begun goes on");
    line.send_as(9, 2, "hi");
    line.answer(0, "9");
    assert_eq!(
        line.told(),
        ["[9]: m2 in 1", "m2 sent"],
        "a later try may succeed"
    );
}

#[test]
fn receipts_may_come_first() {
    let mut line = Line::usual();
    line.send(1, "hi");
    line.receipt(0, "id:255 stat:DELIVRD");
    line.receipt(0, "id:nobody stat:DELIVRD");
    line.answer(0, "FF");
    assert_eq!(line.told(), ["[1]: m1 in 1", "m1 sent", "m1 delivered"]);
    assert_eq!(line.ledger.next_wake_up(), Some(30_000));
    line.tick(30_000);
    assert_eq!(
        (line.ledger.uncorrelated(), line.ledger.next_wake_up()),
        (1, None)
    );
}

#[test]
fn without_a_receipt_a_message_is_unknown_in_the_end() {
    let mut line = Line::usual();
    line.send(1, "hi");
    line.answer(0, "7");
    line.told();
    let wait = 72 * 60 * 60 * 1_000;
    assert_eq!(line.ledger.next_wake_up(), Some(wait));
    line.ledger.on_tick(wait - 1);
    line.turn(0);
    assert_eq!(line.told(), [""; 0]);
    line.ledger.on_tick(wait);
    line.turn(0);
    assert_eq!(line.told(), ["m1 unknown (no delivery receipt came in time)"]);
}

#[test]
fn memory_is_bounded() {
    let limits = Limits {
        awaiting: 2,
        ..Limits::default()
    };
    let mut line = Line::new(1, limits, true);
    for number in 1..=3 {
        line.send(number, "hi");
        line.answer(0, &number.to_string());
    }
    let told = line.told();
    assert_eq!(
        told.last().unwrap(),
        "m1 unknown (too many messages wait for their delivery receipts)"
    );
    line.receipt(0, "id:1 stat:DELIVRD");
    line.receipt(0, "id:2 stat:DELIVRD");
    assert_eq!(line.told(), ["m2 delivered"]);
}

#[test]
fn without_receipts_sent_is_the_end() {
    let mut line = Line::new(1, Limits::default(), false);
    line.send(1, "hi");
    line.answer(0, "7");
    assert_eq!(line.told(), ["[1]: m1 in 1", "m1 sent"]);
    assert_eq!(line.ledger.next_wake_up(), None);
}

#[test]
fn messages_that_come_in_stay_with_the_centre() {
    let mut line = Line::usual();
    line.receive(0, |out| {
        let body = body(b"1", 0, b"hello", &[]);
        let length = u32::try_from(body.len() + frame::HEADER_LENGTH).unwrap();
        for field in [length, 5, 0, 1] {
            out.extend(field.to_be_bytes());
        }
        out.extend(body);
    });
    line.receipt(0, "no receipt at all");
    assert_eq!(line.deliveries, [Status::RECEIVER_TEMPORARY_ERROR, Status::OK]);
    assert_eq!((line.ledger.incoming(), line.ledger.uncorrelated()), (1, 1));
}
