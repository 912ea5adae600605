use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::ready;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ozml_session::{EffectKey, MessageId, PortFuture, WallTime};

use super::{
    Change, CommitError, Committed, ListFilter, Listed, MessageNumber, Mode, Note, Opened, SmsRecord, Store,
    StoreError, StoredSms,
};

/// A store in memory, which ends with the process. Every call is done when it returns; only
/// [`purge`](Store::purge) makes it smaller.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Content>);

impl MemoryStore {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default)]
struct Content {
    messages: BTreeMap<MessageNumber, StoredSms>,
    ids: HashMap<MessageId, MessageNumber>,
    keys: HashMap<EffectKey, MessageNumber>,
    notes: BTreeMap<(&'static str, String), Vec<u8>>,
    last_number: u64,
}

impl Content {
    /// The first message that would be accepted under a number or an id which is taken.
    fn taken(&self, changes: &[Change]) -> Option<MessageNumber> {
        let (mut numbers, mut ids, mut keys) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        changes
            .iter()
            .filter_map(|change| match change {
                Change::Accept(record, _) => Some(record),
                _ => None,
            })
            .filter(|record| !self.keys.contains_key(&record.key) && keys.insert(&record.key))
            .find(|record| {
                self.messages.contains_key(&record.number)
                    || self.ids.contains_key(&record.id)
                    || !numbers.insert(record.number)
                    || !ids.insert(&record.id)
            })
            .map(|record| record.number)
    }

    fn apply(&mut self, change: Change, committed: &mut Committed) {
        match change {
            Change::Accept(record, progress) => self.accept(StoredSms { record, progress }, committed),
            Change::Progress(number, progress) => {
                if let Some(message) = self.messages.get_mut(&number) {
                    message.progress = progress;
                }
            }
            Change::PutNote(note) => {
                self.notes.insert((note.kind, note.key), note.value);
            }
            Change::ForgetNote { kind, key } => {
                self.notes.remove(&(kind, key));
            }
        }
    }

    fn accept(&mut self, message: StoredSms, committed: &mut Committed) {
        let record = &message.record;
        let number = record.number;
        let known = self
            .keys
            .get(&record.key)
            .and_then(|known| self.messages.get(known));
        if let Some(known) = known {
            committed.known.push((number, known.clone()));
            return;
        }
        self.last_number = self.last_number.max(number.0);
        self.ids.insert(record.id.clone(), number);
        self.keys.insert(record.key.clone(), number);
        self.messages.insert(number, message);
    }

    fn list(&self, filter: &ListFilter) -> Listed {
        let below = filter
            .below
            .map_or(Bound::Unbounded, |below| Bound::Excluded(MessageNumber(below)));
        let mut messages = self
            .messages
            .range((Bound::Unbounded, below))
            .rev()
            .map(|(_, message)| message)
            .filter(|message| filter.takes(message));
        let rows = usize::try_from(filter.rows).unwrap_or(usize::MAX);
        Listed {
            messages: messages.by_ref().take(rows).cloned().collect(),
            more: messages.next().is_some(),
        }
    }

    fn purge(&mut self, accepted_before: WallTime) -> u64 {
        let before = self.messages.len();
        self.messages.retain(|_, message| {
            let stays = !message.progress.is_ended() || message.record.accepted_at >= accepted_before;
            if !stays {
                self.ids.remove(&message.record.id);
                self.keys.remove(&message.record.key);
            }
            stays
        });
        before.abs_diff(self.messages.len()) as u64
    }
}

/// What is there already, as a future.
fn done<T: Send + 'static, E: Send + 'static>(result: Result<T, E>) -> PortFuture<'static, T, E> {
    Box::pin(ready(result))
}

impl Store for MemoryStore {
    fn mode(&self) -> Mode {
        Mode::Memory
    }

    fn commit(&self, changes: Vec<Change>) -> PortFuture<'static, Committed, CommitError> {
        let mut content = self.content();
        if let Some(number) = content.taken(&changes) {
            let error = StoreError::Taken(number);
            return done(Err(CommitError { error, changes }));
        }
        let mut committed = Committed::default();
        for change in changes {
            content.apply(change, &mut committed);
        }
        done(Ok(committed))
    }

    fn reopen(&self) -> PortFuture<'static, (), StoreError> {
        done(Ok(()))
    }

    fn opened(&self) -> PortFuture<'static, Opened, StoreError> {
        let content = self.content();
        let unfinished = content
            .messages
            .values()
            .filter(|message| !message.progress.is_ended());
        done(Ok(Opened {
            unfinished: unfinished.cloned().collect(),
            last_number: content.last_number,
            damaged: Vec::new(),
        }))
    }

    fn find(&self, id: &MessageId) -> PortFuture<'static, Option<StoredSms>, StoreError> {
        let content = self.content();
        let found = content
            .ids
            .get(id)
            .and_then(|number| content.messages.get(number));
        done(Ok(found.cloned()))
    }

    fn find_key(&self, key: &EffectKey) -> PortFuture<'static, Option<StoredSms>, StoreError> {
        let content = self.content();
        let found = content
            .keys
            .get(key)
            .and_then(|number| content.messages.get(number));
        done(Ok(found.cloned()))
    }

    fn list(&self, filter: ListFilter) -> PortFuture<'static, Listed, StoreError> {
        done(Ok(self.content().list(&filter)))
    }

    fn accepted_since(&self, since: WallTime) -> PortFuture<'static, Vec<SmsRecord>, StoreError> {
        let content = self.content();
        let records = content.messages.values().map(|message| &*message.record);
        done(Ok(records
            .filter(|record| record.accepted_at >= since)
            .cloned()
            .collect()))
    }

    fn notes(&self, kind: &'static str) -> PortFuture<'static, Vec<Note>, StoreError> {
        let content = self.content();
        let notes = content
            .notes
            .range((kind, String::new())..)
            .take_while(|((of_kind, _), _)| *of_kind == kind)
            .map(|((kind, key), value)| Note {
                kind,
                key: key.clone(),
                value: value.clone(),
            });
        done(Ok(notes.collect()))
    }

    fn purge(&self, accepted_before: WallTime) -> PortFuture<'static, u64, StoreError> {
        done(Ok(self.content().purge(accepted_before)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::contract::{self, Again};
    use super::*;

    #[test]
    fn it_keeps_the_contract() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        contract::store(
            MemoryStore::new,
            |_| Again::Nothing,
            |case| runtime.block_on(case),
        );
    }
}
