//! One test for each thing a centre does, without sockets.

use rusmpp::pdus::{DataSm, QuerySm};
use rusmpp::tlvs::{MessageSubmissionRequestTlvValue as SubmissionTlv, TlvValue};
use rusmpp::types::{AnyOctetString, OctetString};
use rusmpp::values::{MessagePayload, MessageState};
use rusmpp::{CommandId, Pdu};

use super::testing::*;
use super::{BindKind, CloseReason, Event, FinalState};
use crate::smpp::frame::Frame;
use crate::smpp::{Password, SystemId};
use crate::text::{Concatenation, Reference, data_coding, segment};

const SUBMIT_SM_RESP: u32 = 0x8000_0004;
const DELIVER_SM: u32 = 0x05;
const DELIVER_SM_RESP: u32 = 0x8000_0005;

fn submits(sequences: std::ops::RangeInclusive<u32>) -> Vec<u8> {
    sequences
        .flat_map(|sequence| request(sequence, message("hello")))
        .collect()
}

fn text_of(frame: &Frame) -> String {
    String::from_utf8(deliver_sm(frame).short_message().as_ref().to_vec()).unwrap()
}

fn id_of(frame: &Frame) -> String {
    submit_sm_resp(frame).message_id().as_str().to_owned()
}

fn statuses(frames: &[Frame]) -> Vec<u32> {
    let answers = frames
        .iter()
        .filter(|frame| frame.header.id == CommandId::SubmitSmResp);
    answers.map(|frame| frame.header.status).collect()
}

#[test]
fn every_kind_of_bind_is_granted() {
    for (kind, bind) in [
        (TRANSMITTER, BindKind::Transmitter),
        (RECEIVER, BindKind::Receiver),
        (TRANSCEIVER, BindKind::Transceiver),
    ] {
        let mut centre = centre("");
        let mut peer = Peer::bound(&mut centre, kind);
        let bound = Event::Bound {
            session: 1,
            system_id: "shop".into(),
            kind: bind,
        };
        assert_eq!(peer.events(), [bound]);
    }
}

#[test]
fn a_bind_answer_names_the_centre_and_the_version() {
    let mut centre = centre("");
    let mut peer = Peer::connected(&mut centre);
    let answers = peer.send(&mut centre, 0, &bind_request(TRANSCEIVER, 7));
    assert_eq!(&answers[0].body[..], b"ozml-smsc\0\x02\x10\0\x01\x34");
}

#[test]
fn strangers_are_refused_and_may_try_again() {
    let mut centre = centre("system-id=shop,password=other");
    let mut peer = Peer::connected(&mut centre);
    let answers = peer.send(&mut centre, 0, &bind_request(TRANSCEIVER, 1));
    assert_eq!(headers(&answers), [(0x8000_0009, 0x0E, 1)]);
    centre.behaviour.password = Password::new("secret").ok();
    centre.behaviour.system_id = SystemId::new("bank").ok();
    let answers = peer.send(&mut centre, 0, &bind_request(TRANSCEIVER, 2));
    assert_eq!(headers(&answers), [(0x8000_0009, 0x0F, 2)]);
    centre.behaviour.system_id = None;
    let answers = peer.send(&mut centre, 0, &bind_request(TRANSCEIVER, 3));
    assert_eq!(headers(&answers), [(0x8000_0009, 0, 3)]);
    let answers = peer.send(&mut centre, 0, &bind_request(TRANSMITTER, 4));
    assert_eq!(headers(&answers), [(0x8000_0002, 0x05, 4)]);
}

#[test]
fn a_password_that_is_too_long_is_named() {
    let mut centre = centre("");
    let mut peer = Peer::connected(&mut centre);
    let mut octets = bare(TRANSMITTER, 0, 1);
    octets.extend(b"shop\0much too long\0\0\x34\0\0\0");
    octets[3] = u8::try_from(octets.len()).unwrap();
    assert_eq!(
        headers(&peer.send(&mut centre, 0, &octets)),
        [(0x8000_0002, 0x0E, 1)]
    );
}

#[test]
fn numbers_are_shown_as_people_write_them() {
    let mut centre = centre("");
    let mut peer = Peer::bound(&mut centre, TRANSMITTER);
    let mut nameless = message("");
    nameless.source_addr = c_octets("");
    let mut plus = message("");
    plus.source_addr = c_octets("+36201234567");
    let mut local = message("");
    for submit in [&mut nameless, &mut plus, &mut local] {
        submit.source_addr_ton = 1.into();
        submit.dest_addr_ton = 1.into();
    }
    local.source_addr_ton = 0.into();
    local.dest_addr_ton = 0.into();
    for submit in [nameless, plus, local] {
        peer.send(&mut centre, 0, &request(2, submit));
    }
    let received = centre.received();
    let shown: Vec<_> = received
        .iter()
        .map(|sms| (sms.from_number(), sms.to_number()))
        .collect();
    let some = |from: &str| Some(from.to_owned());
    let expected = [
        (None, "+36301234567"),
        (some("+36201234567"), "+36301234567"),
        (some("1234"), "36301234567"),
    ];
    assert_eq!(shown, expected.map(|(from, to)| (from, to.to_owned())));
}

#[test]
fn messages_need_a_session_that_submits() {
    let mut centre = centre("");
    let mut open = Peer::connected(&mut centre);
    let mut receiver = Peer::bound(&mut centre, RECEIVER);
    for peer in [&mut open, &mut receiver] {
        let answers = peer.send(&mut centre, 0, &submits(5..=5));
        assert_eq!(headers(&answers), [(SUBMIT_SM_RESP, 0x04, 5)]);
    }
    assert_eq!((centre.counters().refused, centre.received()), (2, vec![]));
}

#[test]
fn a_message_is_taken_and_shown() {
    let mut centre = centre("receipts=none");
    let mut peer = Peer::bound(&mut centre, TRANSMITTER);
    let answers = peer.send(&mut centre, 5, &submits(2..=3));
    assert_eq!(
        headers(&answers),
        [(SUBMIT_SM_RESP, 0, 2), (SUBMIT_SM_RESP, 0, 3)]
    );
    assert_eq!(
        answers.iter().map(id_of).collect::<Vec<_>>(),
        ["1000000001", "1000000002"]
    );
    let received = centre.received();
    let sms = &received[0];
    assert_eq!(
        (sms.from(), sms.to(), sms.system_id()),
        ("1234", "36301234567", "shop")
    );
    assert_eq!((sms.text().as_deref(), sms.segment()), (Some("hello"), None));
    assert_eq!(
        (sms.number(), sms.at().as_unix_millis()),
        (1_000_000_001, 1_768_989_600_005)
    );
    assert_eq!(
        peer.events()[1..],
        [Event::Sms(sms.clone()), Event::Sms(received[1].clone())]
    );
}

#[test]
fn parts_are_read_by_their_header() {
    let mut centre = centre("receipts=none");
    let mut peer = Peer::bound(&mut centre, TRANSMITTER);
    let text = "ű".repeat(71);
    let segments = segment(&text, Reference::Bits8(0x2A)).unwrap();
    for part in &segments.parts {
        let mut submit = message("");
        submit.esm_class = 0x40.into();
        submit.data_coding = data_coding(segments.encoding, false).into();
        let octets = part.short_message(Default::default()).unwrap();
        submit.set_short_message(OctetString::from_vec(octets).unwrap());
        peer.send(&mut centre, 0, &request(2, submit));
    }
    let received = centre.received();
    let joined: String = received.iter().filter_map(super::ReceivedSms::text).collect();
    assert_eq!(joined, text);
    assert_eq!(
        received[1].segment(),
        Concatenation::new(Reference::Bits8(0x2A), 2, 2)
    );
}

#[test]
fn parts_and_long_texts_in_tlvs_are_read() {
    let mut centre = centre("receipts=none");
    let mut peer = Peer::bound(&mut centre, TRANSMITTER);
    let mut submit = message("");
    let long = "x".repeat(1_000);
    submit.push_tlv(SubmissionTlv::MessagePayload(MessagePayload::new(
        AnyOctetString::from_slice(long.as_bytes()),
    )));
    peer.send(&mut centre, 0, &request(2, submit));
    let mut submit = message("part");
    submit.push_tlv(SubmissionTlv::SarMsgRefNum(0x1234));
    submit.push_tlv(SubmissionTlv::SarTotalSegments(3));
    submit.push_tlv(SubmissionTlv::SarSegmentSeqnum(2));
    peer.send(&mut centre, 0, &request(3, submit));
    let received = centre.received();
    assert_eq!(received[0].text(), Some(long));
    assert_eq!(
        received[1].segment(),
        Concatenation::new(Reference::Bits16(0x1234), 3, 2)
    );
}

#[test]
fn a_body_that_cannot_be_read_costs_itself_only() {
    let mut centre = centre("");
    let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
    let mut bad = request(2, message("hello"));
    let sender = bad.windows(4).position(|octets| octets == b"1234").unwrap();
    bad[sender] = 0xE9;
    bad.extend(submits(3..=3));
    assert_eq!(statuses(&peer.send(&mut centre, 0, &bad)), [0x0A, 0]);
    let mut nobody = message("hello");
    nobody.destination_addr = c_octets("");
    assert_eq!(statuses(&peer.send(&mut centre, 0, &request(4, nobody))), [0x0B]);
    assert_eq!((centre.counters().unreadable, centre.counters().taken), (1, 1));
}

#[test]
fn other_requests_are_answered_politely() {
    let mut centre = centre("");
    let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
    let data_sm = DataSm::default();
    let octets = [
        request(2, data_sm),
        bare(0x15, 0, 3),
        bare(0x0000_0777, 0, 4),
        bare(0x8000_0777, 0, 5),
        bare(0x8000_0015, 0, 6),
        bare(0x0B, 0, 7),
    ]
    .concat();
    assert_eq!(
        headers(&peer.send(&mut centre, 0, &octets)),
        [
            (0x8000_0103, 0x03, 2),
            (0x8000_0015, 0, 3),
            (0x8000_0000, 0x03, 4),
            (0x8000_0000, 0x03, 7)
        ]
    );
    assert_eq!(peer.session.closed(), None);
}

#[test]
fn a_length_that_cannot_be_ends_the_session() {
    let mut centre = centre("receipts=none");
    let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
    let mut octets = submits(2..=2);
    octets.extend([0, 0, 0, 15, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 9]);
    octets.extend(submits(3..=3));
    assert_eq!(
        headers(&peer.send(&mut centre, 0, &octets)),
        [(SUBMIT_SM_RESP, 0, 2), (0x8000_0000, 0x02, 9)]
    );
    assert_eq!(peer.session.closed(), Some(CloseReason::BadLength));
    assert_eq!(centre.counters().taken, 1);
}

#[test]
fn answers_wait_but_other_answers_do_not() {
    let mut centre = centre("answer-delay=50ms,receipts=none");
    let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
    let octets = [submits(2..=2), bare(0x15, 0, 3)].concat();
    assert_eq!(
        headers(&peer.send(&mut centre, 10, &octets)),
        [(0x8000_0015, 0, 3)]
    );
    assert_eq!(peer.wake(&centre), Some(60));
    assert_eq!(peer.tick(&mut centre, 59), []);
    assert_eq!(headers(&peer.tick(&mut centre, 60)), [(SUBMIT_SM_RESP, 0, 2)]);
}

#[test]
fn unbind_sends_what_waits() {
    let mut centre = centre("answer-delay=50ms,receipts=none");
    let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
    let octets = [submits(2..=2), bare(0x06, 0, 3)].concat();
    let answers = peer.send(&mut centre, 0, &octets);
    assert_eq!(headers(&answers), [(SUBMIT_SM_RESP, 0, 2), (0x8000_0006, 0, 3)]);
    assert_eq!(peer.session.closed(), Some(CloseReason::Unbound));
}

#[test]
fn the_centre_unbinds_and_waits_for_the_answer() {
    for answered in [true, false] {
        let mut centre = centre("");
        let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
        peer.session.unbind(&centre, at(0));
        peer.session.unbind(&centre, at(0));
        assert_eq!(headers(&frames(&peer.session.take_output())), [(0x06, 0, 1)]);
        assert_eq!(statuses(&peer.send(&mut centre, 0, &submits(2..=2))), [0x04]);
        if answered {
            peer.send(&mut centre, 1, &bare(0x8000_0006, 0, 1));
            assert_eq!(peer.session.closed(), Some(CloseReason::Unbound));
        } else {
            peer.tick(&mut centre, 10_000);
            assert_eq!(peer.session.closed(), Some(CloseReason::NoAnswer));
        }
    }
}

#[test]
fn messages_are_refused_by_count() {
    let mut centre = centre("error-every=2,error-status=RSUBMITFAIL,receipts=none");
    let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
    assert_eq!(
        statuses(&peer.send(&mut centre, 0, &submits(2..=5))),
        [0, 0x45, 0, 0x45]
    );
    assert_eq!((centre.counters().taken, centre.counters().refused), (2, 2));
    let refused = Event::Refused {
        session: 1,
        status: 0x45,
    };
    assert_eq!(peer.events()[2], refused);
}

#[test]
fn a_throttled_message_has_a_bare_answer() {
    let mut centre = centre("throttle=10,receipts=none");
    let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
    let answers = peer.send(&mut centre, 0, &submits(2..=3));
    assert_eq!(statuses(&answers), [0, 0x58]);
    assert!(answers[1].body.is_empty());
    assert_eq!(statuses(&peer.send(&mut centre, 100, &submits(4..=4))), [0]);
}

#[test]
fn answers_are_reversed_left_out_or_repeated() {
    for (habit, sequences) in [
        ("reversed:3", &[4, 3, 2][..]),
        ("missing:2", &[2, 4]),
        ("twice:3", &[2, 3, 4, 4]),
    ] {
        let mut centre = centre(&format!("receipts=none,answers={habit}"));
        let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
        let answers = peer.send(&mut centre, 0, &submits(2..=4));
        let found: Vec<_> = answers.iter().map(|frame| frame.header.sequence).collect();
        assert_eq!(
            (found.as_slice(), centre.counters().taken),
            (sequences, 3),
            "{habit}"
        );
    }
}

#[test]
fn a_connection_is_cut_without_the_last_answer() {
    let mut centre = centre("cut-every=3,receipts=none");
    let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
    let answers = peer.send(&mut centre, 0, &submits(2..=9));
    assert_eq!(
        headers(&answers),
        [(SUBMIT_SM_RESP, 0, 2), (SUBMIT_SM_RESP, 0, 3)]
    );
    assert_eq!(peer.session.closed(), Some(CloseReason::Cut));
    assert_eq!((centre.counters().taken, centre.counters().cuts), (3, 1));
}

#[test]
fn a_message_to_one_recipient_is_refused_or_cuts() {
    let mut refusing = centre("refuse-to=+36301234567,error-status=RSUBMITFAIL");
    let mut peer = Peer::bound(&mut refusing, TRANSCEIVER);
    assert_eq!(
        statuses(&peer.send(&mut refusing, 0, &submits(2..=3))),
        [0x45, 0x45]
    );
    let mut cutting = centre("cut-to=+36301234567");
    let mut peer = Peer::bound(&mut cutting, TRANSCEIVER);
    assert_eq!(peer.send(&mut cutting, 0, &submits(2..=3)), []);
    assert_eq!(peer.session.closed(), Some(CloseReason::Cut));
    assert_eq!((cutting.counters().taken, cutting.counters().cuts), (0, 1));
    let mut good = centre("refuse-to=+3630,cut-to=+3631,receipts=none");
    let mut peer = Peer::bound(&mut good, TRANSCEIVER);
    assert_eq!(statuses(&peer.send(&mut good, 0, &submits(2..=3))), [0, 0]);
}

#[test]
fn a_connection_is_cut_when_its_time_is_over() {
    let mut centre = centre("cut-after=1s,receipts=none");
    let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
    peer.send(&mut centre, 900, &submits(2..=2));
    assert_eq!(peer.wake(&centre), Some(1_000));
    peer.tick(&mut centre, 1_000);
    assert_eq!(peer.session.closed(), Some(CloseReason::Cut));
}

#[test]
fn a_receipt_follows_on_the_same_session() {
    let mut centre = centre("receipt-delay=60s");
    let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
    assert_eq!(
        headers(&peer.send(&mut centre, 0, &submits(2..=2))),
        [(SUBMIT_SM_RESP, 0, 2)]
    );
    peer.send(&mut centre, 59_000, &bare(0x15, 0, 3));
    assert_eq!(peer.wake(&centre), Some(60_000));
    let receipts = peer.tick(&mut centre, 60_000);
    assert_eq!(headers(&receipts), [(DELIVER_SM, 0, 1)]);
    let receipt = deliver_sm(&receipts[0]);
    assert_eq!(
        (receipt.source_addr.as_str(), receipt.destination_addr.as_str()),
        ("36301234567", "1234")
    );
    assert_eq!(u8::from(receipt.esm_class), 0x04);
    assert_eq!(
        text_of(&receipts[0]),
        "id:1000000001 sub:001 dlvrd:001 submit date:2601211000 done date:2601211001 stat:DELIVRD err:000 \
         text:hello"
    );
    let tlvs: Vec<_> = receipt
        .tlvs()
        .iter()
        .filter_map(|tlv| tlv.value())
        .cloned()
        .collect();
    assert_eq!(
        tlvs,
        [
            TlvValue::ReceiptedMessageId(c_octets("1000000001")),
            TlvValue::MessageState(MessageState::Delivered)
        ]
    );
    peer.send(&mut centre, 60_000, &bare(DELIVER_SM_RESP, 0, 1));
    let sms = centre.received().remove(0);
    let state = FinalState::Delivered;
    let events = [
        Event::ReceiptSent {
            sms: sms.clone(),
            state,
        },
        Event::ReceiptAnswered { sms, status: 0 },
    ];
    assert_eq!(peer.events()[2..], events);
    assert_eq!(
        (centre.counters().receipts_sent, centre.counters().receipts_taken),
        (1, 1)
    );
}

#[test]
fn receipts_tell_the_chosen_state_in_the_chosen_form() {
    for (options, stat, tlvs) in [
        (
            "receipts=undeliverable,receipt-form=text",
            Some("stat:UNDELIV err:001"),
            0,
        ),
        ("receipts=expired,receipt-form=tlvs", None, 2),
        ("receipts=rejected", Some("dlvrd:000"), 2),
    ] {
        let mut centre = centre(options);
        let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
        let receipt = peer.send(&mut centre, 0, &submits(2..=2)).remove(1);
        let text = text_of(&receipt);
        assert!(
            stat.map_or(text.is_empty(), |stat| text.contains(stat)),
            "{options}: {text}"
        );
        assert_eq!(deliver_sm(&receipt).tlvs().len(), tlvs, "{options}");
    }
}

#[test]
fn ids_change_their_base_between_answer_and_receipt() {
    for (form, in_answer, in_receipt) in [
        ("text", "2588012738", "id:2588012738 "),
        ("resp-hex", "9A41F0C2", "id:2588012738 "),
        ("resp-dec-receipt-hex", "2588012738", "id:9A41F0C2 "),
        (
            "resp-dec-receipt-hex,id-case=lower,receipt-digits=10",
            "2588012738",
            "id:009a41f0c2 ",
        ),
    ] {
        let mut centre = centre(&format!("first-id=2588012738,receipt-id={form}"));
        let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
        let frames = peer.send(&mut centre, 0, &submits(2..=2));
        assert_eq!(id_of(&frames[0]), in_answer);
        assert!(text_of(&frames[1]).starts_with(in_receipt), "{form}");
    }
}

#[test]
fn only_those_who_ask_get_a_receipt() {
    for (asked, state, expected) in [
        (0, "delivered", false),
        (1, "rejected", true),
        (2, "delivered", false),
        (2, "expired", true),
        (3, "delivered", true),
        (3, "expired", false),
        (1, "none", false),
    ] {
        let mut centre = centre(&format!("receipts={state}"));
        let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
        let mut submit = message("hello");
        submit.registered_delivery = asked.into();
        let frames = peer.send(&mut centre, 0, &request(2, submit));
        assert_eq!(frames.len() == 2, expected, "{asked} {state}");
    }
}

#[test]
fn a_receipt_for_a_transmitter_goes_to_its_receiver() {
    let mut centre = centre("receipt-delay=1s");
    let mut transmitter = Peer::bound(&mut centre, TRANSMITTER);
    let mut receiver = Peer::bound(&mut centre, RECEIVER);
    let before = centre.mail_version();
    transmitter.send(&mut centre, 0, &submits(2..=2));
    assert_ne!(centre.mail_version(), before);
    assert_eq!(
        (receiver.wake(&centre), transmitter.wake(&centre)),
        (Some(1_000), Some(30_000))
    );
    assert_eq!(transmitter.tick(&mut centre, 1_000), []);
    assert_eq!(headers(&receiver.tick(&mut centre, 1_000)), [(DELIVER_SM, 0, 1)]);
}

#[test]
fn a_receipt_nobody_took_waits_for_the_next_session() {
    let mut centre = centre("");
    let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
    assert_eq!(peer.send(&mut centre, 0, &submits(2..=2)).len(), 2);
    peer.session.end(&mut centre, at(5));
    let mut peer = Peer::connected(&mut centre);
    let frames = peer.send(&mut centre, 10, &bind_request(RECEIVER, 1));
    assert_eq!(headers(&frames), [(0x8000_0001, 0, 1), (DELIVER_SM, 0, 1)]);
}

#[test]
fn a_refused_receipt_is_sent_again_and_given_up_in_the_end() {
    let mut centre = centre("");
    let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
    let mut sent = usize::from(peer.send(&mut centre, 0, &submits(2..=2)).len() == 2);
    for second in 1..10u32 {
        peer.send(
            &mut centre,
            u64::from(second) * 1_000 - 500,
            &bare(DELIVER_SM_RESP, 0x64, second),
        );
        sent += peer.tick(&mut centre, u64::from(second) * 1_000 + 500).len();
    }
    assert_eq!((sent, centre.counters().receipts_taken), (5, 0));
}

#[test]
fn receipts_keep_to_their_window() {
    let mut centre = centre("");
    centre.behaviour.limits.receipt_window = 2;
    let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
    let frames = peer.send(&mut centre, 0, &submits(2..=4));
    assert_eq!(headers(&frames)[3..], [(DELIVER_SM, 0, 1), (DELIVER_SM, 0, 2)]);
    assert_eq!(peer.wake(&centre), Some(30_000));
    let frames = peer.send(&mut centre, 0, &bare(DELIVER_SM_RESP, 0, 1));
    assert_eq!(headers(&frames), [(DELIVER_SM, 0, 3)]);
}

#[test]
fn nothing_grows_without_end() {
    let mut centre = centre("answer-delay=1s,receipt-delay=1s,kept=2");
    centre.behaviour.limits.unanswered = 3;
    let mut peer = Peer::bound(&mut centre, TRANSMITTER);
    assert_eq!(
        statuses(&peer.send(&mut centre, 0, &submits(2..=6))),
        [0x14, 0x14]
    );
    assert_eq!(centre.received().len(), 2);
    centre.behaviour.limits.receipts = 4;
    peer.send(&mut centre, 2_000, &submits(7..=9));
    assert_eq!(centre.counters().receipts_dropped, 2);
}

#[test]
fn query_sm_tells_the_state() {
    let mut centre = centre("receipt-delay=60s,receipts=expired,receipt-id=resp-hex");
    let mut peer = Peer::bound(&mut centre, TRANSMITTER);
    let id = id_of(&peer.send(&mut centre, 0, &submits(2..=2))[0]);
    let query = |id: &str| {
        request(
            3,
            Pdu::QuerySm(QuerySm::builder().message_id(c_octets(id)).build()),
        )
    };
    for (ms, date, state) in [
        (1, "", MessageState::Enroute),
        (60_000, "260121100100000+", MessageState::Expired),
    ] {
        let answers = peer.send(&mut centre, ms, &query(&id));
        let Some(Pdu::QuerySmResp(answer)) = answers[0].decode() else {
            panic!("a query_sm_resp was expected, not {answers:?}");
        };
        assert_eq!((answer.final_date.as_str(), answer.message_state), (date, state));
    }
    for unknown in ["3B9ACA02", "no id", ""] {
        let answers = peer.send(&mut centre, 60_000, &query(unknown));
        assert_eq!(headers(&answers), [(0x8000_0003, 0x67, 3)]);
    }
}

#[test]
fn silence_is_asked_about_and_ended() {
    let mut centre = centre("");
    let mut peer = Peer::bound(&mut centre, TRANSCEIVER);
    assert_eq!(peer.wake(&centre), Some(30_000));
    assert_eq!(headers(&peer.tick(&mut centre, 30_000)), [(0x15, 0, 1)]);
    peer.send(&mut centre, 31_000, &bare(0x8000_0015, 0, 1));
    assert_eq!(headers(&peer.tick(&mut centre, 61_000)), [(0x15, 0, 2)]);
    assert_eq!(peer.wake(&centre), Some(71_000));
    peer.tick(&mut centre, 71_000);
    assert_eq!(peer.session.closed(), Some(CloseReason::NoAnswer));
}

#[test]
fn who_does_not_bind_is_shown_out() {
    let mut centre = centre("enquire-link=0");
    let mut peer = Peer::connected(&mut centre);
    assert_eq!(peer.wake(&centre), Some(10_000));
    peer.tick(&mut centre, 10_000);
    assert_eq!(peer.session.closed(), Some(CloseReason::NotBound));
    let bound = Peer::bound(&mut centre, TRANSCEIVER);
    assert_eq!(bound.wake(&centre), None);
}
