use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::oneshot;

use super::super::{Change, CommitError, Committed, StoreError};

type Answer = Result<Committed, CommitError>;

/// A commit that waits for its turn. One that is dropped is answered, so no caller waits for ever.
#[derive(Debug)]
pub(super) struct Waiting {
    changes: Vec<Change>,
    caller: Option<oneshot::Sender<Answer>>,
    /// Where its caller lives, if that is a runtime whose threads work whoever waits.
    runtime: Option<Handle>,
}

impl Waiting {
    /// To be called by the one who waits.
    pub(super) fn new(changes: Vec<Change>) -> (Self, oneshot::Receiver<Answer>) {
        let (caller, answer) = oneshot::channel();
        let runtime = Handle::try_current().ok();
        let waiting = Self {
            changes,
            caller: Some(caller),
            runtime: runtime.filter(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread),
        };
        (waiting, answer)
    }

    pub(super) fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub(super) fn refuse(mut self, error: StoreError) {
        self.answer_error(error);
    }

    fn answer_error(&mut self, error: StoreError) {
        if let Some(caller) = self.caller.take() {
            let changes = std::mem::take(&mut self.changes);
            // Who does not listen any more does not need its changes.
            let _ = caller.send(Err(CommitError { error, changes }));
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.answer_error(StoreError::Closed);
    }
}

/// Answers that are on their way. Dropping them gives them, so none is lost with a runtime that ends.
#[derive(Default)]
struct Answers(Vec<(oneshot::Sender<Answer>, Committed)>);

impl Drop for Answers {
    fn drop(&mut self) {
        for (caller, committed) in self.0.drain(..) {
            let _ = caller.send(Ok(committed));
        }
    }
}

/// Answers commits that were made. Waking a runtime from outside is a system call for each task, so each runtime
/// is woken once and wakes its own tasks.
pub(super) fn answer_all(made: impl Iterator<Item = (Waiting, Committed)>) {
    let mut runtime: Option<Handle> = None;
    let mut answers = Answers::default();
    for (mut waiting, committed) in made {
        let next = waiting.runtime.take();
        if next.as_ref().map(Handle::id) != runtime.as_ref().map(Handle::id) {
            give(runtime.take(), std::mem::take(&mut answers));
            runtime = next;
        }
        if let Some(caller) = waiting.caller.take() {
            answers.0.push((caller, committed));
        }
    }
    give(runtime, answers);
}

fn give(runtime: Option<Handle>, answers: Answers) {
    if let Some(runtime) = runtime.filter(|_| answers.0.len() > 1) {
        runtime.spawn(async move { drop(answers) });
    }
}
