//! The messages of the checker, one small function each.

mod document;
mod names;
mod params;
mod place;
mod source;
mod values;
mod verbs;

pub(super) use document::{action_dialect, is_action_dialect, other_root, unknown_root};
pub(super) use names::{
    NameFinder, NameHelp, NamePlace, array_as_text, not_an_array, undefined_array, undefined_name, unused,
};
pub(super) use params::{
    content_and_attribute, empty, given_twice, http_only, missing, other_attribute_name, unknown_attribute,
};
pub(super) use place::{
    belongs_into, never_reached, not_first, not_here, not_inside, not_nested, once, stray_text,
    unexpected_child, unknown_part, unknown_state, verb_beside_parts,
};
pub(super) use source::between_tags;
pub(crate) use values::over_limit;
pub(super) use values::{doubtful, wrong_value};
pub(super) use verbs::{inner_root, not_available, other_verb_name, unknown_verb};
