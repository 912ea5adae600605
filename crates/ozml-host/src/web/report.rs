//! A report on its way: what is sent, and how a journal keeps it.

use std::fmt;

use ozml_session::{HttpUrl, Invalid, Notification, WallTime};
use serde::{Deserialize, Serialize};

use super::client::{form, without_query};

const VERSION: u32 = 1;

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Report {
    /// The effect and the name of the report.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) url: HttpUrl,
    /// A form that begins with `NotificationName`.
    pub(super) body: String,
    pub(super) queued_at: WallTime,
}

/// As a journal keeps it: JSON, readers skip what they do not know.
#[derive(Serialize, Deserialize)]
struct Written {
    v: u32,
    id: String,
    name: String,
    url: String,
    body: String,
    /// Milliseconds since 1970.
    queued_at: i64,
}

impl Report {
    pub(super) fn of(what: &Notification, queued_at: WallTime) -> Self {
        let name = ("NotificationName".to_owned(), what.name.to_owned());
        let fields: Vec<_> = std::iter::once(name).chain(what.fields.iter().cloned()).collect();
        Self {
            id: format!("{}/{}", what.key, what.name),
            name: what.name.to_owned(),
            url: what.url.clone(),
            body: form(&fields),
            queued_at,
        }
    }

    /// Bytes it takes in memory, about.
    pub(super) fn weight(&self) -> usize {
        let texts = [&self.id, &self.name, &self.body].map(String::len);
        texts.iter().sum::<usize>() + self.url.as_str().len() + 256
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let written = Written {
            v: VERSION,
            id: self.id.clone(),
            name: self.name.clone(),
            url: self.url.as_str().to_owned(),
            body: self.body.clone(),
            queued_at: self.queued_at.as_unix_millis(),
        };
        // Texts and numbers are always JSON.
        serde_json::to_vec(&written).unwrap_or_default()
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, Invalid> {
        let written: Written =
            serde_json::from_slice(bytes).map_err(|fault| Invalid::new(format!("no report: {fault}")))?;
        if written.v != VERSION {
            return Err(Invalid::new(format!(
                "a report of version {VERSION} was expected, not {}",
                written.v
            )));
        }
        Ok(Self {
            id: written.id,
            name: written.name,
            url: HttpUrl::new(&written.url)?,
            body: written.body,
            queued_at: WallTime::from_unix_millis(written.queued_at),
        })
    }
}

impl fmt::Debug for Report {
    /// Without body and query: they are for the receiver only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Report({} to {})", self.id, without_query(&self.url))
    }
}

#[cfg(test)]
mod tests {
    use ozml_session::{EffectKey, RunId};

    use super::*;

    #[test]
    fn a_report_that_was_written_is_read_again() {
        let key = EffectKey::new(RunId::new("r1").unwrap(), 3);
        let url = HttpUrl::new("http://app.example/dlr?token=s3cret").unwrap();
        let fields = vec![("Status".to_owned(), "Delivered & é".to_owned())];
        let what = Notification::new(key, "SMSDeliveryReport", url, fields);
        let report = Report::of(&what, WallTime::from_unix_millis(5));
        assert_eq!(report.id, "r1/3/SMSDeliveryReport");
        assert_eq!(
            report.body,
            "NotificationName=SMSDeliveryReport&Status=Delivered+%26+%C3%A9"
        );
        assert_eq!(Report::read(&report.write()), Ok(report.clone()));
        let shown = format!("{report:?}");
        assert!(
            !shown.contains("s3cret") && !shown.contains("Delivered+"),
            "{shown}"
        );
    }

    #[test]
    fn what_is_no_report_is_refused() {
        let other = r#"{"v":2,"id":"a","name":"b","url":"http://a/","body":"","queued_at":0}"#;
        let address = r#"{"v":1,"id":"a","name":"b","url":"file:///a","body":"","queued_at":0}"#;
        for wrong in ["", "{}", "\u{0}", other, address] {
            assert!(Report::read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
