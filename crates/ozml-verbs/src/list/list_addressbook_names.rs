//! `<ListAddressbookNames>`: list the phone books.

use ozml_engine::{Kind, Param, VariableName, VerbSpec};

use super::{EVERYWHERE, IN_A_SCRIPT, id};

const ID: Param<VariableName> = id("AddressbookNames");

/// The description of `ListAddressbookNames`.
pub(crate) static LIST_ADDRESSBOOK_NAMES: VerbSpec = VerbSpec::new(
    "ListAddressbookNames",
    "List the phone books",
    r#"<Response><ListAddressbookNames ID="books"/><ForEach Source="books"><Speak>$item.Name</Speak></ForEach></Response>"#,
)
.aliases(&["ListPhonebookNames"])
.contexts(EVERYWHERE)
.kind(Kind::Effect)
.params(&[ID.spec()])
.readings(&["No page of the vendor's describes it. Each phone book has a Name.", IN_A_SCRIPT]);
