use std::borrow::Cow;

/// Why a text is not a valid value of a domain type.
///
/// The message is lower case, says what was found and what was expected, and fits behind the name of
/// the parameter: `Recipient: a phone number has at most 20 digits, this one has 24`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(Cow<'static, str>);

impl Invalid {
    /// A reason, worded as described at the type.
    pub fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(reason.into())
    }
}
