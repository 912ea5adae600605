use std::sync::Arc;
use std::time::Duration;

use crate::{CallError, CallId, CallSession, Cause, EffectKey, PhoneNumber, PortFuture};

/// The port to the phone system as a whole: what goes beyond the call a run is on.
pub trait PhoneSystem: Send + Sync {
    /// Places a call; resolves when it is answered or has failed. Dropping the future cancels it.
    fn place<'a>(&'a self, call: &'a PlaceCall) -> PortFuture<'a, Arc<dyn CallSession>, PhoneSystemError>;
    /// The running call of this name.
    fn find<'a>(&'a self, id: &'a CallId) -> PortFuture<'a, Arc<dyn CallSession>, PhoneSystemError>;
    /// All running calls.
    fn list(&self) -> PortFuture<'_, Vec<CallSummary>, PhoneSystemError>;
    /// Joins two calls; resolves when one of them ends. Dropping the future parts them.
    fn bridge<'a>(&'a self, a: &'a CallId, b: &'a CallId) -> PortFuture<'a, (), PhoneSystemError>;
}

/// A call to be placed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlaceCall {
    /// Names the effect.
    pub key: EffectKey,
    /// The number to call.
    pub to: PhoneNumber,
    /// The number shown.
    pub from: Option<PhoneNumber>,
    /// How long it may ring.
    pub ring: Duration,
}

impl PlaceCall {
    /// A call that rings for at most 90 s.
    pub fn new(key: EffectKey, to: PhoneNumber) -> Self {
        Self {
            key,
            to,
            from: None,
            ring: Duration::from_secs(90),
        }
    }
}

/// The state of a call (OzML reference: call states).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallState {
    /// The called party's phone rings.
    Ringing,
    /// Both parties talk.
    InCall,
    /// On hold.
    Hold,
    /// Over.
    Completed,
}

/// A line in the list of running calls.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallSummary {
    /// The call.
    pub id: CallId,
    /// The calling party.
    pub source: String,
    /// The called party.
    pub destination: String,
    /// Its state.
    pub state: CallState,
}

impl CallSummary {
    /// A line.
    pub fn new(id: CallId, source: String, destination: String, state: CallState) -> Self {
        Self {
            id,
            source,
            destination,
            state,
        }
    }
}

/// Why the phone system did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PhoneSystemError {
    /// No phone system here.
    #[error("a phone system is not available here")]
    Unavailable,
    /// There is no running call of this name (code 601).
    #[error("call not found with ID `{0}`")]
    NoSuchCall(CallId),
    /// The placed call was not answered (code 402).
    #[error("the call to {to} failed: {cause}")]
    Failed {
        /// The number.
        to: PhoneNumber,
        /// Why.
        cause: Cause,
    },
    /// An operation on a call failed.
    #[error(transparent)]
    Call(#[from] CallError),
}
