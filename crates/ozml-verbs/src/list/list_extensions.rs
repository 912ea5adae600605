//! `<ListExtensions>`: list the extensions.

use ozml_engine::{Kind, LineText, Param, VariableName, VerbSpec};

use super::{EVERYWHERE, IN_A_SCRIPT, id};

const TYPE: Param<LineText> = Param::new("Type", "only extensions of this type");
const ID: Param<VariableName> = id("Extensions");

/// The description of `ListExtensions`.
pub(crate) static LIST_EXTENSIONS: VerbSpec = VerbSpec::new(
    "ListExtensions",
    "List the extensions",
    r#"<Response><ListExtensions ID="ext" Type="Phone"/><ForEach Source="ext"><Speak>$item.PhoneNumber</Speak></ForEach></Response>"#,
)
.contexts(EVERYWHERE)
.kind(Kind::Effect)
.params(&[TYPE.spec(), ID.spec()])
.notes(&["Each extension has Id, PhoneNumber, Type and State."])
.readings(&[IN_A_SCRIPT]);
