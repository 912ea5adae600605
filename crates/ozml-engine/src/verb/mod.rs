//! What a verb is: one description that checker, manual and executor read, and one `run`.

mod contexts;
mod fields;
mod param;
mod param_type;
mod spec;
mod template;
mod value;

pub use contexts::Contexts;
pub use fields::Fields;
pub(crate) use fields::Given;
pub use param::{Origin, Param, ParamSpec};
pub use param_type::{DelayTime, ParamType, SpokenText};
pub use spec::{Children, Compiled, Example, Kind, Verb, VerbSpec};
pub(crate) use template::Template;
pub use template::is_variable_name;
pub use value::Value;
pub(crate) use value::unescaped;
