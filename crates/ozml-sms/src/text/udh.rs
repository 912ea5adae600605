//! The User Data Header of 3GPP TS 23.040 9.2.3.24: its elements, and the one that numbers the parts
//! of a message.

use std::fmt;

/// Element identifier of a concatenation with an 8-bit reference (9.2.3.24.1).
const CONCATENATED_8: u8 = 0x00;
/// Element identifier of a concatenation with a 16-bit reference (9.2.3.24.8).
const CONCATENATED_16: u8 = 0x08;

/// How many bits a [`Reference`] has. A 16-bit one costs one octet of text in each part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum ReferenceWidth {
    /// Known to every handset.
    #[default]
    Bits8,
    /// Repeats after 65,536 messages only.
    Bits16,
}

/// The number that ties the parts of one message together. Whoever counts it counts for each route and
/// destination; random 8-bit references collide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// An 8-bit reference.
    Bits8(u8),
    /// A 16-bit reference.
    Bits16(u16),
}

impl Reference {
    /// The width.
    pub const fn width(self) -> ReferenceWidth {
        match self {
            Self::Bits8(_) => ReferenceWidth::Bits8,
            Self::Bits16(_) => ReferenceWidth::Bits16,
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bits8(reference) => write!(f, "{reference:#04x}"),
            Self::Bits16(reference) => write!(f, "{reference:#06x}"),
        }
    }
}

/// Which part of which message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Concatenation {
    /// The message.
    pub reference: Reference,
    /// Parts of the message, at least 1.
    pub total: u8,
    /// This part, 1 to `total`.
    pub number: u8,
}

impl Concatenation {
    /// `None` where the standard tells receivers to ignore it: a number of 0 or above the total.
    pub fn new(reference: Reference, total: u8, number: u8) -> Option<Self> {
        (1..=total).contains(&number).then_some(Self {
            reference,
            total,
            number,
        })
    }

    /// A whole header with this element alone, its length octet first: 6 octets, 7 with a 16-bit
    /// reference.
    pub fn to_header(self) -> Vec<u8> {
        let Self {
            reference,
            total,
            number,
        } = self;
        match reference {
            Reference::Bits8(reference) => vec![5, CONCATENATED_8, 3, reference, total, number],
            Reference::Bits16(reference) => {
                let [high, low] = reference.to_be_bytes();
                vec![6, CONCATENATED_16, 4, high, low, total, number]
            }
        }
    }

    /// Octets of [`to_header`](Self::to_header).
    pub const fn header_octets(self) -> usize {
        match self.reference {
            Reference::Bits8(_) => 6,
            Reference::Bits16(_) => 7,
        }
    }

    fn from_element(element: &Element) -> Option<Self> {
        let (reference, total, number) = match (element.id, element.data.as_slice()) {
            (CONCATENATED_8, &[reference, total, number]) => (Reference::Bits8(reference), total, number),
            (CONCATENATED_16, &[high, low, total, number]) => {
                (Reference::Bits16(u16::from_be_bytes([high, low])), total, number)
            }
            _ => return None,
        };
        Self::new(reference, total, number)
    }
}

/// One element of a header.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Element {
    /// The identifier (IEI).
    pub id: u8,
    /// The octets behind the length.
    pub data: Vec<u8>,
}

/// What is wrong with a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// Read: the message is flagged to have a header, and has no octet.
    #[error("a user data header was announced, but the message is empty")]
    Missing,
    /// Read: the header would run beyond the message.
    #[error("the user data header says it has {stated} octets, but only {found} follow")]
    Truncated {
        /// Octets by the length octet.
        stated: usize,
        /// Octets behind the length octet.
        found: usize,
    },
    /// Written: the length octet cannot express it.
    #[error("a user data header of {found} octets was asked for, at most 255 fit: leave out an element")]
    TooLong {
        /// Octets behind the length octet.
        found: usize,
    },
}

/// A header: elements in their order, unknown ones included.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct UserDataHeader {
    /// The elements.
    pub elements: Vec<Element>,
}

impl UserDataHeader {
    /// Reads the header at the start of `octets`, the length octet first, and gives what follows it.
    ///
    /// An element that does not end inside the header is dropped: the length octet says where the text
    /// begins, so a bad element costs itself only.
    pub fn read(octets: &[u8]) -> Result<(Self, &[u8]), HeaderError> {
        let (&length, rest) = octets.split_first().ok_or(HeaderError::Missing)?;
        let stated = usize::from(length);
        let (mut header, rest) = rest.split_at_checked(stated).ok_or(HeaderError::Truncated {
            stated,
            found: rest.len(),
        })?;
        let mut elements = Vec::new();
        while let [id, length, tail @ ..] = header {
            let Some((data, next)) = tail.split_at_checked(usize::from(*length)) else {
                break;
            };
            elements.push(Element {
                id: *id,
                data: data.to_vec(),
            });
            header = next;
        }
        Ok((Self { elements }, rest))
    }

    /// The same where a message `has_header`, else a header without elements and all octets.
    pub(crate) fn read_if(has_header: bool, octets: &[u8]) -> Result<(Self, &[u8]), HeaderError> {
        if has_header {
            Self::read(octets)
        } else {
            Ok((Self::default(), octets))
        }
    }

    /// The octets of the header, the length octet first.
    pub fn to_octets(&self) -> Result<Vec<u8>, HeaderError> {
        let found = self
            .elements
            .iter()
            .map(|element| element.data.len().saturating_add(2))
            .sum();
        let too_long = HeaderError::TooLong { found };
        let mut octets = vec![u8::try_from(found).map_err(|_| too_long)?];
        for Element { id, data } in &self.elements {
            octets.extend([*id, u8::try_from(data.len()).map_err(|_| too_long)?]);
            octets.extend(data);
        }
        Ok(octets)
    }

    /// Which part this is; the last such element counts, as 9.2.3.24 asks. `None` for a message of its
    /// own, and where the numbers make no sense.
    pub fn concatenation(&self) -> Option<Concatenation> {
        self.elements.iter().rev().find_map(Concatenation::from_element)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: Concatenation = Concatenation {
        reference: Reference::Bits8(0x2A),
        total: 3,
        number: 2,
    };

    #[test]
    fn unknown_elements_are_kept_and_passed_over() {
        let octets = [
            0x0B, 0x05, 0x04, 0x0B, 0x84, 0x23, 0xF0, 0x00, 0x03, 0x2A, 0x03, 0x02, b'x',
        ];
        let (header, rest) = UserDataHeader::read(&octets).unwrap();
        assert_eq!(
            header.elements[0],
            Element {
                id: 5,
                data: vec![0x0B, 0x84, 0x23, 0xF0]
            }
        );
        assert_eq!(header.concatenation(), Some(PART));
        assert_eq!(rest, b"x");
    }

    #[test]
    fn a_bad_element_costs_itself_only() {
        for header in [
            &[0x06, 0x00, 0x03, 0x2A, 0x03, 0x02, 0x24][..],
            &[0x08, 0x00, 0x03, 0x2A, 0x03, 0x02, 0x24, 0x09, 0x01],
        ] {
            let mut octets = header.to_vec();
            octets.push(b'x');
            let (read, rest) = UserDataHeader::read(&octets).unwrap();
            assert_eq!(
                (read.concatenation(), rest),
                (Some(PART), &b"x"[..]),
                "{header:02X?}"
            );
        }
    }

    #[test]
    fn senseless_numbers_are_ignored_and_the_last_element_counts() {
        for element in [
            &[0x05, 0x00, 0x03, 0x2A, 0x03, 0x00][..],
            &[0x05, 0x00, 0x03, 0x2A, 0x00, 0x00],
            &[0x05, 0x00, 0x03, 0x2A, 0x02, 0x03],
            &[0x06, 0x00, 0x04, 0x2A, 0x02, 0x01, 0x01],
        ] {
            assert_eq!(
                UserDataHeader::read(element).unwrap().0.concatenation(),
                None,
                "{element:02X?}"
            );
        }
        let twice = [0x0A, 0x00, 0x03, 0x11, 0x03, 0x01, 0x00, 0x03, 0x2A, 0x03, 0x02];
        assert_eq!(
            UserDataHeader::read(&twice).unwrap().0.concatenation(),
            Some(PART)
        );
    }

    #[test]
    fn a_header_beyond_the_message_is_an_error() {
        assert_eq!(UserDataHeader::read(&[]), Err(HeaderError::Missing));
        assert_eq!(
            UserDataHeader::read(&[5, 0, 3]).unwrap_err().to_string(),
            "the user data header says it has 5 octets, but only 2 follow"
        );
        let long = UserDataHeader {
            elements: vec![Element {
                id: 5,
                data: vec![0; 254],
            }],
        };
        assert_eq!(long.to_octets(), Err(HeaderError::TooLong { found: 256 }));
    }
}
