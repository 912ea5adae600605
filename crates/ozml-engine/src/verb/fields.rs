use std::borrow::Cow;
use std::fmt;

use ozml_parser::Span;

use crate::program::Block;
use crate::verb::{Param, ParamSpec, ParamType, PartSpec, Template, Value, unescaped};
use crate::white_space::is_space;

/// The parameters of one element as they were written, matched with their descriptions. The query string
/// of an HTTP command is a second source of the same fields.
pub struct Fields<'f> {
    pub(crate) name_span: Span,
    pub(crate) given: Vec<Given<'f>>,
    pub(crate) body: Block,
    pub(crate) parts: Vec<Part<'f>>,
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

/// An element inside a verb that is no verb itself.
pub(crate) struct Part<'f> {
    pub(crate) spec: &'static PartSpec,
    pub(crate) fields: Fields<'f>,
}

impl<'f> Fields<'f> {
    /// A parameter the verb cannot do without, its default where it was not given. A pair of tags without
    /// text is an empty text where the parameter may be empty.
    pub fn get<T: ParamType>(&self, param: &Param<T>) -> Option<Value<T>> {
        let spec = param.spec();
        let empty = || (spec.content && spec.may_be_empty).then(|| T::parse("").ok());
        self.opt(param).or_else(|| empty().flatten().map(Value::fixed))
    }

    /// A parameter that may be missing.
    pub fn opt<T: ParamType>(&self, param: &Param<T>) -> Option<Value<T>> {
        let spec = param.spec();
        let given = self.given(param);
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

    /// The parts called `name` in their order, of a verb that has parts.
    pub fn parts<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Fields<'f>> {
        self.parts
            .iter()
            .filter(move |part| part.spec.name == name)
            .map(|part| &part.fields)
    }

    /// All parts in their order, each with its name.
    pub fn every_part(&self) -> impl Iterator<Item = (&'static str, &Fields<'f>)> {
        self.parts.iter().map(|part| (part.spec.name, &part.fields))
    }

    /// The place of the element's name.
    pub fn name_span(&self) -> Span {
        self.name_span
    }

    /// Whether a parameter was given and is not empty.
    pub fn has<T: ParamType>(&self, param: &Param<T>) -> bool {
        self.given(param)
            .is_some_and(|given| !T::WHITE_SPACE.apply(&given.written).is_empty())
    }

    /// The bytes of a parameter as it is written, 0 where it is not given.
    pub fn length<T: ParamType>(&self, param: &Param<T>) -> usize {
        self.given(param).map_or(0, |given| given.written.len())
    }

    /// The value of a parameter that was given, and its place; none when it is wrong or is known only when
    /// the script runs.
    pub fn literal<T: ParamType>(&self, param: &Param<T>) -> Option<(T, Span)> {
        let given = self.given(param)?;
        let text = T::WHITE_SPACE.apply(&given.written);
        let value = if !given.spec.references {
            T::parse(&text)
        } else if Template::parse(&text, given.spec.name, given.span).is_some() {
            return None;
        } else {
            T::parse(&unescaped(&text))
        };
        Some((value.ok()?, given.span))
    }

    fn given<T>(&self, param: &Param<T>) -> Option<&Given<'f>> {
        let name = param.name();
        self.given.iter().find(|given| given.spec.name == name)
    }
}

/// What was given and what stands inside, as it is used and without places: two scripts that say the same
/// show the same.
impl fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_map();
        for Given { spec, written, .. } in &self.given {
            let value = spec.white_space.apply(written);
            shown.entry(&spec.name, if spec.sensitive { &"•" } else { &value });
        }
        for part in &self.parts {
            shown.entry(&part.spec.name, &part.fields);
        }
        if !self.body.is_empty() {
            shown.entry(&"verbs", &self.body);
        }
        shown.finish()
    }
}
