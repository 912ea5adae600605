//! Times of a service centre (3GPP TS 23.040 9.2.3.11).

use std::fmt;

use ozml_session::WallTime;

use super::error::PduError;
use super::octets::Octets;

/// A date, a time of day and the offset from UTC in quarters of an hour; seven octets, kept as they came, since
/// modems and networks send nonsense as well.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timestamp([u8; 7]);

/// The sign of the offset.
const MINUS: u8 = 0x08;

impl Timestamp {
    /// The seven octets, digits swapped: year, month, day, hour, minute, second, offset.
    pub const fn from_octets(octets: [u8; 7]) -> Self {
        Self(octets)
    }

    /// The seven octets.
    pub const fn octets(self) -> [u8; 7] {
        self.0
    }

    /// A time in UTC, to the second. Two digits of the year are all that is carried.
    pub fn utc(at: WallTime) -> Self {
        let written = at.to_string();
        // 2026-01-21T09:00:00Z
        let part = |from| written.get(from..from + 2).and_then(|digits| digits.parse().ok());
        let octet = |from| swapped(part(from).unwrap_or(0));
        let [year, month, day, hour, minute, second] = [2, 5, 8, 11, 14, 17].map(octet);
        Self([year, month, day, hour, minute, second, 0])
    }

    /// The time, in the years 2000 to 2099; `None` where the octets are no time.
    pub fn wall_time(self) -> Option<WallTime> {
        let [.., zone] = self.0;
        let quarters = digits(zone & !MINUS)?;
        let sign = if zone & MINUS == 0 { '+' } else { '-' };
        let (hours, minutes) = (quarters / 4, quarters % 4 * 15);
        let [year, month, day, hour, minute, second, _] = self.0.map(digits);
        let (year, month, day) = (year?, month?, day?);
        let (hour, minute, second) = (hour?, minute?, second?);
        let written = format!(
            "20{year:02}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{sign}{hours:02}:{minutes:02}"
        );
        written.parse().ok()
    }

    pub(super) fn read(octets: &mut Octets<'_>, field: &'static str) -> Result<Self, PduError> {
        octets.array(field).map(Self)
    }
}

/// Two digits as an octet, the first digit low.
fn swapped(number: u8) -> u8 {
    ((number % 10) << 4) | (number / 10)
}

/// The number of an octet of two digits.
fn digits(octet: u8) -> Option<u8> {
    let (first, second) = (octet & 0x0F, octet >> 4);
    (first <= 9 && second <= 9).then_some(first * 10 + second)
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.wall_time() {
            Some(time) => write!(f, "Timestamp({time})"),
            None => write!(f, "Timestamp({:02X?})", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_offset() {
        for (octets, time) in [
            ([0x62, 0x10, 0x12, 0x01, 0x00, 0x00, 0x40], "2026-01-21T09:00:00Z"),
            ([0x62, 0x10, 0x12, 0x01, 0x00, 0x50, 0x40], "2026-01-21T09:00:05Z"),
            // Seven hours behind, and three quarters more than five hours ahead.
            ([0x62, 0x10, 0x12, 0x01, 0x00, 0x00, 0x8A], "2026-01-21T17:00:00Z"),
            ([0x62, 0x10, 0x12, 0x01, 0x00, 0x00, 0x32], "2026-01-21T04:15:00Z"),
        ] {
            let read = Timestamp::from_octets(octets)
                .wall_time()
                .map(|time| time.to_string());
            assert_eq!(read.as_deref(), Some(time));
        }
    }

    #[test]
    fn nonsense_is_kept_and_is_no_time() {
        for octets in [
            [0; 7],
            [0xFF; 7],
            [0x62, 0x20, 0x03, 0x01, 0x00, 0x00, 0x40],
            [0x62, 0x10, 0x12, 0x42, 0x00, 0x00, 0x40],
            [0x62, 0x10, 0x12, 0x01, 0x00, 0x00, 0xF0],
        ] {
            let timestamp = Timestamp::from_octets(octets);
            assert_eq!((timestamp.wall_time(), timestamp.octets()), (None, octets));
        }
    }

    #[test]
    fn a_time_in_utc_comes_back() {
        for time in [
            "2000-01-01T00:00:00Z",
            "2026-12-31T23:59:58Z",
            "2099-06-07T08:09:10Z",
        ] {
            let time: WallTime = time.parse().unwrap();
            assert_eq!(Timestamp::utc(time).wall_time(), Some(time));
        }
        let last = WallTime::from_unix_millis(i64::MAX);
        let _ = Timestamp::utc(last);
    }
}
