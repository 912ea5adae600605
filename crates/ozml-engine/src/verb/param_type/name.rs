//! Names of variables and arrays. They name, so `$` in them replaces nothing.

use std::sync::Arc;

use ozml_session::Invalid;

use super::ParamType;
use crate::verb::template::is_variable_name;

/// The name of a variable that a verb sets, as it stands behind `$`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableName(Arc<str>);

impl VariableName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ParamType for VariableName {
    const NAME: &'static str = "name of a variable";
    const REFERENCES: bool = false;

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_variable_name(text) {
            return Ok(Self(text.into()));
        }
        Err(match text.strip_prefix('$') {
            Some(name) => Invalid::new(format!(
                "the name stands without `$` where it is set: `{}`",
                name.escape_debug()
            )),
            None => Invalid::new(format!(
                "a name has letters a-z, digits and `_` and does not begin with a digit, not `{}`",
                text.escape_debug()
            )),
        })
    }
}

/// The name of an array that is read; a `$` before it is taken, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrayName(Arc<str>);

impl ArrayName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ParamType for ArrayName {
    const NAME: &'static str = "name of an array";
    const REFERENCES: bool = false;

    fn parse(text: &str) -> Result<Self, Invalid> {
        let name = text.strip_prefix('$').unwrap_or(text);
        VariableName::parse(name).map(|name| Self(name.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_can_stand_behind_a_dollar_sign() {
        assert!(VariableName::parse("a_1").is_ok());
        for wrong in ["1a", "a b", "a.b", "é", "$a"] {
            assert!(VariableName::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(ArrayName::parse("$stops").unwrap().as_str(), "stops");
        assert!(ArrayName::parse("$$stops").is_err());
    }
}
