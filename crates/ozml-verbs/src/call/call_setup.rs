//! `<CallSetup>`: connect two numbers.

use ozml_engine::{CallAddress, Contexts, Kind, Param, VerbSpec};
use ozml_session::HttpUrl;

const CALLER: Param<CallAddress> = Param::new("Caller", "the number that is rung first").mandatory();
const CALLEE: Param<CallAddress> = Param::new("Callee", "the number it is connected to").mandatory();
const ERROR: Param<HttpUrl> = Param::new("ErrorUrl", "is told of an error");

/// The description of `CallSetup`.
pub(crate) static CALL_SETUP: VerbSpec = VerbSpec::new(
    "CallSetup",
    "Connect two numbers",
    r#"<Response><CallSetup Caller="101" Callee="205"/></Response>"#,
)
.contexts(Contexts::M.and(Contexts::H))
.kind(Kind::Effect)
.params(&[CALLER.spec(), CALLEE.spec(), ERROR.spec()])
.readings(&["Caller is rung first; when it has answered, Callee is."]);
