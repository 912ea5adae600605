use std::sync::atomic::{AtomicU64, Ordering};

use ozml_session::{CallId, Ids, MessageId, RunId};

/// Ids that count: `run-1`, `call-1`, and for messages a UUID that ends in the count.
#[derive(Debug, Default)]
pub struct SimIds {
    runs: AtomicU64,
    calls: AtomicU64,
    messages: AtomicU64,
}

impl SimIds {
    /// Begins to count.
    pub fn new() -> Self {
        Self::default()
    }
}

fn next(counter: &AtomicU64) -> u64 {
    counter.fetch_add(1, Ordering::Relaxed).saturating_add(1)
}

impl Ids for SimIds {
    fn run(&self) -> RunId {
        valid(RunId::new(&format!("run-{}", next(&self.runs))))
    }

    fn call(&self) -> CallId {
        valid(CallId::new(&format!("call-{}", next(&self.calls))))
    }

    fn message(&self) -> MessageId {
        valid(MessageId::new(&format!(
            "00000000-0000-4000-8000-{:012x}",
            next(&self.messages)
        )))
    }
}

#[allow(clippy::expect_used, reason = "an id of letters and a number is valid")]
fn valid<T>(id: Result<T, ozml_session::Invalid>) -> T {
    id.expect("letters and a number make an id")
}
