//! Checked values as the texts they are read from and shown as.

use std::time::Duration;

use ozml_session::{
    ConnectionName, HttpUrl, Invalid, MessageId, PhoneNumber, RunId, SenderId, SmsState, SmsText, WallTime,
    parse_duration,
};
use ozml_sms::store::Priority;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

/// What can be read from a text and written as one.
pub(super) trait Text: Sized {
    fn read(written: &str) -> Result<Self, Invalid>;
    fn written(&self) -> String;
}

macro_rules! texts {
    ($($type:ty: $read:expr;)*) => {
        $(impl Text for $type {
            fn read(written: &str) -> Result<Self, Invalid> {
                $read(written)
            }

            fn written(&self) -> String {
                self.to_string()
            }
        })*
    };
}

texts! {
    ConnectionName: ConnectionName::new;
    HttpUrl: HttpUrl::new;
    MessageId: MessageId::new;
    PhoneNumber: PhoneNumber::new;
    RunId: RunId::new;
    SenderId: SenderId::new;
    SmsState: str::parse;
    WallTime: str::parse;
}

impl Text for SmsText {
    fn read(written: &str) -> Result<Self, Invalid> {
        Self::new(written)
    }

    fn written(&self) -> String {
        self.as_str().to_owned()
    }
}

impl Text for Duration {
    fn read(written: &str) -> Result<Self, Invalid> {
        parse_duration(written)
    }

    fn written(&self) -> String {
        format!("{}ms", self.as_millis())
    }
}

/// Whose message it is: 1 to 128 characters without controls.
pub(super) fn account<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let Some(account) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let fits = (1..=128).contains(&account.len()) && !account.chars().any(char::is_control);
    if fits {
        return Ok(Some(account));
    }
    Err(D::Error::custom(
        "an account has 1 to 128 characters and no controls",
    ))
}

/// A priority as its number.
pub(super) fn priority<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Priority>, D::Error> {
    let priority = Option::<u8>::deserialize(deserializer)?.map(Priority::new);
    priority.transpose().map_err(D::Error::custom)
}

/// The same the other way.
pub(super) fn priority_number<S: Serializer>(
    priority: &Option<Priority>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match priority {
        Some(priority) => serializer.serialize_u8(priority.get()),
        None => serializer.serialize_none(),
    }
}

pub(super) fn serialize<T: Text, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&value.written())
}

pub(super) fn deserialize<'de, T: Text, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let written = String::deserialize(deserializer)?;
    T::read(&written).map_err(D::Error::custom)
}

/// The same where there may be none.
pub(super) mod optional {
    use super::{Deserialize, Deserializer, Error, Serializer, Text};

    pub(in crate::control) fn serialize<T: Text, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => super::serialize(value, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::control) fn deserialize<'de, T: Text, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        let written = Option::<String>::deserialize(deserializer)?;
        let value = written.map(|written| T::read(&written)).transpose();
        value.map_err(D::Error::custom)
    }
}

/// The same for a list.
pub(super) mod list {
    use super::{Deserialize, Deserializer, Error, Serializer, Text};

    pub(in crate::control) fn serialize<T: Text, S: Serializer>(
        values: &[T],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(Text::written))
    }

    pub(in crate::control) fn deserialize<'de, T: Text, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<T>, D::Error> {
        let written = Vec::<String>::deserialize(deserializer)?;
        let values = written.iter().map(|written| T::read(written));
        values.collect::<Result<_, _>>().map_err(D::Error::custom)
    }
}
