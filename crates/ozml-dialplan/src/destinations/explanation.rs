use std::fmt;
use std::sync::Arc;

use ozml_session::{PhoneNumber, Refusal};
use serde::Serialize;

use super::Admission;
use crate::explanation::text;

/// What the policy says to a number, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PolicyExplanation {
    /// As asked for.
    #[serde(serialize_with = "text")]
    pub number: PhoneNumber,
    /// As it is judged and counted.
    #[serde(serialize_with = "text")]
    pub normalised: PhoneNumber,
    /// What it says.
    #[serde(flatten)]
    pub verdict: PolicyVerdict,
    /// The budgets that concern it; none for calls.
    pub budgets: Vec<BudgetUse>,
}

/// What the policy says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
#[non_exhaustive]
pub enum PolicyVerdict {
    /// It may be reached.
    Admitted {
        /// The rule that allows it.
        #[serde(serialize_with = "text")]
        by: Arc<str>,
        /// The alarm it would raise.
        alarm: Option<String>,
    },
    /// It may not.
    Refused {
        /// 901 for a rule, 902 for a budget.
        code: u16,
        /// Why, with the name of the rule or budget.
        why: String,
    },
}

/// How far a budget is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BudgetUse {
    /// The name of the limit.
    pub name: &'static str,
    /// `minute`, `hour` or `day`.
    pub window: &'static str,
    /// The recipient, account or beginning of numbers it is counted for.
    pub counted_for: String,
    /// Messages in the window.
    pub used: u64,
    /// How many are admitted.
    pub limit: u64,
}

impl From<Result<Admission, Refusal>> for PolicyVerdict {
    fn from(result: Result<Admission, Refusal>) -> Self {
        match result {
            Ok(Admission { by, alarm }) => Self::Admitted {
                by,
                alarm: alarm.map(|alarm| alarm.to_string()),
            },
            Err(refusal) => Self::Refused {
                code: refusal.code(),
                why: refusal.to_string(),
            },
        }
    }
}

impl fmt::Display for PolicyExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)?;
        if self.number != self.normalised {
            write!(f, " = {}", self.normalised)?;
        }
        writeln!(f, ": {}", self.verdict)?;
        for budget in &self.budgets {
            writeln!(f, "  {budget}")?;
        }
        Ok(())
    }
}

impl fmt::Display for PolicyVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admitted { by, alarm: None } => write!(f, "admitted by `{by}`"),
            Self::Admitted {
                by,
                alarm: Some(alarm),
            } => write!(f, "admitted by `{by}`; alarm: {alarm}"),
            Self::Refused { code, why } => write!(f, "refused ({code}), {why}"),
        }
    }
}

impl fmt::Display for BudgetUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            window,
            counted_for,
            used,
            limit,
        } = self;
        write!(f, "{name} ({window}): {used} of {limit} for {counted_for}")
    }
}
