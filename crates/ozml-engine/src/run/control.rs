use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Waker};

use ozml_session::Cause;

/// Ends a run from outside, in order: the call is hung up while its operation is still heard, and effects
/// run to their outcome. A clone controls the same run.
#[derive(Debug, Clone, Default)]
pub struct Control(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    end: Option<Cause>,
    run: Option<Waker>,
}

impl Control {
    /// A control for one run.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the run; `call.ended` is by the host, for this cause.
    pub fn hang_up(&self, cause: Cause) {
        let waker = {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            state.end.get_or_insert(cause);
            state.run.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Why the run is to end, if it is.
    pub(crate) fn poll(&self, task: &Context<'_>) -> Option<Cause> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.end.is_none() {
            state.run = Some(task.waker().clone());
        }
        state.end
    }
}
