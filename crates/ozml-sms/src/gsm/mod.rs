//! GSM modems: text messages by AT commands over a serial line (3GPP TS 27.005, 27.007, 23.040). Everything but
//! `serial` and `link` is pure: bytes and the time go in, bytes and events come out.

pub(crate) mod arrival;
mod at;
mod config;
mod dialogue;
mod end;
mod error;
mod interview;
pub(crate) mod link;
pub mod pdu;
mod port;
mod probe;
mod serial;
mod submit;
mod unlock;

pub use at::LineCounters;
pub use config::{ModemConfig, ModemTimers, Pin, Storage};
pub use dialogue::{
    Dialogue, DialogueConfig, DialogueEvent, ModemHealth, ModemIdentity, SubmitAnswer, SubmitError, Ticket,
};
pub use end::{ModemEnd, NeedsPerson};
pub use error::{ErrorClass, ErrorClasses, ModemError};
pub use port::SerialPort;
pub use probe::{
    Indications, Judgement, MemoryUse, ProbeError, ProbeOptions, ProbeReport, Registration, Signal, SimState,
    probe,
};
pub use serial::OpenError;
pub use submit::{ModemSubmitOptions, ModemSubmits};
pub use unlock::{UnlockError, unlock};
