//! Domain types and ports of the OzML engine.
//!
//! A *port* is a trait through which a run meets the world: the call ([`CallSession`]), the clock
//! ([`Clock`]), the SMS transport ([`Messenger`]) and so on. This crate knows no runtime, does no I/O
//! and reads no clock. Whoever embeds the engine implements the ports it needs and puts them into one
//! [`Ports`] value; the builder fills the rest with implementations that answer "not available here".
//!
//! Domain types check on construction, so that a [`PhoneNumber`] or an [`SmsText`] that exists is valid.

mod call;
mod call_error;
#[cfg(feature = "contract")]
#[allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken contract is reported by panic, as assertions are"
)]
pub mod contract;
mod destination;
mod directory;
mod fetch;
mod files;
pub mod gsm_alphabet;
mod history;
mod id;
mod invalid;
mod keys;
mod mail;
mod message;
mod nearest;
mod number;
mod phone_system;
mod ports;
mod prompt;
mod received;
mod sms;
mod text;
mod time;
mod unavailable;
mod web;

use std::future::Future;
use std::pin::Pin;

pub use call::{
    CallInfo, CallSession, Capabilities, Cause, Direction, Ended, EndedBy, Rejection, SessionEvent,
};
pub use call_error::{CallError, HungUp, MediaFault, Partial};
pub use destination::{Action, Destination, Policy, Refusal, Who};
pub use directory::{Contact, ContactFilter, Directory, DirectoryError, Extension};
pub use fetch::{FetchAnswer, FetchError, FetchMethod, FetchRequest, Fetcher};
pub use files::{FileError, FileInfo, FileName, Files};
pub use history::{CallRecord, History, HistoryError, HistoryFilter};
pub use id::{CallId, EffectKey, Ids, MessageId, RunId};
pub use invalid::Invalid;
pub use keys::{Digits, Key, StopOn};
pub use mail::{MailAddress, MailError, Mailer, OutgoingMail};
pub use message::{ConnectionError, ConnectionName, Connections, IncomingMessage, OutgoingMessage};
pub use nearest::nearest;
pub use number::{PhoneNumber, SenderId};
pub use phone_system::{CallState, CallSummary, PhoneSystem, PhoneSystemError, PlaceCall};
pub use ports::{Ports, PortsBuilder};
pub use prompt::{
    BlindTransfer, FetchedSound, Played, Prompt, Record, Recorded, RecordingEnd, SoundFile, Speech, Tone,
    Transferred, VoiceName,
};
pub use received::{IncomingAddress, ReceiveError, ReceivedSms, SmsReceiver};
pub use sms::{AcceptedSms, Messenger, OutgoingSms, SmsEncoding, SmsRefusal, SmsState, SmsStates, SmsStatus};
pub use text::{LanguageTag, SmsText};
pub use time::{Clock, ClockTime, WallTime, parse_duration, parse_seconds};
pub use unavailable::Unavailable;
pub use web::{HttpUrl, Notification, Notifier, NotifyError};

/// What an asynchronous port method returns.
///
/// Dropping the future cancels the operation; what it started must stop with it.
pub type PortFuture<'a, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;
