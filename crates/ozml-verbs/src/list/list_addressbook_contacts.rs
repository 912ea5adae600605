//! `<ListAddressbookContacts>`: list the contacts of a phone book.

use ozml_engine::{Kind, LineText, Param, VariableName, VerbSpec};

use super::{EVERYWHERE, IN_A_SCRIPT, PAGE, ROWS, id};

const BOOK: Param<LineText> = Param::new("AddressbookName", "the phone book")
    .mandatory()
    .alias("PhonebookName");
const NAME: Param<LineText> = Param::new("FullName", "only contacts of this name");
const NUMBER: Param<LineText> = Param::new("PhoneNumber", "only contacts with this number");
const EMAIL: Param<LineText> = Param::new("Email", "only contacts with this mail address");
const ID: Param<VariableName> = id("AddressbookContacts");

/// The description of `ListAddressbookContacts`.
pub(crate) static LIST_ADDRESSBOOK_CONTACTS: VerbSpec = VerbSpec::new(
    "ListAddressbookContacts",
    "List the contacts of a phone book",
    r#"<Response><ListAddressbookContacts AddressbookName="Sales" ID="sales"/><ForEach Source="sales"><Speak>$item.Name</Speak></ForEach></Response>"#,
)
.aliases(&["ListAddressbokkContacts", "ListPhonebookContacts"])
.contexts(EVERYWHERE)
.kind(Kind::Effect)
.params(&[
    BOOK.spec(),
    NAME.spec(),
    NUMBER.spec(),
    EMAIL.spec(),
    PAGE.spec(),
    ROWS.spec(),
    ID.spec(),
])
.notes(&["Each contact has Name, PhoneNumber and Email."])
.readings(&[IN_A_SCRIPT]);
