//! Keys of a telephone.

use std::sync::Arc;

use ozml_session::{Digits, Invalid, Key};

use super::ParamType;

impl ParamType for Digits {
    const NAME: &'static str = "telephone keys";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}

impl ParamType for Key {
    const NAME: &'static str = "one telephone key";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let mut keys = text.chars();
        match (keys.next(), keys.next()) {
            (Some(key), None) => Self::new(key),
            _ => Err(Invalid::new(format!(
                "one key was expected, not `{}`",
                text.escape_debug()
            ))),
        }
    }
}

/// Keys to be sent, `,` for a pause of half a second; at most [`Digits::MAX`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DtmfKeys(Arc<str>);

impl DtmfKeys {
    /// The keys and pauses as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ParamType for DtmfKeys {
    const NAME: &'static str = "telephone keys and `,` for a pause";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let keys: String = text.chars().filter(|c| *c != ',').collect();
        Digits::new(&keys)?;
        if text.len() > Digits::MAX {
            return Err(Invalid::new(format!(
                "at most {} keys and pauses, these are {}",
                Digits::MAX,
                text.len()
            )));
        }
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_may_stand_between_keys() {
        assert_eq!(DtmfKeys::parse("1,,2#").unwrap().as_str(), "1,,2#");
        assert!(DtmfKeys::parse("1;2").is_err() && DtmfKeys::parse(&",".repeat(65)).is_err());
    }

    #[test]
    fn one_key_is_one_key() {
        assert!(<Key as ParamType>::parse("*").is_ok());
        assert!(<Key as ParamType>::parse("12").is_err() && <Key as ParamType>::parse("x").is_err());
    }
}
