use sha2::{Digest, Sha256};

/// What the duplicate guard remembers of a text: it finds the same text again and cannot be read. The same
/// on every machine, so it may be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TextHash(u64);

impl TextHash {
    /// The hash of a text.
    pub fn of(text: &str) -> Self {
        let hash: [u8; 32] = Sha256::digest(text).into();
        Self(
            hash.iter()
                .take(8)
                .fold(0, |value, byte| (value << 8) | u64::from(*byte)),
        )
    }

    /// From [`as_u64`](Self::as_u64).
    pub fn from_u64(value: u64) -> Self {
        Self(value)
    }

    /// For a store.
    pub fn as_u64(self) -> u64 {
        self.0
    }
}
