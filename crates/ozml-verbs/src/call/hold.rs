//! `<Hold>`: put both parties of a call on hold.

use ozml_engine::{Contexts, Kind, Param, VerbSpec};
use ozml_session::CallId;

const CALL_ID: Param<CallId> = crate::params::CALL_ID.content();

/// The description of `Hold`.
pub(crate) static HOLD: VerbSpec = VerbSpec::new(
    "Hold",
    "Put both parties of a call on hold",
    r#"<Response><Hold CallId="c9"/></Response>"#,
)
.contexts(Contexts::T.and(Contexts::H))
.kind(Kind::Call)
.params(&[CALL_ID.spec()])
.notes(&["Only Unhold takes them back."])
.readings(&[
    "Hold of a held call changes nothing and is no error; of a call that is not connected it fails.",
]);
