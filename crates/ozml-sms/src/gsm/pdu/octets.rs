//! Taking a PDU apart octet by octet.

use super::MESSAGE_TYPE;
use super::error::PduError;

/// The octets of a PDU and how far they are read. Every read names its field, for the error.
#[derive(Debug)]
pub(super) struct Octets<'a> {
    total: usize,
    rest: &'a [u8],
}

impl<'a> Octets<'a> {
    pub(super) fn new(octets: &'a [u8]) -> Self {
        Self {
            total: octets.len(),
            rest: octets,
        }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// What is not read yet.
    pub(super) fn into_rest(self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn octet(&mut self, field: &'static str) -> Result<u8, PduError> {
        self.array(field).map(|[octet]| octet)
    }

    pub(super) fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], PduError> {
        let (octets, rest) = self.rest.split_first_chunk().ok_or(self.truncated(field))?;
        self.rest = rest;
        Ok(*octets)
    }

    pub(super) fn slice(&mut self, length: usize, field: &'static str) -> Result<&'a [u8], PduError> {
        let (octets, rest) = self.rest.split_at_checked(length).ok_or(self.truncated(field))?;
        self.rest = rest;
        Ok(octets)
    }

    /// The first octet of a TPDU, whose TP-MTI must be one of `types`.
    pub(super) fn first(&mut self, types: &[u8], expected: &'static str) -> Result<u8, PduError> {
        let first = self.octet("the first octet")?;
        let found = first & MESSAGE_TYPE;
        if types.contains(&found) {
            Ok(first)
        } else {
            Err(PduError::WrongType { found, expected })
        }
    }

    fn truncated(&self, field: &'static str) -> PduError {
        PduError::Truncated {
            field,
            octets: self.total,
        }
    }
}

/// `bit` where it is `set`, for first octets.
pub(super) const fn flag(set: bool, bit: u8) -> u8 {
    if set { bit } else { 0 }
}
