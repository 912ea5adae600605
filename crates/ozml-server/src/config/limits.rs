//! `[limits]`: the limits of scripts, which the engine knows, and those of the server.

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::LazyLock;
use std::time::Duration;

use ozml_dialplan::{DestinationsSection, SmsPerAccount, SmsPerNeighbourhood, SmsPerRecipient};
use ozml_engine::{LimitError, Limits};
use ozml_host::web::WebLimits;
use ozml_parser::ReadingLimits;
use ozml_session::parse_duration;
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Limits by name. Zero allows nothing; there is no "unlimited".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LimitsSection {
    /// Those of scripts and their runs.
    pub scripts: Limits,
    /// Those of the server.
    pub server: ServerLimits,
    /// Those of web requests and reports.
    pub web: WebLimits,
    /// Those of messages, which `[destinations]` may set, too.
    pub budgets: BudgetLimits,
}

/// Budgets of messages, where the section sets them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct BudgetLimits {
    /// Messages to one number.
    pub sms_per_recipient: Option<SmsPerRecipient>,
    /// Messages to numbers that differ in their last three digits only.
    pub sms_per_neighbourhood: Option<SmsPerNeighbourhood>,
    /// Messages of one account.
    pub sms_per_account: Option<SmsPerAccount>,
    /// Messages a day to numbers that are neither allowed nor denied.
    pub sms_per_unlisted_prefix: Option<u64>,
}

impl BudgetLimits {
    /// The names of the budgets.
    pub(super) const NAMES: [&'static str; 4] = [
        "sms_per_recipient",
        "sms_per_neighbourhood",
        "sms_per_account",
        "sms_per_unlisted_prefix",
    ];

    /// Sets those that are given.
    pub(super) fn over(&self, section: &mut DestinationsSection) {
        let usual = section.clone();
        section.sms_per_recipient = self.sms_per_recipient.unwrap_or(usual.sms_per_recipient);
        section.sms_per_neighbourhood = self.sms_per_neighbourhood.unwrap_or(usual.sms_per_neighbourhood);
        section.sms_per_account = self.sms_per_account.unwrap_or(usual.sms_per_account);
        section.sms_per_unlisted_prefix = self
            .sms_per_unlisted_prefix
            .unwrap_or(usual.sms_per_unlisted_prefix);
    }

    /// Reads the budget called `name`; false if none is called so.
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        match name {
            "sms_per_recipient" => self.sms_per_recipient = Some(map.next_value()?),
            "sms_per_neighbourhood" => self.sms_per_neighbourhood = Some(map.next_value()?),
            "sms_per_account" => self.sms_per_account = Some(map.next_value()?),
            "sms_per_unlisted_prefix" => self.sms_per_unlisted_prefix = Some(map.next_value()?),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// A table of limits: name, type, default, least and most, documentation.
macro_rules! server_limits {
    ($($name:ident: $type:ty = $default:expr, $range:expr, $doc:literal;)*) => {
        /// Limits of the server: the queue and its connections.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct ServerLimits {
            $(#[doc = $doc] pub $name: $type,)*
        }

        impl Default for ServerLimits {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        impl ServerLimits {
            /// The names of the limits.
            pub const NAMES: &[&str] = &[$(stringify!($name),)*];

            fn set(&mut self, name: &str, written: &str) -> Result<(), String> {
                match name {
                    $(stringify!($name) => self.$name = Quantity::read(written, $range)?,)*
                    _ => return Err(format!("there is no limit `{name}`")),
                }
                Ok(())
            }
        }
    };
}

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(86_400);
const TIME: RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_secs(30 * 86_400);
const COUNT: RangeInclusive<u64> = 0..=u64::MAX;

server_limits! {
    queue_messages: u64 = 1_000_000, COUNT, "Messages that have not ended.";
    queue_bytes: u64 = 4 << 30, COUNT, "Bytes of them.";
    unknown_handovers: u64 = 5, COUNT, "Hand-overs of one message that ended in unknown.";
    message_life: Duration = DAY, TIME, "How long a message may take.";
    smpp_window: u64 = 10, 1..=1_000, "Submits without an answer in one session.";
    smpp_pdu_bytes: u64 = 64 << 10, (4 << 10)..=(1 << 20), "Bytes of one PDU.";
    modem_line_bytes: u64 = 1 << 10, 512..=(64 << 10), "Bytes of one line of a modem.";
    modem_reply_bytes: u64 = 16 << 10, (4 << 10)..=(1 << 20), "Bytes of a modem's answer to one command.";
    submit_response: Duration = SECOND.saturating_mul(30), TIME, "Wait for the answer to a submit.";
}

/// Limits of `spec` that this version has no use for yet: known, and taken as they are.
const LATER: &[&str] = &[
    "call_generations",
    "calls",
    "calls_per_call",
    "diagnostic_bytes",
    "diagnostics",
    "emails_per_call",
    "failed_logins",
    "http_body_bytes",
    "http_body_time",
    "http_connections",
    "http_connections_per_address",
    "http_header_time",
    "http_query_bytes",
    "messages_per_call",
    "recording_bytes",
    "recording_free",
    "recording_length",
    "url_bytes",
];

/// All names that may stand in the section.
static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let scripts = Limits::NAMES.iter().chain(&ReadingLimits::NAMES);
    let mut names: Vec<_> = scripts
        .chain(ServerLimits::NAMES)
        .chain(&WebLimits::NAMES)
        .chain(&BudgetLimits::NAMES)
        .chain(LATER)
        .copied()
        .collect();
    names.sort_unstable();
    names
});

/// Whether a limit is known and has no use yet.
pub(super) fn is_for_later(name: &str) -> bool {
    LATER.contains(&name)
}

/// A number or a time.
trait Quantity: Sized {
    fn read(written: &str, range: RangeInclusive<Self>) -> Result<Self, String>;
}

impl Quantity for u64 {
    fn read(written: &str, range: RangeInclusive<Self>) -> Result<Self, String> {
        let number = written.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| match range == COUNT {
            true => "a whole number, 0 or more, was expected".to_owned(),
            false => format!(
                "a whole number from {} to {} was expected",
                range.start(),
                range.end()
            ),
        })
    }
}

impl Quantity for Duration {
    fn read(written: &str, range: RangeInclusive<Self>) -> Result<Self, String> {
        let time = parse_duration(written).map_err(|fault| fault.to_string())?;
        if range.contains(&time) {
            Ok(time)
        } else {
            Err("a time from 1ms to 30d was expected".to_owned())
        }
    }
}

impl LimitsSection {
    fn set(&mut self, name: &str, written: &str) -> Result<(), String> {
        if ServerLimits::NAMES.contains(&name) {
            return self.server.set(name, written);
        }
        if self.web.set(name, written).map_err(|fault| fault.to_string())? {
            return Ok(());
        }
        match self.scripts.set(name, written) {
            Ok(()) => Ok(()),
            Err(_) if is_for_later(name) => Ok(()),
            Err(LimitError::Value { fault, .. }) => Err(fault.to_string()),
            Err(fault) => Err(fault.to_string()),
        }
    }
}

impl<'de> Deserialize<'de> for LimitsSection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ByName)
    }
}

struct ByName;

impl<'de> Visitor<'de> for ByName {
    type Value = LimitsSection;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LimitsSection, A::Error> {
        let mut limits = LimitsSection::default();
        while let Some(Name(name)) = map.next_key()? {
            if !limits.budgets.read(name, &mut map)? {
                let limits = &mut limits;
                map.next_value_seed(Limit { limits, name })?;
            }
        }
        Ok(limits)
    }
}

struct Name(&'static str);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        let names: &'static [&'static str] = &NAMES;
        let known = names.iter().find(|name| **name == written);
        known
            .map(|name| Self(name))
            .ok_or_else(|| D::Error::unknown_field(&written, names))
    }
}

/// The value of one limit, read into its place.
struct Limit<'l> {
    limits: &'l mut LimitsSection,
    name: &'static str,
}

impl<'de> DeserializeSeed<'de> for Limit<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Limit<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number or a time such as `30s`")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.visit_str(&number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.visit_str(&number.to_string())
    }

    fn visit_str<E: Error>(self, written: &str) -> Result<(), E> {
        self.limits.set(self.name, written).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_one_owner_and_takes_a_value() {
        assert!(NAMES.is_sorted_by(|one, next| one < next), "no name twice");
        for name in ServerLimits::NAMES {
            let mut limits = LimitsSection::default();
            let set = ["5000", "7s"].iter().any(|value| limits.set(name, value).is_ok());
            assert!(set || limits.set(name, "77").is_ok(), "{name}");
            assert_ne!(limits, LimitsSection::default(), "{name}");
        }
    }
}
