//! SMPP: frames, the codec, and both sides of a session under any octets in any pieces.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ozml_session::{ClockTime, WallTime};
use ozml_sms::smpp::frame::{self, BadLength, Frame, Framer};
use ozml_sms::smpp::{self, Bind, BindMode, Closed, Event, Password, SessionConfig, Status, SystemId};
use ozml_sms::smsc::{self, Behaviour, Centre};
use rusmpp::CommandId;
use rusmpp::pdus::SubmitSm;

/// What the centre does, see `ozml smsc --help`.
const BEHAVIOURS: [&str; 8] = [
    "",
    "answer-delay=3s,receipt-delay=1s",
    "answers=reversed:3,error-share=30%",
    "cut-every=5",
    "throttle=1,receipt-id=resp-hex,receipt-form=text",
    "answers=twice:2,kept=1,receipts=deleted",
    "charset=latin1,receipts=rejected",
    "charset=gsm7-packed,receipt-form=tlvs",
];

// The first octet chooses what the other side does, the second the length of the pieces.
fuzz_target!(|bytes: &[u8]| {
    let [choice, length, stream @ ..] = bytes else {
        return;
    };
    let piece = usize::from(*length).saturating_add(1);
    for frame in frames(stream) {
        codec(&frame);
    }
    let whole = client(*choice, stream, usize::MAX);
    assert_eq!(client(*choice, stream, piece), whole);
    centre(*choice, stream, piece);
});

/// The whole PDUs up to the first length that is none.
fn frames(stream: &[u8]) -> Vec<Frame> {
    let mut framer = Framer::default();
    framer.push(stream);
    std::iter::from_fn(|| framer.next_frame().ok()?).collect()
}

/// What the codec reads to its end, it reads again after it has written it. Of an answer with one optional
/// parameter it takes the length on trust and leaves the rest of the body alone: then what it writes is shorter.
fn codec(frame: &Frame) {
    let Some(pdu) = frame.decode() else {
        return;
    };
    let mut written = Vec::new();
    frame::write(&mut written, frame.header.status, frame.header.sequence, &pdu);
    let again = frames(&written);
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].header, frame.header);
    if again[0].body.len() != frame.body.len() {
        return;
    }
    assert_eq!(again[0].decode(), Some(pdu));
}

/// Our side as a client, with three messages on their way; its events.
fn client(choice: u8, stream: &[u8], piece: usize) -> Vec<Event> {
    let mode = [BindMode::Transceiver, BindMode::Transmitter, BindMode::Receiver][usize::from(choice % 3)];
    let system_id = SystemId::new("shop").expect("a short name");
    let config = SessionConfig::new(Bind::new(mode, system_id, Password::default()));
    let mut session = smpp::Session::open(0, config);
    let mut bound = Vec::new();
    frame::write_bare(&mut bound, mode_answer(mode), 0, 1);
    session.on_bytes(0, &bound);
    let sent = (0..3)
        .filter_map(|_| session.submit(0, &SubmitSm::default()).ok())
        .count();
    let mut events = Vec::new();
    for piece in stream.chunks(piece) {
        session.on_bytes(0, piece);
        drain(&mut session, &mut events);
    }
    answer_deliveries(&mut session, &events);
    if choice & 0x80 != 0 {
        session.unbind(0);
    }
    // Some seconds of silence, then the link goes.
    for _ in 0..4 {
        if let Some(wake_up) = session.next_wake_up() {
            session.on_tick(wake_up);
            assert!(session.next_wake_up().is_none_or(|next| next > wake_up));
        }
        drain(&mut session, &mut events);
    }
    session.on_link_lost();
    drain(&mut session, &mut events);
    let answered = |event: &&Event| matches!(event, Event::Answered { .. });
    assert_eq!(events.iter().filter(answered).count(), sent);
    assert!(matches!(events.last(), Some(Event::Closed(_))));
    assert_eq!((session.in_flight(), session.next_wake_up()), (0, None));
    events
}

fn mode_answer(mode: BindMode) -> CommandId {
    match mode {
        BindMode::Transceiver => CommandId::BindTransceiverResp,
        BindMode::Transmitter => CommandId::BindTransmitterResp,
        BindMode::Receiver => CommandId::BindReceiverResp,
    }
}

/// Takes receipts and refuses the rest. Once all is there: an answer frees the number of its `deliver_sm`.
fn answer_deliveries(session: &mut smpp::Session, events: &[Event]) {
    for event in events {
        if let Event::Delivered { deliver, sequence } = event {
            let known = smpp::Receipt::read(deliver).is_some();
            let status = if known { Status::OK } else { Status(0x64) };
            session.answer_deliver(0, *sequence, status);
        }
    }
}

/// Takes what the session has to say, and what it sends.
fn drain(session: &mut smpp::Session, events: &mut Vec<Event>) {
    events.extend(std::iter::from_fn(|| session.next_event()).map(comparable));
    let mut output = Vec::new();
    session.take_output(&mut output);
    well_formed(&output);
}

/// A wrong length is refused at once, so whether its sequence number came depends on the pieces.
fn comparable(event: Event) -> Event {
    match event {
        Event::Closed(Closed::BadLength(bad)) => {
            Event::Closed(Closed::BadLength(BadLength { sequence: 0, ..bad }))
        }
        other => other,
    }
}

/// The test message centre, bound and unbound.
fn centre(choice: u8, stream: &[u8], piece: usize) {
    let options = BEHAVIOURS[usize::from(choice & 7)];
    let behaviour: Behaviour = options.parse().expect("options of a centre");
    let mut centre = Centre::new(behaviour, WallTime::from_unix_millis(1_768_989_600_000));
    let mut session = smsc::Session::new(&mut centre, ClockTime::ZERO);
    if choice & 0x40 == 0 {
        let mut bind = Vec::new();
        let body = rusmpp::pdus::BindTransceiver::default();
        frame::write_as(&mut bind, CommandId::BindTransceiver, 0, 1, &body);
        session.on_bytes(&mut centre, ClockTime::ZERO, &bind);
    }
    let mut now = 0_u64;
    for octets in stream.chunks(piece) {
        now = now.saturating_add(u64::from(octets.len() as u32) * 7);
        session.on_bytes(&mut centre, ClockTime::from_millis(now), octets);
        session.on_tick(&mut centre, ClockTime::from_millis(now));
        well_formed(&session.take_output());
        assert!(session.take_events().count() < 10_000);
        if session.closed().is_some() {
            break;
        }
        let wake = session.next_wake(&centre);
        assert!(
            wake.is_none_or(|wake| wake > ClockTime::from_millis(now)),
            "{wake:?} at {now}"
        );
    }
    for sms in centre.received() {
        let _ = (sms.text(), sms.segment(), sms.from_number(), sms.to_number());
    }
    session.end(&mut centre, ClockTime::from_millis(now));
}

/// Whole PDUs, each as the codec reads it or without a body.
fn well_formed(output: &[u8]) {
    let frames = frames(output);
    let length: usize = frames
        .iter()
        .map(|frame| frame.body.len() + frame::HEADER_LENGTH)
        .sum();
    assert_eq!(length, output.len());
    for frame in frames {
        assert!(frame.body.is_empty() || frame.decode().is_some(), "{frame:?}");
    }
}
