use std::fmt;

use crate::Invalid;

/// One key of a telephone: `0-9 * # A-D`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u8);

const KEYS: &[u8; 16] = b"0123456789*#ABCD";

impl Key {
    /// Reads a key; `a-d` are taken as `A-D`.
    pub fn new(character: char) -> Result<Self, Invalid> {
        let upper = character.to_ascii_uppercase();
        match u8::try_from(upper) {
            Ok(byte) if KEYS.contains(&byte) => Ok(Self(byte)),
            _ => Err(Invalid::new(format!(
                "`{}` is no telephone key (0-9, *, #, A-D)",
                character.escape_debug()
            ))),
        }
    }

    /// The key as a character.
    pub fn as_char(self) -> char {
        char::from(self.0)
    }

    fn bit(self) -> u16 {
        let index = KEYS.iter().position(|key| *key == self.0).unwrap_or(0);
        1u16.wrapping_shl(u32::try_from(index).unwrap_or(0))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_char())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.as_char())
    }
}

/// A row of keys, at most [`Digits::MAX`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Digits(Vec<Key>);

impl Digits {
    /// Most keys in a row, the size of the engine's digit buffer (`spec`: call session 5).
    pub const MAX: usize = 64;

    /// Reads a row of keys; the empty row is allowed.
    pub fn new(keys: &str) -> Result<Self, Invalid> {
        let keys = keys.chars().map(Key::new).collect::<Result<Vec<_>, _>>()?;
        if keys.len() > Self::MAX {
            return Err(Invalid::new(format!(
                "at most {} keys, these are {}",
                Self::MAX,
                keys.len()
            )));
        }
        Ok(Self(keys))
    }

    /// The keys in order.
    pub fn keys(&self) -> &[Key] {
        &self.0
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|key| fmt::Display::fmt(key, f))
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digits({self})")
    }
}

/// The set of keys that stop a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StopOn(u16);

impl StopOn {
    /// No key stops the prompt.
    pub const NONE: Self = Self(0);
    /// Every key stops the prompt.
    pub const ANY: Self = Self(u16::MAX);

    /// The set of the given keys.
    pub fn keys(keys: &[Key]) -> Self {
        Self(keys.iter().fold(0, |set, key| set | key.bit()))
    }

    /// Whether `key` is in the set.
    pub fn contains(self, key: Key) -> bool {
        self.0 & key.bit() != 0
    }

    /// Whether the set is empty.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_keys_and_no_other() {
        let all: String = "0123456789*#ABCD".into();
        assert_eq!(Digits::new(&all).unwrap().to_string(), all);
        assert_eq!(Key::new('b').unwrap().as_char(), 'B');
        assert!(Key::new('E').is_err() && Key::new('é').is_err());
        assert!(Digits::new(&"1".repeat(65)).is_err());
    }

    #[test]
    fn a_set_holds_its_keys_only() {
        let set = StopOn::keys(Digits::new("1#").unwrap().keys());
        assert!(set.contains(Key::new('#').unwrap()) && !set.contains(Key::new('2').unwrap()));
        assert!(StopOn::ANY.contains(Key::new('D').unwrap()) && StopOn::NONE.is_none());
    }
}
