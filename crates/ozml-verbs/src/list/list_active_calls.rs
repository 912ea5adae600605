//! `<ListActiveCalls>`: list the running calls.

use ozml_engine::{Kind, Param, VariableName, VerbSpec};

use super::{EVERYWHERE, IN_A_SCRIPT, id};

const ID: Param<VariableName> = id("ActiveCalls");

/// The description of `ListActiveCalls`.
pub(crate) static LIST_ACTIVE_CALLS: VerbSpec = VerbSpec::new(
    "ListActiveCalls",
    "List the running calls",
    r#"<Response><ListActiveCalls ID="calls"/><Speak>There are $calls_count calls.</Speak></Response>"#,
)
.contexts(EVERYWHERE)
.kind(Kind::Effect)
.params(&[ID.spec()])
.notes(&[
    "Each call has CallId, Source, CallerId, Destination, CallerDialed, CalleeDialed, StartTime, RingDuration, TalkDuration and CallState.",
])
.readings(&[IN_A_SCRIPT]);
