//! `<WaitForMsg>`: wait for a message from a connection.

use ozml_engine::{ConnectionAddress, Contexts, Kind, LineText, Param, VariableName, VerbSpec, WaitTime};

const CONNECTION: Param<ConnectionAddress> = Param::new("FromConnection", "the connection")
    .mandatory()
    .alias("Connection")
    .ours();
const ID: Param<VariableName> = Param::new("ID", "the variable that gets the text")
    .mandatory()
    .alias("Variable")
    .alias("Var")
    .sets_variable(&["_from"])
    .ours();
const ADDRESS: Param<LineText> = Param::new("FromAddress", "messages of this sender only").ours();
const TIMEOUT: Param<WaitTime> = Param::new("Timeout", "how long to wait; 0 is as long as the host allows")
    .default("0")
    .ours();

/// The description of `WaitForMsg`.
pub(crate) static WAIT_FOR_MSG: VerbSpec = VerbSpec::new(
    "WaitForMsg",
    "Wait for a message from a connection",
    r#"<Response><WaitForMsg FromConnection="sms1@localhost" ID="answer" Timeout="60"/><Speak>$answer</Speak></Response>"#,
)
.aliases(&["WaitForMessage"])
.contexts(Contexts::E.and(Contexts::M))
.kind(Kind::Wait)
.params(&[CONNECTION.spec(), ID.spec(), ADDRESS.spec(), TIMEOUT.spec()])
.notes(&["It stores the content of the message in a variable."])
.readings(&[
    "No page of the vendor's describes it beyond one line: its parameters are ours.",
    "`$<ID>_from` is the sender. When the time is over the variable is empty and the script goes on.",
    "Messages that came before it started are not seen.",
]);
