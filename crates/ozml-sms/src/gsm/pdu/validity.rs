//! How long a service centre tries (3GPP TS 23.040 9.2.3.12).

use std::time::Duration;

use super::error::PduError;
use super::octets::{Octets, flag};
use super::timestamp::Timestamp;

/// TP-VPF, the two bits of the first octet that tell the form.
const RELATIVE: u8 = 0x10;
const ENHANCED: u8 = 0x08;
const ABSOLUTE: u8 = RELATIVE | ENHANCED;

/// TP-VP: how long a service centre tries to deliver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Validity {
    /// From when the centre has it, see [`duration`](Self::duration).
    Relative(u8),
    /// Until then.
    Absolute(Timestamp),
    /// The enhanced form, which we do not send; as it came.
    Enhanced([u8; 7]),
}

impl Validity {
    /// The shortest that is not shorter than asked; at most 63 weeks.
    pub fn at_least(asked: Duration) -> Self {
        let shortest = (0..u8::MAX).find(|value| relative(*value) >= asked);
        Self::Relative(shortest.unwrap_or(u8::MAX))
    }

    /// How long, where that is all it says.
    pub fn duration(self) -> Option<Duration> {
        match self {
            Self::Relative(value) => Some(relative(value)),
            Self::Absolute(_) | Self::Enhanced(_) => None,
        }
    }

    pub(super) fn read(first: u8, octets: &mut Octets<'_>) -> Result<Option<Self>, PduError> {
        let field = "TP-VP";
        match first & ABSOLUTE {
            RELATIVE => octets.octet(field).map(|value| Some(Self::Relative(value))),
            ENHANCED => octets.array(field).map(|value| Some(Self::Enhanced(value))),
            ABSOLUTE => Timestamp::read(octets, field).map(|at| Some(Self::Absolute(at))),
            _ => Ok(None),
        }
    }

    /// The bits of the first octet.
    pub(super) fn format(self) -> u8 {
        let relative = flag(!matches!(self, Self::Enhanced(_)), RELATIVE);
        relative | flag(!matches!(self, Self::Relative(_)), ENHANCED)
    }

    pub(super) fn write(self, into: &mut Vec<u8>) {
        match self {
            Self::Relative(value) => into.push(value),
            Self::Absolute(at) => into.extend(at.octets()),
            Self::Enhanced(value) => into.extend(value),
        }
    }
}

/// The table of 9.2.3.12.1.
fn relative(value: u8) -> Duration {
    const DAY: u64 = 24 * 60;
    let count = u64::from(value);
    let minutes = match value {
        0..=143 => (count + 1) * 5,
        144..=167 => 12 * 60 + (count - 143) * 30,
        168..=196 => (count - 166) * DAY,
        197..=255 => (count - 192) * 7 * DAY,
    };
    Duration::from_secs(minutes * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_larger_value_is_chosen() {
        const HOUR: u64 = 60 * 60;
        const DAY: u64 = 24 * HOUR;
        for (seconds, value) in [
            (0, 0),
            (300, 0),
            (301, 1),
            (12 * HOUR, 143),
            (12 * HOUR + 1, 144),
            (DAY, 167),
            (DAY + 1, 168),
            (3 * DAY, 169),
            (30 * DAY, 196),
            (30 * DAY + 1, 197),
            (63 * 7 * DAY, 255),
            (u64::MAX, 255),
        ] {
            let validity = Validity::at_least(Duration::from_secs(seconds));
            assert_eq!(validity, Validity::Relative(value), "{seconds}");
        }
        let just_longer = Duration::from_secs(300) + Duration::from_nanos(1);
        assert_eq!(Validity::at_least(just_longer), Validity::Relative(1));
    }

    #[test]
    fn the_first_octet_tells_the_form() {
        let at = [0x62, 0x10, 0x12, 0x01, 0x00, 0x00, 0x40];
        for (first, validity) in [
            (0x00, None),
            (0x08, Some(Validity::Enhanced(at))),
            (0x10, Some(Validity::Relative(0x62))),
            (0x18, Some(Validity::Absolute(Timestamp::from_octets(at)))),
        ] {
            let read = Validity::read(first | 0x61, &mut Octets::new(&at));
            assert_eq!(read, Ok(validity), "{first:#04x}");
            assert_eq!(validity.map_or(0, Validity::format), first);
        }
    }

    #[test]
    fn every_value_is_longer_than_the_one_before_and_chosen_for_itself() {
        for value in 0..u8::MAX {
            assert!(relative(value) < relative(value + 1));
            assert_eq!(Validity::at_least(relative(value)), Validity::Relative(value));
        }
    }
}
