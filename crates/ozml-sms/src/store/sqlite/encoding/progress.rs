use std::borrow::Cow;

use ozml_session::{ConnectionName, SmsState, WallTime};
use serde::{Deserialize, Serialize};

use super::super::super::{HistoryEntry, PartProgress, PartState, Progress};
use super::super::fault::Damage;
use super::words::Word;
use super::{is_default, read, write};

#[derive(Serialize, Deserialize)]
struct Row<'r> {
    #[serde(rename = "why", default, skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'r, str>>,
    #[serde(rename = "via", default, skip_serializing_if = "is_default")]
    target: u8,
    #[serde(rename = "ref", default, skip_serializing_if = "is_default")]
    reference: u8,
    #[serde(rename = "try", default, skip_serializing_if = "is_default")]
    tries: u16,
    #[serde(rename = "unk", default, skip_serializing_if = "is_default")]
    unknown_handovers: u8,
    #[serde(rename = "dup", default, skip_serializing_if = "is_default")]
    possible_duplicate: bool,
    #[serde(rename = "park", default, skip_serializing_if = "is_default")]
    parked: bool,
    #[serde(rename = "next", default, skip_serializing_if = "Option::is_none")]
    next_try: Option<i64>,
    #[serde(rename = "ext", default, skip_serializing_if = "Option::is_none")]
    extended_to: Option<i64>,
    #[serde(rename = "p", default)]
    parts: Vec<Part<'r>>,
    #[serde(rename = "h", borrow, default)]
    history: Vec<Entry<'r>>,
}

#[derive(Serialize, Deserialize)]
struct Part<'r> {
    /// Left out while it waits.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    state: Option<Cow<'r, str>>,
    #[serde(rename = "id", default, skip_serializing_if = "Option::is_none")]
    centre_id: Option<Cow<'r, str>>,
    #[serde(rename = "why", default, skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'r, str>>,
}

#[derive(Serialize, Deserialize)]
struct Entry<'r> {
    #[serde(rename = "t")]
    at: i64,
    #[serde(rename = "s", borrow)]
    state: Cow<'r, str>,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    connection: Option<Cow<'r, str>>,
    #[serde(rename = "why", default, skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'r, str>>,
}

/// The progress, without its state, which has a column of its own.
pub(in super::super) fn encode_progress(progress: &Progress) -> Result<Vec<u8>, serde_json::Error> {
    write(&Row {
        reason: progress.reason.as_deref().map(Into::into),
        target: progress.target,
        reference: progress.reference,
        tries: progress.tries,
        unknown_handovers: progress.unknown_handovers,
        possible_duplicate: progress.possible_duplicate,
        parked: progress.parked,
        next_try: progress.next_try.map(WallTime::as_unix_millis),
        extended_to: progress.extended_to.map(WallTime::as_unix_millis),
        parts: progress.parts.iter().map(Part::of).collect(),
        history: progress.history.iter().map(Entry::of).collect(),
    })
}

/// The progress again.
pub(in super::super) fn decode_progress(state: &str, json: &[u8]) -> Result<Progress, Damage> {
    let row: Row<'_> = read(json)?;
    Ok(Progress {
        state: state.parse()?,
        reason: row.reason.as_deref().map(Into::into),
        target: row.target,
        reference: row.reference,
        tries: row.tries,
        unknown_handovers: row.unknown_handovers,
        possible_duplicate: row.possible_duplicate,
        parked: row.parked,
        next_try: row.next_try.map(WallTime::from_unix_millis),
        extended_to: row.extended_to.map(WallTime::from_unix_millis),
        parts: row.parts.iter().map(Part::decode).collect::<Result<_, _>>()?,
        history: row.history.iter().map(Entry::decode).collect::<Result<_, _>>()?,
    })
}

impl<'r> Part<'r> {
    fn of(part: &'r PartProgress) -> Self {
        let state = (part.state != PartState::Waiting)
            .then(|| part.state.word())
            .flatten();
        Self {
            state: state.map(Into::into),
            centre_id: part.centre_id.as_deref().map(Into::into),
            reason: part.reason.as_deref().map(Into::into),
        }
    }

    fn decode(&self) -> Result<PartProgress, Damage> {
        let state = match self.state.as_deref() {
            Some(word) => PartState::of(word).ok_or(Damage("a word in it is not known"))?,
            None => PartState::Waiting,
        };
        Ok(PartProgress {
            state,
            centre_id: self.centre_id.as_deref().map(Into::into),
            reason: self.reason.as_deref().map(Into::into),
        })
    }
}

impl<'r> Entry<'r> {
    fn of(entry: &'r HistoryEntry) -> Self {
        Self {
            at: entry.at.as_unix_millis(),
            state: entry.state.as_str().into(),
            connection: entry
                .connection
                .as_ref()
                .map(|connection| connection.as_str().into()),
            reason: entry.reason.as_deref().map(Into::into),
        }
    }

    fn decode(&self) -> Result<HistoryEntry, Damage> {
        Ok(HistoryEntry {
            at: WallTime::from_unix_millis(self.at),
            state: self.state.parse::<SmsState>()?,
            connection: self.connection.as_deref().map(ConnectionName::new).transpose()?,
            reason: self.reason.as_deref().map(Into::into),
        })
    }
}
