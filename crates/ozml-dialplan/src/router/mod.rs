//! The walk of a message through the rules.

mod build;
mod decision;
mod facts;
#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use ozml_session::{ConnectionName, PhoneNumber, SenderId, WallTime};

pub use build::RouterConfig;
pub use decision::{Decision, Outcome, Routed};
pub use facts::MessageFacts;

use crate::explanation::{Explanation, RuleExplanation};
use crate::rule::{Action, Mismatch, Rule, Target};
use crate::spread::Order;
use crate::table::PrefixTable;
use crate::time_profile::TimeProfile;
use crate::{ConfigFault, SpreadState};

/// The rules for messages. Immutable; one serves any number of messages at once.
#[derive(Debug)]
pub struct Router {
    rules: Box<[Rule]>,
    tables: Box<[PrefixTable]>,
    profiles: Box<[TimeProfile]>,
}

/// A message that a rule takes, its numbers rewritten.
pub(crate) struct Taken<'r> {
    pub(crate) to: PhoneNumber,
    pub(crate) from: Option<SenderId>,
    destination: Destination<'r>,
}

enum Destination<'r> {
    List(&'r [ConnectionName], &'r Order),
    Table(Vec<&'r ConnectionName>),
    Nowhere,
}

/// What one rule did with a message, as the walk through the rules reports it.
pub(crate) enum Step<'s> {
    Passed(&'s Mismatch<'s>),
    Copied(&'s Routed),
    Ended(&'s Outcome),
}

impl Router {
    /// Checks the configuration; all faults are found at once, the first hundred reported.
    pub fn new(config: &RouterConfig) -> Result<Self, Vec<ConfigFault>> {
        let mut faults = Vec::new();
        let router = Self::build(config, &mut faults);
        if faults.is_empty() {
            Ok(router)
        } else {
            Err(faults)
        }
    }

    /// What becomes of a message at `now`. Takes the turns of the rules that spread it.
    ///
    /// Copies go on with the original message: what a rule that copies rewrote is seen by its own targets
    /// only.
    pub fn route(&self, facts: &MessageFacts<'_>, now: WallTime, state: &mut SpreadState) -> Decision {
        self.walk(facts, now, state, |_, _| {})
    }

    /// What [`route`](Self::route) would do, and why, rule by rule. Takes no turn.
    pub fn explain(&self, facts: &MessageFacts<'_>, now: WallTime, state: &SpreadState) -> Explanation {
        let mut rules = Vec::new();
        let decision = self.walk(facts, now, &mut state.clone(), |rule, step| {
            rules.push(RuleExplanation::of_step(rule, facts, &step));
        });
        let behind = self.rules.iter().skip(rules.len());
        rules.extend(
            behind.map(|rule| RuleExplanation::of_late(rule, facts, self.evaluate(rule, facts, now))),
        );
        Explanation { rules, decision }
    }

    fn walk(
        &self,
        facts: &MessageFacts<'_>,
        now: WallTime,
        state: &mut SpreadState,
        mut seen: impl FnMut(&Rule, Step<'_>),
    ) -> Decision {
        let mut copies = Vec::new();
        for rule in &self.rules {
            let taken = match self.evaluate(rule, facts, now) {
                Ok(taken) => taken,
                Err(mismatch) => {
                    seen(rule, Step::Passed(&mismatch));
                    continue;
                }
            };
            let original = match &rule.action {
                Action::Copy(_) => {
                    let copy = taken.routed(rule, state);
                    seen(rule, Step::Copied(&copy));
                    copies.push(copy);
                    continue;
                }
                Action::Move(_) => Outcome::Move(taken.routed(rule, state)),
                Action::Drop => Outcome::Drop {
                    rule: Arc::clone(&rule.name),
                },
                Action::Reject => Outcome::Reject {
                    rule: Arc::clone(&rule.name),
                },
            };
            seen(rule, Step::Ended(&original));
            return Decision { copies, original };
        }
        let original = Outcome::NoRoute;
        Decision { copies, original }
    }

    /// Whether a rule takes a message. Both [`route`](Self::route) and [`explain`](Self::explain) ask here.
    fn evaluate<'r>(
        &'r self,
        rule: &'r Rule,
        facts: &MessageFacts<'r>,
        now: WallTime,
    ) -> Result<Taken<'r>, Mismatch<'r>> {
        rule.conditions.hold(facts, &self.profiles, now)?;
        let to = rule.rewrite.apply(facts.to).map_err(Mismatch::Rewrite)?;
        let destination = match &rule.action {
            Action::Move(target) | Action::Copy(target) => self.destination(target, &to)?,
            Action::Drop | Action::Reject => Destination::Nowhere,
        };
        let from = rule.set_caller.as_ref().or(facts.from).cloned();
        Ok(Taken {
            to,
            from,
            destination,
        })
    }

    fn destination<'r>(
        &'r self,
        target: &'r Target,
        to: &PhoneNumber,
    ) -> Result<Destination<'r>, Mismatch<'r>> {
        let place = match target {
            Target::Connections { list, order } => return Ok(Destination::List(list, order)),
            Target::Table(place) => *place,
        };
        let table = self.tables.get(place);
        let rows: Vec<_> = table
            .into_iter()
            .flat_map(|table| table.connections(to))
            .collect();
        if rows.is_empty() {
            let name = table.map_or("", PrefixTable::name);
            return Err(Mismatch::Table {
                name,
                number: to.clone(),
            });
        }
        Ok(Destination::Table(rows))
    }
}

impl Taken<'_> {
    fn routed(self, rule: &Rule, state: &mut SpreadState) -> Routed {
        let targets = match self.destination {
            Destination::List(list, order) => order.apply(list, &rule.name, &self.to, state),
            Destination::Table(rows) => rows.into_iter().cloned().collect(),
            Destination::Nowhere => Vec::new(),
        };
        Routed {
            rule: Arc::clone(&rule.name),
            to: self.to,
            from: self.from,
            targets,
            overrides: rule.overrides.clone(),
        }
    }
}
