//! Choosing the alphabet and cutting a text into parts (3GPP TS 23.040 9.2.3.24.1).

use std::fmt;

use ozml_session::SmsEncoding;

use super::data_coding::{DefaultCharset, NotInCharset};
use super::udh::{Concatenation, Reference, ReferenceWidth};
use super::{gsm7, ucs2};

/// Most parts of a message: they are numbered by one octet.
pub const MAX_PARTS: usize = 255;

/// How a text is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// The GSM 7-bit alphabet; the unit is the septet.
    Gsm7,
    /// UCS-2; the unit is 16 bits, a character outside the basic plane takes two.
    Ucs2,
}

/// Most units of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartLimits {
    /// Of a message of one part.
    pub single: usize,
    /// Of each part of a longer message: its header takes the rest.
    pub of_many: usize,
}

impl Encoding {
    /// GSM 7-bit when every character fits, else UCS-2.
    pub fn choose(text: &str) -> Self {
        if text.chars().all(|character| gsm7::width(character).is_some()) {
            Self::Gsm7
        } else {
            Self::Ucs2
        }
    }

    /// What fits into the 140 octets of a part.
    pub const fn limits(self, width: ReferenceWidth) -> PartLimits {
        let (single, of_many) = match (self, width) {
            (Self::Gsm7, ReferenceWidth::Bits8) => (160, 153),
            (Self::Gsm7, ReferenceWidth::Bits16) => (160, 152),
            (Self::Ucs2, ReferenceWidth::Bits8) => (70, 67),
            (Self::Ucs2, ReferenceWidth::Bits16) => (70, 66),
        };
        PartLimits { single, of_many }
    }

    /// Octets of [`Part::payload`] a unit takes.
    const fn unit_octets(self) -> usize {
        match self {
            Self::Gsm7 => 1,
            Self::Ucs2 => 2,
        }
    }
}

impl From<Encoding> for SmsEncoding {
    fn from(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Gsm7 => Self::Gsm7,
            Encoding::Ucs2 => Self::Ucs2,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gsm7 => "GSM 7-bit",
            Self::Ucs2 => "UCS-2",
        })
    }
}

/// Why a text cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SegmentError {
    /// More than [`MAX_PARTS`].
    #[error(
        "the text needs {parts} parts in {encoding}, a message has at most {MAX_PARTS}: \
         shorten it to {units} {} or send it as several messages",
        match encoding { Encoding::Gsm7 => "septets", Encoding::Ucs2 => "16-bit units" }
    )]
    TooManyParts {
        /// How it was encoded.
        encoding: Encoding,
        /// The parts it needs.
        parts: usize,
        /// Units that fit at most.
        units: usize,
    },
    /// GSM 7-bit was asked for, and the text has another character.
    #[error(transparent)]
    NotGsm7(#[from] gsm7::NotGsm7),
}

/// A text cut into parts, to be sent in order over one route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segments {
    /// How all parts are encoded.
    pub encoding: Encoding,
    /// 1 to [`MAX_PARTS`] parts.
    pub parts: Vec<Part>,
}

/// One part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// How the part is encoded.
    pub encoding: Encoding,
    /// The text without header: septets, one an octet, or UCS-2 octets.
    pub payload: Vec<u8>,
    /// Which part it is; `None` when it is the whole message, which then has no header.
    pub concatenation: Option<Concatenation>,
}

impl Part {
    /// Septets or 16-bit units of the text.
    pub fn units(&self) -> usize {
        self.payload.len() / self.encoding.unit_octets()
    }

    /// The text of this part.
    pub fn text(&self) -> String {
        match self.encoding {
            Encoding::Gsm7 => gsm7::decode(&self.payload),
            Encoding::Ucs2 => ucs2::decode(&self.payload),
        }
    }

    /// The user data header; empty when there is none.
    pub fn header(&self) -> Vec<u8> {
        self.concatenation.map_or_else(Vec::new, Concatenation::to_header)
    }

    /// The text for a centre with that default character set, without header: for SAR TLVs.
    pub fn body(&self, charset: DefaultCharset) -> Result<Vec<u8>, NotInCharset> {
        match self.encoding {
            Encoding::Gsm7 => charset.recode(&self.payload, 0),
            Encoding::Ucs2 => Ok(self.payload.clone()),
        }
    }

    /// The SMPP `short_message`: header and text. The header asks for the UDHI bit 0x40 in `esm_class`.
    pub fn short_message(&self, charset: DefaultCharset) -> Result<Vec<u8>, NotInCharset> {
        let mut octets = self.header();
        if octets.is_empty() {
            return self.body(charset);
        }
        octets.extend(match self.encoding {
            Encoding::Gsm7 => charset.recode(&self.payload, gsm7::fill_bits(octets.len()))?,
            Encoding::Ucs2 => self.payload.clone(),
        });
        Ok(octets)
    }

    /// TP-UD of a TPDU: header, fill bits and packed septets, or header and UCS-2; at most 140 octets.
    pub fn tp_ud(&self) -> Vec<u8> {
        let mut octets = self.header();
        match self.encoding {
            Encoding::Gsm7 => octets.extend(gsm7::pack(&self.payload, gsm7::fill_bits(octets.len()))),
            Encoding::Ucs2 => octets.extend(&self.payload),
        }
        octets
    }

    /// TP-UDL: octets of UCS-2, septets of GSM 7-bit with the header rounded up to whole ones.
    pub fn tp_udl(&self) -> usize {
        let header = self.concatenation.map_or(0, Concatenation::header_octets);
        match self.encoding {
            Encoding::Gsm7 => (header * 8).div_ceil(7) + self.payload.len(),
            Encoding::Ucs2 => header + self.payload.len(),
        }
    }
}

/// Cuts a text in the encoding of [`Encoding::choose`]. The reference is used by longer texts only.
pub fn segment(text: &str, reference: Reference) -> Result<Segments, SegmentError> {
    match gsm7::encode(text) {
        Ok(septets) => cut(Encoding::Gsm7, septets, reference),
        Err(_) => cut(Encoding::Ucs2, ucs2::encode(text), reference),
    }
}

/// Cuts a text in a given encoding, as a route's alphabet policy may ask.
pub fn segment_as(text: &str, encoding: Encoding, reference: Reference) -> Result<Segments, SegmentError> {
    let payload = match encoding {
        Encoding::Gsm7 => gsm7::encode(text)?,
        Encoding::Ucs2 => ucs2::encode(text),
    };
    cut(encoding, payload, reference)
}

fn cut(encoding: Encoding, payload: Vec<u8>, reference: Reference) -> Result<Segments, SegmentError> {
    let limits = encoding.limits(reference.width());
    if payload.len() <= limits.single * encoding.unit_octets() {
        let parts = vec![Part {
            encoding,
            payload,
            concatenation: None,
        }];
        return Ok(Segments { encoding, parts });
    }
    let pieces = pieces(&payload, encoding, limits.of_many * encoding.unit_octets());
    let total = u8::try_from(pieces.len()).map_err(|_| SegmentError::TooManyParts {
        encoding,
        parts: pieces.len(),
        units: MAX_PARTS * limits.of_many,
    })?;
    let part = |(number, piece): (u8, &&[u8])| Part {
        encoding,
        payload: piece.to_vec(),
        concatenation: Some(Concatenation {
            reference,
            total,
            number,
        }),
    };
    Ok(Segments {
        encoding,
        parts: (1..=total).zip(&pieces).map(part).collect(),
    })
}

/// The payload in pieces of at most `limit` octets, no character cut.
fn pieces(mut payload: &[u8], encoding: Encoding, limit: usize) -> Vec<&[u8]> {
    let mut pieces = Vec::with_capacity(payload.len() / limit + 1);
    while let Some((head, _)) = payload
        .split_at_checked(limit)
        .filter(|(_, tail)| !tail.is_empty())
    {
        let (piece, rest) = payload.split_at(limit - dangling_octets(head, encoding));
        pieces.push(piece);
        payload = rest;
    }
    pieces.push(payload);
    pieces
}

/// Octets at the end that belong to what follows: an escape, the first half of a surrogate pair.
fn dangling_octets(head: &[u8], encoding: Encoding) -> usize {
    match (encoding, head) {
        (Encoding::Gsm7, [.., gsm7::ESCAPE]) => 1,
        (Encoding::Ucs2, [.., high, low]) if ucs2::is_high_surrogate(u16::from_be_bytes([*high, *low])) => 2,
        _ => 0,
    }
}

/// What a text costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentCount {
    /// The encoding [`segment()`] would choose.
    pub encoding: Encoding,
    /// Parts; above [`MAX_PARTS`] the text cannot be sent.
    pub parts: usize,
    /// Septets or 16-bit units of the text, headers not counted.
    pub units: usize,
}

/// What [`segment()`] would make of a text with an 8-bit reference. Allocates nothing.
pub fn count(text: &str) -> SegmentCount {
    count_with(text, ReferenceWidth::Bits8)
}

/// Like [`count`], for references of either width.
pub fn count_with(text: &str, width: ReferenceWidth) -> SegmentCount {
    let mut septets = Fill::new(Encoding::Gsm7, width);
    for character in text.chars() {
        match gsm7::width(character) {
            Some(width) => septets.add(width),
            None => return count_ucs2(text, width),
        }
    }
    septets.finish()
}

fn count_ucs2(text: &str, width: ReferenceWidth) -> SegmentCount {
    let mut units = Fill::new(Encoding::Ucs2, width);
    for character in text.chars() {
        units.add(character.len_utf16());
    }
    units.finish()
}

/// Fills part after part, as [`pieces`] cuts them.
struct Fill {
    encoding: Encoding,
    limits: PartLimits,
    parts: usize,
    units: usize,
    units_of_part: usize,
}

impl Fill {
    fn new(encoding: Encoding, width: ReferenceWidth) -> Self {
        Self {
            encoding,
            limits: encoding.limits(width),
            parts: 1,
            units: 0,
            units_of_part: 0,
        }
    }

    fn add(&mut self, units: usize) {
        self.units += units;
        self.units_of_part += units;
        if self.units_of_part > self.limits.of_many {
            self.parts += 1;
            self.units_of_part = units;
        }
    }

    fn finish(self) -> SegmentCount {
        let Self {
            encoding,
            limits,
            parts,
            units,
            ..
        } = self;
        SegmentCount {
            encoding,
            parts: if units <= limits.single { 1 } else { parts },
            units,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFERENCE: Reference = Reference::Bits8(0x2A);

    #[test]
    fn a_message_has_at_most_255_parts() {
        for (text, encoding, per_part, unit) in [
            ("a", Encoding::Gsm7, 153, "septets"),
            ("ű", Encoding::Ucs2, 67, "16-bit units"),
        ] {
            let full = text.repeat(MAX_PARTS * per_part);
            assert_eq!(segment(&full, REFERENCE).unwrap().parts.len(), MAX_PARTS);
            let over = full + text;
            let error = segment(&over, REFERENCE).unwrap_err();
            let units = MAX_PARTS * per_part;
            assert_eq!(
                error,
                SegmentError::TooManyParts {
                    encoding,
                    parts: 256,
                    units
                }
            );
            assert_eq!(
                error.to_string(),
                format!(
                    "the text needs 256 parts in {encoding}, a message has at most 255: \
                     shorten it to {units} {unit} or send it as several messages"
                )
            );
            assert_eq!(count(&over).parts, 256);
        }
    }

    #[test]
    fn a_given_encoding_is_kept() {
        let segments = segment_as("hello", Encoding::Ucs2, REFERENCE).unwrap();
        assert_eq!(
            (segments.encoding, segments.parts[0].units()),
            (Encoding::Ucs2, 5)
        );
        let error = segment_as("ű", Encoding::Gsm7, REFERENCE).unwrap_err();
        assert!(matches!(error, SegmentError::NotGsm7(_)), "{error}");
    }

    #[test]
    fn smpp_takes_septets_unpacked_behind_the_header() {
        let segments = segment(&"a".repeat(161), REFERENCE).unwrap();
        let first = segments.parts[0].short_message(DefaultCharset::Gsm7).unwrap();
        assert_eq!(first, [&[5, 0, 3, 0x2A, 2, 1][..], &[b'a'; 153]].concat());
        assert_eq!(segments.parts[0].body(DefaultCharset::Gsm7).unwrap(), [b'a'; 153]);
        let packed = segments.parts[0]
            .short_message(DefaultCharset::Gsm7Packed)
            .unwrap();
        assert_eq!(packed, segments.parts[0].tp_ud());
    }
}
