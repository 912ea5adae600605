use std::fmt;
use std::sync::Arc;

use ozml_session::{ConnectionName, PhoneNumber, SenderId};
use serde::{Serialize, Serializer};

use crate::router::{Step, Taken};
use crate::rule::{Mismatch, Rule};
use crate::{Decision, MessageFacts, Outcome, Routed};

/// Why a message goes where it goes. Shown, it has a block for each rule, in the order in which they are
/// tried; texts of messages do not appear in it.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// Every rule, in the order in which they are tried.
    pub rules: Vec<RuleExplanation>,
    /// What [`Router::route`](crate::Router::route) decides. Not serialised: the rules say it.
    #[serde(skip)]
    pub decision: Decision,
}

/// What one rule says to a message.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct RuleExplanation {
    /// Its name.
    #[serde(serialize_with = "text")]
    pub rule: Arc<str>,
    /// Its priority.
    pub priority: i64,
    /// What it did.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The numbers when the message came.
    pub before: Numbers,
    /// The numbers for this rule's targets; `None` when the rule does not match.
    pub after: Option<Numbers>,
    /// The connections, first choice first.
    #[serde(serialize_with = "names")]
    pub targets: Vec<ConnectionName>,
}

/// What a rule did with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// A condition does not hold; the next rule is tried.
    NoMatch {
        /// The field of the rule.
        condition: &'static str,
        /// Why it does not hold.
        why: String,
    },
    /// It matches: a copy is made, the next rule is tried.
    Copied,
    /// It matches and takes the message.
    Moved,
    /// It matches and throws the message away.
    Dropped,
    /// It matches and refuses the message.
    Rejected,
    /// It matches, but a rule before it has ended the search.
    TooLate,
}

/// Recipient and sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Numbers {
    /// The recipient.
    #[serde(serialize_with = "text")]
    pub to: PhoneNumber,
    /// The sender; `None`: the connection's own.
    #[serde(serialize_with = "optional_text")]
    pub from: Option<SenderId>,
}

impl RuleExplanation {
    pub(crate) fn of_step(rule: &Rule, facts: &MessageFacts<'_>, step: &Step<'_>) -> Self {
        let this = |verdict| Self::new(rule, facts, verdict);
        match step {
            Step::Passed(mismatch) => this(Verdict::no_match(mismatch)),
            Step::Copied(copy) => this(Verdict::Copied).with(copy),
            Step::Ended(Outcome::Move(routed)) => this(Verdict::Moved).with(routed),
            Step::Ended(Outcome::Drop { .. }) => this(Verdict::Dropped),
            Step::Ended(Outcome::Reject { .. } | Outcome::NoRoute) => this(Verdict::Rejected),
        }
    }

    /// A rule behind the one that ended the search.
    pub(crate) fn of_late(
        rule: &Rule,
        facts: &MessageFacts<'_>,
        evaluated: Result<Taken<'_>, Mismatch<'_>>,
    ) -> Self {
        match evaluated {
            Err(mismatch) => Self::new(rule, facts, Verdict::no_match(&mismatch)),
            Ok(Taken { to, from, .. }) => Self {
                after: Some(Numbers { to, from }),
                ..Self::new(rule, facts, Verdict::TooLate)
            },
        }
    }

    fn new(rule: &Rule, facts: &MessageFacts<'_>, verdict: Verdict) -> Self {
        Self {
            rule: Arc::clone(&rule.name),
            priority: rule.priority,
            verdict,
            before: Numbers {
                to: facts.to.clone(),
                from: facts.from.cloned(),
            },
            after: None,
            targets: Vec::new(),
        }
    }

    fn with(self, routed: &Routed) -> Self {
        Self {
            after: Some(Numbers {
                to: routed.to.clone(),
                from: routed.from.clone(),
            }),
            targets: routed.targets.clone(),
            ..self
        }
    }
}

impl Verdict {
    fn no_match(mismatch: &Mismatch<'_>) -> Self {
        Self::NoMatch {
            condition: mismatch.condition(),
            why: mismatch.to_string(),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for rule in &self.rules {
            writeln!(f, "{rule}")?;
        }
        f.write_str(match self.decision.original {
            Outcome::Move(_) | Outcome::Drop { .. } | Outcome::Reject { .. } => "",
            Outcome::NoRoute => "no rule takes the message\n",
        })
    }
}

impl fmt::Display for RuleExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (priority {}): {}", self.rule, self.priority, self.verdict)?;
        let Some(after) = &self.after else { return Ok(()) };
        write!(f, "\n  to:      {}", Change(&self.before.to, &after.to))?;
        let (before, after) = (Sender(self.before.from.as_ref()), Sender(after.from.as_ref()));
        write!(f, "\n  from:    {}", Change(&before, &after))?;
        if !self.targets.is_empty() {
            let targets: Vec<&str> = self.targets.iter().map(ConnectionName::as_str).collect();
            write!(f, "\n  targets: {}", targets.join(", "))?;
        }
        Ok(())
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMatch { condition, why } => write!(f, "no match\n  {condition}: {why}"),
            Self::Copied => f.write_str("matches, a copy goes out"),
            Self::Moved => f.write_str("matches, takes the message"),
            Self::Dropped => f.write_str("matches, throws the message away"),
            Self::Rejected => f.write_str("matches, refuses the message"),
            Self::TooLate => f.write_str("would match, but a rule before it ended the search"),
        }
    }
}

/// What was, and what it became where that differs.
struct Change<'a, T>(&'a T, &'a T);

impl<T: fmt::Display + PartialEq> fmt::Display for Change<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        if self.0 != self.1 {
            write!(f, " -> {}", self.1)?;
        }
        Ok(())
    }
}

#[derive(PartialEq)]
struct Sender<'a>(Option<&'a SenderId>);

impl fmt::Display for Sender<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(sender) => sender.fmt(f),
            None => f.write_str("the connection's own"),
        }
    }
}

pub(crate) fn text<S: Serializer>(value: &impl fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn optional_text<S: Serializer>(value: &Option<impl fmt::Display>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}

fn names<S: Serializer>(names: &[ConnectionName], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(names.iter().map(ConnectionName::as_str))
}
