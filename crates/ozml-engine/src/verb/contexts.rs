use std::fmt;
use std::ops::BitOr;

/// Where a verb may be used (OzML reference: all commands). A set of the letters E, T, R, M, H.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contexts(u8);

impl Contexts {
    /// Nowhere.
    pub const NONE: Self = Self(0);
    /// On a call that an API extension handles.
    pub const E: Self = Self(1);
    /// Third-party control of a call between two others.
    pub const T: Self = Self(1 << 1);
    /// A routing decision.
    pub const R: Self = Self(1 << 2);
    /// A messaging script without a call.
    pub const M: Self = Self(1 << 3);
    /// A command of the HTTP API.
    pub const H: Self = Self(1 << 4);
    /// Everywhere a script runs.
    pub const SCRIPTS: Self = Self(0b1111);

    const LETTERS: [(Self, &'static str); 5] = [
        (Self::E, "E"),
        (Self::T, "T"),
        (Self::R, "R"),
        (Self::M, "M"),
        (Self::H, "H"),
    ];

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` is in this set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether one of `other` is in this set.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Contexts {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.and(other)
    }
}

impl fmt::Display for Contexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters: Vec<_> = Self::LETTERS
            .iter()
            .filter(|(set, _)| self.contains(*set))
            .map(|(_, letter)| *letter)
            .collect();
        f.write_str(&letters.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_print_their_letters() {
        assert_eq!((Contexts::E | Contexts::M | Contexts::H).to_string(), "E M H");
        assert!(Contexts::SCRIPTS.contains(Contexts::R) && !Contexts::SCRIPTS.contains(Contexts::H));
    }
}
