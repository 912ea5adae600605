//! What is answered.

use ozml_dialplan::RouteSection;
use ozml_session::{AcceptedSms, ConnectionName, MessageId};
use serde::{Deserialize, Serialize};

use super::message::encoding;
use super::{Explained, Fault, Gateway, Message, Messages, Received, text};

/// An answer, under its one key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Answer {
    /// The request was not done.
    Error(Fault),
    /// The message is accepted, as durably as the store's mode promises.
    Accepted(Accepted),
    /// One message.
    Message(Box<Message>),
    /// Messages.
    Messages(Messages),
    /// Messages that came in, newest first.
    Received(Vec<Received>),
    /// How the gateway is.
    Gateway(Box<Gateway>),
    /// The rules, in the order in which they are tried.
    Routes(Routes),
    /// Where a message would go.
    Explanation(Box<Explained>),
    /// The message is sent once more, or why not.
    Retried(Retried),
    /// So many messages were forgotten.
    Purged {
        /// How many.
        messages: u64,
    },
    /// It was done.
    Done {},
}

/// An accepted message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Accepted {
    /// Its name.
    #[serde(with = "text")]
    pub id: MessageId,
    /// Parts it is sent in.
    pub segments: u8,
    /// `gsm7` or `ucs2`.
    pub encoding: String,
}

impl From<AcceptedSms> for Accepted {
    fn from(accepted: AcceptedSms) -> Self {
        Self {
            id: accepted.id,
            segments: accepted.segments,
            encoding: encoding(accepted.encoding).to_owned(),
        }
    }
}

/// What became of a wish to send a message once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Retried {
    /// Its name.
    #[serde(with = "text")]
    pub id: MessageId,
    /// False: it is delivered, under way, or was thrown away by a rule, so nothing was done.
    pub again: bool,
}

/// The rules and connections of a configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Routes {
    /// The connections.
    #[serde(with = "text::list")]
    pub connections: Vec<ConnectionName>,
    /// `[[sms.route]]`, in the order in which they are tried, each with its name.
    pub rules: Vec<RouteSection>,
}

impl Routes {
    /// Of a configuration.
    pub fn of(config: &ozml_dialplan::RouterConfig) -> Self {
        let named = (1..).zip(&config.routes).map(|(place, rule)| {
            let mut rule = rule.clone();
            rule.name.get_or_insert_with(|| format!("route-{place}"));
            rule
        });
        let mut rules: Vec<_> = named.collect();
        rules.sort_by_key(|rule| rule.priority);
        Self {
            connections: config.connections.clone(),
            rules,
        }
    }
}
