//! The GSM 7-bit alphabet of 3GPP TS 23.038 6.2.1: characters, septets (one an octet) and their
//! packing into octets (6.1.2.1).

pub use ozml_session::gsm_alphabet::ESCAPE;
use ozml_session::gsm_alphabet::{DEFAULT, EXTENSION};

/// Mark in [`CODES`]: the character needs [`ESCAPE`] before its septet.
const EXTENDED: u8 = 0x80;
/// Mark in [`CODES`]: no such character; no extension septet is 0x7F.
const MISSING: u8 = 0xFF;
/// Every character of the alphabet but the euro sign lies below this code point.
const CODES_LEN: usize = 0x400;
const EURO: u8 = EXTENDED | 0x65;

/// Septet by code point, with the two marks above.
static CODES: [u8; CODES_LEN] = codes();

#[allow(clippy::indexing_slicing)] // run by the compiler: a wrong index does not build
const fn codes() -> [u8; CODES_LEN] {
    let mut codes = [MISSING; CODES_LEN];
    let mut septet = 0;
    while septet < 0x80_u8 {
        if septet != ESCAPE {
            codes[DEFAULT[septet as usize] as usize] = septet;
        }
        septet += 1;
    }
    let mut row = 0;
    while row < EXTENSION.len() {
        let (septet, character) = EXTENSION[row];
        if (character as usize) < CODES_LEN {
            codes[character as usize] = EXTENDED | septet;
        }
        row += 1;
    }
    codes
}

/// A character that the alphabet lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{character:?} at byte {offset} is not in the GSM 7-bit alphabet: replace it or send the text as UCS-2"
)]
pub struct NotGsm7 {
    /// The first such character.
    pub character: char,
    /// Where it begins, in bytes of the text.
    pub offset: usize,
}

/// Septets a character takes: 1, 2 for an extension character, `None` when the alphabet lacks it.
pub fn width(character: char) -> Option<usize> {
    match code(character) {
        MISSING => None,
        code if code & EXTENDED != 0 => Some(2),
        _ => Some(1),
    }
}

/// The septets of a text, one an octet, extension characters as [`ESCAPE`] and a second septet.
pub fn encode(text: &str) -> Result<Vec<u8>, NotGsm7> {
    let mut septets = Vec::with_capacity(text.len());
    for (offset, character) in text.char_indices() {
        match code(character) {
            MISSING => return Err(NotGsm7 { character, offset }),
            code if code & EXTENDED != 0 => septets.extend([ESCAPE, code & !EXTENDED]),
            code => septets.push(code),
        }
    }
    Ok(septets)
}

/// The text of septets that stand one an octet.
///
/// Tolerant, as 6.2.1.1 asks of receivers: an unknown extension septet shows the basic character, a
/// doubled escape or one at the very end a space. An octet above 0x7F is no septet and shows U+FFFD.
pub fn decode(septets: &[u8]) -> String {
    let mut text = String::with_capacity(septets.len());
    let mut septets = septets.iter().copied();
    while let Some(septet) = septets.next() {
        text.push(if septet == ESCAPE {
            extended(septets.next())
        } else {
            basic(septet)
        });
    }
    text
}

/// Bits between a header of so many octets and the next septet boundary (3GPP TS 23.040 9.2.3.24).
pub const fn fill_bits(header_octets: usize) -> u32 {
    match header_octets % 7 {
        0 => 0,
        octets => 7 - octets as u32,
    }
}

/// Packs septets, the first behind `fill_bits` zero bits (0 to 7, see [`fill_bits()`]).
/// The spare bits of the last octet are zero; a septet's top bit is ignored.
pub fn pack(septets: &[u8], fill_bits: u32) -> Vec<u8> {
    let mut bits = fill_bits & 7;
    let mut pending = 0_u64;
    let mut octets = Vec::with_capacity((septets.len() * 7 + bits as usize).div_ceil(8));
    let (groups, rest) = septets.as_chunks::<8>();
    for group in groups {
        pending |= eight_septets(group) << bits;
        let [head @ .., last] = pending.to_le_bytes();
        octets.extend(head);
        pending = u64::from(last);
    }
    for septet in rest {
        pending |= u64::from(septet & 0x7F) << bits;
        bits += 7;
        if bits >= 8 {
            octets.push(pending as u8);
            pending >>= 8;
            bits -= 8;
        }
    }
    if bits > 0 {
        octets.push(pending as u8);
    }
    octets
}

/// Unpacks at most `count` septets, the first behind `fill_bits` bits (0 to 7). Where the octets end
/// early there are fewer.
pub fn unpack(octets: &[u8], fill_bits: u32, count: usize) -> Vec<u8> {
    let mut septets = Vec::with_capacity(count.min(capacity(octets.len(), fill_bits)));
    let mut skip = fill_bits & 7;
    let (mut pending, mut bits) = (0_u32, 0);
    for octet in octets {
        pending |= (u32::from(*octet) >> skip) << bits;
        bits += 8 - skip;
        skip = 0;
        while bits >= 7 && septets.len() < count {
            septets.push((pending & 0x7F) as u8);
            pending >>= 7;
            bits -= 7;
        }
        if septets.len() == count {
            break;
        }
    }
    septets
}

/// Whole septets that so many octets can hold behind `fill_bits` bits (0 to 7).
pub const fn capacity(octets: usize, fill_bits: u32) -> usize {
    octets.saturating_mul(8).saturating_sub((fill_bits & 7) as usize) / 7
}

fn code(character: char) -> u8 {
    match CODES.get(character as usize) {
        Some(code) => *code,
        None if character == '€' => EURO,
        None => MISSING,
    }
}

fn basic(septet: u8) -> char {
    DEFAULT
        .get(usize::from(septet))
        .copied()
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn extended(septet: Option<u8>) -> char {
    match septet {
        None | Some(ESCAPE) => ' ',
        Some(septet) => EXTENSION
            .iter()
            .find(|(known, _)| *known == septet)
            .map_or_else(|| basic(septet), |(_, character)| *character),
    }
}

/// Eight septets as one number of 56 bits, the first lowest.
fn eight_septets(group: &[u8; 8]) -> u64 {
    group
        .iter()
        .rev()
        .fold(0, |number, septet| number << 7 | u64::from(septet & 0x7F))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_search(character: char) -> Option<Vec<u8>> {
        let basic = DEFAULT
            .iter()
            .zip(0_u8..)
            .find(|(known, septet)| **known == character && *septet != ESCAPE);
        let extended = || EXTENSION.iter().find(|(_, known)| *known == character);
        basic
            .map(|(_, septet)| vec![septet])
            .or_else(|| extended().map(|(septet, _)| vec![ESCAPE, *septet]))
    }

    #[test]
    fn every_character_of_unicode_has_the_code_of_the_tables() {
        let mut inside = 0;
        for character in (0..=0x0010_FFFF).filter_map(char::from_u32) {
            let expected = by_search(character);
            inside += usize::from(expected.is_some());
            assert_eq!(width(character), expected.as_ref().map(Vec::len), "{character:?}");
            assert_eq!(
                encode(character.encode_utf8(&mut [0; 4])).ok(),
                expected,
                "{character:?}"
            );
        }
        assert_eq!(inside, 127 + 10);
    }

    #[test]
    fn the_traps_are_outside() {
        for character in "`çőűáíóúąčščž‘’“”–—…\u{a0}\t".chars() {
            assert_eq!(width(character), None, "{character:?}");
        }
        for character in "ÇñàéöüΔ".chars() {
            assert_eq!(width(character), Some(1), "{character:?}");
        }
    }

    #[test]
    fn the_error_names_character_and_place() {
        let error = encode("né`").unwrap_err();
        assert_eq!(
            error,
            NotGsm7 {
                character: '`',
                offset: 3
            }
        );
        assert_eq!(
            error.to_string(),
            "'`' at byte 3 is not in the GSM 7-bit alphabet: replace it or send the text as UCS-2"
        );
    }

    #[test]
    fn reading_is_tolerant() {
        for (septets, text) in [
            (&[0x1B, 0x65][..], "€"),
            (&[0x1B, 0x41, 0x42], "AB"),
            (&[0x41, 0x1B], "A "),
            (&[0x1B, 0x1B, 0x65], " e"),
            (&[0x41, 0xC1], "A\u{fffd}"),
        ] {
            assert_eq!(decode(septets), text, "{septets:02X?}");
        }
    }

    #[test]
    fn capacity_is_the_number_of_septets_unpacked() {
        for octets in 0..300 {
            for fill in 0..8 {
                let all = unpack(&vec![0xFF; octets], fill, usize::MAX);
                assert_eq!(
                    capacity(octets, fill),
                    all.len(),
                    "{octets} octets behind {fill} bits"
                );
            }
        }
    }
}
