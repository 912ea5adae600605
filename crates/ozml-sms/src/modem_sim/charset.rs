//! How texts are written on the line (AT+CSCS, 3GPP TS 27.007 5.5).

use crate::text::{gsm7, ucs2};

/// The character set of texts and numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    /// The septets of TS 23.038, one an octet.
    Gsm,
    /// The same in hexadecimal.
    Hex,
    /// ASCII.
    Ira,
    /// UCS-2 in hexadecimal.
    Ucs2,
    Utf8,
}

impl Charset {
    pub(super) const ALL: [Self; 5] = [Self::Gsm, Self::Hex, Self::Ira, Self::Ucs2, Self::Utf8];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gsm => "GSM",
            Self::Hex => "HEX",
            Self::Ira => "IRA",
            Self::Ucs2 => "UCS2",
            Self::Utf8 => "UTF-8",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|set| set.name().eq_ignore_ascii_case(name))
    }

    /// The text of octets that came; `None` when they are not of this set.
    pub(super) fn read(self, octets: &[u8]) -> Option<String> {
        match self {
            Self::Gsm => Some(gsm7::decode(octets)),
            Self::Hex => Some(gsm7::decode(&from_hex(octets)?)),
            Self::Ira => octets
                .is_ascii()
                .then(|| String::from_utf8_lossy(octets).into_owned()),
            Self::Ucs2 => Some(ucs2::decode(&from_hex(octets)?)),
            Self::Utf8 => String::from_utf8(octets.to_vec()).ok(),
        }
    }

    /// How a text stands on the line; what the set does not have shows as a question mark.
    pub(super) fn write(self, text: &str) -> String {
        match self {
            Self::Gsm => septets(text).into_iter().map(char::from).collect(),
            Self::Hex => to_hex(&septets(text)),
            Self::Ira => text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect(),
            Self::Ucs2 => to_hex(&ucs2::encode(text)),
            Self::Utf8 => text.to_owned(),
        }
    }
}

fn septets(text: &str) -> Vec<u8> {
    let septets = |c: char| gsm7::encode(c.encode_utf8(&mut [0; 4])).unwrap_or_else(|_| vec![b'?']);
    text.chars().flat_map(septets).collect()
}

/// The octets behind hexadecimal digits; `None` when they are none, or an odd number.
pub(super) fn from_hex(digits: &[u8]) -> Option<Vec<u8>> {
    let value = |digit: u8| {
        char::from(digit)
            .to_digit(16)
            .and_then(|value| u8::try_from(value).ok())
    };
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    pairs
        .iter()
        .map(|[high, low]| Some(value(*high)? << 4 | value(*low)?))
        .collect()
}

/// Hexadecimal digits in capitals.
pub(super) fn to_hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_and_read_in_every_set() {
        for (set, text, written) in [
            (Charset::Gsm, "@ é €", "\0 \x05 \x1be"),
            (Charset::Hex, "@é", "0005"),
            (Charset::Ira, "Hello", "Hello"),
            (Charset::Ucs2, "ű", "0171"),
            (Charset::Utf8, "ű", "ű"),
        ] {
            assert_eq!(set.write(text), written);
            assert_eq!(set.read(written.as_bytes()).as_deref(), Some(text));
            assert_eq!(Charset::named(set.name()), Some(set));
        }
        assert_eq!(
            (Charset::Ira.write("ű"), Charset::Gsm.write("ű")),
            ("?".to_owned(), "?".to_owned())
        );
        for wrong in [&b"1"[..], b"1x", "ű".as_bytes()] {
            assert_eq!(Charset::Ucs2.read(wrong), None);
        }
    }
}
