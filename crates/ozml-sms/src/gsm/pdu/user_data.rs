//! TP-UD, the content of a message (3GPP TS 23.040 9.2.3.16 and 9.2.3.24).

use std::fmt;

use super::error::PduError;
use super::octets::Octets;
use crate::text::{Alphabet, HeaderError, Part, UserData, UserDataHeader, gsm7};

/// TP-UDHI, the bit of the first octet that announces a header.
pub(super) const HEADER: u8 = 0x40;

/// The content of a message as it stands in the TPDU. Debug tells its size only.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct TpUserData {
    /// TP-UDHI: it begins with a header.
    pub has_header: bool,
    /// TP-UDL: septets of GSM 7-bit, with the header rounded up to whole ones; octets of all else.
    pub length: u8,
    /// TP-UD: header, fill bits and text, septets packed.
    pub octets: Vec<u8>,
}

impl TpUserData {
    /// A part of a text, ready to be sent.
    pub fn of(part: &Part) -> Self {
        Self {
            has_header: part.concatenation.is_some(),
            // A part has at most 160 septets or 140 octets.
            length: u8::try_from(part.tp_udl()).unwrap_or(u8::MAX),
            octets: part.tp_ud(),
        }
    }

    /// Takes it apart by the TP-DCS beside it; septets one an octet. Where the octets end before TP-UDL says there is
    /// less of the text.
    pub fn read(&self, data_coding: u8) -> Result<UserData, HeaderError> {
        let (header, rest) = UserDataHeader::read_if(self.has_header, &self.octets)?;
        let alphabet = Alphabet::of_tp_dcs(data_coding);
        let payload = if alphabet == Alphabet::Gsm7 {
            let header_octets = self.octets.len() - rest.len();
            let septets = usize::from(self.length).saturating_sub((header_octets * 8).div_ceil(7));
            gsm7::unpack(rest, gsm7::fill_bits(header_octets), septets)
        } else {
            rest.to_vec()
        };
        Ok(UserData {
            header,
            alphabet,
            payload,
        })
    }

    /// Reads TP-UDL and as many octets as it says.
    pub(super) fn read_from(
        octets: &mut Octets<'_>,
        has_header: bool,
        data_coding: u8,
    ) -> Result<Self, PduError> {
        let length = octets.octet("TP-UDL")?;
        let count = match Alphabet::of_tp_dcs(data_coding) {
            Alphabet::Gsm7 => (usize::from(length) * 7).div_ceil(8),
            _ => usize::from(length),
        };
        Ok(Self {
            has_header,
            length,
            octets: octets.slice(count, "TP-UD")?.to_vec(),
        })
    }

    pub(super) fn write(&self, into: &mut Vec<u8>) {
        into.push(self.length);
        into.extend(&self.octets);
    }
}

impl fmt::Debug for TpUserData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TpUserData")
            .field("has_header", &self.has_header)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Reference, data_coding, segment};

    #[test]
    fn what_a_part_sends_is_what_is_read() {
        for text in ["", "1234567@", &("a".repeat(161) + "€"), &"ű".repeat(80)] {
            for reference in [Reference::Bits8(1), Reference::Bits16(0x1234)] {
                let segments = segment(text, reference).unwrap();
                let coding = data_coding(segments.encoding, false);
                for part in &segments.parts {
                    let read = TpUserData::of(part).read(coding).unwrap();
                    assert_eq!(read.header.concatenation(), part.concatenation);
                    assert_eq!(read.payload, part.payload);
                }
            }
        }
    }

    #[test]
    fn data_is_octets_also_when_compressed() {
        for coding in [0x04, 0xF5, 0x20, 0x2A, 0x60] {
            let mut octets = Octets::new(&[3, 1, 2, 3, 4]);
            let data = TpUserData::read_from(&mut octets, false, coding).unwrap();
            let read = data.read(coding).unwrap();
            assert_eq!(
                (read.alphabet, read.payload.as_slice()),
                (Alphabet::Data8, &[1, 2, 3][..])
            );
        }
    }

    #[test]
    fn a_length_that_has_no_place_for_the_header_leaves_no_text() {
        let data = TpUserData {
            has_header: true,
            length: 3,
            octets: vec![2, 0x70, 0],
        };
        assert!(data.read(0).unwrap().payload.is_empty());
        let data = TpUserData {
            octets: Vec::new(),
            ..data
        };
        assert_eq!(data.read(0), Err(HeaderError::Missing));
    }
}
