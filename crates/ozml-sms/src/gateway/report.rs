//! Telling a web application the end of a message: SMSDeliveryReport.

use ozml_session::{EffectKey, HttpUrl, Notification, RunId, SmsState, WallTime};
use serde::{Deserialize, Serialize};

use crate::store::{Note, Progress, SmsRecord};

/// The kind of note that keeps a report until it is taken.
pub(crate) const KIND: &str = "report";
const NAME: &str = "SMSDeliveryReport";

/// The report of a message that ended, if somebody is to be told. The names of its fields are our reading
/// of the vendor's documentation, which does not show them.
pub(crate) fn report(record: &SmsRecord, progress: &Progress, now: WallTime) -> Option<Notification> {
    let url = record.report.clone().filter(|_| progress.state.is_final())?;
    let connection = record.targets.get(usize::from(progress.target));
    let fields = [
        ("SmsId", record.id.to_string()),
        (
            "Sender",
            record.from.as_ref().map(ToString::to_string).unwrap_or_default(),
        ),
        ("Recipient", record.to.to_string()),
        ("Status", status(progress.state).to_owned()),
        (
            "StatusText",
            progress.reason.as_deref().unwrap_or_default().to_owned(),
        ),
        (
            "Connection",
            connection.map(ToString::to_string).unwrap_or_default(),
        ),
        ("Timestamp", now.to_string()),
    ];
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value));
    Some(Notification::new(record.key.clone(), NAME, url, fields.collect()))
}

fn status(state: SmsState) -> &'static str {
    match state {
        SmsState::Delivered => "Delivered",
        SmsState::Expired => "Expired",
        SmsState::Unknown => "Unknown",
        _ => "Failed",
    }
}

/// A report as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    run: String,
    number: u64,
    url: String,
    fields: Vec<(String, String)>,
}

/// The message a report speaks of.
pub(crate) fn sms_id(report: &Notification) -> &str {
    let field = report.fields.iter().find(|(name, _)| name == "SmsId");
    field.map(|(_, id)| id.as_str()).unwrap_or_default()
}

/// The key of the note that keeps a report.
pub(crate) fn note_key(report: &Notification) -> String {
    report.key.to_string()
}

/// The note that keeps a report.
pub(crate) fn note(report: &Notification) -> Note {
    let kept = Kept {
        run: report.key.run().to_string(),
        number: report.key.number(),
        url: report.url.as_str().to_owned(),
        fields: report.fields.clone(),
    };
    Note {
        kind: KIND,
        key: note_key(report),
        value: serde_json::to_vec(&kept).unwrap_or_default(),
    }
}

/// The report a note keeps; `None` when it cannot be read.
pub(crate) fn read(note: &Note) -> Option<Notification> {
    let kept: Kept = serde_json::from_slice(&note.value).ok()?;
    let key = EffectKey::new(RunId::new(&kept.run).ok()?, kept.number);
    let url = HttpUrl::new(&kept.url).ok()?;
    Some(Notification::new(key, NAME, url, kept.fields))
}
