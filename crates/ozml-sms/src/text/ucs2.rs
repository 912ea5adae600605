//! UCS-2 of 3GPP TS 23.038 6.2.3, big-endian. Characters outside the basic plane go as UTF-16
//! surrogate pairs although the name says UCS-2: handsets take them.

/// The octets of a text, two for each 16-bit unit.
pub fn encode(text: &str) -> Vec<u8> {
    let mut octets = Vec::with_capacity(text.len() * 2);
    for unit in text.encode_utf16() {
        octets.extend(unit.to_be_bytes());
    }
    octets
}

/// The text of the octets. Lone surrogates and an odd last octet show U+FFFD.
pub fn decode(octets: &[u8]) -> String {
    let (units, odd) = octets.as_chunks::<2>();
    let units = units.iter().map(|unit| u16::from_be_bytes(*unit));
    let mut text: String = char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    if !odd.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
}

/// Whether a 16-bit unit is the first half of a surrogate pair.
pub const fn is_high_surrogate(unit: u16) -> bool {
    matches!(unit, 0xD800..=0xDBFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_units_are_replaced_and_nothing_else() {
        for (octets, text) in [
            (&[0xD8, 0x3D, 0xDE, 0x00][..], "😀"),
            (&[0x00, 0x41, 0xD8, 0x3D], "A\u{fffd}"),
            (&[0xDE, 0x00, 0x00, 0x41], "\u{fffd}A"),
            (&[0xD8, 0x3D, 0x00, 0x41], "\u{fffd}A"),
            (&[0x00, 0x41, 0x00], "A\u{fffd}"),
        ] {
            assert_eq!(decode(octets), text, "{octets:02X?}");
        }
    }
}
