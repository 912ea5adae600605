use std::fmt;
use std::sync::Arc;

use crate::Invalid;

const MAX_ID: usize = 255;

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes 1 to 255 printable ASCII characters without blanks.
            pub fn new(id: &str) -> Result<Self, Invalid> {
                let fits = (1..=MAX_ID).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic());
                if fits {
                    Ok(Self(id.into()))
                } else {
                    Err(Invalid::new("an id has 1 to 255 printable ASCII characters and no blanks"))
                }
            }

            /// The id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

id_type! {
    /// Names a call. Opaque and case-sensitive.
    CallId
}
id_type! {
    /// Names one run of a script.
    RunId
}
id_type! {
    /// Names an accepted SMS, the `SmsId` of a script.
    MessageId
}

/// Names one effect for ever: the same run executed again counts its effects the same way, so a
/// transport that has seen the key does not send twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EffectKey {
    run: RunId,
    number: u64,
}

impl EffectKey {
    /// The `number`th effect of `run`, counted from 1 in the order they start.
    pub fn new(run: RunId, number: u64) -> Self {
        Self { run, number }
    }

    /// The run.
    pub fn run(&self) -> &RunId {
        &self.run
    }

    /// The count within the run, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }
}

impl fmt::Display for EffectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.run, self.number)
    }
}

/// The port that makes new ids. A simulation counts, a server draws random numbers.
pub trait Ids: Send + Sync {
    /// An id for a run that begins.
    fn run(&self) -> RunId;
    /// An id for a call that begins.
    fn call(&self) -> CallId;
    /// An id for an SMS that is accepted.
    fn message(&self) -> MessageId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_printable_and_bounded() {
        assert_eq!(CallId::new("H2Wwb").unwrap().to_string(), "H2Wwb");
        assert!(CallId::new("").is_err() && CallId::new("a b").is_err() && CallId::new("é").is_err());
        assert!(RunId::new(&"r".repeat(256)).is_err());
    }

    #[test]
    fn an_effect_key_names_run_and_number() {
        assert_eq!(EffectKey::new(RunId::new("r1").unwrap(), 3).to_string(), "r1/3");
    }
}
