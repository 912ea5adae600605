use ozml_session::SmsState;

use super::StoredSms;

/// Which messages are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListFilter {
    /// Only those in this state.
    pub state: Option<SmsState>,
    /// Only those that have not ended.
    pub unfinished: bool,
    /// Only those to recipients that begin so.
    pub to_prefix: Option<String>,
    /// Only those with a smaller number: the rest of a long list.
    pub below: Option<u64>,
    /// Most messages; 0 is none.
    pub rows: u32,
}

impl Default for ListFilter {
    /// The newest 100.
    fn default() -> Self {
        Self {
            state: None,
            unfinished: false,
            to_prefix: None,
            below: None,
            rows: 100,
        }
    }
}

impl ListFilter {
    /// Whether a message is one of those asked for; `below` and `rows` aside.
    pub(super) fn takes(&self, message: &StoredSms) -> bool {
        self.state.is_none_or(|state| state == message.progress.state)
            && !(self.unfinished && message.progress.is_ended())
            && self
                .to_prefix
                .as_deref()
                .is_none_or(|prefix| message.record.to.as_str().starts_with(prefix))
    }
}

/// A list of messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Listed {
    /// The messages, newest first.
    pub messages: Vec<StoredSms>,
    /// Whether there are more.
    pub more: bool,
}
