//! What can be asked for.

use std::time::Duration;

use ozml_session::{
    ConnectionName, HttpUrl, MessageId, PhoneNumber, RunId, SenderId, SmsState, SmsText, WallTime,
};
use ozml_sms::store::{OnUnknown, Priority};
use serde::{Deserialize, Serialize};

use super::text;

/// A command. Unknown commands and fields are refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Request {
    /// Sends a message: answered by [`Answer::Accepted`](super::Answer::Accepted), with `wait` by
    /// [`Answer::Message`](super::Answer::Message).
    Send(Box<SendRequest>),
    /// How the gateway is, or one message: answered by [`Answer::Gateway`](super::Answer::Gateway) or
    /// [`Answer::Message`](super::Answer::Message).
    Status {
        /// The message; `None`: the gateway.
        #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
        id: Option<MessageId>,
        /// Answers no earlier than the message has ended or has more than `seen` entries in its history, but
        /// after this time, at most [`LONGEST_WAIT`](super::LONGEST_WAIT).
        #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
        wait: Option<Duration>,
        /// Entries of its history that are known; `None`: only its end is of interest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<usize>,
    },
    /// Messages, newest first: answered by [`Answer::Messages`](super::Answer::Messages), with `incoming` by
    /// [`Answer::Received`](super::Answer::Received).
    List(ListRequest),
    /// Sends a message once more that ended without being delivered, or waits for its next try.
    Retry {
        /// The message.
        #[serde(with = "text")]
        id: MessageId,
        /// How long it is worth trying when its validity is over; 24 hours where nothing is said.
        #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
        validity: Option<Duration>,
    },
    /// Gives nothing more to a connection.
    Pause {
        /// The connection.
        #[serde(with = "text")]
        connection: ConnectionName,
    },
    /// Goes on with a connection.
    Resume {
        /// The connection.
        #[serde(with = "text")]
        connection: ConnectionName,
    },
    /// Accepts nothing more while it sends what it has; with `resume` accepts again.
    Drain {
        /// Whether messages are accepted again.
        #[serde(default)]
        resume: bool,
    },
    /// Forgets messages that ended: answered by [`Answer::Purged`](super::Answer::Purged).
    Purge {
        /// Those that were accepted before.
        #[serde(with = "text")]
        before: WallTime,
    },
    /// The rules of the configuration that is in use.
    Routes {},
    /// Where a message would go and why; nothing is sent or counted.
    RouteExplain(Box<ExplainRequest>),
}

impl Request {
    /// The word for it in a request and in a log.
    pub fn command(&self) -> &'static str {
        match self {
            Self::Send(_) => "send",
            Self::Status { .. } => "status",
            Self::List(_) => "list",
            Self::Retry { .. } => "retry",
            Self::Pause { .. } => "pause",
            Self::Resume { .. } => "resume",
            Self::Drain { .. } => "drain",
            Self::Purge { .. } => "purge",
            Self::Routes {} => "routes",
            Self::RouteExplain(_) => "route-explain",
        }
    }

    /// What it is about, for a log: a message, a connection, a time, a direction.
    pub fn about(&self) -> String {
        match self {
            Self::Status { id: Some(id), .. } | Self::Retry { id, .. } => id.to_string(),
            Self::Pause { connection } | Self::Resume { connection } => connection.to_string(),
            Self::Drain { resume: true } => "accept again".to_owned(),
            Self::Drain { resume: false } => "accept nothing".to_owned(),
            Self::Purge { before } => format!("before {before}"),
            _ => String::new(),
        }
    }

    /// Whether it changes how the gateway goes on, rather than asks or sends.
    pub fn is_change(&self) -> bool {
        matches!(
            self,
            Self::Retry { .. }
                | Self::Pause { .. }
                | Self::Resume { .. }
                | Self::Drain { .. }
                | Self::Purge { .. }
        )
    }
}

/// A message to be sent. Times are written as `90s` or `1h`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SendRequest {
    /// The recipient.
    #[serde(with = "text")]
    pub to: PhoneNumber,
    /// What it says.
    #[serde(with = "text")]
    pub text: SmsText,
    /// The sender shown; `None`: the connection's own.
    #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
    pub from: Option<SenderId>,
    /// Who is told its end.
    #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
    pub report: Option<HttpUrl>,
    /// The same key again gets the first answer again and sends nothing; `None`: a fresh one.
    #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
    pub key: Option<RunId>,
    /// How urgent it is, 0 to 3; `None`: as its route says.
    #[serde(
        default,
        deserialize_with = "text::priority",
        serialize_with = "text::priority_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub priority: Option<Priority>,
    /// How long it is worth sending; `None`: as its route says.
    #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
    pub validity: Option<Duration>,
    /// Whether it may be sent twice; `None`: as its route or its connection says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_unknown: Option<OnUnknown>,
    /// Whose message it is.
    #[serde(
        default,
        deserialize_with = "text::account",
        skip_serializing_if = "Option::is_none"
    )]
    pub account: Option<String>,
    /// Answers when the message has ended, or after this time, at most [`LONGEST_WAIT`](super::LONGEST_WAIT);
    /// `None`: when it is accepted.
    #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
    pub wait: Option<Duration>,
}

impl SendRequest {
    /// A message about which nothing else is said.
    pub fn new(to: PhoneNumber, text: SmsText) -> Self {
        Self {
            to,
            text,
            from: None,
            report: None,
            key: None,
            priority: None,
            validity: None,
            on_unknown: None,
            account: None,
            wait: None,
        }
    }
}

/// Which messages are listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ListRequest {
    /// Only those in this state.
    #[serde(with = "text::optional", skip_serializing_if = "Option::is_none")]
    pub state: Option<SmsState>,
    /// Only those that have not ended.
    pub unfinished: bool,
    /// Only those to recipients that begin so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Those that came in and were not handed on, instead of those that go out.
    pub incoming: bool,
    /// Most messages, at most [`MOST_ROWS`](super::MOST_ROWS).
    pub rows: u32,
    /// Only those with a smaller number: the rest of a long list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<u64>,
}

impl Default for ListRequest {
    /// The newest 100.
    fn default() -> Self {
        Self {
            state: None,
            unfinished: false,
            to: None,
            incoming: false,
            rows: 100,
            below: None,
        }
    }
}

/// A message whose way is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ExplainRequest {
    /// The recipient.
    #[serde(with = "text")]
    pub to: PhoneNumber,
    /// What it says; `None`: nothing.
    #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
    pub text: Option<SmsText>,
    /// The sender; `None`: the connection's own.
    #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
    pub from: Option<SenderId>,
    /// Whose message it is.
    #[serde(
        default,
        deserialize_with = "text::account",
        skip_serializing_if = "Option::is_none"
    )]
    pub account: Option<String>,
    /// The extension or HTTP user it comes from.
    #[serde(
        default,
        deserialize_with = "text::account",
        skip_serializing_if = "Option::is_none"
    )]
    pub source: Option<String>,
    /// When it is sent; `None`: now.
    #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
    pub at: Option<WallTime>,
}

impl ExplainRequest {
    /// A message without a text, sent now.
    pub fn new(to: PhoneNumber) -> Self {
        Self {
            to,
            text: None,
            from: None,
            account: None,
            source: None,
            at: None,
        }
    }
}
