use std::sync::Arc;

use ozml_session::{Action, ClockTime, Destination, PhoneNumber, Refusal, WallTime, Who};

use super::budgets::{Budgets, Subject};
use super::counts::Millis;
use super::rules::{DestinationRules, Judged, Standing};
use super::{DestinationsSection, PolicyExplanation, PolicyVerdict, TextHash};
use crate::ConfigFault;
use crate::fault::{PathStep, Scope};

/// Which destinations may be reached, and how often.
///
/// Rules hold for every action: `deny` wins, then internal numbers, then the longest prefix of `allow`.
/// Numbers are normalised first (`00` and trunk prefixes become `+`). Budgets hold for [`Action::Sms`]
/// only. Only what is admitted counts.
///
/// Budgets count over sliding windows in twelve parts, so a used-up budget may stay so for a twelfth longer
/// than its window. Memory is bounded: each budget remembers the last 50,000 to 100,000 recipients,
/// neighbourhoods or accounts.
#[derive(Debug)]
pub struct DestinationPolicy(Option<Restrictions>);

#[derive(Debug)]
struct Restrictions {
    rules: DestinationRules,
    budgets: Budgets,
    sends_to_unlisted: bool,
}

/// An admitted action.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Admission {
    /// The rule that allows it.
    pub by: Arc<str>,
    /// Something that should be seen: it was admitted, but soon none will be.
    pub alarm: Option<Alarm>,
}

/// A budget that comes near its end. To be logged and counted by the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{name}`: {count} messages in an hour to the numbers {numbers}..., an alarm is raised from {limit} on"
)]
#[non_exhaustive]
pub struct Alarm {
    /// The name of the limit.
    pub name: &'static str,
    /// What the numbers have in common: all but their last three digits.
    pub numbers: String,
    /// Messages in the last hour, this one counted.
    pub count: u64,
    /// From how many on an alarm is raised.
    pub limit: u64,
}

/// The same moment on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Moment {
    /// On the clock that judges windows.
    pub clock: ClockTime,
    /// On the clock that marks records.
    pub wall: WallTime,
}

impl Moment {
    /// A moment.
    pub fn new(clock: ClockTime, wall: WallTime) -> Self {
        Self { clock, wall }
    }
}

/// A message that was accepted before the process began.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AcceptedMessage<'a> {
    /// When.
    pub at: WallTime,
    /// The recipient, as it was asked for.
    pub to: &'a PhoneNumber,
    /// Whose it was.
    pub who: &'a Who,
    /// Its text.
    pub text: Option<TextHash>,
}

impl<'a> AcceptedMessage<'a> {
    /// A message whose text nobody remembers.
    pub fn new(at: WallTime, to: &'a PhoneNumber, who: &'a Who) -> Self {
        let text = None;
        Self { at, to, who, text }
    }
}

impl DestinationPolicy {
    /// How old messages may be that [`replay`](Self::replay) still counts: the longest window, a day.
    pub const LONGEST_WINDOW_MS: i64 = 86_400_000;

    /// Checks the section; all faults are found at once.
    pub fn new(section: &DestinationsSection) -> Result<Self, Vec<ConfigFault>> {
        let mut faults = Vec::new();
        let mut scope = Scope::new(&[PathStep::Key("destinations")], &mut faults);
        if i64::from(section.duplicate_window).saturating_mul(1_000) > Self::LONGEST_WINDOW_MS {
            scope.fault("duplicate_window", "the window is at most a day, 86,400 seconds");
        }
        let restrictions = Restrictions {
            rules: DestinationRules::new(section, &mut scope),
            budgets: Budgets::new(section),
            sends_to_unlisted: section.sms_per_unlisted_prefix > 0,
        };
        if faults.is_empty() {
            Ok(Self(Some(restrictions)))
        } else {
            Err(faults)
        }
    }

    /// Admits everything and counts nothing: for a host whose transports all end in itself.
    pub fn unrestricted() -> Self {
        Self(None)
    }

    /// Admits one action at `now`, and counts it. `text` is for the duplicate guard; without one it is
    /// passed over.
    ///
    /// `now` must not go back. Nothing takes a counted action back, not even its failure.
    pub fn admit(
        &mut self,
        now: ClockTime,
        action: Action,
        to: &Destination,
        who: &Who,
        text: Option<TextHash>,
    ) -> Result<Admission, Refusal> {
        let Some(restrictions) = &mut self.0 else {
            return Ok(unrestricted());
        };
        let judged = restrictions.rules.judge(number(to)?);
        let subject = Subject::new(&judged, account(who), text);
        let admission = restrictions.check(now, action, &subject)?;
        if action == Action::Sms {
            restrictions.budgets.count(&subject, millis(now));
        }
        Ok(admission)
    }

    /// Counts a message that was accepted in the past, without judging it, so that budgets survive a
    /// restart. Messages may come in any order; one from the future counts as of now.
    pub fn replay(&mut self, now: Moment, message: &AcceptedMessage<'_>) {
        let Some(restrictions) = &mut self.0 else { return };
        let age = now
            .wall
            .as_unix_millis()
            .saturating_sub(message.at.as_unix_millis())
            .max(0);
        if age > Self::LONGEST_WINDOW_MS {
            return;
        }
        let judged = restrictions.rules.judge(message.to);
        let subject = Subject::new(&judged, account(message.who), message.text);
        restrictions
            .budgets
            .count(&subject, millis(now.clock).saturating_sub(age));
    }

    /// What [`admit`](Self::admit) would say, and why. Counts nothing.
    pub fn explain(
        &self,
        now: ClockTime,
        action: Action,
        to: &PhoneNumber,
        who: &Who,
        text: Option<TextHash>,
    ) -> PolicyExplanation {
        let Some(restrictions) = &self.0 else {
            return PolicyExplanation {
                number: to.clone(),
                normalised: to.clone(),
                verdict: PolicyVerdict::from(Ok(unrestricted())),
                budgets: Vec::new(),
            };
        };
        let judged = restrictions.rules.judge(to);
        let subject = Subject::new(&judged, account(who), text);
        PolicyExplanation {
            number: to.clone(),
            normalised: judged.number.clone(),
            verdict: PolicyVerdict::from(restrictions.check(now, action, &subject)),
            budgets: match action {
                Action::Sms => restrictions.budgets.usage(&subject, millis(now)),
                _ => Vec::new(),
            },
        }
    }
}

impl Restrictions {
    fn check(&self, now: ClockTime, action: Action, subject: &Subject<'_>) -> Result<Admission, Refusal> {
        let by = self.allowed(action, subject.judged())?;
        let alarm = match action {
            Action::Sms => self.budgets.check(subject, millis(now))?,
            _ => None,
        };
        Ok(Admission { by, alarm })
    }

    fn allowed(&self, action: Action, judged: &Judged) -> Result<Arc<str>, Refusal> {
        match &judged.standing {
            Standing::Internal(rule) | Standing::Allowed(rule) => Ok(Arc::clone(rule)),
            Standing::Denied(rule) => Err(refused(rule)),
            Standing::Unlisted if action == Action::Sms && self.sends_to_unlisted => {
                Ok("sms_per_unlisted_prefix".into())
            }
            Standing::Unlisted => Err(refused("allow (no prefix of it fits)")),
        }
    }
}

fn refused(rule: &str) -> Refusal {
    Refusal::Rule {
        rule: rule.to_owned(),
    }
}

fn unrestricted() -> Admission {
    Admission {
        by: "unrestricted".into(),
        alarm: None,
    }
}

fn number(to: &Destination) -> Result<&PhoneNumber, Refusal> {
    match to {
        Destination::Number(number) => Ok(number),
        // A kind of destination that no rule speaks of yet.
        _ => Err(refused("allow (it holds numbers only)")),
    }
}

/// Who a message counts for: a flood from one caller is one, too.
fn account(who: &Who) -> Option<&str> {
    who.account
        .as_deref()
        .or(who.caller.as_ref().map(PhoneNumber::as_str))
}

fn millis(now: ClockTime) -> Millis {
    Millis::try_from(now.as_millis()).unwrap_or(Millis::MAX)
}
