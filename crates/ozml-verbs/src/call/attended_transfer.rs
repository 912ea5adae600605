//! `<AttendedTransfer>`: join the parties of two calls.

use ozml_engine::{CallParty, Contexts, Kind, Param, VerbSpec};
use ozml_session::CallId;

const TARGET: Param<CallId> = Param::new("TargetCallId", "the call it is joined to").mandatory();
const TRANSFERRED: Param<CallId> = Param::new(
    "TransferredCallId",
    "the call whose party is moved; that of the notification when it is left out",
)
.mandatory_in(Contexts::H)
.alias("TranferredCallId");
const TRANSFEROR: Param<CallParty> =
    Param::new("TransferorParty", "who makes the transfer and leaves both calls").alias("TranferorParty");

/// The description of `AttendedTransfer`.
pub(crate) static ATTENDED_TRANSFER: VerbSpec = VerbSpec::new(
    "AttendedTransfer",
    "Join the parties of two calls",
    r#"<Response><AttendedTransfer TargetCallId="7Qa2"/></Response>"#,
)
.contexts(Contexts::T.and(Contexts::H))
.kind(Kind::Call)
.params(&[TARGET.spec(), TRANSFERRED.spec(), TRANSFEROR.spec()])
.notes(&["The transferor has set up the second call already; the first one is on hold."])
.readings(&[
    "TransferorParty stands in the vendor's examples only; left out, it is the party both calls have in common.",
    "When the transfer fails, both calls stay as they were.",
]);
