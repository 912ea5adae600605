use std::borrow::Cow;

use ozml_parser::Span;

use crate::run::{Failure, RunCx, Stop};
use crate::verb::template::literal;
use crate::verb::{ParamSpec, ParamType, Template};
use crate::white_space::WhiteSpace;

/// The value of a parameter: known before the run, or with variables and known when it is evaluated.
#[derive(Debug, Clone)]
pub struct Value<T>(Inner<T>);

#[derive(Debug, Clone)]
enum Inner<T> {
    Fixed(T),
    Template(Template),
}

impl<T: ParamType> Value<T> {
    /// A value that is known.
    pub fn fixed(value: T) -> Self {
        Self(Inner::Fixed(value))
    }

    /// Reads a value from a script; none when it is wrong, which the checker has reported by then.
    pub(crate) fn read(written: &str, spec: &ParamSpec, span: Span) -> Option<Self> {
        let text = T::WHITE_SPACE.apply(written);
        if !T::REFERENCES {
            return T::parse(&text).ok().map(Self::fixed);
        }
        match Template::parse(&text, spec.name, span) {
            Some(template) => Some(Self(Inner::Template(template))),
            None => T::parse(&unescaped(&text)).ok().map(Self::fixed),
        }
    }

    /// The value of a parameter that may be missing, see [`eval`](Self::eval).
    pub fn eval_opt(value: Option<&Self>, cx: &mut RunCx<'_>) -> Result<Option<T>, Stop> {
        value.map(|value| value.eval(cx).map(Cow::into_owned)).transpose()
    }

    /// The value now. A fixed value is borrowed. Variables are replaced once; the result is checked like a
    /// literal, and a wrong one fails the verb with code 302.
    pub fn eval<'v>(&'v self, cx: &mut RunCx<'_>) -> Result<Cow<'v, T>, Stop> {
        match &self.0 {
            Inner::Fixed(value) => Ok(Cow::Borrowed(value)),
            Inner::Template(template) => {
                let text = cx.expand(template, T::PERCENT_ENCODED);
                let text = match T::WHITE_SPACE {
                    WhiteSpace::Body => Cow::Borrowed(text.as_str()),
                    other => other.apply(&text),
                };
                let value = T::parse(&text).map_err(|fault| Failure::parameter(template.param, fault))?;
                match value.over_limit(cx.limits()) {
                    Some(limit) => Err(Stop::Limit(limit)),
                    None => Ok(Cow::Owned(value)),
                }
            }
        }
    }
}

/// A literal as it is used: `$$` stands for `$`.
pub(crate) fn unescaped(text: &str) -> Cow<'_, str> {
    // Looking for one character is much quicker than for two, and most texts have none.
    if text.contains('$') && text.contains("$$") {
        Cow::Owned(literal(text))
    } else {
        Cow::Borrowed(text)
    }
}
