//! `<Unhold>`: take both parties of a call back from hold.

use ozml_engine::{Contexts, Kind, Param, VerbSpec};
use ozml_session::CallId;

const CALL_ID: Param<CallId> = crate::params::CALL_ID.content();

/// The description of `Unhold`.
pub(crate) static UNHOLD: VerbSpec = VerbSpec::new(
    "Unhold",
    "Take both parties of a call back from hold",
    r#"<Response><Unhold CallId="c9"/></Response>"#,
)
.contexts(Contexts::T.and(Contexts::H))
.kind(Kind::Call)
.params(&[CALL_ID.spec()])
.notes(&["It works after Hold only."])
.readings(&["Unhold of a call that is not on hold fails and changes nothing."]);
