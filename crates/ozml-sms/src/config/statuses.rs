//! `statuses`: what a connection makes of the codes of its centre.

use std::str::FromStr;

use ozml_session::Invalid;
use serde::Deserializer;

use super::read::table;
use crate::smpp::{Status, StatusClass, StatusClasses};

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Refusal(Status);

impl FromStr for Refusal {
    type Err = Invalid;

    fn from_str(written: &str) -> Result<Self, Invalid> {
        match written.parse::<Status>()? {
            status if status.is_ok() => Err(Invalid::new("ROK is no refusal and has no other class")),
            status => Ok(Self(status)),
        }
    }
}

/// A table of names or codes and their classes.
pub(super) fn classes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<StatusClasses, D::Error> {
    let written = table::<_, Refusal, StatusClass>(deserializer)?.into_iter();
    Ok(
        written.fold(StatusClasses::default(), |classes, (Refusal(status), class)| {
            classes.with(status, class)
        }),
    )
}
