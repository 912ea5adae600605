//! Group commit: the commits that wait become one transaction and share its flush.

use std::time::Instant;

use super::super::{Committed, StoreError};
use super::database::Database;
use super::fault::Fault;
use super::stats::Counters;
use super::waiting::{Waiting, answer_all};

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
                answer_all(group.into_iter().zip(committed));
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
        for change in waiting.changes() {
            database.apply(change, &mut committed).map_err(|fault| Stopped {
                commit: Some(at),
                fault,
            })?;
        }
        answers.push(committed);
    }
    let begun = Instant::now();
    database.commit().map_err(whole)?;
    let changes = group.iter().map(|waiting| waiting.changes().len()).sum();
    counters.flushed(group.len(), changes, begun.elapsed());
    Ok(answers)
}
