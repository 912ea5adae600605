//! What a verb is: one description that checker, manual and executor read, and one `run`.

mod children;
mod contexts;
mod fields;
mod param;
mod param_type;
mod rules;
mod spec;
mod template;
mod value;

pub use children::{Children, PartSpec, Place};
pub use contexts::Contexts;
pub use fields::Fields;
pub(crate) use fields::{Given, Part};
pub use param::{Naming, Origin, Param, ParamSpec};
pub use param_type::{
    AfterDownload, ArrayName, BodyText, CallAddress, CallDirection, CallParty, ConnectionAddress, Count,
    DelayTime, Doubt, DtmfKeys, EventQualifier, Flag, Hertz, HexCode, KeyCount, LineText, LocalTime,
    Milliseconds, ParamType, Party, RecordingFormat, RouteTarget, ScriptAddress, ScriptText, Seconds,
    SoundSource, SpokenText, SqlQuery, VariableName, VariableText, WaitTime,
};
pub use rules::Rules;
pub use spec::{Compiled, Example, Kind, Verb, VerbSpec};
pub(crate) use template::Template;
pub use template::is_variable_name;
pub use value::Value;
pub(crate) use value::unescaped;
