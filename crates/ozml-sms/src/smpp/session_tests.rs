//! The session on a virtual clock, its peer played by hand.

use rusmpp::pdus::{BindTransceiverResp, SubmitSm, SubmitSmResp};
use rusmpp::{CommandId, Pdu};

use super::deliver::tests::body;
use super::frame::{self, Frame, Framer};
use super::*;

fn config(window: u16) -> SessionConfig {
    let bind = Bind::new(
        BindMode::Transceiver,
        SystemId::new("shop").unwrap(),
        Password::new("secret").unwrap(),
    );
    SessionConfig {
        window: Window::new(window).unwrap(),
        ..SessionConfig::new(bind)
    }
}

pub(super) fn pdu(status: u32, sequence: u32, pdu: impl Into<Pdu>) -> Vec<u8> {
    let mut out = Vec::new();
    frame::write(&mut out, status, sequence, &pdu.into());
    out
}

pub(super) fn bare(id: impl Into<CommandId>, status: u32, sequence: u32) -> Vec<u8> {
    let mut out = Vec::new();
    frame::write_bare(&mut out, id.into(), status, sequence);
    out
}

pub(super) fn with_body(id: u32, sequence: u32, body: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(body.len() + frame::HEADER_LENGTH)
        .unwrap()
        .to_be_bytes()
        .to_vec();
    for field in [id, 0, sequence] {
        out.extend(field.to_be_bytes());
    }
    out.extend(body);
    out
}

fn accepted(sequence: u32, id: &str) -> Vec<u8> {
    let answer = SubmitSmResp::builder().message_id(id.parse().unwrap()).build();
    pdu(0, sequence, answer)
}

fn sent(session: &mut Session) -> Vec<Frame> {
    let mut out = Vec::new();
    session.take_output(&mut out);
    let mut framer = Framer::default();
    framer.push(&out);
    std::iter::from_fn(|| framer.next_frame().unwrap()).collect()
}

/// What was sent, without bodies: id, status, sequence.
fn headers(session: &mut Session) -> Vec<(u32, u32, u32)> {
    let frames = sent(session);
    let header = |frame: &Frame| (frame.header.id.into(), frame.header.status, frame.header.sequence);
    frames.iter().map(header).collect()
}

fn events(session: &mut Session) -> Vec<Event> {
    std::iter::from_fn(|| session.next_event()).collect()
}

/// A bound session that has nothing to say.
fn bound(window: u16) -> Session {
    let mut session = Session::open(0, config(window));
    session.on_bytes(0, &pdu(0, 1, BindTransceiverResp::default()));
    sent(&mut session);
    events(&mut session);
    session
}

fn submit(session: &mut Session, now: u64) -> Ticket {
    session.submit(now, &SubmitSm::default()).unwrap()
}

fn answered(ticket: Ticket, answer: Answer) -> Event {
    Event::Answered { ticket, answer }
}

fn named(id: &str) -> Answer {
    Answer::Accepted {
        message_id: id.to_owned(),
    }
}

fn is_unknown(event: &Event, expected: Ticket) -> bool {
    matches!(event, Event::Answered { ticket, answer: Answer::Unknown(_) } if *ticket == expected)
}

#[test]
fn a_bind_is_the_first_request() {
    let mut session = Session::open(0, config(10));
    assert_eq!(
        (headers(&mut session), session.state()),
        (vec![(9, 0, 1)], SessionState::Open)
    );
    assert_eq!(
        session.submit(0, &SubmitSm::default()),
        Err(SubmitError::NotBound)
    );
    let answer = BindTransceiverResp::builder()
        .system_id("centre".parse().unwrap())
        .build();
    session.on_bytes(5, &pdu(0, 1, answer));
    let centre = "centre".to_owned();
    assert_eq!(events(&mut session), [Event::Bound { centre }]);
    assert_eq!(session.state(), SessionState::Bound(BindMode::Transceiver));
}

#[test]
fn a_refused_or_silent_bind_ends_it() {
    for answer in [
        bare(CommandId::BindTransceiverResp, 0x0E, 1),
        bare(CommandId::GenericNack, 0x0E, 1),
    ] {
        let mut session = Session::open(0, config(10));
        session.on_bytes(0, &answer);
        let expected = Event::Closed(Closed::BindRefused(Status(0x0E)));
        assert_eq!(
            (events(&mut session), session.state()),
            (vec![expected], SessionState::Closed)
        );
    }
    let mut session = Session::open(0, config(10));
    assert_eq!(session.next_wake_up(), Some(10_000));
    session.on_tick(9_999);
    assert_eq!(events(&mut session), []);
    session.on_tick(10_000);
    assert_eq!(events(&mut session), [Event::Closed(Closed::NoBindAnswer)]);
    assert_eq!(session.next_wake_up(), None);
}

#[test]
fn a_receiver_does_not_send() {
    let bind = Bind::new(
        BindMode::Receiver,
        SystemId::new("shop").unwrap(),
        Password::default(),
    );
    let mut session = Session::open(0, SessionConfig::new(bind));
    session.on_bytes(0, &bare(CommandId::BindReceiverResp, 0, 1));
    assert_eq!(session.state(), SessionState::Bound(BindMode::Receiver));
    assert_eq!(
        session.submit(0, &SubmitSm::default()),
        Err(SubmitError::NotBound)
    );
    assert_eq!(session.free(), 0);
}

#[test]
fn answers_match_in_any_order_and_once() {
    let mut session = bound(3);
    let [a, b, c] = [(); 3].map(|()| submit(&mut session, 0));
    assert_eq!(
        session.submit(0, &SubmitSm::default()),
        Err(SubmitError::WindowFull)
    );
    assert_eq!(headers(&mut session), [(4, 0, 2), (4, 0, 3), (4, 0, 4)]);
    session.on_bytes(1, &accepted(4, "c"));
    session.on_bytes(1, &bare(CommandId::SubmitSmResp, 0x0B, 3));
    session.on_bytes(1, &bare(CommandId::GenericNack, 0x03, 2));
    let expected = [
        answered(c, named("c")),
        answered(b, Answer::Refused(Status(0x0B))),
        answered(a, Answer::Refused(Status(0x03))),
    ];
    assert_eq!(events(&mut session), expected);
    for stray in [
        accepted(4, "c"),
        accepted(77, "x"),
        bare(CommandId::GenericNack, 3, 0),
    ] {
        session.on_bytes(2, &stray);
    }
    assert_eq!(
        (events(&mut session), session.counters().unmatched_answers),
        (vec![], 3)
    );
    assert_eq!((session.free(), headers(&mut session)), (3, vec![]));
}

#[test]
fn an_answer_of_the_wrong_kind_is_none() {
    let mut session = bound(1);
    submit(&mut session, 0);
    sent(&mut session);
    for id in [
        CommandId::EnquireLinkResp,
        CommandId::UnbindResp,
        CommandId::BindTransceiverResp,
    ] {
        session.on_bytes(0, &bare(id, 0, 2));
    }
    session.on_bytes(0, &bare(0x8000_0777, 0, 2));
    assert_eq!(
        (session.counters().unmatched_answers, session.in_flight()),
        (4, 1)
    );
    assert_eq!((events(&mut session), headers(&mut session)), (vec![], vec![]));
}

#[test]
fn ids_are_taken_as_they_come() {
    let long = "x".repeat(90);
    let endless = "x".repeat(60_000);
    for (body, id) in [
        (&b""[..], ""),
        (b"\0", ""),
        (b"no end", "no end"),
        (b"n\xE9\0rest", "n\u{e9}"),
        (format!("{long}\0").as_bytes(), long.as_str()),
        (endless.as_bytes(), &endless[..255]),
    ] {
        let mut session = bound(1);
        let ticket = submit(&mut session, 0);
        session.on_bytes(0, &with_body(0x8000_0004, 2, body));
        assert_eq!(events(&mut session), [answered(ticket, named(id))]);
    }
}

#[test]
fn without_an_answer_the_outcome_is_unknown() {
    let mut session = bound(2);
    let first = submit(&mut session, 1_000);
    let second = submit(&mut session, 2_000);
    session.on_bytes(29_000, &bare(CommandId::EnquireLink, 0, 9));
    assert_eq!(session.next_wake_up(), Some(31_000));
    session.on_tick(31_000);
    let told = events(&mut session);
    assert!(told.len() == 1 && is_unknown(&told[0], first), "{told:?}");
    assert_eq!((session.in_flight(), session.next_wake_up()), (1, Some(32_000)));
    session.on_bytes(31_500, &[accepted(2, "late"), accepted(3, "just")].concat());
    assert_eq!(events(&mut session), [answered(second, named("just"))]);
    assert_eq!(session.counters().unmatched_answers, 1);
}

#[test]
fn a_cut_link_leaves_the_whole_window_unknown() {
    let mut session = bound(10);
    let tickets: Vec<_> = (0..10).map(|_| submit(&mut session, 0)).collect();
    session.on_link_lost();
    let told = events(&mut session);
    assert_eq!(told.len(), 11);
    assert!(
        told.iter()
            .zip(tickets)
            .all(|(event, ticket)| is_unknown(event, ticket))
    );
    assert_eq!(told.last(), Some(&Event::Closed(Closed::LinkLost)));
    session.on_bytes(1, &accepted(2, "a"));
    session.on_tick(100_000);
    assert_eq!(events(&mut session), []);
    let mut next = Session::open(1, config(10));
    assert_eq!(headers(&mut next), [(9, 0, 1)]);
}

#[test]
fn silence_is_asked_about() {
    let mut session = bound(1);
    assert_eq!(session.next_wake_up(), Some(30_000));
    submit(&mut session, 20_000);
    sent(&mut session);
    session.on_tick(30_000);
    assert_eq!(headers(&mut session), [(0x15, 0, 3)], "also with a full window");
    assert_eq!(session.next_wake_up(), Some(40_000));
    session.on_bytes(39_000, &bare(CommandId::EnquireLink, 0, 7));
    assert_eq!(headers(&mut session), [(0x8000_0015, 0, 7)]);
    session.on_tick(40_000);
    assert_eq!(events(&mut session), [], "whatever comes is life");
    session.on_bytes(48_000, &bare(CommandId::EnquireLinkResp, 0, 3));
    session.on_tick(49_000);
    assert_eq!((events(&mut session), headers(&mut session)), (vec![], vec![]));
    session.on_tick(69_000);
    assert_eq!(headers(&mut session), [(0x15, 0, 4)]);
    session.on_tick(79_000);
    let told = events(&mut session);
    assert_eq!(told.last(), Some(&Event::Closed(Closed::LinkDead)));
}

#[test]
fn deliveries_are_told_and_answered_when_they_are_taken() {
    let mut session = bound(1);
    session.on_bytes(0, &with_body(5, 8, &body("Büro".as_bytes(), 0, b"hi", &[])));
    let told = events(&mut session);
    assert!(
        matches!(&told[..], [Event::Delivered { sequence: 8, deliver }] if deliver.message == b"hi"),
        "{told:?}"
    );
    assert_eq!(headers(&mut session), [], "it is not ours yet");
    session.answer_deliver(0, 8, Status::OK);
    session.answer_deliver(0, 8, Status::OK);
    let answer = sent(&mut session);
    assert_eq!(
        answer,
        [Frame {
            header: frame::Header {
                id: CommandId::DeliverSmResp,
                status: 0,
                sequence: 8
            },
            body: b"\0"[..].into(),
        }]
    );
    session.on_bytes(0, &with_body(5, 9, b"\0\x01"));
    let told = events(&mut session);
    assert!(
        matches!(&told[..], [Event::Unreadable(frame)] if frame.body[..] == *b"\0\x01"),
        "{told:?}"
    );
    assert_eq!(headers(&mut session), [(0x8000_0005, 0x65, 9)]);
    assert_eq!(session.counters().unreadable, 1);
}

#[test]
fn deliveries_that_nobody_answers_are_bounded() {
    let mut config = config(1);
    config.unanswered_deliveries = 2;
    let mut session = Session::open(0, config);
    session.on_bytes(0, &pdu(0, 1, BindTransceiverResp::default()));
    sent(&mut session);
    events(&mut session);
    let deliver = |sequence| with_body(5, sequence, &body(b"1", 0, b"hi", &[]));
    session.on_bytes(0, &[deliver(7), deliver(7), deliver(8), deliver(9)].concat());
    assert_eq!(events(&mut session).len(), 2);
    let later = Status::RECEIVER_TEMPORARY_ERROR;
    assert_eq!(
        headers(&mut session),
        [(0x8000_0005, later.0, 7), (0x8000_0005, later.0, 9)]
    );
    session.answer_deliver(0, 7, Status::OK);
    session.on_bytes(0, &deliver(9));
    assert_eq!(events(&mut session).len(), 1);
    assert_eq!(headers(&mut session), [(0x8000_0005, 0, 7)]);
}

#[test]
fn an_end_lets_deliveries_be_answered_first() {
    let deliver = with_body(5, 8, &body(b"1", 4, b"id:1", &[]));
    let mut session = bound(1);
    session.on_bytes(0, &deliver);
    session.unbind(0);
    assert_eq!(headers(&mut session), []);
    session.answer_deliver(0, 8, Status::OK);
    assert_eq!(headers(&mut session), [(0x8000_0005, 0, 8), (6, 0, 2)]);
    let mut session = bound(1);
    session.on_bytes(0, &[deliver, bare(CommandId::Unbind, 0, 9)].concat());
    session.answer_deliver(0, 8, Status::OK);
    assert_eq!(headers(&mut session), [(0x8000_0006, 0, 9), (0x8000_0005, 0, 8)]);
}

#[test]
fn a_delivery_before_the_bind_is_refused() {
    let mut session = Session::open(0, config(1));
    sent(&mut session);
    session.on_bytes(0, &with_body(5, 8, &body(b"1", 0, b"hi", &[])));
    assert_eq!(
        (headers(&mut session), events(&mut session)),
        (vec![(0x8000_0005, 4, 8)], vec![])
    );
}

#[test]
fn unknown_commands_are_refused_and_the_session_lives() {
    let mut session = bound(1);
    for id in [0x0777, 0x0103, 0x0003] {
        session.on_bytes(0, &with_body(id, 8, b"whatever"));
    }
    session.on_bytes(0, &bare(CommandId::AlertNotification, 0, 9));
    assert_eq!(headers(&mut session), [(0x8000_0000, 3, 8); 3]);
    assert_eq!(
        (session.counters().unknown_commands, events(&mut session)),
        (3, vec![])
    );
    assert_eq!(session.state(), SessionState::Bound(BindMode::Transceiver));
}

#[test]
fn a_senseless_length_ends_it() {
    for length in [0u32, 15, 65_537, u32::MAX] {
        let mut session = bound(1);
        let ticket = submit(&mut session, 0);
        sent(&mut session);
        let mut bytes = length.to_be_bytes().to_vec();
        bytes.extend([0x80, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 2]);
        session.on_bytes(0, &bytes);
        assert_eq!(headers(&mut session), [(0x8000_0000, 2, 2)]);
        let told = events(&mut session);
        assert!(is_unknown(&told[0], ticket), "{told:?}");
        assert!(matches!(told[1], Event::Closed(Closed::BadLength(_))), "{told:?}");
    }
}

#[test]
fn an_orderly_end_waits_for_the_window() {
    let mut session = bound(2);
    let ticket = submit(&mut session, 0);
    sent(&mut session);
    session.unbind(1_000);
    assert_eq!(
        (headers(&mut session), session.state()),
        (vec![], SessionState::Unbinding)
    );
    assert_eq!(
        session.submit(1_000, &SubmitSm::default()),
        Err(SubmitError::NotBound)
    );
    session.on_bytes(2_000, &accepted(2, "a"));
    assert_eq!(headers(&mut session), [(6, 0, 3)]);
    assert_eq!(session.next_wake_up(), Some(7_000));
    session.on_bytes(3_000, &bare(CommandId::UnbindResp, 0, 3));
    assert_eq!(
        events(&mut session),
        [answered(ticket, named("a")), Event::Closed(Closed::Unbound)]
    );
}

#[test]
fn an_orderly_end_has_its_times() {
    let mut session = bound(1);
    let ticket = submit(&mut session, 0);
    session.unbind(1_000);
    sent(&mut session);
    session.on_tick(10_999);
    assert_eq!(headers(&mut session), []);
    session.on_tick(11_000);
    assert_eq!(headers(&mut session), [(6, 0, 3)]);
    session.on_tick(16_000);
    let told = events(&mut session);
    assert!(is_unknown(&told[0], ticket), "{told:?}");
    assert_eq!(told[1], Event::Closed(Closed::Unbound));
}

#[test]
fn the_peer_may_end_it() {
    let mut session = bound(1);
    let ticket = submit(&mut session, 0);
    sent(&mut session);
    session.on_bytes(0, &bare(CommandId::Unbind, 0, 5));
    assert_eq!(headers(&mut session), [(0x8000_0006, 0, 5)]);
    let told = events(&mut session);
    assert!(
        is_unknown(&told[0], ticket) && told[1] == Event::Closed(Closed::ByPeer),
        "{told:?}"
    );
}

#[test]
fn an_idle_session_may_end_itself() {
    let mut config = config(1);
    config.timers.inactivity = Some(std::time::Duration::from_secs(60));
    let mut session = Session::open(0, config);
    session.on_bytes(0, &pdu(0, 1, BindTransceiverResp::default()));
    sent(&mut session);
    session.on_bytes(50_000, &bare(CommandId::EnquireLink, 0, 9));
    session.on_tick(60_000);
    assert_eq!(headers(&mut session), [(0x8000_0015, 0, 9), (6, 0, 2)]);
}

/// What a peer may say to a session with two submits out.
fn stream() -> Vec<u8> {
    [
        with_body(
            5,
            1,
            &body(
                b"36301234567",
                4,
                b"id:1 stat:DELIVRD",
                &[(0x001E, b"1\0"), (0x0427, &[2])],
            ),
        ),
        accepted(3, "b"),
        bare(CommandId::EnquireLink, 0, 2),
        bare(CommandId::SubmitSmResp, 0x58, 2),
        with_body(0x0777, 3, b"?"),
        bare(CommandId::Unbind, 0, 4),
    ]
    .concat()
}

fn two_out() -> Session {
    let mut session = bound(2);
    submit(&mut session, 0);
    submit(&mut session, 0);
    sent(&mut session);
    session
}

/// What a session tells and sends when a stream comes in these pieces.
fn played<'a>(
    mut session: Session,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<Event>, Vec<(u32, u32, u32)>) {
    let mut told = Vec::new();
    for piece in pieces {
        session.on_bytes(0, piece);
        told.extend(events(&mut session));
    }
    (told, headers(&mut session))
}

#[test]
fn every_split_gives_the_same_events() {
    let bind = pdu(
        0,
        1,
        BindTransceiverResp::builder()
            .system_id("centre".parse().unwrap())
            .build(),
    );
    let from_the_bind_on = [bind, stream()].concat();
    let open: fn() -> Session = || Session::open(0, config(2));
    for (start, stream, told) in [(open, from_the_bind_on, 3), (two_out, stream(), 4)] {
        let expected = played(start(), [stream.as_slice()]);
        assert_eq!(expected.0.len(), told, "{expected:?}");
        for cut in 0..=stream.len() {
            let (head, tail) = stream.split_at(cut);
            assert_eq!(played(start(), [head, tail]), expected, "cut at {cut}");
        }
        assert_eq!(played(start(), stream.chunks(1)), expected);
    }
}

#[test]
fn no_broken_pdu_makes_it_panic() {
    let whole = stream();
    let mut starts = vec![0];
    while let Some(length) = whole
        .get(starts[starts.len() - 1]..)
        .and_then(|rest| rest.first_chunk::<4>())
    {
        starts.push(starts[starts.len() - 1] + u32::from_be_bytes(*length) as usize);
    }
    for pair in starts.windows(2) {
        let pdu = &whole[pair[0]..pair[1]];
        for cut in frame::HEADER_LENGTH..=pdu.len() {
            let mut cut_off = pdu[..cut].to_vec();
            cut_off[..4].copy_from_slice(&u32::try_from(cut).unwrap().to_be_bytes());
            survives(&cut_off);
        }
        for at in 0..pdu.len() {
            for value in [0, 1, 0xFF] {
                let mut bent = pdu.to_vec();
                bent[at] = value;
                survives(&bent);
            }
        }
    }
}

/// Whatever comes, the session is whole: it goes on or is closed with every ticket answered.
fn survives(bytes: &[u8]) {
    let mut session = two_out();
    session.on_bytes(0, bytes);
    session.on_link_lost();
    let answers = events(&mut session);
    let answers = answers
        .iter()
        .filter(|event| matches!(event, Event::Answered { .. }));
    assert_eq!(answers.count(), 2, "{bytes:02X?}");
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        survives(&bytes);
        survives(&with_body(5, 1, &bytes));
        survives(&with_body(0x8000_0004, 2, &bytes));
    }
}
