//! Rules for calls and messages: where they go, under which number, and whether they may. Pure: text,
//! numbers and the time come in, decisions and their reasons come out.
//!
//! - [`Router`]: the rules of `[[sms.route]]` with their tables and time profiles. It decides which
//!   connections a message goes to, and explains why.
//! - [`DestinationPolicy`]: the rules and budgets of `[destinations]`; [`SharedPolicy`] is the port on it.
//!   It says whether a number may be reached at all, and is asked before the router.
//!
//! The sections of the configuration are plain serde structs here ([`RouteSection`], [`TableSection`],
//! [`TimeProfileSection`], [`DestinationsSection`]); what is wrong in them is a [`ConfigFault`] that names
//! the place in the file.
//!
//! ```
//! use ozml_dialplan::{MessageFacts, Router, RouterConfig, SpreadState};
//! use ozml_session::{ConnectionName, PhoneNumber, WallTime};
//!
//! let mut config = RouterConfig::default();
//! config.connections = vec![ConnectionName::new("smsc1")?, ConnectionName::new("gsm1")?];
//! config.routes = vec![
//!     toml::from_str("name = 'vote'\n keyword = 'VOTE'\n to = 'gsm1'")?,
//!     toml::from_str("name = 'home'\n called = '06*'\n strip = 2\n prepend = '+36'\n to = ['smsc1', 'gsm1']")?,
//! ];
//! let router = Router::new(&config).map_err(|faults| faults[0].clone())?;
//!
//! let to = PhoneNumber::new("06 20 123 4567")?;
//! let explanation =
//!     router.explain(&MessageFacts::new(&to, "Hello"), WallTime::from_unix_millis(0), &SpreadState::default());
//! assert_eq!(
//!     explanation.to_string(),
//!     "\
//! vote (priority 100): no match
//!   keyword: the text does not begin with `VOTE`
//! home (priority 100): matches, takes the message
//!   to:      06201234567 -> +36201234567
//!   from:    the connection's own
//!   targets: smsc1, gsm1
//! "
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod connections;
mod destinations;
mod explanation;
mod fault;
mod one_or_many;
mod pattern;
mod prefix;
mod prefix_map;
mod regular_expression;
mod rewrite;
mod router;
mod rule;
mod spread;
mod table;
mod time_profile;

pub use destinations::{
    AcceptedMessage, Admission, Alarm, BudgetUse, DestinationPolicy, DestinationsSection, Moment,
    PolicyExplanation, PolicyVerdict, STARTER_DENY, SharedPolicy, SmsPerAccount, SmsPerNeighbourhood,
    SmsPerRecipient, StarterDeny, TextHash,
};
pub use explanation::{Explanation, Numbers, RuleExplanation, Verdict};
pub use fault::{ConfigFault, PathStep};
pub use pattern::{NumberPattern, PatternError};
pub use regular_expression::ExpressionError;
pub use router::{Decision, MessageFacts, Outcome, Routed, Router, RouterConfig};
pub use rule::{
    Alphabet, Mode, OnUnknown, Overrides, PartsSection, ReplaceSection, RouteSection, Spread, WhenDown,
};
pub use spread::SpreadState;
pub use table::{TableRowSection, TableSection};
pub use time_profile::{TimeProfileSection, TimeRangeSection};
