//! `statuses`: what a connection makes of the codes of its centre.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::read::checked;
use crate::smpp::{Status, StatusClass, StatusClasses};

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key(Status);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer, str::parse).map(Self)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Class {
    Congestion,
    Temporary,
    Permanent,
    Session,
}

impl From<Class> for StatusClass {
    fn from(class: Class) -> Self {
        match class {
            Class::Congestion => Self::Congestion,
            Class::Temporary => Self::Temporary,
            Class::Permanent => Self::PermanentMessage,
            Class::Session => Self::Session,
        }
    }
}

/// A table of names or codes and their classes.
pub(super) fn classes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<StatusClasses, D::Error> {
    let written = BTreeMap::<Key, Class>::deserialize(deserializer)?;
    let classes = written.into_iter();
    Ok(
        classes.fold(StatusClasses::default(), |classes, (Key(status), class)| {
            classes.with(status, class.into())
        }),
    )
}
