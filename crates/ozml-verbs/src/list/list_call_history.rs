//! `<ListCallHistory>`: list past calls.

use ozml_engine::{CallDirection, Kind, LineText, LocalTime, Param, VariableName, VerbSpec};
use ozml_session::CallId;

use super::{EVERYWHERE, IN_A_SCRIPT, PAGE, ROWS, id};

const CALL_ID: Param<CallId> = Param::new("CallId", "only this call");
const CALLER_ID: Param<LineText> = Param::new("CallerId", "only calls with this caller id");
const SOURCE: Param<LineText> = Param::new("Source", "only calls from here");
const DESTINATION: Param<LineText> = Param::new("Destination", "only calls to here");
const DIALED: Param<LineText> = Param::new("Dialed", "only calls with this dialled number");
const DIRECTION: Param<CallDirection> = Param::new("Direction", "only calls in this direction");
const STATE: Param<LineText> = Param::new("State", "only calls that ended like this, such as `CallerHangUp`");
const TYPE: Param<LineText> = Param::new("Type", "only calls of this type, such as `Audio`");
const FROM: Param<LocalTime> = Param::new("From", "only calls from this time on");
const GENERAL: Param<LineText> = Param::new("General", "only calls with this text anywhere");
const ID: Param<VariableName> = id("CallHistory");

/// The description of `ListCallHistory`.
pub(crate) static LIST_CALL_HISTORY: VerbSpec = VerbSpec::new(
    "ListCallHistory",
    "List past calls",
    r#"<Response><ListCallHistory ID="calls" RowsPerPage="5"/><ForEach Source="calls"><Speak>$item.Source</Speak></ForEach></Response>"#,
)
.aliases(&["GetCallHistory"])
.contexts(EVERYWHERE)
.kind(Kind::Effect)
.params(&[
    CALL_ID.spec(),
    CALLER_ID.spec(),
    SOURCE.spec(),
    DESTINATION.spec(),
    DIALED.spec(),
    DIRECTION.spec(),
    STATE.spec(),
    TYPE.spec(),
    FROM.spec(),
    GENERAL.spec(),
    PAGE.spec(),
    ROWS.spec(),
    ID.spec(),
])
.notes(&[
    "Each call has StartTime, Direction, Source, Destination, State, Dialed, CallerId, Type and CallId.",
    "An empty value is no filter.",
])
.readings(&[IN_A_SCRIPT, "States are compared without regard to case, `HangUp` like `HungUp`."]);
