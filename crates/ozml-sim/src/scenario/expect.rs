//! What a scenario expects, and which events of a trace it can be about.

use std::sync::Arc;

use ozml_engine::TraceKind;
use ozml_parser::Span;
use ozml_session::{FileName, PhoneNumber};

/// What must happen.
#[derive(Debug, Clone, Default)]
pub(super) struct Expectations {
    /// Whether effects may happen that nothing here names.
    pub(super) others_allowed: bool,
    /// In the order of the file.
    pub(super) wanted: Vec<Wanted>,
    pub(super) unspoken: Vec<(TextRule, Span)>,
    pub(super) variables: Vec<(Arc<str>, Arc<str>, Span)>,
    pub(super) ended: Option<(EndRule, Span)>,
}

/// One event that must happen.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) rule: Rule,
    pub(super) span: Span,
}

/// What is said about an event.
#[derive(Debug, Clone)]
pub(super) enum Rule {
    Spoken(TextRule),
    Played(Arc<str>),
    Sms(SmsRule),
    Fetched {
        url: Arc<str>,
        status: Option<u16>,
    },
    Collected(Arc<str>),
    TimedOut,
    Failed {
        verb: Option<Arc<str>>,
        code: Option<u16>,
        text: TextRule,
    },
    Limit(Arc<str>),
}

#[derive(Debug, Clone)]
pub(super) struct SmsRule {
    pub(super) to: Option<PhoneNumber>,
    pub(super) text: TextRule,
    pub(super) from: Option<Arc<str>>,
    pub(super) accepted: Option<bool>,
}

/// What is said about a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TextRule {
    Any,
    Is(Arc<str>),
    Contains(Arc<str>),
}

/// What is said about the end.
#[derive(Debug, Clone, Default)]
pub(super) struct EndRule {
    pub(super) by: Option<&'static str>,
    pub(super) cause: Option<&'static str>,
    pub(super) within_ms: Option<u64>,
    pub(super) outcome: Option<&'static str>,
}

/// Events of one list happen in the order in which they are expected. What of a closed list nobody expects is
/// a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Heard,
    Effects,
    Requests,
    Inputs,
    Failures,
    Limits,
}

impl List {
    pub(super) const ALL: [Self; 6] = [
        Self::Heard,
        Self::Effects,
        Self::Requests,
        Self::Inputs,
        Self::Failures,
        Self::Limits,
    ];

    /// The list an event belongs to.
    pub(super) fn of(kind: &TraceKind<'_>) -> Option<Self> {
        Some(match kind {
            TraceKind::PromptSpoken { .. } | TraceKind::PromptPlayed { .. } => Self::Heard,
            TraceKind::SmsAccepted { .. }
            | TraceKind::SmsRefused { .. }
            | TraceKind::MailSent { .. }
            | TraceKind::MessageSent { .. }
            | TraceKind::Transfer { .. }
            | TraceKind::Route { .. }
            | TraceKind::KeysSent { .. }
            | TraceKind::FileMoved { .. }
            | TraceKind::FileDeleted { .. }
            | TraceKind::Notify { .. } => Self::Effects,
            TraceKind::Fetch { .. } => Self::Requests,
            TraceKind::InputCollected { .. } | TraceKind::InputTimeout => Self::Inputs,
            TraceKind::VerbFailed { .. } => Self::Failures,
            TraceKind::Limit { .. } | TraceKind::Policy { .. } => Self::Limits,
            _ => return None,
        })
    }
}

impl Rule {
    pub(super) fn list(&self) -> List {
        match self {
            Self::Spoken(_) | Self::Played(_) => List::Heard,
            Self::Sms(_) => List::Effects,
            Self::Fetched { .. } => List::Requests,
            Self::Collected(_) | Self::TimedOut => List::Inputs,
            Self::Failed { .. } => List::Failures,
            Self::Limit(_) => List::Limits,
        }
    }

    /// Whether an event is what was expected.
    pub(super) fn fits(&self, kind: &TraceKind<'_>) -> bool {
        match (self, kind) {
            (Self::Spoken(rule), TraceKind::PromptSpoken { text, .. }) => rule.fits(text),
            (Self::Played(wanted), TraceKind::PromptPlayed { file }) => *file == **wanted,
            (Self::Sms(rule), TraceKind::SmsAccepted { to, from, text, .. }) => {
                rule.accepted != Some(false) && rule.fits(to, from.as_deref(), Some(text))
            }
            // The trace of a refusal has its reason, not the message.
            (Self::Sms(rule), TraceKind::SmsRefused { to, .. }) => {
                rule.accepted != Some(true) && rule.fits(to, None, None)
            }
            (
                Self::Fetched {
                    url: wanted,
                    status: code,
                },
                TraceKind::Fetch { url, status, .. },
            ) => *url == **wanted && code.is_none_or(|code| code == *status),
            (Self::Collected(keys), TraceKind::InputCollected { digits }) => *digits == **keys,
            (Self::TimedOut, TraceKind::InputTimeout) => true,
            (
                Self::Failed {
                    verb: wanted,
                    code: number,
                    text: rule,
                },
                TraceKind::VerbFailed { verb, code, text, .. },
            ) => {
                let named = wanted
                    .as_ref()
                    .is_none_or(|wanted| wanted.eq_ignore_ascii_case(verb));
                named && number.is_none_or(|number| number == *code) && rule.fits(text)
            }
            (Self::Limit(wanted), TraceKind::Limit { name, .. }) => *name == **wanted,
            _ => false,
        }
    }
}

impl SmsRule {
    /// What the trace does not tell fits.
    fn fits(&self, to: &str, from: Option<&str>, text: Option<&str>) -> bool {
        let told = text.is_some();
        self.to.as_ref().is_none_or(|wanted| wanted.as_str() == to)
            && text.is_none_or(|text| self.text.fits(text))
            && self
                .from
                .as_deref()
                .is_none_or(|wanted| !told || from == Some(wanted))
    }
}

impl TextRule {
    pub(super) fn fits(&self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Is(wanted) => **wanted == *text,
            Self::Contains(part) => text.contains(&**part),
        }
    }
}

/// What is known of a sound file.
#[derive(Debug, Clone)]
pub(super) struct SoundFile {
    pub(super) name: FileName,
    /// Its playing time in milliseconds; none where there is no such file.
    pub(super) ms: Option<u64>,
}

impl TextRule {
    /// The text in words.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Any => "anything".to_owned(),
            Self::Is(text) => format!("{text:?}"),
            Self::Contains(part) => format!("anything with {part:?} in it"),
        }
    }

    /// The same behind a noun.
    pub(super) fn told_with(&self) -> String {
        match self {
            Self::Any => String::new(),
            Self::Is(text) => format!("{text:?} "),
            Self::Contains(part) => format!("with {part:?} in it "),
        }
    }

    fn words(&self) -> &str {
        match self {
            Self::Any => "",
            Self::Is(text) | Self::Contains(text) => text,
        }
    }
}

impl Rule {
    /// What is expected, in the words a transcript would have for it.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Spoken(text) => format!("spoken {:?}", text.words()),
            Self::Played(file) => format!("played {file:?}"),
            Self::Sms(sms) => {
                let to = sms.to.as_ref().map_or("", |to| to.as_str());
                format!("SMS to {to}: {:?}", sms.text.words())
            }
            Self::Fetched { url, .. } => format!("asked {url}"),
            Self::Collected(keys) => format!("collected {keys:?}"),
            Self::TimedOut => "no keys in time".to_owned(),
            Self::Failed { verb, code, .. } => {
                format!(
                    "{} failed: {}",
                    verb.as_deref().unwrap_or_default(),
                    code.unwrap_or_default()
                )
            }
            Self::Limit(name) => format!("limit {name}"),
        }
    }
}
