//! `<SendMsg>`: send a message to a connection.

use ozml_engine::{BodyText, ConnectionAddress, Contexts, Kind, LineText, Param, VerbSpec};

const CONNECTION: Param<ConnectionAddress> = Param::new("ToConnection", "the connection").mandatory();
const TEXT: Param<BodyText> = Param::new("Text", "what it says").mandatory().content();
const ADDRESS: Param<LineText> = Param::new(
    "ToAddress",
    "an address behind the connection where it needs one, such as a mail address",
);

/// The description of `SendMsg`.
pub(crate) static SEND_MSG: VerbSpec = VerbSpec::new(
    "SendMsg",
    "Send a message to a connection",
    r#"<Response><SendMsg ToConnection="ops@localhost">Hi</SendMsg></Response>"#,
)
.aliases(&["SendMessageToConn"])
.contexts(Contexts::E.and(Contexts::M))
.kind(Kind::Effect)
.params(&[CONNECTION.spec(), TEXT.spec(), ADDRESS.spec()])
.readings(&["An unknown connection fails the verb; the script goes on."]);
