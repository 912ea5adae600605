//! The trace: the one record of a run. Console, tests, reports and servers only read it.

mod event;
mod json_lines;
mod kind;
mod recorder;

pub use event::TraceEvent;
pub use json_lines::{JsonLines, ReadError, read_json_lines};
pub use kind::TraceKind;
pub(crate) use recorder::Place;
pub use recorder::{Trace, TraceSink, Unrecorded};
