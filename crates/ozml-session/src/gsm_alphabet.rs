//! The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038 6.2.1 and 6.2.1.1).
//!
//! Here because an alphanumeric [`SenderId`](crate::SenderId) is checked against it; encoding and
//! segmentation stand in `ozml-sms`.

/// The escape septet: the next septet is read from [`EXTENSION`].
pub const ESCAPE: u8 = 0x1B;

/// The default alphabet, indexed by septet. The escape position holds a no-break space, as the
/// standard asks receivers to show it.
pub const DEFAULT: [char; 128] = [
    '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å', 'Δ', '_', 'Φ', 'Γ',
    'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', '\u{a0}', 'Æ', 'æ', 'ß', 'É', ' ', '!', '"', '#', '¤', '%', '&', '\'',
    '(', ')', '*', '+', ',', '-', '.', '/', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<',
    '=', '>', '?', '¡', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q',
    'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'Ä', 'Ö', 'Ñ', 'Ü', '§', '¿', 'a', 'b', 'c', 'd', 'e', 'f',
    'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 'ä',
    'ö', 'ñ', 'ü', 'à',
];

/// The extension table: the septet that follows [`ESCAPE`], and its character.
pub const EXTENSION: [(u8, char); 10] = [
    (0x0A, '\u{0c}'),
    (0x14, '^'),
    (0x28, '{'),
    (0x29, '}'),
    (0x2F, '\\'),
    (0x3C, '['),
    (0x3D, '~'),
    (0x3E, ']'),
    (0x40, '|'),
    (0x65, '€'),
];

/// Whether the default alphabet (without extensions) holds `character`.
pub fn is_default(character: char) -> bool {
    character != '\u{a0}' && DEFAULT.contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_its_landmarks() {
        assert_eq!(DEFAULT[0x09], 'Ç');
        assert_eq!(DEFAULT[0x41], 'A');
        assert_eq!(DEFAULT[0x7F], 'à');
        assert!(is_default('@') && !is_default('ç') && !is_default('\u{a0}'));
    }
}
