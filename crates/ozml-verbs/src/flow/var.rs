//! `<Var>`: set a variable.

use ozml_engine::{Contexts, Kind, Param, VariableName, VariableText, VerbSpec};

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
    "A later Var of the same name overwrites; names are the same in any case.",
]);
