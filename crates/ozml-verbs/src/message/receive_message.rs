//! `<ReceiveMessage>`: fetch messages from a folder.

use ozml_engine::{AfterDownload, Contexts, Count, Kind, LineText, Param, VariableName, VerbSpec};

const FOLDER: Param<LineText> = Param::new("Folder", "the folder").default("inbox");
const LIMIT: Param<Count> =
    Param::new("Limit", "at most so many messages; under 1000 is advised").default("10");
const AFTER: Param<AfterDownload> = Param::new("AfterDownload", "what becomes of them on the server");
const ID: Param<VariableName> = Param::new("ID", "the array that gets them")
    .default("Message")
    .sets_array(&["_count"])
    .ours();
const ACTION: Param<LineText> = Param::new("Action", "`receivemessage`").http_only();
const FORMAT: Param<LineText> = Param::new("ResponseFormat", "`xml` or `html`").http_only();

/// The description of `ReceiveMessage`.
pub(crate) static RECEIVE_MESSAGE: VerbSpec = VerbSpec::new(
    "ReceiveMessage",
    "Fetch messages from a folder",
    r#"<Response><ReceiveMessage Folder="inbox"/><ForEach Source="Message"><Speak>$item.messagedata</Speak></ForEach></Response>"#,
)
.contexts(Contexts::SCRIPTS.and(Contexts::H))
.kind(Kind::Effect)
.params(&[
    FOLDER.spec(),
    LIMIT.spec(),
    AFTER.spec(),
    ID.spec(),
    ACTION.spec(),
    FORMAT.spec(),
])
.notes(&[
    "Each message has messageid, originator, recipient, messagetype, messagedata, senttime and receivedtime.",
])
.readings(&[
    "The vendor documents it for HTTP only. In a script it sets an array for ForEach, and `$<ID>_count`.",
]);
