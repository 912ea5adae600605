use std::sync::Arc;

use ozml_session::{ConnectionName, PhoneNumber, SenderId};

use crate::Overrides;

/// What becomes of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// Copies, in the order of their rules. Each is a message of its own.
    pub copies: Vec<Routed>,
    /// What becomes of the original.
    pub original: Outcome,
}

/// What becomes of the original message. A rule is named by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It goes to connections.
    Move(Routed),
    /// It is accepted and thrown away.
    Drop {
        /// By this rule.
        rule: Arc<str>,
    },
    /// It is refused.
    Reject {
        /// By this rule.
        rule: Arc<str>,
    },
    /// No rule takes it: refused with 501, whether copies were made or not.
    NoRoute,
}

/// A message for connections.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Routed {
    /// The name of the rule.
    pub rule: Arc<str>,
    /// The recipient from here on.
    pub to: PhoneNumber,
    /// The sender from here on; `None`: the connection's own.
    pub from: Option<SenderId>,
    /// The connections: the first is meant, the others take over in this order while it is down or refuses
    /// for now.
    pub targets: Vec<ConnectionName>,
    /// What the rule says in place of the message or the connection.
    pub overrides: Overrides,
}
