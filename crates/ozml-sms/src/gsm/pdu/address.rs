//! Addresses (3GPP TS 23.040 9.1.2.5, and 23.011 for the service centre).

use std::fmt;

use ozml_session::{PhoneNumber, SenderId};

use super::error::PduError;
use super::octets::Octets;
use crate::text::gsm7;

/// Types of address: what kind of number, by the telephone plan.
const INTERNATIONAL: u8 = 0x91;
const UNKNOWN: u8 = 0x81;
const ALPHANUMERIC: u8 = 0xD0;
/// The bits of a type that tell the kind of number.
const TYPE_OF_NUMBER: u8 = 0x70;
/// What semi-octets stand for; 15 fills up.
const SEMI_OCTETS: [char; 15] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'a', 'b', 'c',
];
const FILL: u8 = 0x0F;

/// Who sends or receives: digits with a kind of number, or a name.
///
/// Read ones have whatever the network gave: up to 255 of the digits `0-9 * # a b c`, or a name of up to 145
/// characters. Names come from networks only: a modem sends to numbers, and from the number of its SIM.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address {
    type_of_address: u8,
    value: String,
}

impl Address {
    /// The digits without `+`, or the name.
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// The octet before the digits: 0x91 international, 0x81 unknown, 0xD0 a name, others as they came.
    pub fn type_of_address(&self) -> u8 {
        self.type_of_address
    }

    /// Whether it is a name.
    pub fn is_name(&self) -> bool {
        self.type_of_address & TYPE_OF_NUMBER == ALPHANUMERIC & TYPE_OF_NUMBER
    }

    /// The number, if it is one that can be answered.
    pub fn number(&self) -> Option<PhoneNumber> {
        if self.is_name() {
            return None;
        }
        PhoneNumber::new(&self.to_string()).ok()
    }

    fn is_international(&self) -> bool {
        self.type_of_address & TYPE_OF_NUMBER == INTERNATIONAL & TYPE_OF_NUMBER
    }

    /// Reads an address whose length octet counts semi-octets.
    pub(super) fn read(octets: &mut Octets<'_>, field: &'static str) -> Result<Self, PduError> {
        let semi_octets = usize::from(octets.octet(field)?);
        let type_of_address = octets.octet(field)?;
        let value = octets.slice(semi_octets.div_ceil(2), field)?;
        let digits = Self::of_digits(type_of_address, value, semi_octets);
        if digits.is_name() {
            let septets = gsm7::unpack(value, 0, semi_octets * 4 / 7);
            let value = gsm7::decode(&septets);
            return Ok(Self { value, ..digits });
        }
        Ok(digits)
    }

    /// Writes it with a length octet that counts semi-octets.
    pub(super) fn write(&self, into: &mut Vec<u8>) {
        let (semi_octets, value) = if self.is_name() {
            let septets = gsm7::encode(&self.value).unwrap_or_default();
            ((septets.len() * 7).div_ceil(4), gsm7::pack(&septets, 0))
        } else {
            (self.value.len(), self.swapped_digits())
        };
        into.extend([length(semi_octets), self.type_of_address]);
        into.extend(value);
    }

    /// Reads the service centre at the beginning of a line: its length octet counts octets, 0 leaves it to the SIM
    /// card. A name is none: it cannot be called.
    pub(super) fn read_centre(octets: &mut Octets<'_>) -> Result<Option<Self>, PduError> {
        let field = "the service centre";
        let length = usize::from(octets.octet(field)?);
        let Some((type_of_address, digits)) = octets.slice(length, field)?.split_first() else {
            return Ok(None);
        };
        let centre = Self::of_digits(*type_of_address, digits, digits.len() * 2);
        Ok(Some(centre).filter(|centre| !centre.is_name()))
    }

    /// Writes the service centre at the beginning of a line.
    pub(super) fn write_centre(centre: Option<&Self>, into: &mut Vec<u8>) {
        let Some(centre) = centre.filter(|centre| !centre.is_name()) else {
            into.push(0);
            return;
        };
        let digits = centre.swapped_digits();
        into.extend([length(digits.len() + 1), centre.type_of_address]);
        into.extend(digits);
    }

    /// Digits up to the first fill, which some count among them.
    fn of_digits(type_of_address: u8, octets: &[u8], semi_octets: usize) -> Self {
        let semi_octets = octets
            .iter()
            .flat_map(|octet| [octet & 0x0F, octet >> 4])
            .take(semi_octets);
        let digit = |semi_octet| SEMI_OCTETS.get(usize::from(semi_octet)).copied();
        Self {
            type_of_address,
            value: semi_octets.map_while(digit).collect(),
        }
    }

    fn swapped_digits(&self) -> Vec<u8> {
        let semi_octet = |digit| {
            let found = (0..FILL).zip(SEMI_OCTETS).find(|(_, known)| *known == digit);
            found.map_or(FILL, |(semi_octet, _)| semi_octet)
        };
        let semi_octets: Vec<u8> = self.value.chars().map(semi_octet).collect();
        let octet = |pair: &[u8]| match pair {
            [low, high, ..] => high << 4 | low,
            [low] => FILL << 4 | low,
            [] => u8::MAX,
        };
        semi_octets.chunks(2).map(octet).collect()
    }
}

/// A length octet. An address that was read or made from a number or sender is never too long for it.
fn length(units: usize) -> u8 {
    u8::try_from(units).unwrap_or(u8::MAX)
}

impl From<&PhoneNumber> for Address {
    fn from(number: &PhoneNumber) -> Self {
        Self {
            type_of_address: if number.is_international() {
                INTERNATIONAL
            } else {
                UNKNOWN
            },
            value: number.digits().to_owned(),
        }
    }
}

impl From<&SenderId> for Address {
    fn from(sender: &SenderId) -> Self {
        match sender {
            SenderId::Number(number) => Self::from(number),
            SenderId::Name(name) => Self {
                type_of_address: ALPHANUMERIC,
                value: name.to_string(),
            },
        }
    }
}

impl fmt::Display for Address {
    /// Numbers in international form with their `+`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plus = if self.is_international() { "+" } else { "" };
        write!(f, "{plus}{}", self.value)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({:#04x} {:?})", self.type_of_address, self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(address: &Address) -> Vec<u8> {
        let mut octets = Vec::new();
        address.write(&mut octets);
        octets
    }

    fn read(octets: &[u8]) -> Address {
        Address::read(&mut Octets::new(octets), "it").unwrap()
    }

    #[test]
    fn numbers_and_names_are_written_and_read() {
        for (sender, octets) in [
            (
                "+36301234567",
                &[11, 0x91, 0x63, 0x03, 0x21, 0x43, 0x65, 0xF7][..],
            ),
            ("1234", &[4, 0x81, 0x21, 0x43]),
            ("*100#", &[5, 0x81, 0x1A, 0x00, 0xFB]),
            ("hello", &[9, 0xD0, 0xE8, 0x32, 0x9B, 0xFD, 0x06]),
            // Seven and eight letters both fill seven octets.
            ("Company", &[13, 0xD0, 0xC3, 0x77, 0x1B, 0x1E, 0x76, 0xE7, 0x01]),
            ("12345678", &[8, 0x81, 0x21, 0x43, 0x65, 0x87]),
        ] {
            let address = Address::from(&SenderId::new(sender).unwrap());
            assert_eq!(written(&address), octets, "{sender}");
            assert_eq!(read(octets), address);
            assert_eq!(address.to_string(), sender);
            assert_eq!(address.number(), PhoneNumber::new(sender).ok());
        }
    }

    #[test]
    fn the_longest_fit() {
        for sender in ["12345678901234567890", "elevenchars", "eight@@@"] {
            let address = Address::from(&SenderId::new(sender).unwrap());
            assert!(written(&address).len() <= 12);
            assert_eq!(read(&written(&address)), address);
        }
    }

    #[test]
    fn fills_that_are_counted_are_no_digits() {
        assert_eq!(read(&[4, 0xA1, 0x21, 0xF3]).to_string(), "123");
        let tones = read(&[6, 0x91, 0xA1, 0xCB, 0xED]);
        assert_eq!((tones.to_string().as_str(), tones.number()), ("+1*#abc", None));
        assert_eq!(read(&[0, 0x91]).number(), None);
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        for octets in [&[][..], &[4], &[4, 0x81], &[4, 0x81, 0x21], &[255, 0xD0, 0x21]] {
            let error = Address::read(&mut Octets::new(octets), "TP-DA").unwrap_err();
            let expected = PduError::Truncated {
                field: "TP-DA",
                octets: octets.len(),
            };
            assert_eq!(error, expected);
        }
    }
}
