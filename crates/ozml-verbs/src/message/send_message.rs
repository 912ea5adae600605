//! `<SendMessage>`: send a message through the gateway.

use ozml_engine::{BodyText, CallAddress, Contexts, Kind, LineText, Param, VerbSpec};
use ozml_session::SenderId;

const RECIPIENT: Param<CallAddress> = Param::new("Recipient", "who receives it").mandatory();
const DATA: Param<BodyText> = Param::new("MessageData", "what it says").mandatory().content();
const TYPE: Param<LineText> = Param::new("MessageType", "the kind of message").default("SMS:TEXT");
const ORIGINATOR: Param<SenderId> = Param::new(
    "Originator",
    "the number, short code or name shown to the receiver",
);

const fn relic(name: &'static str, summary: &'static str) -> Param<LineText> {
    Param::new(name, summary).http_only()
}

/// The description of `SendMessage`.
pub(crate) static SEND_MESSAGE: VerbSpec = VerbSpec::new(
    "SendMessage",
    "Send a message through the gateway",
    r#"<Response><SendMessage Recipient="+36205550000" MessageData="Hi"/></Response>"#,
)
.contexts(Contexts::SCRIPTS.and(Contexts::H))
.kind(Kind::Effect)
.params(&[
    RECIPIENT.spec(),
    DATA.spec(),
    TYPE.spec(),
    ORIGINATOR.spec(),
    relic("Action", "`sendmessage`").spec(),
    relic("MessageCount", "how many messages the request holds").spec(),
    relic("MaxResponse", "report on at most so many messages").spec(),
    relic("ContinueUrl", "where the browser is sent afterwards").spec(),
    relic("ResponseFormat", "`xml` or `html`").spec(),
    relic("_charset_", "the encoding of the values").spec(),
])
.readings(&[
    "The vendor documents it for HTTP only.",
    "In a script there is one Recipient; what only makes sense in a web request is an error.",
]);
