//! The values of an information line.

/// The values behind the prefix, separated by commas; a comma inside quotes separates nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a>(&'a str);

impl<'a> Fields<'a> {
    /// Of a line that begins with `prefix`.
    pub(crate) fn of(line: &'a str, prefix: &str) -> Option<Self> {
        Some(Self(line.strip_prefix(prefix)?.trim()))
    }

    /// The values without their quotes.
    pub(crate) fn texts(self) -> impl Iterator<Item = &'a str> {
        self.written().map(|value| value.trim_matches('"'))
    }

    /// The value at `place`, counted from 0, without its quotes.
    pub(crate) fn text(self, place: usize) -> Option<&'a str> {
        self.texts().nth(place)
    }

    /// The number at `place`. Digits only, without quotes: what is quoted is another kind of value.
    pub(crate) fn number(self, place: usize) -> Option<u16> {
        let digits = self.written().nth(place)?;
        let is_number = digits.bytes().all(|octet| octet.is_ascii_digit());
        is_number.then(|| digits.parse().ok()).flatten()
    }

    /// How many there are.
    pub(crate) fn count(self) -> usize {
        self.written().count()
    }

    fn written(self) -> impl Iterator<Item = &'a str> {
        let mut quoted = false;
        self.0
            .split(move |character| {
                quoted ^= character == '"';
                character == ',' && !quoted
            })
            .map(str::trim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_separated_by_commas_outside_quotes() {
        let fields = Fields::of("+CMGL: 12, 1,\"a,b\",,23", "+CMGL:").unwrap();
        let texts: Vec<_> = fields.texts().collect();
        assert_eq!(texts, ["12", "1", "a,b", "", "23"]);
        assert_eq!((fields.number(0), fields.number(4)), (Some(12), Some(23)));
        assert_eq!(
            (fields.number(2), fields.number(3), fields.number(5)),
            (None, None, None)
        );
        assert!(Fields::of("+CMGR: 1", "+CMGL:").is_none());
    }

    #[test]
    fn numbers_are_digits() {
        for wrong in ["", "-1", "+1", "1x", "\"1\"", "65536", "1 2"] {
            assert_eq!(Fields(wrong).number(0), None, "{wrong}");
        }
    }
}
