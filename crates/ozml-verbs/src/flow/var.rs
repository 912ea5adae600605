//! `<Var>`: set a variable.

use ozml_engine::{
    Contexts, Kind, Outcome, Param, RunCx, Value, VariableName, VariableText, Verb, VerbFuture, VerbSpec,
};

const ID: Param<VariableName> = Param::new("ID", "its name").mandatory().sets_variable(&[]);
const VALUE: Param<VariableText> = Param::new("Value", "its value")
    .mandatory()
    .content()
    .may_be_empty();

/// The description of `Var`.
pub(crate) static VAR: VerbSpec = VerbSpec::new(
    "Var",
    "Set a variable",
    r#"<Response><Var ID="who">Ann</Var><Speak>Hello $who</Speak></Response>"#,
)
.aliases(&["Variable"])
.contexts(Contexts::SCRIPTS)
.kind(Kind::Control)
.params(&[ID.spec(), VALUE.spec()])
.notes(&["`$who` stands for its value in every text and attribute that comes later."])
.readings(&[
    "The value may be empty. References in it are replaced when Var runs, and never again.",
    "A later Var of the same name overwrites. `$WHO` finds `who` where nothing is called `WHO`.",
])
.compile(|p| {
    Some(Box::new(Var {
        id: p.get(&ID)?,
        value: p.get(&VALUE)?,
    }))
});

struct Var {
    id: Value<VariableName>,
    value: Value<VariableText>,
}

impl Verb for Var {
    fn run<'a>(&'a self, cx: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(async move {
            let (id, value) = (self.id.eval(cx)?, self.value.eval(cx)?);
            cx.set_variable(id.as_str(), value.as_arc())?;
            Ok(Outcome::next())
        })
    }
}
