//! The one checked reader for bodies that come in. More tolerant than the codec on purpose: peers send
//! Latin-1 in addresses, ids that are too long, and dates of any length.

/// What is left of a body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Octets<'a>(pub(crate) &'a [u8]);

impl<'a> Octets<'a> {
    pub(crate) fn octet(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(crate) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes([self.octet()?, self.octet()?]))
    }

    /// A C-octet string without its NUL, of any length.
    pub(crate) fn c_string(&mut self) -> Option<&'a [u8]> {
        let end = self.0.iter().position(|octet| *octet == 0)?;
        let text = self.take(end)?;
        self.octet()?;
        Some(text)
    }

    /// The TLVs that follow; ends at the first that is cut off.
    pub(crate) fn tlvs(mut self) -> impl Iterator<Item = (u16, &'a [u8])> {
        std::iter::from_fn(move || {
            let tag = self.u16()?;
            let length = self.u16()?;
            Some((tag, self.take(usize::from(length))?))
        })
    }
}

/// Octets as text: UTF-8's ASCII part, else each octet one Latin-1 character.
pub(crate) fn latin1(octets: &[u8]) -> String {
    octets.iter().map(|octet| char::from(*octet)).collect()
}

/// A C-octet string of a TLV: up to its NUL, which some peers leave out.
pub(crate) fn tlv_text(value: &[u8]) -> String {
    latin1(value.split(|octet| *octet == 0).next().unwrap_or_default())
}
