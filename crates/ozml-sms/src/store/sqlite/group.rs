//! Group commit: the commits that wait become one transaction and share its flush.

use std::time::Instant;

use tokio::sync::oneshot;

use super::super::{Change, CommitError, Committed, StoreError};
use super::database::Database;
use super::fault::Fault;
use super::stats::Counters;

type Answer = Result<Committed, CommitError>;

/// A commit that waits for its turn. One that is dropped is answered, so no caller waits for ever.
#[derive(Debug)]
pub(super) struct Waiting {
    changes: Vec<Change>,
    caller: Option<oneshot::Sender<Answer>>,
}

impl Waiting {
    pub(super) fn new(changes: Vec<Change>) -> (Self, oneshot::Receiver<Answer>) {
        let (caller, answer) = oneshot::channel();
        let waiting = Self {
            changes,
            caller: Some(caller),
        };
        (waiting, answer)
    }

    /// Changes in it.
    pub(super) fn len(&self) -> usize {
        self.changes.len()
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

    fn answer(mut self, committed: Committed) {
        if let Some(caller) = self.caller.take() {
            let _ = caller.send(Ok(committed));
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.answer_error(StoreError::Closed);
    }
}

/// Where a group stopped.
struct Stopped {
    /// The commit that was at fault, where it was one.
    commit: Option<usize>,
    fault: Fault,
}

/// Makes all commits of a group, and answers each. A commit that breaks a rule is left out and the others are
/// made again without it. `Err` when the database cannot be used any more; then all are refused with the fault.
pub(super) fn commit_group(
    database: &mut dyn Database,
    mut group: Vec<Waiting>,
    counters: &Counters,
) -> Result<(), Fault> {
    while !group.is_empty() {
        let stopped = match attempt(database, &group, counters) {
            Ok(committed) => {
                for (waiting, committed) in group.into_iter().zip(committed) {
                    waiting.answer(committed);
                }
                return Ok(());
            }
            Err(stopped) => stopped,
        };
        let rolled_back = match stopped.fault {
            Fault::Taken(_) | Fault::Full => database.rollback(),
            _ => Err(stopped.fault.clone()),
        };
        if let Err(fault) = rolled_back {
            refuse_all(group, &failed(&fault));
            return Err(fault);
        }
        match (stopped.fault, stopped.commit) {
            (Fault::Taken(number), Some(at)) if at < group.len() => {
                group.remove(at).refuse(StoreError::Taken(number));
            }
            _ => {
                refuse_all(group, &StoreError::Full);
                return Ok(());
            }
        }
    }
    Ok(())
}

fn refuse_all(group: Vec<Waiting>, error: &StoreError) {
    for waiting in group {
        waiting.refuse(error.clone());
    }
}

/// What a fault that ends the use of a database is for a caller.
pub(super) fn failed(fault: &Fault) -> StoreError {
    StoreError::Failed(match fault {
        Fault::Failed(reason) | Fault::Damaged(reason) => reason.clone(),
        Fault::Full => "the disk is full".to_owned(),
        Fault::Taken(_) => "a rule of the store is broken".to_owned(),
    })
}

fn attempt(
    database: &mut dyn Database,
    group: &[Waiting],
    counters: &Counters,
) -> Result<Vec<Committed>, Stopped> {
    let whole = |fault| Stopped { commit: None, fault };
    database.begin().map_err(whole)?;
    let mut answers = Vec::with_capacity(group.len());
    for (at, waiting) in group.iter().enumerate() {
        let mut committed = Committed::default();
        for change in &waiting.changes {
            database.apply(change, &mut committed).map_err(|fault| Stopped {
                commit: Some(at),
                fault,
            })?;
        }
        answers.push(committed);
    }
    let begun = Instant::now();
    database.commit().map_err(whole)?;
    let changes = group.iter().map(Waiting::len).sum();
    counters.flushed(group.len(), changes, begun.elapsed());
    Ok(answers)
}
