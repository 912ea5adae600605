//! Messages that a modem has in its memory still though they are ours: after any stop it shows them once more.

use std::collections::BTreeMap;

use ozml_session::{ConnectionName, WallTime};

use crate::gsm::SerialPort;
use crate::store::{Change, Note};

/// The kind of note under which a fingerprint is kept until the modem has deleted its message.
pub(crate) const SHOWN: &str = "incoming-shown";
/// A message that a modem has not deleted for so long it will not show any more: it is gone, or its SIM card is.
const LONGEST: i64 = 30 * 24 * 60 * 60 * 1_000;
/// Most messages that are known; the oldest is forgotten first.
const MAX_MESSAGES: usize = 10_000;

/// The place where a message was shown: two SIM cards may get the very same one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) connection: &'a ConnectionName,
    /// `None`: a message centre.
    pub(crate) port: Option<&'a SerialPort>,
}

/// The messages that were taken and may be shown again, by their keys, with the dates at which they came.
#[derive(Debug, Default)]
pub(super) struct Shown(BTreeMap<String, WallTime>);

impl Shown {
    /// Goes on with a note.
    pub(super) fn load(&mut self, note: Note) {
        let came = str::from_utf8(&note.value)
            .ok()
            .and_then(|date| date.parse().ok());
        // One that cannot be read is as old as can be, and so forgotten.
        let came = WallTime::from_unix_millis(came.unwrap_or_default());
        self.0.insert(note.key, came);
    }

    /// Notes a message; `None`: it is known.
    pub(super) fn add(
        &mut self,
        wall: WallTime,
        place: Place<'_>,
        fingerprint: [u8; 16],
    ) -> Option<Vec<Change>> {
        let key = key(place, fingerprint);
        if self.0.contains_key(&key) {
            return None;
        }
        let mut changes = match self.0.len() < MAX_MESSAGES {
            true => Vec::new(),
            false => self.forget_oldest(),
        };
        changes.push(Change::PutNote(Note {
            kind: SHOWN,
            key: key.clone(),
            value: wall.as_unix_millis().to_string().into_bytes(),
        }));
        self.0.insert(key, wall);
        Some(changes)
    }

    /// The modem has it no more.
    pub(super) fn clear(&mut self, place: Place<'_>, fingerprint: [u8; 16]) -> Option<Change> {
        let key = key(place, fingerprint);
        self.0.remove(&key).map(|_| forget(key))
    }

    /// Forgets what is too old to be shown again.
    pub(super) fn forget_old(&mut self, wall: WallTime) -> Vec<Change> {
        let latest = wall.as_unix_millis().saturating_sub(LONGEST);
        let old = self.0.extract_if(.., |_, came| came.as_unix_millis() < latest);
        old.map(|(key, _)| forget(key)).collect()
    }

    fn forget_oldest(&mut self) -> Vec<Change> {
        let oldest = self.0.iter().min_by_key(|(_, came)| came.as_unix_millis());
        let oldest = oldest.map(|(key, _)| key.clone());
        oldest
            .into_iter()
            .map(|key| {
                self.0.remove(&key);
                forget(key)
            })
            .collect()
    }
}

fn key(place: Place<'_>, fingerprint: [u8; 16]) -> String {
    let port = place.port.map(ToString::to_string).unwrap_or_default();
    format!(
        "{} {port} {:032x}",
        place.connection,
        u128::from_be_bytes(fingerprint)
    )
}

fn forget(key: String) -> Change {
    Change::ForgetNote { kind: SHOWN, key }
}
