use std::fmt;

use ozml_session::{PhoneNumber, SenderId, WallTime};
use regex::Regex;

use super::section::{Alphabet, PartsSection};
use crate::rewrite::RewriteFailure;
use crate::time_profile::TimeProfile;
use crate::{MessageFacts, NumberPattern};

/// What must hold for a rule to take a message. Empty lists and `None` take everything.
#[derive(Debug)]
pub(crate) struct Conditions {
    pub(crate) enabled: bool,
    pub(crate) from: Box<[Box<str>]>,
    pub(crate) user: Box<[Box<str>]>,
    pub(crate) caller: Option<NumberPattern>,
    pub(crate) called: Option<NumberPattern>,
    pub(crate) keyword: Box<[Box<str>]>,
    pub(crate) text: Option<Regex>,
    pub(crate) parts: Option<PartsSection>,
    pub(crate) alphabet: Option<Alphabet>,
    pub(crate) time: Option<TimeCondition>,
}

/// A time profile, by its place in the router's list, or its opposite.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeCondition {
    pub(crate) profile: usize,
    pub(crate) negated: bool,
}

/// The first condition of a rule that does not hold. Borrows all it can: it is made for every rule that
/// does not match, and shown for few.
#[derive(Debug)]
pub(crate) enum Mismatch<'a> {
    Disabled,
    From {
        found: Option<&'a str>,
    },
    User {
        found: Option<&'a str>,
    },
    Caller {
        pattern: &'a NumberPattern,
        found: Option<&'a SenderId>,
    },
    Called {
        pattern: &'a NumberPattern,
        found: &'a PhoneNumber,
    },
    Keyword {
        wanted: &'a [Box<str>],
    },
    Text {
        expression: &'a Regex,
    },
    Parts {
        wanted: PartsSection,
        found: u8,
    },
    Alphabet {
        wanted: Alphabet,
    },
    Time {
        profile: &'a TimeProfile,
        negated: bool,
        now: WallTime,
    },
    Rewrite(RewriteFailure),
    Table {
        name: &'a str,
        number: PhoneNumber,
    },
}

impl Conditions {
    /// Whether they all hold, or the first that does not. Cheap ones come first; nothing is allocated.
    pub(crate) fn hold<'a>(
        &'a self,
        facts: &MessageFacts<'a>,
        profiles: &'a [TimeProfile],
        now: WallTime,
    ) -> Result<(), Mismatch<'a>> {
        require(self.enabled, || Mismatch::Disabled)?;
        require(holds_name(&self.from, facts.source), || Mismatch::From {
            found: facts.source,
        })?;
        require(holds_name(&self.user, facts.account), || Mismatch::User {
            found: facts.account,
        })?;
        self.numbers(facts)?;
        self.message(facts)?;
        self.time(profiles, now)?;
        if let Some(expression) = &self.text {
            require(expression.is_match(facts.text), || Mismatch::Text { expression })?;
        }
        Ok(())
    }

    fn numbers<'a>(&'a self, facts: &MessageFacts<'a>) -> Result<(), Mismatch<'a>> {
        if let Some(pattern) = &self.caller {
            let matches = facts.from.is_some_and(|sender| pattern.matches_sender(sender));
            require(matches, || Mismatch::Caller {
                pattern,
                found: facts.from,
            })?;
        }
        if let Some(pattern) = &self.called {
            require(pattern.matches(facts.to), || Mismatch::Called {
                pattern,
                found: facts.to,
            })?;
        }
        Ok(())
    }

    fn message<'a>(&'a self, facts: &MessageFacts<'a>) -> Result<(), Mismatch<'a>> {
        let first_word = facts.text.split_whitespace().next().unwrap_or_default();
        let mut words = self.keyword.iter();
        let holds = self.keyword.is_empty() || words.any(|word| same_in_any_case(word, first_word));
        require(holds, || Mismatch::Keyword {
            wanted: &self.keyword,
        })?;
        if let Some(wanted) = self.alphabet {
            require(wanted.encoding() == facts.encoding, || Mismatch::Alphabet {
                wanted,
            })?;
        }
        if let Some(wanted) = self.parts {
            let found = facts.parts;
            require((wanted.min..=wanted.max).contains(&found), || Mismatch::Parts {
                wanted,
                found,
            })?;
        }
        Ok(())
    }

    fn time<'a>(&'a self, profiles: &'a [TimeProfile], now: WallTime) -> Result<(), Mismatch<'a>> {
        let profile = |time: &TimeCondition| Some((profiles.get(time.profile)?, time.negated));
        if let Some((profile, negated)) = self.time.as_ref().and_then(profile) {
            require(profile.holds(now) != negated, || Mismatch::Time {
                profile,
                negated,
                now,
            })?;
        }
        Ok(())
    }
}

fn require<'a>(holds: bool, otherwise: impl FnOnce() -> Mismatch<'a>) -> Result<(), Mismatch<'a>> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

fn holds_name(names: &[Box<str>], found: Option<&str>) -> bool {
    names.is_empty() || found.is_some_and(|found| names.iter().any(|name| **name == *found))
}

fn same_in_any_case(one: &str, other: &str) -> bool {
    let lower = |character: char| character.to_lowercase();
    one.chars().flat_map(lower).eq(other.chars().flat_map(lower))
}

impl Mismatch<'_> {
    /// The field of the rule that does not hold.
    pub(crate) fn condition(&self) -> &'static str {
        match self {
            Self::Disabled => "enabled",
            Self::From { .. } => "from",
            Self::User { .. } => "user",
            Self::Caller { .. } => "caller",
            Self::Called { .. } => "called",
            Self::Keyword { .. } => "keyword",
            Self::Text { .. } => "text",
            Self::Parts { .. } => "parts",
            Self::Alphabet { .. } => "alphabet",
            Self::Time { .. } => "time",
            Self::Rewrite(RewriteFailure::TooShort { .. }) => "strip",
            Self::Rewrite(RewriteFailure::NotMatched) => "replace",
            Self::Rewrite(_) => "rewriting",
            Self::Table { .. } => "to",
        }
    }
}

/// Why; texts of messages are not shown.
impl fmt::Display for Mismatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disabled => f.write_str("the rule is switched off"),
            Self::From { found: Some(found) } => {
                write!(f, "the message came from `{}`", found.escape_debug())
            }
            Self::From { found: None } => f.write_str("where the message came from is not known"),
            Self::User { found: Some(found) } => write!(f, "the account is `{}`", found.escape_debug()),
            Self::User { found: None } => f.write_str("the message has no account"),
            Self::Caller {
                pattern,
                found: Some(found),
            } => write!(f, "`{pattern}` does not match {found}"),
            Self::Caller { found: None, .. } => f.write_str("the message has no sender"),
            Self::Called { pattern, found } => write!(f, "`{pattern}` does not match {found}"),
            Self::Keyword { wanted } => {
                write!(f, "the text does not begin with {}", Alternatives(wanted))
            }
            Self::Text { expression } => write!(f, "the text has nothing that matches `{expression}`"),
            Self::Parts {
                wanted: PartsSection { min, max },
                found,
            } => {
                write!(f, "{min} to {max} parts are wanted, the message has {found}")
            }
            Self::Alphabet { wanted } => write!(f, "the alphabet of the message is not {}", wanted.as_str()),
            Self::Time {
                profile,
                negated,
                now,
            } => {
                let holds = if *negated { "holds" } else { "does not hold" };
                write!(f, "`{}` {holds} on {}", profile.name(), profile.describe(*now))
            }
            Self::Rewrite(failure) => write!(f, "{failure}"),
            Self::Table { name, number } => write!(f, "no row of the table `{name}` fits {number}"),
        }
    }
}

struct Alternatives<'a>(&'a [Box<str>]);

impl fmt::Display for Alternatives<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, word) in self.0.iter().enumerate() {
            write!(f, "{}`{word}`", if place == 0 { "" } else { " or " })?;
        }
        Ok(())
    }
}
