//! Finding the message a receipt speaks of: a centre may give an id in hexadecimal and its receipt in
//! decimal, or the reverse, with or without leading zeros, in either case of letters.

/// An id as it is compared: case folded, leading zeros dropped.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct CanonicalId(String);

impl CanonicalId {
    pub(crate) fn new(id: &str) -> Self {
        let folded = id.trim().to_ascii_lowercase();
        let short = folded.trim_start_matches('0');
        Self(if short.is_empty() && !folded.is_empty() {
            "0".to_owned()
        } else {
            short.to_owned()
        })
    }

    /// The ids this one may be compared with: itself, then itself from decimal to hexadecimal and the
    /// reverse, where it is such a number.
    pub(crate) fn readings(&self) -> impl Iterator<Item = Self> + use<> {
        let hexadecimal = self.number(10).map(|number| Self(format!("{number:x}")));
        let decimal = self.number(16).map(|number| Self(number.to_string()));
        [Some(self.clone()), hexadecimal, decimal].into_iter().flatten()
    }

    fn number(&self, radix: u32) -> Option<u128> {
        let digits = self.0.bytes().all(|octet| char::from(octet).is_digit(radix));
        u128::from_str_radix(&self.0, radix).ok().filter(|_| digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_leading_zeros_do_not_count() {
        assert_eq!(CanonicalId::new("00A1b"), CanonicalId::new("a1B"));
        assert_eq!(CanonicalId::new("000"), CanonicalId::new("0"));
        assert_ne!(CanonicalId::new(""), CanonicalId::new("0"));
    }

    #[test]
    fn ids_are_read_in_both_bases() {
        for (receipt, response) in [
            ("2588012738", "9A41F0C2"),
            ("9a41f0c2", "2588012738"),
            ("0010", "A"),
            ("7", "07"),
        ] {
            let response = CanonicalId::new(response);
            assert!(
                CanonicalId::new(receipt).readings().any(|id| id == response),
                "{receipt}"
            );
        }
        let readings: Vec<_> = CanonicalId::new("msg-1").readings().collect();
        assert_eq!(readings, [CanonicalId::new("msg-1")]);
        assert_eq!(CanonicalId::new(&"f".repeat(65)).readings().count(), 1);
        assert_eq!(CanonicalId::new("+1").readings().count(), 1);
    }
}
