//! `<SendDTMF>`: send keys to the far end.

use ozml_engine::{Contexts, DtmfKeys, Kind, Param, Party, VerbSpec};

use crate::params::CALL_ID;

const KEYS: Param<DtmfKeys> = Param::new("Keys", "the keys to send").mandatory().content();
const PARTY: Param<Party> = Param::new("Party", "who gets them, in third-party control only")
    .mandatory_in(Contexts::T.and(Contexts::H));

/// The description of `SendDTMF`.
pub(crate) static SEND_DTMF: VerbSpec = VerbSpec::new(
    "SendDTMF",
    "Send keys to the far end",
    r#"<Response><SendDTMF Party="callee" Keys="55#"/></Response>"#,
)
.contexts(Contexts::E.and(Contexts::T).and(Contexts::H))
.kind(Kind::Call)
.params(&[KEYS.spec(), PARTY.spec(), CALL_ID.spec()])
.readings(&[
    "Keys are `0-9 * # A-D`; `,` is a pause of half a second.",
    "On a call of an API extension (context E) the far end gets them; Party and CallId have no effect.",
]);
