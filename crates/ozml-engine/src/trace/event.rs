use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::TraceKind;

/// One line of a trace, version 1. Borrows its texts; what keeps events makes them owned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TraceEvent<'a> {
    /// The version of the format.
    pub v: u8,
    /// Counts the events of a run from 1.
    pub seq: u64,
    /// The engine's clock in milliseconds since the run began.
    pub at_ms: u64,
    /// The run.
    pub run: Cow<'a, str>,
    /// The call, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Cow<'a, str>>,
    /// The leg of the call, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leg: Option<Cow<'a, str>>,
    /// What happened.
    #[serde(flatten)]
    pub kind: TraceKind<'a>,
    /// The document of the run it belongs to, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<u32>,
    /// The line in that document, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The column in that line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

impl<'a> TraceEvent<'a> {
    /// The version this engine writes and reads.
    pub const VERSION: u8 = 1;

    /// An event without call and place.
    pub fn new(seq: u64, at_ms: u64, run: &'a str, kind: TraceKind<'a>) -> Self {
        let run = Cow::Borrowed(run);
        Self {
            v: Self::VERSION,
            seq,
            at_ms,
            run,
            call: None,
            leg: None,
            kind,
            doc: None,
            line: None,
            column: None,
        }
    }

    /// The event as one line of JSON, without the line end.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The same event with texts of its own, for what outlives the moment.
    pub fn to_owned_event(&self) -> TraceEvent<'static> {
        serde_json::to_value(self)
            .and_then(serde_json::from_value)
            .unwrap_or_else(|_| TraceEvent::new(self.seq, self.at_ms, "", TraceKind::Unknown))
    }
}
