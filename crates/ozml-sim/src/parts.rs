use ozml_session::{SmsEncoding, gsm_alphabet};

/// The alphabet and the number of parts of a text (3GPP TS 23.038; 153 septets or 67 units in a part of
/// many). A test holds it against the segmentation of the real transports.
pub(crate) fn parts(text: &str) -> (SmsEncoding, usize) {
    let septets: Option<Vec<usize>> = text.chars().map(septets_of).collect();
    match septets {
        Some(widths) => (SmsEncoding::Gsm7, fill(widths.into_iter(), 160, 153)),
        None => (SmsEncoding::Ucs2, fill(text.chars().map(char::len_utf16), 70, 67)),
    }
}

fn septets_of(character: char) -> Option<usize> {
    let extended = gsm_alphabet::EXTENSION
        .iter()
        .any(|(_, known)| *known == character);
    match (gsm_alphabet::is_default(character), extended) {
        (true, _) => Some(1),
        (false, true) => Some(2),
        _ => None,
    }
}

fn fill(widths: impl Iterator<Item = usize> + Clone, single: usize, of_many: usize) -> usize {
    if widths.clone().sum::<usize>() <= single {
        return 1;
    }
    let (mut parts, mut used) = (1usize, 0usize);
    for width in widths {
        used = used.saturating_add(width);
        if used > of_many {
            parts = parts.saturating_add(1);
            used = width;
        }
    }
    parts
}
