//! What came of a scenario.

use ozml_engine::{RunReport, TraceEvent};
use ozml_parser::Diagnostic;

use super::transcript::{Transcript, transcript};

/// What came of a scenario: everything that is not as it should be, and the whole trace.
#[derive(Debug)]
#[non_exhaustive]
pub struct Verdict {
    /// What is not as expected, the graver first; warnings alone are no failure.
    pub findings: Vec<Finding>,
    /// The trace.
    pub events: Vec<TraceEvent<'static>>,
    /// How the run ended; none when it waits for something that never happens.
    pub report: Option<RunReport>,
}

/// One thing that is not as expected.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Finding {
    /// Whose text the places of the message are in.
    pub place: Where,
    /// What was expected, what happened instead; see [`EXPLANATIONS`](super::EXPLANATIONS).
    pub diagnostic: Diagnostic,
    /// The event it is about, as the trace counts them.
    pub seq: Option<u64>,
}

/// A text that a message can point into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// The scenario file.
    Scenario,
    /// The script.
    Script,
}

impl Verdict {
    /// Whether everything that was expected happened, and nothing that must not.
    pub fn passed(&self) -> bool {
        !self.findings.iter().any(|finding| finding.diagnostic.is_error())
    }

    /// The call around the first failure, for people.
    pub fn transcript(&self) -> Transcript {
        let failure = self.findings.iter().find(|finding| finding.diagnostic.is_error());
        transcript(&self.events).around(failure.and_then(|finding| finding.seq))
    }

    /// The trace as JSON Lines.
    pub fn json_lines(&self) -> String {
        self.events.iter().map(|event| event.to_json() + "\n").collect()
    }
}
