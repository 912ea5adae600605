//! `<BlindTransfer>`: send the other party to another number.

use ozml_engine::{CallAddress, CallParty, Contexts, Kind, Param, VerbSpec};
use ozml_session::HttpUrl;

use crate::params::CALL_ID;

const TARGET: Param<CallAddress> = Param::new("Target", "the number the party is sent to")
    .mandatory()
    .content();
const TRANSFEROR: Param<CallParty> = Param::new(
    "TransferorParty",
    "who makes the transfer and leaves, in third-party control only",
)
.mandatory_in(Contexts::T)
.alias("TranferorParty");
const FINISHED: Param<HttpUrl> =
    Param::new("FinishedUrl", "is told when the transferred call ends").alias("FinishedURL");

/// The description of `BlindTransfer`.
pub(crate) static BLIND_TRANSFER: VerbSpec = VerbSpec::new(
    "BlindTransfer",
    "Send the caller to another number",
    "<Response><BlindTransfer>4410</BlindTransfer><Speak>Nobody is available.</Speak></Response>",
)
.contexts(Contexts::E.and(Contexts::T).and(Contexts::H))
.kind(Kind::Call)
.params(&[TARGET.spec(), CALL_ID.spec(), TRANSFEROR.spec(), FINISHED.spec()])
.notes(&[
    "When it succeeds the script is over and the moved party stays connected. When it fails the next verb runs.",
])
.readings(&[
    "Busy, no answer, an unknown number and an error are failures.",
    "On a call of an API extension (context E) CallId and TransferorParty have no effect.",
]);
