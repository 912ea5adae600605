//! SMPP `data_coding` (SMPP 3.4 5.2.19, 3GPP TS 23.038 4) and the alphabets it names.

use std::fmt;
use std::str::FromStr;

use super::segment::Encoding;
use super::{gsm7, ucs2};

/// What a centre takes for its default alphabet, `data_coding` 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DefaultCharset {
    /// `gsm7`: GSM 7-bit, one septet an octet.
    #[default]
    Gsm7,
    /// `latin1`: ISO 8859-1.
    Latin1,
    /// `ascii`.
    Ascii,
    /// `gsm7-packed`: GSM 7-bit packed as in a TP-UD.
    Gsm7Packed,
}

/// A name that [`DefaultCharset`] does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no default character set: write gsm7, latin1, ascii or gsm7-packed")]
pub struct UnknownCharset(pub String);

/// A character that the centre's default character set lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{character:?} is not in the centre's default character set {charset}: send the text as UCS-2")]
pub struct NotInCharset {
    /// The first such character.
    pub character: char,
    /// The character set.
    pub charset: DefaultCharset,
}

impl DefaultCharset {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Gsm7, Self::Latin1, Self::Ascii, Self::Gsm7Packed];

    /// The name in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gsm7 => "gsm7",
            Self::Latin1 => "latin1",
            Self::Ascii => "ascii",
            Self::Gsm7Packed => "gsm7-packed",
        }
    }

    /// The encoding for a centre with this default: GSM 7-bit when the alphabet and the centre's
    /// character set both have every character, else UCS-2. A part of a text so encoded never meets
    /// [`NotInCharset`].
    pub fn choose(self, text: &str) -> Encoding {
        if text.chars().all(|character| self.has(character)) {
            Encoding::choose(text)
        } else {
            Encoding::Ucs2
        }
    }

    /// The octets this centre takes for septets that stand one an octet.
    pub(super) fn recode(self, septets: &[u8], fill_bits: u32) -> Result<Vec<u8>, NotInCharset> {
        match self {
            Self::Gsm7 => Ok(septets.to_vec()),
            Self::Gsm7Packed => Ok(gsm7::pack(septets, fill_bits)),
            Self::Latin1 | Self::Ascii => {
                let octet = |character| {
                    self.octet(character).ok_or(NotInCharset {
                        character,
                        charset: self,
                    })
                };
                gsm7::decode(septets).chars().map(octet).collect()
            }
        }
    }

    fn has(self, character: char) -> bool {
        match self {
            Self::Gsm7 | Self::Gsm7Packed => true,
            Self::Latin1 | Self::Ascii => self.octet(character).is_some(),
        }
    }

    fn octet(self, character: char) -> Option<u8> {
        u8::try_from(character)
            .ok()
            .filter(|octet| self == Self::Latin1 || octet.is_ascii())
    }

    fn alphabet(self) -> Alphabet {
        match self {
            Self::Gsm7 | Self::Gsm7Packed => Alphabet::Gsm7,
            Self::Latin1 => Alphabet::Latin1,
            Self::Ascii => Alphabet::Ascii,
        }
    }
}

impl FromStr for DefaultCharset {
    type Err = UnknownCharset;

    fn from_str(name: &str) -> Result<Self, UnknownCharset> {
        let found = Self::ALL.into_iter().find(|charset| charset.name() == name);
        found.ok_or_else(|| UnknownCharset(name.to_owned()))
    }
}

impl fmt::Display for DefaultCharset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The bit of the general coding groups that tells a compressed text.
const COMPRESSED: u8 = 0x20;

/// What received octets are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Alphabet {
    /// GSM 7-bit, one septet an octet.
    Gsm7,
    /// IA5, that is ASCII.
    Ascii,
    /// ISO 8859-1.
    Latin1,
    /// 8-bit data, or a character set we do not read: no text.
    Data8,
    /// UCS-2, big-endian.
    Ucs2,
}

impl Alphabet {
    /// The alphabet a `data_coding` names, at a centre with that default.
    ///
    /// Below 0x10 SMPP's list counts, above it the coding groups of TS 23.038, whose bits 3 and 2 name
    /// the alphabet. Reserved values are read as the default alphabet, as 23.038 asks.
    pub fn of(data_coding: u8, charset: DefaultCharset) -> Self {
        match data_coding {
            0x01 => Self::Ascii,
            0x03 => Self::Latin1,
            // JIS, Cyrillic, Hebrew, pictograms, music, Kanji, Korean.
            0x02 | 0x04..=0x07 | 0x09 | 0x0A | 0x0D | 0x0E => Self::Data8,
            _ => Self::of_group(data_coding, charset.alphabet()),
        }
    }

    /// The alphabet a TP-DCS names (3GPP TS 23.038 4), which knows nothing of SMPP's list. Compressed texts are not
    /// read: they are data, and as long as TP-UDL says in octets.
    pub fn of_tp_dcs(octet: u8) -> Self {
        match octet {
            0x00..=0x7F if octet & COMPRESSED != 0 => Self::Data8,
            _ => Self::of_group(octet, Self::Gsm7),
        }
    }

    /// The coding groups of TS 23.038.
    fn of_group(coding: u8, default: Self) -> Self {
        match coding {
            0x00..=0x7F => match coding >> 2 & 3 {
                1 => Self::Data8,
                2 => Self::Ucs2,
                _ => default,
            },
            // Message waiting indications: 0xC0 to 0xDF in 7 bits, 0xE0 to 0xEF in UCS-2.
            0xE0..=0xEF => Self::Ucs2,
            0xF0..=0xFF if coding & 0x04 != 0 => Self::Data8,
            0x80..=0xFF => default,
        }
    }

    /// The text of octets in this alphabet, `None` for 8-bit data. Never fails: what cannot be read
    /// shows U+FFFD.
    pub fn decode(self, octets: &[u8]) -> Option<String> {
        match self {
            Self::Gsm7 => Some(gsm7::decode(octets)),
            Self::Ascii => Some(octets.iter().map(|octet| ascii(*octet)).collect()),
            Self::Latin1 => Some(octets.iter().map(|octet| char::from(*octet)).collect()),
            Self::Ucs2 => Some(ucs2::decode(octets)),
            Self::Data8 => None,
        }
    }
}

fn ascii(octet: u8) -> char {
    if octet.is_ascii() {
        char::from(octet)
    } else {
        char::REPLACEMENT_CHARACTER
    }
}

/// The `data_coding` (and TP-DCS) to send with. `flash` asks for message class 0, shown at once and not
/// stored; a route that uses the TLV `dest_addr_subunit` leaves it off.
pub const fn data_coding(encoding: Encoding, flash: bool) -> u8 {
    match (encoding, flash) {
        (Encoding::Gsm7, false) => 0x00,
        (Encoding::Gsm7, true) => 0x10,
        (Encoding::Ucs2, false) => 0x08,
        (Encoding::Ucs2, true) => 0x18,
    }
}

/// Whether a `data_coding` asks for message class 0 (flash) by a TS 23.038 coding group.
pub const fn is_flash(data_coding: u8) -> bool {
    matches!(data_coding & 0x93, 0x10) || matches!(data_coding & 0xF3, 0xF0)
}

/// The text of a whole `short_message` without header, `None` for 8-bit data.
/// With a header use [`UserData::read`](super::UserData::read).
pub fn decode(data_coding: u8, octets: &[u8], charset: DefaultCharset) -> Option<String> {
    let alphabet = Alphabet::of(data_coding, charset);
    if alphabet == Alphabet::Gsm7 && charset == DefaultCharset::Gsm7Packed {
        return alphabet.decode(&unpack_all(octets, 0));
    }
    alphabet.decode(octets)
}

/// All septets of packed octets whose number is not told. A last septet of seven zero bits is taken for
/// padding: a `@` there cannot be told from it.
pub(super) fn unpack_all(octets: &[u8], fill_bits: u32) -> Vec<u8> {
    let mut septets = gsm7::unpack(octets, fill_bits, usize::MAX);
    let fills_the_octets = (septets.len() * 7 + fill_bits as usize).is_multiple_of(8);
    if fills_the_octets && septets.last() == Some(&0) {
        septets.pop();
    }
    septets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Reference, segment_as};

    #[test]
    fn data_coding_names_the_alphabet() {
        use Alphabet::{Ascii, Data8, Gsm7, Latin1, Ucs2};
        for (codings, expected) in [
            (
                &[
                    0x00, 0x0C, 0x10, 0x11, 0x13, 0x30, 0x40, 0x80, 0xC0, 0xD8, 0xF0, 0xF3, 0xFB,
                ][..],
                Gsm7,
            ),
            (&[0x01], Ascii),
            (&[0x03], Latin1),
            (
                &[0x02, 0x04, 0x05, 0x06, 0x0A, 0x0E, 0x14, 0x34, 0xF4, 0xF7, 0xFF],
                Data8,
            ),
            (&[0x08, 0x18, 0x19, 0x28, 0x48, 0xE0, 0xEF], Ucs2),
        ] {
            for coding in codings {
                assert_eq!(
                    Alphabet::of(*coding, DefaultCharset::Gsm7),
                    expected,
                    "{coding:#04x}"
                );
            }
        }
    }

    #[test]
    fn a_tp_dcs_names_the_alphabet() {
        use Alphabet::{Data8, Gsm7, Ucs2};
        for (octets, expected) in [
            (
                &[
                    0x00, 0x01, 0x03, 0x0C, 0x10, 0x13, 0x40, 0x80, 0xBF, 0xC0, 0xCF, 0xD8, 0xF0, 0xFB,
                ][..],
                Gsm7,
            ),
            (&[0x04, 0x07, 0x14, 0x54, 0xF4, 0xFF], Data8),
            (&[0x08, 0x0A, 0x18, 0x48, 0xE0, 0xEF], Ucs2),
            // Compressed.
            (&[0x20, 0x28, 0x3F, 0x60, 0x7B], Data8),
        ] {
            for octet in octets {
                assert_eq!(Alphabet::of_tp_dcs(*octet), expected, "{octet:#04x}");
            }
        }
    }

    #[test]
    fn the_default_is_the_centres() {
        for (charset, octets, text) in [
            (DefaultCharset::Gsm7, &[0x00, 0x41, 0x1B, 0x65][..], "@A€"),
            (DefaultCharset::Latin1, &[0x40, 0xE7], "@ç"),
            (DefaultCharset::Ascii, &[0x40, 0xE7], "@\u{fffd}"),
            (
                DefaultCharset::Gsm7Packed,
                &[0xE8, 0x32, 0x9B, 0xFD, 0x06],
                "hello",
            ),
            (
                DefaultCharset::Gsm7Packed,
                &[0x31, 0xD9, 0x8C, 0x56, 0xB3, 0xDD, 0x00],
                "1234567",
            ),
        ] {
            assert_eq!(decode(0, octets, charset).as_deref(), Some(text), "{charset}");
        }
        assert_eq!(
            decode(0x08, &[0x04, 0x1F], DefaultCharset::Gsm7Packed).as_deref(),
            Some("П")
        );
        assert_eq!(decode(0x04, b"data", DefaultCharset::Gsm7), None);
    }

    #[test]
    fn what_is_sent_names_itself() {
        for encoding in [Encoding::Gsm7, Encoding::Ucs2] {
            for flash in [false, true] {
                let coding = data_coding(encoding, flash);
                assert_eq!(is_flash(coding), flash, "{coding:#04x}");
                let ucs2 = Alphabet::of(coding, DefaultCharset::Gsm7) == Alphabet::Ucs2;
                assert_eq!(ucs2, encoding == Encoding::Ucs2, "{coding:#04x}");
            }
        }
        for (coding, flash) in [
            (0x11, false),
            (0xF0, true),
            (0xF1, false),
            (0xF4, true),
            (0xD0, false),
        ] {
            assert_eq!(is_flash(coding), flash, "{coding:#04x}");
        }
    }

    #[test]
    fn other_defaults_take_what_they_have() {
        use DefaultCharset::{Ascii, Gsm7, Latin1};
        for (charset, text, encoding) in [
            (Gsm7, "é€", Encoding::Gsm7),
            (Latin1, "é{}", Encoding::Gsm7),
            (Latin1, "€", Encoding::Ucs2),
            (Latin1, "ç", Encoding::Ucs2),
            (Ascii, "a@$", Encoding::Gsm7),
            (Ascii, "é", Encoding::Ucs2),
        ] {
            assert_eq!(charset.choose(text), encoding, "{charset} {text}");
        }
        let part = segment_as("é{", Encoding::Gsm7, Reference::Bits8(0))
            .unwrap()
            .parts
            .remove(0);
        assert_eq!(part.short_message(Latin1).unwrap(), [0xE9, b'{']);
        let error = part.short_message(Ascii).unwrap_err().to_string();
        assert_eq!(
            error,
            "'é' is not in the centre's default character set ascii: send the text as UCS-2"
        );
    }

    #[test]
    fn names_are_those_of_the_configuration() {
        for charset in DefaultCharset::ALL {
            assert_eq!(charset.to_string().parse(), Ok(charset));
        }
        let error = "utf8".parse::<DefaultCharset>().unwrap_err().to_string();
        assert_eq!(
            error,
            "\"utf8\" is no default character set: write gsm7, latin1, ascii or gsm7-packed"
        );
    }
}
