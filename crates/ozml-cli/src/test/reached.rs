//! What of the scripts was reached by all scenarios together.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ozml::Engine;
use ozml::sim::scenario::Coverage;

use super::case::Outcome;

/// The scripts that were run, by name.
#[derive(Default)]
pub(super) struct Reached(BTreeMap<String, Coverage>);

impl Reached {
    pub(super) fn add(&mut self, outcome: &Outcome, engine: &Engine) {
        if let Some((script, events)) = &outcome.run {
            self.0
                .entry(script.name().to_owned())
                .or_insert_with(|| Coverage::new(script, engine.registry()))
                .add(events);
        }
    }

    /// How much there is, and how much of it was reached.
    pub(super) fn counts(&self) -> (usize, usize) {
        let all = self.0.values().map(|script| script.points().len()).sum();
        let missed: usize = self.0.values().map(|script| script.missed().count()).sum();
        (all, all.saturating_sub(missed))
    }

    /// What was not reached, a line each.
    pub(super) fn missed(&self) -> String {
        let mut text = String::new();
        for (name, script) in &self.0 {
            for point in script.missed() {
                // Writing to a string cannot fail.
                let _ = writeln!(
                    text,
                    "{name}:{}:{}: not reached: {}",
                    point.at.line, point.at.column, point.what
                );
            }
        }
        text
    }
}
