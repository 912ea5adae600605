use ozml_session::PhoneNumber;

use super::DestinationsSection;
use crate::fault::Scope;
use crate::prefix::read_prefix;

/// What the beginnings of numbers mean at home.
#[derive(Debug, Clone)]
pub(super) struct NumberingPlan {
    home: Box<str>,
    /// Longest first.
    trunks: Box<[Box<str>]>,
}

impl NumberingPlan {
    pub(super) fn new(section: &DestinationsSection, scope: &mut Scope<'_>) -> Self {
        let home = section.home.as_deref().unwrap_or_default();
        if section.home.is_some() && !is_country_code(home) {
            scope.fault("home", "a country code such as `+36` was expected");
        }
        if section.home.is_none() && !section.trunk.is_empty() {
            scope.fault(
                "trunk",
                "a trunk prefix needs the country code it stands for, in `home`",
            );
        }
        let mut trunks: Vec<Box<str>> = Vec::new();
        for written in &section.trunk {
            match read_prefix(written) {
                Ok(trunk) if is_trunk(&trunk) => trunks.push(trunk),
                _ => scope.fault(
                    "trunk",
                    "1 to 4 digits such as `06` were expected; `00` is known already",
                ),
            }
        }
        trunks.sort_by_key(|trunk| std::cmp::Reverse(trunk.len()));
        Self {
            home: home.into(),
            trunks: trunks.into(),
        }
    }

    /// The international form of a number; a number that has none stays as written.
    pub(super) fn normalise(&self, number: &PhoneNumber) -> PhoneNumber {
        self.international(number.as_str())
            .filter(|international| is_e164(international))
            .and_then(|international| PhoneNumber::new(&international).ok())
            .unwrap_or_else(|| number.clone())
    }

    /// What stands for `00` or a trunk prefix at the beginning; `None` where there is neither.
    pub(super) fn international(&self, written: &str) -> Option<String> {
        if let Some(abroad) = written.strip_prefix("00") {
            return Some(format!("+{abroad}"));
        }
        let national = self
            .trunks
            .iter()
            .find_map(|trunk| written.strip_prefix(&**trunk))?;
        Some(format!("{}{national}", self.home))
    }
}

/// Fewest digits of an international number. E.164 names none; shorter ones are short codes to us.
pub(super) const SHORTEST_INTERNATIONAL: usize = 7;

/// Most digits of an international number (E.164).
const LONGEST_INTERNATIONAL: usize = 15;

fn is_e164(written: &str) -> bool {
    written.strip_prefix('+').is_some_and(|digits| {
        (SHORTEST_INTERNATIONAL..=LONGEST_INTERNATIONAL).contains(&digits.len())
            && !digits.starts_with('0')
            && all_digits(digits)
    })
}

fn is_country_code(written: &str) -> bool {
    written.strip_prefix('+').is_some_and(|digits| {
        (1..=4).contains(&digits.len()) && !digits.starts_with('0') && all_digits(digits)
    })
}

fn is_trunk(written: &str) -> bool {
    (1..=4).contains(&written.len()) && all_digits(written) && !written.starts_with("00")
}

fn all_digits(written: &str) -> bool {
    written.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_international_where_they_can() {
        let section = DestinationsSection {
            home: Some("+36".into()),
            trunk: vec!["06".into()],
            ..DestinationsSection::default()
        };
        let mut faults = Vec::new();
        let plan = NumberingPlan::new(&section, &mut Scope::new(&[], &mut faults));
        assert_eq!(faults, []);
        for (written, normalised) in [
            ("06201234567", "+36201234567"),
            ("0049301234567", "+49301234567"),
            ("+36201234567", "+36201234567"),
            ("+062554670", "+062554670"),
            ("9994", "9994"),
            ("0612", "0612"),
            ("00061234567", "00061234567"),
            ("06*1234567", "06*1234567"),
            ("06201234567890123", "06201234567890123"),
        ] {
            let number = PhoneNumber::new(written).unwrap();
            assert_eq!(plan.normalise(&number).as_str(), normalised);
        }
    }
}
