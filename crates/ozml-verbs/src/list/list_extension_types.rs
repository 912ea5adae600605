//! `<ListExtensionTypes>`: list the types of extensions.

use ozml_engine::{Kind, Param, VariableName, VerbSpec};

use super::{EVERYWHERE, IN_A_SCRIPT, id};

const ID: Param<VariableName> = id("ExtensionTypes");

/// The description of `ListExtensionTypes`.
pub(crate) static LIST_EXTENSION_TYPES: VerbSpec = VerbSpec::new(
    "ListExtensionTypes",
    "List the types of extensions",
    r#"<Response><ListExtensionTypes ID="types"/><ForEach Source="types"><Speak>$item.ExtensionType</Speak></ForEach></Response>"#,
)
.contexts(EVERYWHERE)
.kind(Kind::Effect)
.params(&[ID.spec()])
.readings(&["No page of the vendor's describes it. Each type has an ExtensionType.", IN_A_SCRIPT]);
