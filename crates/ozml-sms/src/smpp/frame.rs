//! Cutting a byte stream into PDUs by `command_length`, and writing PDUs (SMPP 3.4, 3.1 and 3.2).
//!
//! Framing is separate from decoding, so that a body nobody can read costs itself only.

use bytes::{Buf, Bytes, BytesMut};
use rusmpp::decode::DecodeWithKeyOptional;
use rusmpp::encode::{Encode, Length};
use rusmpp::{CommandId, Pdu};

/// Octets of a PDU header, the least a PDU can have.
pub const HEADER_LENGTH: usize = 16;

/// Most octets of a PDU where nothing else is said.
pub const DEFAULT_MAX_LENGTH: usize = 65_536;

/// Least upper limit a reader may set: a TLV `message_payload` must fit.
pub const MIN_MAX_LENGTH: usize = 4_096;

/// The header of a PDU without its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// What the PDU is.
    pub id: CommandId,
    /// 0 in requests and positive answers, else the code of the refusal.
    pub status: u32,
    /// Ties an answer to its request.
    pub sequence: u32,
}

/// One PDU: its header, and its body as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Who answers what.
    pub header: Header,
    /// What follows the header; may be empty.
    pub body: Bytes,
}

impl Frame {
    /// The body as the codec reads it. `None`: the codec refuses it, or there is none where one is
    /// expected, as in a bare refusal. The codec takes ASCII addresses and ids of legal length only.
    pub fn decode(&self) -> Option<Pdu> {
        let mut body = BytesMut::from(&self.body[..]);
        let length = body.len();
        match Pdu::decode(self.header.id, &mut body, length) {
            Ok(Some((pdu, _))) => Some(pdu),
            Ok(None) | Err(_) => None,
        }
    }
}

/// The stream cannot be trusted any more: answer `generic_nack` with ESME_RINVCMDLEN and close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a command_length of {length} was found, {HEADER_LENGTH} to {max} was expected")]
pub struct BadLength {
    /// The length that was claimed.
    pub length: u32,
    /// The most that is taken.
    pub max: usize,
    /// The sequence number of the PDU, 0 where it did not come yet.
    pub sequence: u32,
}

/// Collects bytes as they come and hands out whole PDUs.
#[derive(Debug)]
pub struct Framer {
    buffer: BytesMut,
    max: usize,
}

impl Default for Framer {
    fn default() -> Self {
        Self::new(DEFAULT_MAX_LENGTH)
    }
}

impl Framer {
    /// Takes PDUs of at most `max` octets; a smaller limit than [`MIN_MAX_LENGTH`] is raised to it.
    pub fn new(max: usize) -> Self {
        Self {
            buffer: BytesMut::new(),
            max: max.max(MIN_MAX_LENGTH),
        }
    }

    /// Takes the next bytes of the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole PDU, `None` while bytes are missing. After an error every call gives it again.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, BadLength> {
        let mut header: &[u8] = &self.buffer;
        let Ok(claimed) = header.try_get_u32() else {
            return Ok(None);
        };
        let length = usize::try_from(claimed).unwrap_or(usize::MAX);
        if !(HEADER_LENGTH..=self.max).contains(&length) {
            return Err(self.bad_length(claimed));
        }
        if self.buffer.len() < length {
            return Ok(None);
        }
        let mut body = self.buffer.split_to(length).freeze();
        body.advance(4);
        let header = Header {
            id: body.get_u32().into(),
            status: body.get_u32(),
            sequence: body.get_u32(),
        };
        Ok(Some(Frame { header, body }))
    }

    fn bad_length(&self, length: u32) -> BadLength {
        let sequence = self.buffer.get(12..HEADER_LENGTH);
        BadLength {
            length,
            max: self.max,
            sequence: sequence.map_or(0, |mut octets| octets.get_u32()),
        }
    }
}

/// Appends a PDU to `out`. The header's `id` is taken from the body.
pub fn write(out: &mut Vec<u8>, status: u32, sequence: u32, pdu: &Pdu) {
    write_as(out, pdu.command_id(), status, sequence, pdu);
}

/// Appends a header with nothing behind it: a refusal, or a PDU that has no body.
pub fn write_bare(out: &mut Vec<u8>, id: CommandId, status: u32, sequence: u32) {
    write_as(out, id, status, sequence, &NoBody);
}

/// Appends a PDU whose body is given without the enum around it.
pub fn write_as(out: &mut Vec<u8>, id: CommandId, status: u32, sequence: u32, body: &impl Encode) {
    let body_length = body.length();
    let length = body_length.saturating_add(HEADER_LENGTH);
    let length_field = u32::try_from(length).unwrap_or(u32::MAX);
    for field in [length_field, id.into(), status, sequence] {
        out.extend_from_slice(&field.to_be_bytes());
    }
    let start = out.len();
    out.resize(start.saturating_add(body_length), 0);
    if let Some(room) = out.get_mut(start..) {
        body.encode(room);
    }
}

struct NoBody;

impl Length for NoBody {
    fn length(&self) -> usize {
        0
    }
}

impl Encode for NoBody {
    fn encode(&self, _: &mut [u8]) -> usize {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rusmpp::pdus::SubmitSm;

    fn stream() -> Vec<u8> {
        let mut out = Vec::new();
        write(&mut out, 0, 1, &Pdu::EnquireLink);
        write(&mut out, 0, 2, &SubmitSm::default().into());
        write_bare(&mut out, CommandId::SubmitSmResp, 0x0B, 0x7FFF_FFFF);
        write_bare(&mut out, CommandId::Other(0x0000_0777), 0, 3);
        out
    }

    fn frames(framer: &mut Framer) -> Vec<Frame> {
        std::iter::from_fn(|| framer.next_frame().unwrap()).collect()
    }

    #[test]
    fn every_split_gives_the_same_frames() {
        let stream = stream();
        let mut whole = Framer::default();
        whole.push(&stream);
        let expected = frames(&mut whole);
        assert_eq!(expected.len(), 4);
        assert_eq!(expected[1].decode(), Some(SubmitSm::default().into()));
        assert_eq!((expected[2].header.status, expected[2].decode()), (0x0B, None));
        for cut in 0..=stream.len() {
            let mut framer = Framer::default();
            framer.push(&stream[..cut]);
            let mut found = frames(&mut framer);
            framer.push(&stream[cut..]);
            found.extend(frames(&mut framer));
            assert_eq!(found, expected, "cut at {cut}");
        }
    }

    #[test]
    fn lengths_outside_the_limits_end_the_stream() {
        for length in [0u32, 1, 15, 65_537, u32::MAX] {
            let mut framer = Framer::default();
            framer.push(&length.to_be_bytes());
            let error = framer.next_frame().unwrap_err();
            assert_eq!((error.length, error.sequence), (length, 0));
            framer.push(&[0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 9]);
            assert_eq!(framer.next_frame().unwrap_err().sequence, 9);
        }
        let mut framer = Framer::new(16);
        framer.push(&4_096u32.to_be_bytes());
        assert_eq!(framer.next_frame(), Ok(None));
        framer.push(&[0; 4_092]);
        assert_eq!(framer.next_frame().unwrap().unwrap().body.len(), 4_080);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut framer = Framer::default();
            framer.push(&bytes);
            while let Ok(Some(frame)) = framer.next_frame() {
                prop_assert!(frame.body.len() <= bytes.len());
                let _ = frame.decode();
            }
        }

        #[test]
        fn no_body_makes_the_codec_panic(
            id in prop_oneof![Just(4u32), Just(5), Just(0x8000_0004), Just(0x8000_0005), Just(9), Just(0x8000_0009)],
            body in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            let header = Header { id: id.into(), status: 0, sequence: 1 };
            let _ = Frame { header, body: body.into() }.decode();
        }
    }
}
