use serde::Deserialize;

use crate::one_or_many::one_or_many;

/// The section `[destinations]`. Without any, no destination is allowed.
///
/// The budgets count what was admitted in the last minute, hour or day, never more than they say; 0 allows
/// nothing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct DestinationsSection {
    /// Beginnings of numbers that may be reached, such as `+36`; `any`: all.
    #[serde(deserialize_with = "one_or_many")]
    pub allow: Vec<String>,
    /// Beginnings of numbers that may not, whatever `allow` and `internal` say.
    #[serde(deserialize_with = "one_or_many")]
    pub deny: Vec<String>,
    /// The pattern of internal numbers, which may be reached, such as `XXXX`.
    pub internal: Option<String>,
    /// The country of the installation, such as `+36`: says what a trunk prefix stands for, and which
    /// premium numbers are denied from the start.
    pub home: Option<String>,
    /// What numbers of the home country begin with inside it, such as `06`; `00` for other countries is
    /// known.
    #[serde(deserialize_with = "one_or_many")]
    pub trunk: Vec<String>,
    /// Whether [`STARTER_DENY`](super::STARTER_DENY) is denied too.
    pub starter_deny: bool,
    /// Seconds in which the same text is not sent to the same recipient again; 0: it may be. At most a day.
    pub duplicate_window: u32,
    /// Messages to one number.
    pub sms_per_recipient: SmsPerRecipient,
    /// Messages to numbers that differ in their last three digits only.
    pub sms_per_neighbourhood: SmsPerNeighbourhood,
    /// Messages of one account; without an account, of the caller whose call leads to them.
    pub sms_per_account: SmsPerAccount,
    /// Messages a day to numbers that are neither allowed nor denied; all with the same first four
    /// characters, such as `+882`, count together.
    pub sms_per_unlisted_prefix: u64,
}

impl Default for DestinationsSection {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            deny: Vec::new(),
            internal: None,
            home: None,
            trunk: Vec::new(),
            starter_deny: true,
            duplicate_window: 0,
            sms_per_recipient: SmsPerRecipient::default(),
            sms_per_neighbourhood: SmsPerNeighbourhood::default(),
            sms_per_account: SmsPerAccount::default(),
            sms_per_unlisted_prefix: 0,
        }
    }
}

/// `sms_per_recipient = { minute = 5, hour = 20 }`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SmsPerRecipient {
    /// In a minute.
    pub minute: u64,
    /// In an hour.
    pub hour: u64,
}

impl Default for SmsPerRecipient {
    fn default() -> Self {
        Self { minute: 5, hour: 20 }
    }
}

/// `sms_per_neighbourhood = { alarm = 20, stop = 50 }`, in an hour
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SmsPerNeighbourhood {
    /// From this message on each admission carries an alarm.
    pub alarm: u64,
    /// So many are admitted.
    pub stop: u64,
}

impl Default for SmsPerNeighbourhood {
    fn default() -> Self {
        Self { alarm: 20, stop: 50 }
    }
}

/// `sms_per_account = { minute = 60, day = 10_000 }`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SmsPerAccount {
    /// In a minute.
    pub minute: u64,
    /// In a day.
    pub day: u64,
}

impl Default for SmsPerAccount {
    fn default() -> Self {
        Self {
            minute: 60,
            day: 10_000,
        }
    }
}
