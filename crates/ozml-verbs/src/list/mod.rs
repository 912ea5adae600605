//! Verbs that ask the phone system for lists.
//!
//! The vendor documents them for HTTP only. In a script they define an array of records for ForEach; which
//! is ours.

mod list_active_calls;
mod list_addressbook_contacts;
mod list_addressbook_names;
mod list_call_history;
mod list_extension_types;
mod list_extensions;

use ozml_engine::{Contexts, Count, Param, VariableName};

pub(crate) use list_active_calls::LIST_ACTIVE_CALLS;
pub(crate) use list_addressbook_contacts::LIST_ADDRESSBOOK_CONTACTS;
pub(crate) use list_addressbook_names::LIST_ADDRESSBOOK_NAMES;
pub(crate) use list_call_history::LIST_CALL_HISTORY;
pub(crate) use list_extension_types::LIST_EXTENSION_TYPES;
pub(crate) use list_extensions::LIST_EXTENSIONS;

/// Lists are asked for everywhere.
const EVERYWHERE: Contexts = Contexts::SCRIPTS.and(Contexts::H);

const IN_A_SCRIPT: &str =
    "The vendor documents it for HTTP only. In a script it sets an array for ForEach, and `$<ID>_count`.";

const PAGE: Param<Count> = Param::new("PageNumber", "the page, from 0").default("0");
const ROWS: Param<Count> = Param::new("RowsPerPage", "how many on a page").default("20");

/// The array that gets the list; its name is the verb's without `List` when none is given.
const fn id(default: &'static str) -> Param<VariableName> {
    Param::new("ID", "the array that gets them")
        .default(default)
        .sets_array(&["_count"])
        .ours()
}
