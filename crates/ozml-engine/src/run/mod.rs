//! The executor: runs a program against a call session and ports.

mod control;
mod cx;
mod digit_buffer;
mod executor;
mod guard;
mod leaf;
mod leg;
mod messenger;
mod outcome;
mod port_answers;

pub use control::Control;
pub use cx::RunCx;
pub(crate) use executor::{Start, run};
pub use messenger::MessengerCx;
pub use outcome::{Failure, Flow, LimitReached, Outcome, RunOutcome, RunReport, Stop, VerbFuture};
