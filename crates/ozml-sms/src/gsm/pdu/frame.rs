//! The line that carries a PDU (3GPP TS 27.005 3.1): hexadecimal digits, the service centre before the TPDU.

use super::address::Address;
use super::error::PduError;
use super::octets::Octets;
use super::submit::Submit;

/// A PDU as it stands on the line, the service centre and the TPDU. Debug tells the size only.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Frame {
    /// The service centre; `None`: the one of the SIM card.
    pub centre: Option<Address>,
    /// The TPDU, and what a modem may have put behind it.
    pub octets: Vec<u8>,
}

impl Frame {
    /// A TPDU for the service centre of the SIM card.
    pub fn new(octets: Vec<u8>) -> Self {
        Self { centre: None, octets }
    }

    /// Reads a line. `tpdu_length` is the length that the modem announced, as in `+CMT: ,<length>`.
    ///
    /// The announced length only tells whether the service centre stands before the TPDU, which some old modems leave
    /// out; otherwise the PDU itself tells its length. Digits may be of either case; half an octet at the end is
    /// dropped.
    pub fn from_hex(line: &str, tpdu_length: Option<usize>) -> Result<Self, PduError> {
        let octets = from_hex(line.trim())?;
        if tpdu_length == Some(octets.len()) {
            return Ok(Self::new(octets));
        }
        let mut rest = Octets::new(&octets);
        let centre = Address::read_centre(&mut rest)?;
        Ok(Self {
            centre,
            octets: rest.into_rest().to_vec(),
        })
    }

    /// The line, in capitals, without an end of line.
    pub fn to_hex(&self) -> String {
        const DIGITS: [char; 16] = [
            '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
        ];
        let mut octets = Vec::new();
        Address::write_centre(self.centre.as_ref(), &mut octets);
        octets.extend(&self.octets);
        let digit = |value: u8| DIGITS.get(usize::from(value)).copied();
        let digits = octets.iter().flat_map(|octet| [octet >> 4, octet & 0x0F]);
        digits.filter_map(digit).collect()
    }

    /// Octets of the TPDU: what `AT+CMGS=` takes.
    pub fn tpdu_length(&self) -> usize {
        self.octets.len()
    }
}

impl From<&Submit> for Frame {
    fn from(submit: &Submit) -> Self {
        Self::new(submit.write())
    }
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frame")
            .field("centre", &self.centre)
            .field("tpdu_length", &self.tpdu_length())
            .finish_non_exhaustive()
    }
}

fn from_hex(digits: &str) -> Result<Vec<u8>, PduError> {
    let value = |(at, digit): (usize, char)| {
        let value = digit.to_digit(16).and_then(|value| u8::try_from(value).ok());
        value.ok_or(PduError::NotHex { at })
    };
    let values: Vec<u8> = digits.chars().enumerate().map(value).collect::<Result<_, _>>()?;
    let (pairs, _) = values.as_chunks();
    Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `hello` for +36301234567.
    const TPDU: &str = "01000B916303214365F7000005E8329BFD06";

    fn read(line: &str, tpdu_length: Option<usize>) -> (Option<String>, usize) {
        let frame = Frame::from_hex(line, tpdu_length).unwrap();
        Submit::read(&frame.octets).unwrap();
        (frame.centre.as_ref().map(Address::to_string), frame.tpdu_length())
    }

    #[test]
    fn the_service_centre_stands_before_the_tpdu() {
        for (centre, expected) in [
            ("00", None),
            ("07916303999099F9", Some("+36309909999".to_owned())),
            ("0581214365F7", Some("1234567".to_owned())),
        ] {
            let line = format!("{centre}{TPDU}");
            for length in [None, Some(18), Some(0), Some(17), Some(200)] {
                assert_eq!(read(&line, length), (expected.clone(), 18), "{line} {length:?}");
            }
            assert_eq!(Frame::from_hex(&line, None).unwrap().to_hex(), line);
        }
    }

    #[test]
    fn old_modems_leave_the_service_centre_out() {
        assert_eq!(read(TPDU, Some(18)), (None, 18));
    }

    #[test]
    fn sloppy_lines_are_read() {
        let line = format!("00{TPDU}");
        for sloppy in [
            line.to_lowercase(),
            format!(" {line}\r"),
            format!("{line}F"),
            format!("{line}FFFF"),
        ] {
            assert_eq!(read(&sloppy, Some(18)).0, None, "{sloppy}");
        }
    }

    #[test]
    fn what_is_no_pdu_is_an_error() {
        let error = |line| Frame::from_hex(line, None).unwrap_err().to_string();
        assert_eq!(error("00zz"), "character 2 of the PDU is not hexadecimal");
        assert_eq!(error("00ű"), "character 2 of the PDU is not hexadecimal");
        assert_eq!(
            error(""),
            "the PDU ends after 0 octets, inside the service centre"
        );
        assert_eq!(
            error("0791630"),
            "the PDU ends after 3 octets, inside the service centre"
        );
    }

    #[test]
    fn a_name_is_no_service_centre() {
        let frame = Frame::from_hex("03D0E83201", None).unwrap();
        assert_eq!((frame.centre.as_ref(), frame.to_hex().as_str()), (None, "0001"));
    }
}
