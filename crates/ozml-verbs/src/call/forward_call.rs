//! `<ForwardCall>`: redirect a call that is still ringing.

use ozml_engine::{CallAddress, Contexts, Kind, Param, VerbSpec};

use crate::params::CALL_ID;

const DESTINATION: Param<CallAddress> = Param::new("Destination", "the number it is sent to")
    .mandatory()
    .content();

/// The description of `ForwardCall`.
pub(crate) static FORWARD_CALL: VerbSpec = VerbSpec::new(
    "ForwardCall",
    "Redirect a call that is still ringing",
    r#"<Response><ForwardCall Destination="512"/></Response>"#,
)
.aliases(&["Forward"])
.contexts(Contexts::T.and(Contexts::H))
.kind(Kind::Call)
.params(&[DESTINATION.spec(), CALL_ID.spec()])
.readings(&["A call in any other state stays as it is; the verb fails."]);
