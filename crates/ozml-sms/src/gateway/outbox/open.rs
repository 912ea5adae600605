//! Beginning, and going on after a stop.

use std::collections::BTreeMap;

use ozml_session::{ConnectionName, SmsState};

use super::Outbox;
use super::connection::Connection;
use super::event::Now;
use super::message::{Message, Phase, Trouble};
use super::retry;
use crate::gateway::{ConnectionConfig, PartToken};
use crate::smpp::References;
use crate::store::{Opened, PartState, StoredSms};

const BEGUN_BEFORE: &str = "it was being handed over when the gateway stopped";

impl<R> Outbox<R> {
    /// What is different in a set of connections; `None`: not in it any more. New ones get their index here.
    /// `changing`: what is on its way to be configured, which counts for what is there.
    pub(crate) fn differences(
        &mut self,
        configs: Vec<ConnectionConfig>,
        changing: &BTreeMap<u16, Option<ConnectionConfig>>,
    ) -> Vec<(u16, Option<ConnectionConfig>)> {
        let is_kept = |connection: &Connection| configs.iter().any(|config| config.name == connection.name);
        let gone = (0..).zip(&self.connections);
        let gone = gone.filter(|(index, connection)| {
            next_config(*index, connection, changing).is_some() && !is_kept(connection)
        });
        let mut changes: Vec<_> = gone.map(|(index, _)| (index, None)).collect();
        for config in configs {
            let index = self.index_of(&config.name);
            let connection = index.and_then(|index| self.connections.get(usize::from(index)));
            if let (Some(index), Some(connection)) = (index, connection)
                && next_config(index, connection, changing) != Some(&config)
            {
                changes.push((index, Some(config)));
            }
        }
        changes
    }

    /// Configures a connection none of whose sessions is there. What waits for one that is gone is kept.
    pub(crate) fn configure(&mut self, now: Now, index: u16, config: Option<ConnectionConfig>) {
        if let Some(connection) = self.connections.get_mut(usize::from(index)) {
            connection.down_since = config.is_none().then_some(now.ms);
            connection.configure(index, config);
        }
        self.leave_connection(now, usize::from(index));
    }

    /// The index of a connection; one that is not known yet is added, without a configuration. `None`: there
    /// are too many.
    fn index_of(&mut self, name: &ConnectionName) -> Option<u16> {
        if let Some(index) = self.by_name.get(name) {
            return Some(*index);
        }
        let index = u16::try_from(self.connections.len()).ok()?;
        let references = References::beginning_at(self.last_number);
        self.by_name.insert(name.clone(), index);
        self.connections.push(Connection::new(name.clone(), references));
        Some(index)
    }

    /// Goes on with what a store has. To be called once.
    pub(crate) fn open(&mut self, now: Now, opened: Opened) {
        self.last_number = self.last_number.max(opened.last_number);
        for stored in opened.unfinished {
            self.resume(now, stored);
        }
        let old = self.incoming.forget_old(now.wall);
        self.pending.changes.extend(old);
        let waiting = self.incoming.waiting();
        self.keep(waiting);
    }

    /// Goes on with one message.
    pub(super) fn resume(&mut self, now: Now, stored: StoredSms) {
        let StoredSms { record, progress } = stored;
        let number = record.number;
        for name in &record.targets {
            self.index_of(name);
        }
        let expires = now.moment_of(progress.extended_to.unwrap_or(record.expires_at));
        // One that seems farther away than any pause is long shows that the date went back.
        let latest = now.ms.saturating_add(retry::LONGEST);
        let next_try = progress.next_try.map(|at| now.moment_of(at).min(latest));
        let state = progress.state;
        let was_out = progress.parts.iter().any(|part| part.state == PartState::Out);
        self.insert(number, Message::new(record, progress, expires));
        self.await_receipts_again(now, number);
        match (state, next_try) {
            (SmsState::Sent, _) => {
                if let Some(message) = self.messages.get_mut(&number) {
                    message.phase = Phase::Awaiting;
                }
                self.wake_at(number, Some(expires));
                self.judge_receipts(now, number);
            }
            _ if was_out => self.resume_unknown(now, number),
            (_, Some(due)) if due > now.ms => {
                if let Some(message) = self.messages.get_mut(&number) {
                    message.phase = Phase::Pausing;
                }
                self.wake_at(number, Some(due.min(expires)));
            }
            _ => self.enqueue(now, number),
        }
    }

    /// Parts that were under way: nobody can tell.
    fn resume_unknown(&mut self, now: Now, number: crate::store::MessageNumber) {
        if let Some(message) = self.messages.get_mut(&number) {
            for part in &mut message.progress.parts {
                if part.state == PartState::Out {
                    super::answers::note_part(part, &Trouble::Unknown(BEGUN_BEFORE), PartState::Waiting);
                }
            }
        }
        self.on_unknown(now, number, BEGUN_BEFORE);
    }

    fn await_receipts_again(&mut self, now: Now, number: crate::store::MessageNumber) {
        let Some(message) = self.messages.get(&number) else {
            return;
        };
        let index = self.target_index(&message.record, message.progress.target);
        let awaited: Vec<_> = (0..)
            .zip(&message.progress.parts)
            .filter(|(_, part)| part.state == PartState::Sent)
            .filter_map(|(part, progress)| Some((part, progress.centre_id.clone()?)))
            .collect();
        let Some(index) = index else {
            return;
        };
        for (part, id) in awaited {
            self.await_receipt(now, index, PartToken { number, part }, &id);
        }
    }
}

/// What a connection has, or is about to have.
fn next_config<'a>(
    index: u16,
    connection: &'a Connection,
    changing: &'a BTreeMap<u16, Option<ConnectionConfig>>,
) -> Option<&'a ConnectionConfig> {
    changing.get(&index).unwrap_or(&connection.config).as_ref()
}
