//! The engine: what an OzML verb is, the checker, the executor and the trace.
//!
//! `text → Document → checker (all faults at once) → Program → executor`. A [`Program`] is immutable and
//! shared by any number of runs. A run meets the world only through its call session and its ports, so the
//! same script with the same answers gives the same trace, byte for byte.
//!
//! This crate knows no verb by name, no runtime, no clock and no socket.

mod check;
mod engine;
mod explain;
mod limits;
mod program;
mod registry;
mod run;
mod trace;
mod variables;
mod verb;
mod white_space;

pub use check::{CheckOptions, Checked, Described, PlannedVerbs, Profile, Provenance, read_described};
pub use engine::{Engine, RunOptions};
pub use explain::{EXPLANATIONS, Explanation};
pub use limits::{LimitError, Limits};
pub use program::{Block, Program};
pub use registry::{DuplicateVerb, Registry};
pub use run::{
    Control, Failure, Fetched, Flow, Heard, LimitReached, Listening, MessengerCx, Outcome, RunCx, RunOutcome,
    RunReport, ScriptRequest, Stop, VerbFuture,
};
pub use trace::{JsonLines, ReadError, Trace, TraceEvent, TraceKind, TraceSink, Unrecorded, read_json_lines};
pub use variables::{Record, Variable, Variables};
pub use verb::{
    AfterDownload, ArrayName, BodyText, CallAddress, CallDirection, CallParty, Children, Compiled,
    ConnectionAddress, Contexts, Count, DelayTime, Doubt, DtmfKeys, EventQualifier, Example, Fields, Flag,
    Hertz, HexCode, KeyCount, Kind, LineText, LocalTime, Milliseconds, Naming, Origin, Param, ParamSpec,
    ParamType, PartSpec, Party, Place, RecordingFormat, RouteTarget, Rules, ScriptAddress, ScriptText,
    Seconds, SoundSource, SpokenText, SqlQuery, Value, VariableName, VariableText, Verb, VerbSpec, WaitTime,
    is_variable_name,
};
pub use white_space::WhiteSpace;
