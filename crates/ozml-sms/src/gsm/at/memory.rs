//! Places where a modem keeps messages.

use std::fmt;

/// Names a memory, such as `SM` (3GPP TS 27.005 3.1). Two capital letters, whoever says so: the name is written into
/// commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Memory([u8; 2]);

impl Memory {
    /// The SIM card.
    pub(crate) const SIM: Self = Self(*b"SM");
    /// The modem.
    pub(crate) const MODEM: Self = Self(*b"ME");
    /// Both.
    pub(crate) const BOTH: Self = Self(*b"MT");

    /// Checks the form.
    pub(crate) fn new(name: &str) -> Option<Self> {
        let name: [u8; 2] = name.as_bytes().try_into().ok()?;
        name.iter().all(u8::is_ascii_uppercase).then_some(Self(name))
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|octet| write!(f, "{}", char::from(*octet)))
    }
}

/// One place in a memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot {
    pub(crate) memory: Memory,
    pub(crate) index: u16,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_is_named_by_two_capital_letters() {
        assert_eq!(Memory::new("SM").unwrap().to_string(), "SM");
        for wrong in ["", "S", "sm", "S\"", "S1", "SIM", "S\r"] {
            assert_eq!(Memory::new(wrong), None, "{wrong:?}");
        }
    }
}
