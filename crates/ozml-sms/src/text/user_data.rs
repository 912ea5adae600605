//! A received `short_message` taken apart.

use super::data_coding::{Alphabet, DefaultCharset, unpack_all};
use super::gsm7;
use super::udh::{HeaderError, UserDataHeader};

/// The octets of a received message: header, and payload in one form whatever the centre sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UserData {
    /// The header; without elements when there was none.
    pub header: UserDataHeader,
    /// What the payload is.
    pub alphabet: Alphabet,
    /// The octets behind the header; septets one an octet, also when they came packed.
    pub payload: Vec<u8>,
}

impl UserData {
    /// Reads a `short_message` or a `message_payload`. `has_header` is the UDHI bit 0x40 of `esm_class`.
    pub fn read(
        data_coding: u8,
        has_header: bool,
        octets: &[u8],
        charset: DefaultCharset,
    ) -> Result<Self, HeaderError> {
        let (header, rest) = UserDataHeader::read_if(has_header, octets)?;
        let alphabet = Alphabet::of(data_coding, charset);
        let packed = alphabet == Alphabet::Gsm7 && charset == DefaultCharset::Gsm7Packed;
        let payload = if packed {
            unpack_all(rest, gsm7::fill_bits(octets.len() - rest.len()))
        } else {
            rest.to_vec()
        };
        Ok(Self {
            header,
            alphabet,
            payload,
        })
    }

    /// The text, `None` for 8-bit data. Parts of a longer message are better joined first, since a
    /// sender may have cut inside a character: [`Assembled::text`](super::Assembled::text).
    pub fn text(&self) -> Option<String> {
        self.alphabet.decode(&self.payload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Reference, data_coding, segment};

    #[test]
    fn what_a_part_sends_is_what_is_read() {
        for text in ["a".repeat(161) + "€", "ű".repeat(80), "hello".to_owned()] {
            for charset in [DefaultCharset::Gsm7, DefaultCharset::Gsm7Packed] {
                for reference in [Reference::Bits8(1), Reference::Bits16(0x1234)] {
                    let segments = segment(&text, reference).unwrap();
                    for part in &segments.parts {
                        let octets = part.short_message(charset).unwrap();
                        let coding = data_coding(segments.encoding, false);
                        let read = UserData::read(coding, part.concatenation.is_some(), &octets, charset);
                        let read = read.unwrap();
                        assert_eq!(read.payload, part.payload);
                        assert_eq!(read.header.concatenation(), part.concatenation);
                        assert_eq!(read.text(), Some(part.text()));
                    }
                }
            }
        }
    }

    #[test]
    fn a_header_that_is_not_there_is_an_error() {
        let read = UserData::read(0, true, &[], DefaultCharset::Gsm7);
        assert_eq!(read, Err(HeaderError::Missing));
    }
}
