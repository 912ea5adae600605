//! An ESME for tests: writes requests, reads answers, keeps the time.

use ozml_session::{ClockTime, WallTime};
use rusmpp::pdus::{BindTransceiver, DeliverSm, SubmitSm, SubmitSmResp};
use rusmpp::types::{COctetString, OctetString};
use rusmpp::{CommandId, Pdu};

use super::{Behaviour, Centre, Event, Session};
use crate::smpp::frame::{self, Frame, Framer};

pub(super) const RECEIVER: u32 = 1;
pub(super) const TRANSMITTER: u32 = 2;
pub(super) const TRANSCEIVER: u32 = 9;

/// 2026-01-21T10:00:00Z.
pub(super) const STARTED: WallTime = WallTime::from_unix_millis(1_768_989_600_000);

pub(super) fn c_octets<const MAX: usize>(text: &str) -> COctetString<1, MAX> {
    COctetString::from_string(text.to_owned()).unwrap()
}

pub(super) fn centre(options: &str) -> Centre {
    Centre::new(options.parse::<Behaviour>().unwrap(), STARTED)
}

pub(super) fn at(ms: u64) -> ClockTime {
    ClockTime::from_millis(ms)
}

/// A message that asks for a receipt.
pub(super) fn message(text: &str) -> SubmitSm {
    SubmitSm::builder()
        .source_addr(c_octets("1234"))
        .destination_addr(c_octets("36301234567"))
        .esm_class(0.into())
        .registered_delivery(1.into())
        .data_coding(0.into())
        .short_message(OctetString::from_slice(text.as_bytes()).unwrap())
        .build()
}

pub(super) fn bind_request(kind: u32, sequence: u32) -> Vec<u8> {
    let body = BindTransceiver::builder()
        .system_id(c_octets("shop"))
        .password(c_octets("secret"))
        .build();
    let mut octets = Vec::new();
    frame::write_as(&mut octets, CommandId::from(kind), 0, sequence, &body);
    octets
}

pub(super) fn request(sequence: u32, pdu: impl Into<Pdu>) -> Vec<u8> {
    let mut octets = Vec::new();
    frame::write(&mut octets, 0, sequence, &pdu.into());
    octets
}

pub(super) fn bare(id: u32, status: u32, sequence: u32) -> Vec<u8> {
    let mut octets = Vec::new();
    frame::write_bare(&mut octets, CommandId::from(id), status, sequence);
    octets
}

pub(super) fn frames(octets: &[u8]) -> Vec<Frame> {
    let mut framer = Framer::default();
    framer.push(octets);
    std::iter::from_fn(|| framer.next_frame().unwrap()).collect()
}

/// Id, status and sequence number of each PDU.
pub(super) fn headers(frames: &[Frame]) -> Vec<(u32, u32, u32)> {
    let header = |frame: &Frame| (frame.header.id.into(), frame.header.status, frame.header.sequence);
    frames.iter().map(header).collect()
}

pub(super) fn deliver_sm(frame: &Frame) -> DeliverSm {
    match frame.decode() {
        Some(Pdu::DeliverSm(deliver)) => deliver,
        other => panic!("a deliver_sm was expected, not {other:?}"),
    }
}

pub(super) fn submit_sm_resp(frame: &Frame) -> SubmitSmResp {
    match frame.decode() {
        Some(Pdu::SubmitSmResp(response)) => response,
        other => panic!("a submit_sm_resp was expected, not {other:?}"),
    }
}

/// A session and its peer.
pub(super) struct Peer {
    pub(super) session: Session,
}

impl Peer {
    pub(super) fn connected(centre: &mut Centre) -> Self {
        Self {
            session: Session::new(centre, at(0)),
        }
    }

    pub(super) fn bound(centre: &mut Centre, kind: u32) -> Self {
        let mut peer = Self::connected(centre);
        let answers = peer.send(centre, 0, &bind_request(kind, 1));
        assert_eq!(headers(&answers)[0], (0x8000_0000 | kind, 0, 1));
        peer
    }

    pub(super) fn send(&mut self, centre: &mut Centre, ms: u64, octets: &[u8]) -> Vec<Frame> {
        self.session.on_bytes(centre, at(ms), octets);
        frames(&self.session.take_output())
    }

    pub(super) fn tick(&mut self, centre: &mut Centre, ms: u64) -> Vec<Frame> {
        self.session.on_tick(centre, at(ms));
        frames(&self.session.take_output())
    }

    pub(super) fn wake(&self, centre: &Centre) -> Option<u64> {
        self.session.next_wake(centre).map(ClockTime::as_millis)
    }

    pub(super) fn events(&mut self) -> Vec<Event> {
        self.session.take_events().collect()
    }
}
