//! SMS that come in: repeats are dropped, parts put together, nothing is lost by a stop. Pure.

mod notes;
mod recent;
mod shown;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use ozml_session::{ConnectionName, Ids, IncomingAddress, MessageId, ReceivedSms, WallTime};

use self::notes::Part;
use self::notes::read_whole;
pub(crate) use self::notes::{PART, WHOLE};
use self::recent::Recent;
use self::shown::Shown;
pub(crate) use self::shown::{Place, SHOWN};
use crate::link::IncomingPart;
use crate::store::{Change, Note, Store, StoreError};
use crate::text::{Assembled, Fragment, MessageKey, Reassembly, ReassemblyLimits};

/// What is to be done about something that came in.
#[derive(Debug, PartialEq)]
pub(crate) enum IncomingStep {
    /// It came before and is kept already.
    Duplicate,
    /// It is kept by these changes. When they are durable the centre may hear OK, and the whole message,
    /// if there is one now, may be handed on.
    Keep {
        changes: Vec<Change>,
        whole: Option<ReceivedSms>,
    },
}

/// Messages that came in and were not handed on, as a store keeps them, by their ids.
pub async fn received(store: &dyn Store) -> Result<Vec<ReceivedSms>, StoreError> {
    let notes = store.notes(WHOLE).await?;
    Ok(notes.iter().filter_map(read_whole).collect())
}

/// Forgets messages that came in before a time and nobody took; gives how many.
pub(crate) async fn purge_received(store: &dyn Store, before: WallTime) -> Result<u64, StoreError> {
    let old = received(store)
        .await?
        .into_iter()
        .filter(|sms| sms.received_at < before);
    let changes: Vec<_> = old
        .map(|sms| Change::ForgetNote {
            kind: WHOLE,
            key: sms.id.to_string(),
        })
        .collect();
    let count = u64::try_from(changes.len()).unwrap_or(u64::MAX);
    if count > 0 {
        store.commit(changes).await.map_err(|failed| failed.error)?;
    }
    Ok(count)
}

/// Where the parts of a message are kept, and what its parts do not say themselves.
#[derive(Debug)]
struct Stored {
    keys: Vec<MessageId>,
    connection: ConnectionName,
    received_at: WallTime,
}

impl Stored {
    /// What a part says; its key is not among them.
    fn of(part: &Part) -> Self {
        Self {
            keys: Vec::new(),
            connection: part.connection.clone(),
            received_at: part.received_at,
        }
    }
}

/// Something that is here already.
struct Repeated;

/// Messages that come in, over all connections.
///
/// The parts of one message may come over several connections to one centre. Memory is bounded: parts wait
/// within the usual [`ReassemblyLimits`], the messages of the last five minutes are known up to 10,000 and
/// 4 MiB.
pub(crate) struct Incoming {
    ids: Arc<dyn Ids>,
    recent: Recent,
    shown: Shown,
    reassembly: Reassembly,
    stored: BTreeMap<MessageKey, Stored>,
    /// Parts from before the start, until the time is known.
    loaded: Vec<(MessageId, Part)>,
    /// Messages from before the start that were not handed on.
    waiting: BTreeMap<MessageId, ReceivedSms>,
    /// Messages that were given up beside the one that came: for the next tick.
    given_up: VecDeque<(Vec<Change>, ReceivedSms)>,
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incoming")
            .field("messages_in_parts", &self.reassembly.waiting())
            .finish_non_exhaustive()
    }
}

impl Incoming {
    /// Goes on with the notes of the kinds [`PART`], [`WHOLE`] and [`SHOWN`]. Those that cannot be read stay where they
    /// are.
    pub(crate) fn new(notes: Vec<Note>, ids: Arc<dyn Ids>) -> Self {
        let mut loaded = Vec::new();
        let mut waiting = BTreeMap::new();
        let mut shown = Shown::default();
        for note in notes {
            match note.kind {
                PART => {
                    let key = MessageId::new(&note.key).ok();
                    loaded.extend(key.zip(notes::read_part(&note)));
                }
                WHOLE => waiting.extend(notes::read_whole(&note).map(|sms| (sms.id.clone(), sms))),
                SHOWN => shown.load(note),
                _ => {}
            }
        }
        loaded.sort_by_key(|(_, part)| part.received_at);
        Self {
            ids,
            recent: Recent::default(),
            shown,
            reassembly: Reassembly::default(),
            stored: BTreeMap::new(),
            loaded,
            waiting,
            given_up: VecDeque::new(),
        }
    }

    /// Something came in that is no receipt. `now_ms` never goes back, `wall` may.
    pub(crate) fn on_part(
        &mut self,
        now_ms: u64,
        wall: WallTime,
        place: Place<'_>,
        part: IncomingPart,
    ) -> IncomingStep {
        self.take_loaded(now_ms, wall);
        let Ok(noted) = self.note(now_ms, wall, place, &part) else {
            return IncomingStep::Duplicate;
        };
        let fragment = Fragment {
            alphabet: part.content.alphabet,
            payload: part.content.payload,
        };
        let (connection, from, to) = (place.connection.clone(), part.from, part.to);
        let mut step = match part.concatenation {
            None => self.whole(
                ReceivedSms::new(self.ids.message(), connection, from, to, String::new(), wall),
                fragment,
            ),
            Some(concatenation) => self.add_part(
                now_ms,
                Part {
                    connection,
                    from,
                    to,
                    concatenation,
                    fragment,
                    received_at: wall,
                },
            ),
        };
        match &mut step {
            IncomingStep::Keep { changes, .. } => changes.extend(noted),
            // Its message has this part, and the modem may show it when that is through.
            IncomingStep::Duplicate if !noted.is_empty() => {
                step = IncomingStep::Keep {
                    changes: noted,
                    whole: None,
                };
            }
            IncomingStep::Duplicate => {}
        }
        step
    }

    /// A message in one part.
    fn whole(&self, mut sms: ReceivedSms, fragment: Fragment) -> IncomingStep {
        fill(&mut sms, fragment.alphabet.decode(&fragment.payload), || {
            fragment.payload
        });
        let changes = vec![Change::PutNote(notes::whole_note(&sms))];
        let whole = Some(sms);
        IncomingStep::Keep { changes, whole }
    }

    /// Notes what came in, if it is new. A modem shows a message until it has deleted it, whatever stops meanwhile.
    fn note(
        &mut self,
        now_ms: u64,
        wall: WallTime,
        place: Place<'_>,
        part: &IncomingPart,
    ) -> Result<Vec<Change>, Repeated> {
        if !self.recent.add(now_ms, place.connection, part) {
            return Err(Repeated);
        }
        match part.fingerprint {
            Some(fingerprint) => self.shown.add(wall, place, fingerprint).ok_or(Repeated),
            None => Ok(Vec::new()),
        }
    }

    /// A modem has a message no more.
    pub(crate) fn cleared(&mut self, place: Place<'_>, fingerprint: [u8; 16]) -> Option<Change> {
        self.shown.clear(place, fingerprint)
    }

    /// Forgets messages that no modem will show any more. To be called once, at the beginning.
    pub(crate) fn forget_old(&mut self, wall: WallTime) -> Vec<Change> {
        self.shown.forget_old(wall)
    }

    /// Messages whose missing parts will not come any more, and what that changes in the store. To be called
    /// when [`next_wake_up`](Self::next_wake_up) says so.
    pub(crate) fn on_tick(&mut self, now_ms: u64, wall: WallTime) -> (Vec<Change>, Vec<ReceivedSms>) {
        self.take_loaded(now_ms, wall);
        for message in self.reassembly.expire(clock(now_ms)) {
            self.give_up(message);
        }
        let mut changes = Vec::new();
        let mut messages = Vec::new();
        for (more, message) in self.given_up.drain(..) {
            changes.extend(more);
            messages.push(message);
        }
        (changes, messages)
    }

    /// When [`on_tick`](Self::on_tick) has something to do next.
    pub(crate) fn next_wake_up(&self) -> Option<u64> {
        if !self.loaded.is_empty() || !self.given_up.is_empty() {
            return Some(0);
        }
        let expiry = self.reassembly.next_expiry_ms()?;
        Some(expiry.saturating_sub(clock(0)))
    }

    /// The messages from before the start that are still to be handed on.
    pub(crate) fn waiting(&self) -> Vec<ReceivedSms> {
        self.waiting.values().cloned().collect()
    }

    /// A message was handed on and need not be kept.
    pub(crate) fn handed(&mut self, id: &MessageId) -> Change {
        self.waiting.remove(id);
        forget(WHOLE, id)
    }

    fn add_part(&mut self, now_ms: u64, part: Part) -> IncomingStep {
        let now = clock(now_ms);
        for message in self.reassembly.expire(now) {
            self.give_up(message);
        }
        let Ok(own) = self.add(now, &part) else {
            return IncomingStep::Duplicate;
        };
        let key = self.ids.message();
        let Some(message) = own else {
            let changes = vec![Change::PutNote(notes::part_note(&key, &part))];
            self.store(key, &part);
            return IncomingStep::Keep { changes, whole: None };
        };
        let mut stored = Stored::of(&part);
        stored.keys = self
            .stored
            .remove(&message.key)
            .map_or_else(Vec::new, |kept| kept.keys);
        let (changes, sms) = self.hand_out(&message, stored);
        let whole = Some(sms);
        IncomingStep::Keep { changes, whole }
    }

    /// Puts a part to its like; gives its message if that is to be handed on now.
    fn add(&mut self, now: u64, part: &Part) -> Result<Option<Assembled>, Repeated> {
        let (from, to) = (part.from.as_str(), part.to.as_str());
        let added = self
            .reassembly
            .add(now, from, to, part.concatenation, part.fragment.clone());
        let (own, others): (Vec<_>, Vec<_>) = added.ready.into_iter().partition(|message| {
            let same_number = message.parts.get(&part.concatenation.number);
            message.key == key_of(part) && same_number == Some(&part.fragment)
        });
        for message in others {
            self.give_up(message);
        }
        if added.duplicate {
            return Err(Repeated);
        }
        Ok(own.into_iter().next())
    }

    fn store(&mut self, key: MessageId, part: &Part) {
        let mut stored = Stored::of(part);
        if let Some(before) = self.stored.remove(&key_of(part)) {
            stored.keys = before.keys;
        }
        stored.keys.push(key);
        self.stored.insert(key_of(part), stored);
    }

    fn give_up(&mut self, message: Assembled) {
        // Every message that waits has a part that is stored.
        if let Some(stored) = self.stored.remove(&message.key) {
            let given_up = self.hand_out(&message, stored);
            self.given_up.push_back(given_up);
        }
    }

    fn hand_out(&self, message: &Assembled, stored: Stored) -> (Vec<Change>, ReceivedSms) {
        let mut sms = ReceivedSms::new(
            self.ids.message(),
            stored.connection,
            IncomingAddress::cleaned(&message.key.source),
            IncomingAddress::cleaned(&message.key.destination),
            String::new(),
            stored.received_at,
        );
        sms.complete = message.is_complete();
        let octets = message
            .parts
            .values()
            .flat_map(|part| part.payload.iter().copied());
        fill(&mut sms, message.text(), || octets.collect());
        let mut changes = vec![Change::PutNote(notes::whole_note(&sms))];
        changes.extend(stored.keys.iter().map(|key| forget(PART, key)));
        (changes, sms)
    }

    /// Parts from before the start have the age their dates say; a date ahead of the present is the present.
    fn take_loaded(&mut self, now_ms: u64, wall: WallTime) {
        for (key, part) in std::mem::take(&mut self.loaded) {
            let age = wall
                .as_unix_millis()
                .saturating_sub(part.received_at.as_unix_millis());
            let age = u64::try_from(age).unwrap_or(0);
            let own = self.add(clock(now_ms).saturating_sub(age), &part);
            self.store(key, &part);
            if let Ok(Some(message)) = own {
                self.give_up(message);
            }
        }
    }
}

/// The time of the reassembly: parts may have come a message's life before the start.
fn clock(now_ms: u64) -> u64 {
    now_ms.saturating_add(ReassemblyLimits::default().lifetime_ms)
}

fn key_of(part: &Part) -> MessageKey {
    MessageKey {
        source: part.from.to_string(),
        destination: part.to.to_string(),
        reference: part.concatenation.reference,
        total: part.concatenation.total,
    }
}

fn forget(kind: &'static str, key: &MessageId) -> Change {
    let key = key.to_string();
    Change::ForgetNote { kind, key }
}

fn fill(sms: &mut ReceivedSms, text: Option<String>, octets: impl FnOnce() -> Vec<u8>) {
    match text {
        Some(text) => sms.text = text,
        None => sms.data = Some(octets()),
    }
}

#[cfg(test)]
mod tests;
