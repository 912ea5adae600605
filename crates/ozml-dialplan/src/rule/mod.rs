//! Rules: their section in the configuration, and their checked form.

mod check;
mod conditions;
mod section;
mod targets;

use std::sync::Arc;
use std::time::Duration;

use ozml_session::SenderId;

pub(crate) use check::{Known, check};
pub(crate) use conditions::{Conditions, Mismatch};
pub use section::{Alphabet, Mode, OnUnknown, PartsSection, ReplaceSection, RouteSection, Spread, WhenDown};
pub(crate) use targets::Target;

use crate::rewrite::Rewrite;

/// A checked rule.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) name: Arc<str>,
    pub(crate) priority: i64,
    pub(crate) conditions: Conditions,
    pub(crate) rewrite: Rewrite,
    pub(crate) set_caller: Option<SenderId>,
    pub(crate) action: Action,
    pub(crate) overrides: Overrides,
}

/// What a rule does with the messages it takes.
#[derive(Debug)]
pub(crate) enum Action {
    Move(Target),
    Copy(Target),
    Drop,
    Reject,
}

/// What a rule says about its messages in place of the message or the connection.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Overrides {
    /// What happens while none of the targets is up.
    pub when_down: WhenDown,
    /// How long the message is worth sending, from its acceptance.
    pub validity: Option<Duration>,
    /// 0 to 3, higher first.
    pub message_priority: Option<u8>,
    /// What is done when its outcome is unknown.
    pub on_unknown: Option<OnUnknown>,
}
