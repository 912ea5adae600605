use std::fmt;

use crate::{CallId, PhoneNumber, PortFuture, RunId};

/// The port that says which destinations may be reached. The engine asks it before it places, forwards
/// or transfers a call; the SMS gateway asks before it accepts a message.
pub trait Policy: Send + Sync {
    /// Admits one action, and counts it against the budgets.
    fn admit<'a>(&'a self, action: Action, to: &'a Destination, who: &'a Who) -> PortFuture<'a, (), Refusal>;
}

/// What is about to happen to a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// A call is placed.
    Call,
    /// A call is transferred, forwarded or routed.
    Redirect,
    /// An SMS is sent.
    Sms,
    /// An alarm message is sent.
    Alarm,
}

/// Where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Destination {
    /// A number.
    Number(PhoneNumber),
}

/// Who wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Who {
    /// The run that asks.
    pub run: Option<RunId>,
    /// Its call.
    pub call: Option<CallId>,
    /// The caller whose call leads to it.
    pub caller: Option<PhoneNumber>,
    /// The account it counts for.
    pub account: Option<String>,
}

impl Who {
    /// Nobody known.
    pub fn unknown() -> Self {
        Self {
            run: None,
            call: None,
            caller: None,
            account: None,
        }
    }
}

/// A refused destination or an exhausted budget, with the rule that says so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A rule forbids the destination (code 901).
    #[error("the destination is refused by rule `{rule}`")]
    Rule {
        /// The rule, as configured.
        rule: String,
    },
    /// A budget is used up (code 902).
    #[error("limit `{name}` of {value} is reached")]
    Budget {
        /// The name of the limit.
        name: &'static str,
        /// Its value.
        value: u64,
    },
}

impl Refusal {
    /// The status code: 901 for a rule, 902 for a budget.
    pub fn code(&self) -> u16 {
        match self {
            Self::Rule { .. } => 901,
            Self::Budget { .. } => 902,
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
        }
    }
}
