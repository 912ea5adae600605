//! The behaviour of a test peer written as options, `name=value`: one list for a manual, for flags and for a text.

use std::str::FromStr;
use std::time::Duration;

use ozml_session::parse_duration;

/// What an option of a test peer is called, takes and does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionHelp {
    /// The name, such as `answer-delay`.
    pub name: &'static str,
    /// What its value looks like.
    pub value: &'static str,
    /// What it does, in one line.
    pub help: &'static str,
}

/// An option that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OptionError {
    /// There is no such option.
    #[error("{whose} has no option {name:?}: it has {known}")]
    Unknown {
        /// Who has the options.
        whose: &'static str,
        /// The name as it was given.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// The option is there, the value is wrong.
    #[error("{value:?} is no value of {name}: {expected} was expected")]
    Value {
        /// The option.
        name: &'static str,
        /// The value as it was given; `***` for a secret.
        value: String,
        /// What its value looks like.
        expected: &'static str,
    },
    /// Something that is not `name=value`.
    #[error("{written:?} is no option of {whose}: write name=value, such as {example}")]
    Shape {
        /// Who has the options.
        whose: &'static str,
        /// What was found.
        written: String,
        /// How it is written.
        example: &'static str,
    },
}

type Set<B> = fn(B, &str) -> Option<B>;

/// One option of a behaviour.
#[derive(Debug)]
pub struct Setting<B> {
    help: OptionHelp,
    set: Set<B>,
    secret: bool,
}

impl<B> Setting<B> {
    /// An option that `set` reads; it gives `None` for a value it cannot read.
    pub(crate) const fn new(
        name: &'static str,
        value: &'static str,
        help: &'static str,
        set: Set<B>,
    ) -> Self {
        Self {
            help: OptionHelp { name, value, help },
            set,
            secret: false,
        }
    }

    /// The same with a value that no error repeats.
    pub(crate) const fn secret(
        name: &'static str,
        value: &'static str,
        help: &'static str,
        set: Set<B>,
    ) -> Self {
        let mut setting = Self::new(name, value, help, set);
        setting.secret = true;
        setting
    }
}

/// A behaviour that can be written as options. Whom a peer may be reached by is no option: that is decided where
/// its address is given.
pub trait OptionSet: Default + 'static {
    /// Who has the options, with its article.
    const WHOSE: &'static str;
    /// One option as it is written.
    const EXAMPLE: &'static str;

    /// The options, in the order in which a manual shows them.
    fn settings() -> &'static [Setting<Self>];

    /// What each option is called, takes and does.
    fn option_help() -> impl Iterator<Item = OptionHelp> {
        Self::settings().iter().map(|setting| setting.help)
    }

    /// Changes one option, given as on the command line: `with_option("answer-delay", "50ms")`.
    ///
    /// # Errors
    /// No such option, or a value it cannot take.
    fn with_option(self, name: &str, value: &str) -> Result<Self, OptionError> {
        let found = Self::settings().iter().find(|setting| setting.help.name == name);
        let setting = found.ok_or_else(|| OptionError::Unknown {
            whose: Self::WHOSE,
            name: name.to_owned(),
            known: names::<Self>(),
        })?;
        (setting.set)(self, value).ok_or_else(|| OptionError::Value {
            name: setting.help.name,
            value: if setting.secret { "***" } else { value }.to_owned(),
            expected: setting.help.value,
        })
    }

    /// Reads `name=value,name=value`; nothing at all is the default.
    ///
    /// # Errors
    /// The first option that cannot be used.
    fn from_options(written: &str) -> Result<Self, OptionError> {
        let mut options = written.split(',').filter(|option| !option.is_empty());
        options.try_fold(Self::default(), |behaviour, option| {
            let (name, value) = option.split_once('=').ok_or_else(|| OptionError::Shape {
                whose: Self::WHOSE,
                written: option.to_owned(),
                example: Self::EXAMPLE,
            })?;
            behaviour.with_option(name, value)
        })
    }
}

fn names<B: OptionSet>() -> String {
    let names: Vec<_> = B::option_help().map(|help| help.name).collect();
    names.join(", ")
}

/// A value that its type reads.
pub(crate) fn parsed<T: FromStr>(written: &str) -> Option<T> {
    written.parse().ok()
}

/// A time such as `50ms`.
pub(crate) fn time(written: &str) -> Option<Duration> {
    parse_duration(written).ok()
}

/// `yes` or `no`.
pub(crate) fn yes(written: &str) -> Option<bool> {
    named(written, &[("yes", true), ("no", false)])
}

/// What stands beside its name in a list.
pub(crate) fn named<T: Copy>(written: &str, list: &[(&str, T)]) -> Option<T> {
    list.iter()
        .find(|(name, _)| *name == written)
        .map(|(_, value)| *value)
}
