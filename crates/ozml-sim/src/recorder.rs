use std::sync::{Mutex, PoisonError};

use ozml_engine::{TraceEvent, TraceSink};

/// Keeps the events of a run, for tests and reports.
#[derive(Debug, Default)]
pub struct Recorder(Mutex<Vec<TraceEvent<'static>>>);

impl Recorder {
    /// Keeps everything from now on.
    pub fn new() -> Self {
        Self::default()
    }

    /// The events so far.
    pub fn events(&self) -> Vec<TraceEvent<'static>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The trace as JSON Lines.
    pub fn json_lines(&self) -> String {
        self.events().iter().map(|event| event.to_json() + "\n").collect()
    }
}

impl TraceSink for Recorder {
    fn record(&self, event: &TraceEvent<'_>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(event.to_owned_event());
    }
}
