use ozml_session::SmsEncoding;
use serde::{Deserialize, Serialize};

use crate::one_or_many::one_or_many;

/// A section `[[sms.route]]`: which messages it takes, what it changes, and where they go.
///
/// All conditions that are given must hold. The called number is the one a message had when it came; only
/// this rule's targets see what the rule made of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RouteSection {
    /// Its name, unique; without one it is called `route-1` after its place in the file.
    pub name: Option<String>,
    /// Rules with a lower number are tried first; equal ones in the order of the file.
    pub priority: i64,
    /// Whether it is tried at all.
    pub enabled: bool,
    /// Sources: names of connections, extensions or HTTP users; none, or `*`: any.
    #[serde(deserialize_with = "one_or_many")]
    pub from: Vec<String>,
    /// Accounts that the message counts for; none, or `*`: any.
    #[serde(deserialize_with = "one_or_many")]
    pub user: Vec<String>,
    /// Pattern of the sender, see [`NumberPattern`](crate::NumberPattern).
    pub caller: Option<String>,
    /// Pattern of the recipient.
    pub called: Option<String>,
    /// First words of the text, in any case; none: any.
    #[serde(deserialize_with = "one_or_many")]
    pub keyword: Vec<String>,
    /// A regular expression that matches somewhere in the text; it may stand between slashes.
    pub text: Option<String>,
    /// How many parts the message has.
    pub parts: Option<PartsSection>,
    /// The alphabet of the message.
    pub alphabet: Option<Alphabet>,
    /// The name of a time profile; `!NAME`: while it does not hold.
    pub time: Option<String>,
    /// Characters taken from the beginning of the called number; its `+` is one.
    pub strip: usize,
    /// What is put before the called number, after `strip`.
    pub prepend: Option<String>,
    /// Builds the called number anew, instead of `strip` and `prepend`.
    pub replace: Option<ReplaceSection>,
    /// The sender from here on.
    pub set_caller: Option<String>,
    /// Names of connections, in order; or one of `reject`, `drop`, `table:NAME` alone. These words win over
    /// connections of the same name.
    #[serde(deserialize_with = "one_or_many")]
    pub to: Vec<String>,
    /// Which connection of `to` comes first.
    pub spread: Spread,
    /// The share of each connection in `to`, for `spread = "weighted"`; 1 to 1,000 each.
    pub weights: Vec<u16>,
    /// What becomes of the message.
    pub mode: Mode,
    /// What becomes of it while no connection of `to` is up.
    pub when_down: WhenDown,
    /// How long a message is worth sending, such as `2h`; without one it is the message's own.
    pub validity: Option<String>,
    /// The priority of its messages, 0 to 3, higher first; without one it is the message's own.
    pub message_priority: Option<u8>,
    /// What is done with messages whose outcome is unknown; without one it is the connection's.
    pub on_unknown: Option<OnUnknown>,
}

impl RouteSection {
    /// A route that takes every message to these connections, the first one first.
    pub fn all_to<T: Into<String>>(targets: impl IntoIterator<Item = T>) -> Self {
        Self {
            to: targets.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }
}

impl Default for RouteSection {
    fn default() -> Self {
        Self {
            name: None,
            priority: 100,
            enabled: true,
            from: Vec::new(),
            user: Vec::new(),
            caller: None,
            called: None,
            keyword: Vec::new(),
            text: None,
            parts: None,
            alphabet: None,
            time: None,
            strip: 0,
            prepend: None,
            replace: None,
            set_caller: None,
            to: Vec::new(),
            spread: Spread::default(),
            weights: Vec::new(),
            mode: Mode::default(),
            when_down: WhenDown::default(),
            validity: None,
            message_priority: None,
            on_unknown: None,
        }
    }
}

/// `replace = { pattern = "…", with = "…" }`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ReplaceSection {
    /// A regular expression for the whole number; it may stand between slashes.
    pub pattern: String,
    /// The new number. `$1` to `$9` are what the groups of the pattern found, each one digit: `$10` is
    /// group 1 and a zero.
    pub with: String,
}

/// `parts = { min = …, max = … }`, both counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PartsSection {
    /// Fewest parts.
    pub min: u8,
    /// Most parts.
    pub max: u8,
}

impl Default for PartsSection {
    fn default() -> Self {
        Self { min: 1, max: u8::MAX }
    }
}

/// An alphabet as the configuration names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Alphabet {
    /// GSM 7-bit default alphabet.
    Gsm7,
    /// UCS-2.
    Ucs2,
}

impl Alphabet {
    pub(crate) fn encoding(self) -> SmsEncoding {
        match self {
            Self::Gsm7 => SmsEncoding::Gsm7,
            Self::Ucs2 => SmsEncoding::Ucs2,
        }
    }

    /// The word in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gsm7 => "gsm7",
            Self::Ucs2 => "ucs2",
        }
    }
}

/// Which connection of a list comes first. The others follow behind it, for failover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Spread {
    /// The first, always.
    #[default]
    Failover,
    /// One after the other.
    RoundRobin,
    /// By shares, evenly mixed.
    Weighted,
    /// By recipient, always the same one, after a restart too.
    Sticky,
}

/// What a rule does with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Mode {
    /// It goes to this rule's targets and no further.
    #[default]
    Move,
    /// A copy goes to this rule's targets; the original goes on to the next rule.
    Copy,
    /// It is thrown away, accepted.
    Drop,
}

/// What happens to a message while none of its connections is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WhenDown {
    /// It waits, until its validity ends.
    #[default]
    Keep,
    /// It fails.
    Fail,
}

/// What happens to a message that may have been sent or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OnUnknown {
    /// It is sent again, marked as a possible duplicate.
    #[default]
    Resend,
    /// It is held.
    Hold,
}
