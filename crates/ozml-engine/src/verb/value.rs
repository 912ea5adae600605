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
        if !spec.references {
            return T::parse(&text).ok().map(Self::fixed);
        }
        match Template::parse(&text, spec.name, span) {
            Some(template) => Some(Self(Inner::Template(template))),
            None => T::parse(&unescaped(&text)).ok().map(Self::fixed),
        }
    }

    /// The value of a parameter that may be missing, see [`eval`](Self::eval). One that is blank after its
    /// variables are replaced counts as missing, as a blank literal does.
    pub fn eval_opt(value: Option<&Self>, cx: &mut RunCx<'_>) -> Result<Option<T>, Stop> {
        match value.map(|value| &value.0) {
            None => Ok(None),
            Some(Inner::Fixed(value)) => Ok(Some(value.clone())),
            Some(Inner::Template(template)) => match expanded::<T>(template, cx)? {
                blank if blank.is_empty() => Ok(None),
                text => parsed(template, &text, cx).map(Some),
            },
        }
    }

    /// The value now. A fixed value is borrowed. Variables are replaced once; the result is checked like a
    /// literal, and a wrong one fails the verb with code 302.
    pub fn eval<'v>(&'v self, cx: &mut RunCx<'_>) -> Result<Cow<'v, T>, Stop> {
        match &self.0 {
            Inner::Fixed(value) => Ok(Cow::Borrowed(value)),
            Inner::Template(template) => {
                let text = expanded::<T>(template, cx)?;
                parsed(template, &text, cx).map(Cow::Owned)
            }
        }
    }
}

/// White space that came with a variable is dealt with like that of the script; the lines of a message
/// body keep their indentation, for it was taken off before.
fn expanded<T: ParamType>(template: &Template, cx: &mut RunCx<'_>) -> Result<String, Stop> {
    let text = cx.expand(template, T::PERCENT_ENCODED)?;
    let white_space = match T::WHITE_SPACE {
        WhiteSpace::Body => WhiteSpace::Trim,
        other => other,
    };
    Ok(white_space.apply(&text).into_owned())
}

fn parsed<T: ParamType>(template: &Template, text: &str, cx: &RunCx<'_>) -> Result<T, Stop> {
    let value = T::parse(text).map_err(|fault| Failure::parameter(template.param, fault))?;
    match value.over_limit(cx.limits()) {
        Some(limit) => Err(Stop::Limit(limit)),
        None => Ok(value),
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
