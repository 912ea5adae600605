use std::borrow::Cow;

use ozml_parser::Span;

use crate::program::Block;
use crate::verb::{Param, ParamSpec, ParamType, Value};
use crate::white_space::is_space;

/// The parameters of one element as they were written, matched with their descriptions. The query string
/// of an HTTP command is a second source of the same fields.
pub struct Fields<'f> {
    pub(crate) given: Vec<Given<'f>>,
    pub(crate) body: Block,
}

/// One parameter that was given.
pub(crate) struct Given<'f> {
    pub(crate) spec: &'static ParamSpec,
    pub(crate) written: Cow<'f, str>,
    pub(crate) span: Span,
}

impl Given<'_> {
    /// A blank value counts as not given, unless the parameter may be empty.
    pub(crate) fn is_blank(&self) -> bool {
        self.written.chars().all(is_space)
    }
}

impl Fields<'_> {
    /// A parameter the verb cannot do without, its default where it was not given.
    pub fn get<T: ParamType>(&self, param: &Param<T>) -> Option<Value<T>> {
        self.opt(param)
    }

    /// A parameter that may be missing.
    pub fn opt<T: ParamType>(&self, param: &Param<T>) -> Option<Value<T>> {
        let spec = param.spec();
        let given = self.given.iter().find(|given| given.spec.name == spec.name);
        match given.filter(|given| spec.may_be_empty || !given.is_blank()) {
            Some(given) => Value::read(&given.written, &spec, given.span),
            None => spec
                .default
                .and_then(|default| T::parse(default).ok())
                .map(Value::fixed),
        }
    }

    /// The verbs inside, of a verb whose children are verbs.
    pub fn body(&self) -> Block {
        self.body.clone()
    }
}
