//! `<ForEach>`: run verbs once for each item of a list.

use ozml_engine::{ArrayName, Children, Contexts, Kind, Param, VerbSpec};

const SOURCE: Param<ArrayName> = Param::new("Source", "the name of the array")
    .mandatory()
    .reads_array();

/// The description of `ForEach`.
pub(crate) static FOR_EACH: VerbSpec = VerbSpec::new(
    "ForEach",
    "Run verbs once for each item of a list",
    r#"<Response><Array ID="stops"><item>Oak</item><item>Elm</item></Array><ForEach Source="stops"><Speak>Next: $item</Speak></ForEach></Response>"#,
)
.contexts(Contexts::E.and(Contexts::M))
.kind(Kind::Control)
.params(&[SOURCE.spec()])
.children(Children::Verbs)
.repeats()
.inner_names(&["item"])
.notes(&["`$item` is the item, `$item.name` a field of it where the array holds records."])
.readings(&[
    "The name may be written with a `$`.",
    "An array that nobody defined runs zero times, with a warning.",
    "In a ForEach inside, `$item` is the inner one. The limit `foreach_nesting` bounds how deep they stand.",
]);
