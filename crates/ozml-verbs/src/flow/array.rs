//! `<Array>`: define a list for ForEach.

use ozml_engine::{
    Children, Contexts, Fields, Kind, LimitReached, Outcome, Param, PartSpec, Rules, RunCx, Value,
    VariableName, VariableText, Verb, VerbFuture, VerbSpec,
};

const ID: Param<VariableName> = Param::new("ID", "its name").mandatory().sets_array(&[]);
const VALUE: Param<VariableText> = Param::new("Value", "the item").content().may_be_empty();

const ITEM: PartSpec = PartSpec::new("item", "one item")
    .params(&[VALUE.spec()])
    .several();

/// The description of `Array`.
pub(crate) static ARRAY: VerbSpec = VerbSpec::new(
    "Array",
    "Define a list for ForEach",
    r#"<Response><Array ID="stops"><item>Oak</item><item>Elm</item></Array><ForEach Source="stops"><Speak>$item</Speak></ForEach></Response>"#,
)
.contexts(Contexts::E.and(Contexts::M))
.kind(Kind::Control)
.params(&[ID.spec()])
.children(Children::Parts(&[ITEM]))
.rules(not_too_many_items)
.notes(&["Each `item` is one text; their order is kept. Only ForEach reads an array."])
.readings(&["An Array without items is empty. A second Array of the same name replaces the first."])
.compile(|p| {
    Some(Box::new(Array {
        id: p.get(&ID)?,
        items: p.parts("item").map(|item| item.opt(&VALUE)).collect(),
    }))
});

struct Array {
    id: Value<VariableName>,
    /// None: an empty item.
    items: Vec<Option<Value<VariableText>>>,
}

impl Verb for Array {
    fn run<'a>(&'a self, cx: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(async move {
            let mut items = Vec::with_capacity(self.items.len());
            for item in &self.items {
                let text = Value::eval_opt(item.as_ref(), cx)?;
                items.push(text.map_or_else(String::new, |text| text.as_arc().to_string()));
            }
            let id = self.id.eval(cx)?;
            cx.set_array(id.as_str(), &items)?;
            Ok(Outcome::next())
        })
    }
}

fn not_too_many_items(fields: &Fields<'_>, rules: &mut Rules<'_>) {
    let most = rules.limits().array_items;
    let beyond = usize::try_from(most).unwrap_or(usize::MAX);
    if let Some(item) = fields.parts("item").nth(beyond) {
        rules.over_limit(LimitReached::new("array_items", most), item.name_span());
    }
}
