//! Batches for the store and what follows them.

use std::sync::Arc;

use ozml_session::{SmsRefusal, SmsState};

use super::Outbox;
use super::batch::{After, Pending};
use super::counters::count;
use super::event::{Effect, Now};
use super::message::{Message, Phase, accepted};
use crate::store::{Change, Committed, MessageNumber, PartState, Progress, StoreError, StoredSms};

/// How long a full disk is left alone.
const FULL_PAUSE: u64 = 500;
/// How long a full disk is told of after the last commit it refused, unless one succeeds.
const FULL_SHOWN: u64 = 60_000;

/// The progress of a message whose sender was told that it was not accepted.
fn refused(now: Now, mut progress: Progress) -> Progress {
    let reason: Arc<str> = Progress::REFUSED.into();
    progress.note(now.wall, SmsState::Failed, Some(reason));
    progress
}

impl<R> Outbox<R> {
    /// The next batch, unless one is being written, there is none, or the store needs a pause.
    pub(crate) fn take_batch(&mut self, now: Now) -> Option<Vec<Change>> {
        if self.writing.is_some()
            || self.pending.is_empty()
            || self.store_fault.is_some()
            || now.ms < self.retry_at
        {
            return None;
        }
        let Pending {
            mut changes,
            dirty,
            after,
        } = std::mem::take(&mut self.pending);
        for number in dirty {
            if let Some(message) = self.messages.get_mut(&number) {
                message.is_dirty = false;
                // What is noted is that nothing is under way: a hand-over is to be noted anew.
                message.is_noted &= message
                    .progress
                    .parts
                    .iter()
                    .any(|part| part.state == PartState::Out);
                changes.push(Change::Progress(number, message.progress.clone()));
            }
        }
        self.writing = Some(after);
        Some(changes)
    }

    /// What follows the batch that was written. The next batch may be taken before that is done.
    pub(crate) fn take_written(&mut self) -> Vec<After<R>> {
        self.writing.take().unwrap_or_default()
    }

    /// A batch is durable: does what follows it.
    pub(crate) fn on_committed(&mut self, now: Now, written: Vec<After<R>>, mut committed: Committed) {
        self.full_at = None;
        self.is_failing = false;
        for after in written {
            match after {
                After::Accepted { number, asker } => {
                    let known = committed.known.iter().position(|(lost, _)| *lost == number);
                    match known {
                        None => self.on_accepted(now, number, asker),
                        Some(found) => {
                            let (_, first) = committed.known.swap_remove(found);
                            self.on_known(now, number, first, asker);
                        }
                    }
                }
                After::Release(number) => self.release(now, number),
                After::Settle(session) => {
                    if let Some(lane) = self.lane(session) {
                        lane.settle();
                    }
                }
                After::Tell(status, connection) => self.effects.push(Effect::State(status, connection)),
                After::Report(report) => self.effects.push(Effect::Report(report)),
                After::Taken { session, sequence } => self.effects.push(Effect::AnswerArrival {
                    session,
                    sequence,
                    taken: true,
                }),
                After::Receive(sms) => self.effects.push(Effect::Receive(sms)),
                After::Forget(number) => self.forget(number),
            }
        }
    }

    fn on_accepted(&mut self, now: Now, number: MessageNumber, asker: R) {
        let Some(message) = self.messages.get(&number) else {
            return;
        };
        count(&mut self.counters.accepted);
        let result = Ok(message.accepted());
        self.effects.push(Effect::Answer { asker, result });
        if message.progress.state.is_final() {
            let status = message.status();
            self.effects.push(Effect::State(status, None));
            self.close(now, number);
        } else {
            self.enqueue(now, number);
        }
    }

    /// The key is that of an older message: its answer is given again, unless this is another one.
    fn on_known(&mut self, now: Now, number: MessageNumber, first: StoredSms, asker: R) {
        let Some(message) = self.remove(number) else {
            return;
        };
        let asked = &message.record;
        let is_same = first
            .record
            .is_same_content(&asked.to, asked.from.as_ref(), &asked.text);
        if is_same && first.progress.was_refused() && !self.messages.contains_key(&first.record.number) {
            return self.accept_after_all(now, first, asker);
        }
        let result = if is_same {
            Ok(accepted(&first.record))
        } else {
            Err(SmsRefusal::KeyReused)
        };
        self.effects.push(Effect::Answer { asker, result });
        if !first.progress.is_ended() && !self.messages.contains_key(&first.record.number) {
            // Its acceptance seemed to fail and did not: now it is promised, so it is sent.
            self.resume(now, first);
        }
    }

    /// Its acceptance seemed to fail, its sender heard so and asks again: now it is accepted.
    fn accept_after_all(&mut self, now: Now, first: StoredSms, asker: R) {
        let StoredSms { record, mut progress } = first;
        let number = record.number;
        let expires = now.moment_of(record.expires_at);
        progress.note(now.wall, SmsState::Accepted, None);
        self.insert(number, Message::new(record, progress, expires));
        self.write(number);
        self.pending.after.push(After::Accepted { number, asker });
    }

    fn forget(&mut self, number: MessageNumber) {
        let is_through = |phase| phase == Phase::Ended;
        if self
            .messages
            .get(&number)
            .is_some_and(|message| is_through(message.phase))
        {
            self.remove(number);
        }
    }

    /// The batch was not written: acceptances are refused, what came in stays with its centre, everything
    /// else goes into the next batch.
    pub(crate) fn on_commit_failed(&mut self, now: Now, error: &StoreError, changes: Vec<Change>) {
        count(&mut self.counters.failed_commits);
        self.is_failing = true;
        match error {
            StoreError::Full => {
                self.retry_at = now.ms.saturating_add(FULL_PAUSE);
                self.full_at = Some(now.ms);
            }
            // One message has the name of another; the others are not at fault.
            StoreError::Taken(_) => {}
            other => self.store_fault = Some(other.to_string()),
        }
        let is_refused = |number: MessageNumber| match error {
            StoreError::Taken(taken) => *taken == number,
            _ => true,
        };
        // After a failed flush it may be there all the same; otherwise there is nothing to take back.
        let may_be_there = !matches!(error, StoreError::Full | StoreError::Taken(_));
        let mut again = Pending::default();
        for change in changes {
            match change {
                Change::Accept(record, progress) if !is_refused(record.number) => {
                    again.changes.push(Change::Accept(record, progress));
                }
                Change::Accept(record, progress) => {
                    self.remove(record.number);
                    if may_be_there {
                        // Its sender was told that it is not.
                        let progress = refused(now, progress);
                        again.changes.push(Change::Progress(record.number, progress));
                    }
                }
                Change::Progress(number, _) => self.write(number),
                note => again.changes.push(note),
            }
        }
        for after in self.take_written() {
            match after {
                After::Accepted { number, asker } if is_refused(number) => {
                    self.remove(number);
                    let result = Err(SmsRefusal::Store(error.to_string()));
                    self.effects.push(Effect::Answer { asker, result });
                }
                After::Taken { session, sequence } => self.effects.push(Effect::AnswerArrival {
                    session,
                    sequence,
                    taken: false,
                }),
                other => again.after.push(other),
            }
        }
        again.changes.append(&mut self.pending.changes);
        again.after.append(&mut self.pending.after);
        self.pending.changes = again.changes;
        self.pending.after = again.after;
    }

    /// Whether something that could not be written waits for the next try: then what comes in would only pile
    /// up behind it.
    pub(super) fn is_stuck(&self) -> bool {
        self.is_failing && (self.writing.is_some() || !self.pending.is_empty())
    }

    /// Whether the store is to be opened again before anything is written.
    pub(crate) fn needs_reopening(&self) -> bool {
        self.store_fault.is_some()
    }

    /// The store is good again.
    pub(crate) fn on_reopened(&mut self) {
        self.store_fault = None;
    }

    /// Why nothing is accepted at present.
    pub(crate) fn store_fault(&self, now: Now) -> Option<String> {
        let was_full = self.full_at.filter(|at| now.ms < at.saturating_add(FULL_SHOWN));
        let full = was_full.map(|_| StoreError::Full.to_string());
        self.store_fault.clone().or(full)
    }
}
