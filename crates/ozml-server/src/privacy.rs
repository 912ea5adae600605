//! What logs show of numbers and texts. Everything that is logged goes through here.

use std::borrow::Cow;

use crate::config::{PrivacySection, Shown};

/// Digits of a masked number that are shown.
const SHOWN_DIGITS: usize = 3;
const MASK: &str = "•••";

/// What logs may show. The default masks everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Privacy {
    numbers: Shown,
    texts: Shown,
}

impl From<PrivacySection> for Privacy {
    fn from(section: PrivacySection) -> Self {
        Self {
            numbers: section.numbers,
            texts: section.texts,
        }
    }
}

impl Privacy {
    /// A phone number, or the beginning of one.
    pub fn number<'n>(self, number: &'n str) -> Cow<'n, str> {
        match self.numbers {
            Shown::Shown => number.into(),
            Shown::Masked => masked_number(number).into(),
        }
    }

    /// What a message says. A masked text shows its length.
    pub fn text<'t>(self, text: &'t str) -> Cow<'t, str> {
        match self.texts {
            Shown::Shown => text.into(),
            Shown::Masked => format!("{MASK} ({} characters)", text.chars().count()).into(),
        }
    }
}

/// A number of which the last three digits are left, and nothing when it has no more than these.
pub fn masked_number(number: &str) -> String {
    match number.char_indices().rev().nth(SHOWN_DIGITS.saturating_sub(1)) {
        Some((begin, _)) if begin > 0 => {
            let (_, end) = number.split_at(begin);
            format!("{MASK}{end}")
        }
        _ => MASK.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_three_digits_of_a_number_are_left() {
        for (number, masked) in [
            ("+36201234567", "•••567"),
            ("9994", "•••994"),
            ("112", "•••"),
            ("", "•••"),
            ("Büro7ő€", "•••7ő€"),
        ] {
            assert_eq!(masked_number(number), masked);
        }
    }

    #[test]
    fn what_is_shown_is_as_the_section_says() {
        let masked = Privacy::default();
        assert_eq!(masked.text("Your code is 1234"), "••• (17 characters)");
        assert_eq!(masked.number("+36201234567"), "•••567");
        let open = Privacy::from(PrivacySection {
            texts: Shown::Shown,
            numbers: Shown::Shown,
            ..PrivacySection::default()
        });
        assert_eq!(
            (open.text("Hello"), open.number("+36201234567")),
            ("Hello".into(), "+36201234567".into())
        );
    }
}
