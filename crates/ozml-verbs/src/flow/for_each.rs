//! `<ForEach>`: run verbs once for each item of a list.

use ozml_engine::{
    ArrayName, Block, Children, Contexts, Kind, Outcome, Param, RunCx, Value, Verb, VerbFuture, VerbSpec,
};

const SOURCE: Param<ArrayName> = Param::new("Source", "the name of the array")
    .mandatory()
    .reads_array();

const ITEM: &str = "item";

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
.inner_names(&[ITEM])
.notes(&["`$item` is the item, `$item.name` a field of it where the array holds records."])
.readings(&[
    "The name may be written with a `$`.",
    "An array that nobody defined runs zero times, with a warning.",
    "In a ForEach inside, `$item` is the inner one. The limit `foreach_nesting` bounds how deep they stand.",
])
.compile(|p| {
    Some(Box::new(ForEach {
        source: p.get(&SOURCE)?,
        body: p.body(),
    }))
});

struct ForEach {
    source: Value<ArrayName>,
    body: Block,
}

impl Verb for ForEach {
    fn run<'a>(&'a self, cx: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(async move {
            let source = self.source.eval(cx)?;
            let Some(items) = cx.array(source.as_str()) else {
                let text = format!("there is no array `{}`, so nothing is run", source.as_str());
                cx.warn("undefined-array", &text);
                return Ok(Outcome::next());
            };
            cx.for_each(ITEM, &items, &self.body).await.map(Outcome::flow)
        })
    }
}
