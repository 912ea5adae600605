use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use ozml_session::{Ended, Invalid, Partial, RunId};

use super::documents::Fetched;

/// What running a verb gives.
pub type VerbFuture<'a> = Pin<Box<dyn Future<Output = Result<Outcome, Stop>> + Send + 'a>>;

/// What runs next.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Flow {
    /// The next verb.
    #[default]
    Next,
    /// A script that was fetched instead of this one, without nesting.
    Replace(Fetched),
    /// The menu above this one.
    Back,
    /// Nothing: the script is over.
    Exit,
}

/// The result of a verb: what runs next, and the names its answer sets.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Outcome {
    /// What runs next.
    pub flow: Flow,
    /// Names and values: `$name` in a script, elements in an HTTP answer.
    pub fields: Vec<(&'static str, Arc<str>)>,
}

impl Outcome {
    /// Go on.
    pub fn next() -> Self {
        Self::default()
    }

    /// End the script.
    pub fn exit() -> Self {
        Self::flow(Flow::Exit)
    }

    /// Go on as `flow` says.
    pub fn flow(flow: Flow) -> Self {
        Self {
            flow,
            fields: Vec::new(),
        }
    }

    /// The same with one more answer field.
    #[must_use]
    pub fn field(mut self, name: &'static str, value: impl Into<Arc<str>>) -> Self {
        self.fields.push((name, value.into()));
        self
    }
}

/// Why a verb did not come to its end. `Failed` is traced and the next verb runs; the others leave all
/// blocks, `Cut` up to the menu that listens.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Stop {
    /// The call is over; the owner of a partial result finds it here.
    HungUp {
        /// What the interrupted operation had done.
        partial: Option<Box<Partial>>,
    },
    /// A key that somebody listens for came.
    Cut,
    /// A limit that guards the run was reached.
    Limit(LimitReached),
    /// The verb failed.
    Failed(Box<Failure>),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure))
    }
}

impl From<LimitReached> for Stop {
    fn from(limit: LimitReached) -> Self {
        Self::Limit(limit)
    }
}

/// A failed verb: the status code a script sees as `$ErrorCode`, and what was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The status code (OzML reference: status codes; ours from 900).
    pub code: u16,
    /// What was wrong.
    pub text: String,
}

impl Failure {
    /// A failure.
    pub fn new(code: u16, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
    }

    /// A parameter has a wrong value: code 302.
    pub fn parameter(name: &'static str, fault: Invalid) -> Self {
        Self::new(302, format!("{name}: {fault}"))
    }

    /// The name of the code.
    pub fn name(&self) -> &'static str {
        match self.code {
            300 => "ParseError",
            301 => "NotImplementedCommand",
            302 => "InvalidParameter",
            303 => "InappropriateCommand",
            401 => "ApiExtensionUnavailable",
            402 => "CallConnectFailed",
            501 => "SmsDestinationNotFound",
            601 => "CallNotFound",
            901 => "DestinationRefused",
            902 => "BudgetExceeded",
            903 => "QueueFull",
            904 => "StoreUnavailable",
            905 => "TooManyCalls",
            906 => "IdempotencyKeyReused",
            907 => "CallOperationFailed",
            _ => "Error",
        }
    }
}

/// A limit that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LimitReached {
    /// Its name.
    pub name: &'static str,
    /// Its value; times in seconds.
    pub value: u64,
}

impl LimitReached {
    /// The limit `name` of `value`.
    pub fn new(name: &'static str, value: u64) -> Self {
        Self { name, value }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunOutcome {
    /// In order, no verb failed.
    Done,
    /// To the end, but a verb failed, or the link to the phone system was lost.
    Failed,
    /// The far end hung up before the script was through.
    HungUp,
    /// A limit that guards the run ended it.
    Limit,
    /// It broke down.
    Panic,
}

impl RunOutcome {
    /// The word the trace uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::HungUp => "hung-up",
            Self::Limit => "limit",
            Self::Panic => "panic",
        }
    }
}

/// What there is to say about a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunReport {
    /// The run.
    pub run: RunId,
    /// How it ended.
    pub outcome: RunOutcome,
    /// Verbs that failed.
    pub failures: u32,
    /// Limit and policy events, those after which the script went on too.
    pub limits: u32,
    /// How its call ended, where it had one.
    pub ended: Option<Ended>,
}
