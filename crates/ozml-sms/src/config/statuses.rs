//! `statuses`: what a connection makes of the codes of its centre.

use std::collections::BTreeMap;

use ozml_session::Invalid;
use serde::{Deserialize, Deserializer};

use super::read::checked;
use crate::smpp::{Status, StatusClass, StatusClasses};

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Refusal(Status);

impl<'de> Deserialize<'de> for Refusal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer, |written| match written.parse::<Status>()? {
            status if status.is_ok() => Err(Invalid::new("ROK is no refusal and has no other class")),
            status => Ok(Self(status)),
        })
    }
}

struct Class(StatusClass);

impl<'de> Deserialize<'de> for Class {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer, str::parse).map(Self)
    }
}

/// A table of names or codes and their classes.
pub(super) fn classes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<StatusClasses, D::Error> {
    let written = BTreeMap::<Refusal, Class>::deserialize(deserializer)?;
    let classes = written.into_iter();
    Ok(classes.fold(
        StatusClasses::default(),
        |classes, (Refusal(status), Class(class))| classes.with(status, class),
    ))
}
