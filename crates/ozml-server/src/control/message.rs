//! Messages as answers show them.

use ozml_session::{
    ConnectionName, MessageId, PhoneNumber, ReceivedSms, SenderId, SmsEncoding, SmsState, WallTime,
};
use ozml_sms::store::{HistoryEntry, OnUnknown, PartProgress, PartState, StoredSms};
use serde::{Deserialize, Serialize};

use super::text;

/// A message and how far it is. Readers skip fields they do not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// Its number, which `below` of a list counts by.
    pub number: u64,
    /// Its name.
    #[serde(with = "text")]
    pub id: MessageId,
    /// Its state.
    #[serde(with = "text")]
    pub state: SmsState,
    /// Why, where there is something to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether no later state is expected.
    pub ended: bool,
    /// Whether it was given up and waits for a person.
    #[serde(default)]
    pub parked: bool,
    /// Whether it may have been sent twice.
    #[serde(default)]
    pub possible_duplicate: bool,
    /// The recipient.
    #[serde(with = "text")]
    pub to: PhoneNumber,
    /// The sender; `None`: the connection's own.
    #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
    pub from: Option<SenderId>,
    /// The connection it goes through.
    #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
    pub connection: Option<ConnectionName>,
    /// When it was accepted.
    #[serde(with = "text")]
    pub accepted_at: WallTime,
    /// When it is of no use any more.
    #[serde(with = "text")]
    pub expires_at: WallTime,
    /// When it is tried again.
    #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
    pub next_try: Option<WallTime>,
    /// How often it was refused for a while on this connection.
    #[serde(default)]
    pub tries: u16,
    /// Parts it is sent in.
    pub segments: u8,
    /// `gsm7` or `ucs2`.
    pub encoding: String,
    /// How urgent it is, 0 to 3.
    pub priority: u8,
    /// Whose message it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What lists leave out.
    #[serde(default, flatten, skip_serializing_if = "Option::is_none")]
    pub details: Option<Box<Details>>,
}

/// What is told of one message only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Details {
    /// What it says.
    pub text: String,
    /// The effect it is.
    pub key: String,
    /// The message it is a copy of.
    #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
    pub parent: Option<MessageId>,
    /// Who is told its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// Whether it may be sent twice.
    pub on_unknown: OnUnknown,
    /// The rule that chose its connections.
    pub rule: String,
    /// The connections it may go through, the first one first.
    #[serde(with = "text::list")]
    pub connections: Vec<ConnectionName>,
    /// The recipient as the connection gets it.
    #[serde(with = "text")]
    pub sent_to: PhoneNumber,
    /// The sender as the connection gets it.
    #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
    pub sent_from: Option<SenderId>,
    /// Its parts, in order.
    pub parts: Vec<Part>,
    /// What happened to it, oldest first.
    pub history: Vec<History>,
}

impl std::fmt::Debug for Details {
    /// Without what it says.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Details")
            .field("text_bytes", &self.text.len())
            .field("rule", &self.rule)
            .field("history", &self.history)
            .finish_non_exhaustive()
    }
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Part {
    /// `waiting`, `out`, `sent`, `delivered`, `failed`, `expired` or `unknown`.
    pub state: String,
    /// The centre's name for it, while its receipt is awaited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub centre_id: Option<String>,
    /// Why, where there is something to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Something that happened to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct History {
    /// When.
    #[serde(with = "text")]
    pub at: WallTime,
    /// The state it had then.
    #[serde(with = "text")]
    pub state: SmsState,
    /// The connection that took part.
    #[serde(default, with = "text::optional", skip_serializing_if = "Option::is_none")]
    pub connection: Option<ConnectionName>,
    /// Why, where there is something to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A list of messages, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Messages {
    /// The messages, without their details.
    pub list: Vec<Message>,
    /// Whether there are more, below the number of the last one.
    pub more: bool,
}

/// A message that came in and was not handed on.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Received {
    /// Its name.
    #[serde(with = "text")]
    pub id: MessageId,
    /// The connection it came in on.
    #[serde(with = "text")]
    pub connection: ConnectionName,
    /// Who sent it.
    pub from: String,
    /// Whom it is for.
    pub to: String,
    /// What it says.
    pub text: String,
    /// When it came.
    #[serde(with = "text")]
    pub received_at: WallTime,
    /// Whether no part of it is missing.
    pub complete: bool,
}

impl std::fmt::Debug for Received {
    /// Without what it says.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Received")
            .field("id", &self.id)
            .field("connection", &self.connection)
            .field("text_bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

impl Message {
    /// With what is told of one message only.
    pub fn whole(stored: &StoredSms) -> Self {
        Self {
            details: Some(Box::new(Details::of(stored))),
            ..Self::in_list(stored)
        }
    }

    /// As it stands in a list.
    pub fn in_list(stored: &StoredSms) -> Self {
        let StoredSms { record, progress } = stored;
        let connection = record.targets.get(usize::from(progress.target));
        Self {
            number: record.number.0,
            id: record.id.clone(),
            state: progress.state,
            reason: progress.reason.as_deref().map(ToOwned::to_owned),
            ended: progress.is_ended(),
            parked: progress.parked,
            possible_duplicate: progress.possible_duplicate,
            to: record.to.clone(),
            from: record.from.clone(),
            connection: connection.cloned(),
            accepted_at: record.accepted_at,
            expires_at: progress.extended_to.unwrap_or(record.expires_at),
            next_try: progress.next_try,
            tries: progress.tries,
            segments: record.segments,
            encoding: encoding(record.encoding).to_owned(),
            priority: record.priority.get(),
            account: record.account.as_deref().map(ToOwned::to_owned),
            details: None,
        }
    }

    /// What happened to it, where that is told.
    pub fn history(&self) -> &[History] {
        self.details.as_ref().map_or(&[], |details| &details.history)
    }
}

impl Details {
    fn of(StoredSms { record, progress }: &StoredSms) -> Self {
        Self {
            text: record.text.as_str().to_owned(),
            key: record.key.to_string(),
            parent: record.parent.clone(),
            report: record.report.as_ref().map(|url| url.as_str().to_owned()),
            on_unknown: record.on_unknown,
            rule: record.rule.to_string(),
            connections: record.targets.clone(),
            sent_to: record.sent_to.clone(),
            sent_from: record.sent_from.clone(),
            parts: progress.parts.iter().map(Part::from).collect(),
            history: progress.history.iter().map(History::from).collect(),
        }
    }
}

impl From<&PartProgress> for Part {
    fn from(part: &PartProgress) -> Self {
        Self {
            state: part_state(part.state).to_owned(),
            centre_id: part.centre_id.as_deref().map(ToOwned::to_owned),
            reason: part.reason.as_deref().map(ToOwned::to_owned),
        }
    }
}

impl From<&HistoryEntry> for History {
    fn from(entry: &HistoryEntry) -> Self {
        Self {
            at: entry.at,
            state: entry.state,
            connection: entry.connection.clone(),
            reason: entry.reason.as_deref().map(ToOwned::to_owned),
        }
    }
}

impl From<&ReceivedSms> for Received {
    fn from(sms: &ReceivedSms) -> Self {
        Self {
            id: sms.id.clone(),
            connection: sms.connection.clone(),
            from: sms.from.to_string(),
            to: sms.to.to_string(),
            text: sms.text.clone(),
            received_at: sms.received_at,
            complete: sms.complete,
        }
    }
}

/// The word for an alphabet.
pub(super) fn encoding(encoding: SmsEncoding) -> &'static str {
    match encoding {
        SmsEncoding::Ucs2 => "ucs2",
        _ => "gsm7",
    }
}

fn part_state(state: PartState) -> &'static str {
    match state {
        PartState::Out => "out",
        PartState::Sent => "sent",
        PartState::Delivered => "delivered",
        PartState::Failed => "failed",
        PartState::Expired => "expired",
        PartState::Unknown => "unknown",
        _ => "waiting",
    }
}
