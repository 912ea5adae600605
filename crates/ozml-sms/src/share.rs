//! A share of all messages, such as 2 %.

use std::fmt;
use std::str::FromStr;

/// A share from 0 to 100 %, in millionths, so that it is compared and printed exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Share(u32);

/// What was written is no [`Share`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no share: write a percentage from 0% to 100%, such as 2% or 0.5%")]
pub struct NoShare(pub String);

impl Share {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// The whole.
    pub const ALL: Self = Self(1_000_000);

    /// From millionths; more than the whole is the whole.
    pub const fn from_millionths(millionths: u32) -> Self {
        if millionths > Self::ALL.0 {
            Self::ALL
        } else {
            Self(millionths)
        }
    }

    /// From per cent; more than the whole is the whole.
    pub const fn from_percent(percent: u32) -> Self {
        Self::from_millionths(percent.saturating_mul(10_000))
    }

    /// The share in millionths.
    pub const fn millionths(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = format!("{:04}", self.0 % 10_000);
        let decimals = decimals.trim_end_matches('0');
        let point = if decimals.is_empty() { "" } else { "." };
        write!(f, "{}{point}{decimals}%", self.0 / 10_000)
    }
}

impl FromStr for Share {
    type Err = NoShare;

    fn from_str(written: &str) -> Result<Self, NoShare> {
        let number = written.strip_suffix('%').and_then(ten_thousandths);
        number
            .filter(|millionths| *millionths <= Self::ALL.0)
            .map(Self)
            .ok_or_else(|| NoShare(written.to_owned()))
    }
}

/// A decimal number with at most four decimals, times 10,000.
fn ten_thousandths(number: &str) -> Option<u32> {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || decimals.len() > 4 {
        return None;
    }
    let decimals: u32 = format!("{decimals:0<4}").parse().ok()?;
    whole
        .parse::<u32>()
        .ok()?
        .checked_mul(10_000)?
        .checked_add(decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_and_printed_as_percentages() {
        for (written, millionths) in [("0%", 0), ("2%", 20_000), ("0.5%", 5_000), ("100%", 1_000_000)] {
            let share: Share = written.parse().unwrap();
            assert_eq!(
                (share.millionths(), share.to_string()),
                (millionths, written.to_owned())
            );
        }
        for wrong in ["", "%", "2", "-1%", "101%", "0.00001%", "1.%", "99999999999%"] {
            assert_eq!(wrong.parse::<Share>(), Err(NoShare(wrong.to_owned())));
        }
        assert_eq!(Share::from_percent(200), Share::ALL);
    }
}
