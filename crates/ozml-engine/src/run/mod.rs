//! The executor: runs a program against a call session and ports.

mod control;
mod cx;
mod digit_buffer;
mod documents;
mod executor;
mod guard;
mod input;
mod leaf;
mod leg;
mod messenger;
mod outcome;
mod port_answers;
mod secrets;
mod sound;

pub use control::Control;
pub use cx::RunCx;
pub use documents::{Fetched, ScriptRequest};
pub(crate) use executor::{Start, run};
pub use input::{Heard, Listening};
pub use messenger::MessengerCx;
pub use outcome::{Failure, Flow, LimitReached, Outcome, RunOutcome, RunReport, Stop, VerbFuture};
