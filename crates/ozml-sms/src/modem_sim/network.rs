//! The network behind the modem: takes messages, sends reports on them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use ozml_session::{ClockTime, WallTime};

use super::behaviour::{Behaviour, ReferenceFrom};
use super::sent::{Counters, SentSms};
use crate::chance::Chance;
use crate::gsm::ModemError;
use crate::gsm::pdu::{Address, StatusReport, Submit, Timestamp, TpStatus};
use crate::text::{Fragment, Reassembly, ReassemblyLimits, UserData};

/// How many of the newest messages a centre knows again by TP-MR and recipient.
const KNOWN_AGAIN: usize = 128;
/// Messages whose repetition is noticed.
const MAX_SEEN: usize = 1_000_000;
/// Reports on their way; beyond them messages get none.
const MAX_REPORTS: usize = 100_000;
/// +CMS: rejected as a duplicate.
const DUPLICATE: ModemError = ModemError::Cms(197);

/// What the network keeps. It outlives a restart of the modem.
#[derive(Debug)]
pub(super) struct Network {
    tried: u64,
    next_reference: u8,
    known: VecDeque<(u8, Address)>,
    seen: BTreeSet<u64>,
    parts: Reassembly,
    reports: BTreeMap<(ClockTime, u64), StatusReport>,
    sent: VecDeque<SentSms>,
    chance: Chance,
}

/// A message the network took.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) sms: SentSms,
    /// The whole text and its number of parts, when this was the last part.
    pub(super) whole: Option<(String, u8)>,
}

/// When something happens, on both clocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) now: ClockTime,
    pub(super) wall: WallTime,
}

impl Network {
    pub(super) fn new(behaviour: &Behaviour) -> Self {
        Self {
            tried: 0,
            next_reference: 1,
            known: VecDeque::new(),
            seen: BTreeSet::new(),
            parts: Reassembly::new(ReassemblyLimits::default()),
            reports: BTreeMap::new(),
            sent: VecDeque::new(),
            chance: Chance::new(behaviour.seed),
        }
    }

    /// Takes a message or refuses it.
    pub(super) fn submit(
        &mut self,
        behaviour: &Behaviour,
        counters: &mut Counters,
        at: Moment,
        submit: Submit,
    ) -> Result<Taken, ModemError> {
        self.admit(behaviour, &submit)?;
        let reference = match behaviour.reference {
            ReferenceFrom::Pdu => submit.reference,
            ReferenceFrom::Own => self.next_reference,
        };
        let known = (reference, submit.destination.clone());
        if behaviour.reject_duplicates && submit.reject_duplicates && self.known.contains(&known) {
            return Err(DUPLICATE);
        }
        self.next_reference = self.next_reference.wrapping_add(1);
        self.known.push_front(known);
        self.known.truncate(KNOWN_AGAIN);
        counters.sent = counters.sent.saturating_add(1);
        let content = submit.user_data.read(submit.data_coding).ok();
        let mut sms = SentSms::new(counters.sent, reference, at.wall, submit, content.as_ref());
        sms.doubled = self.is_repeated(&sms, content.as_ref());
        counters.doubled = counters.doubled.saturating_add(u64::from(sms.doubled));
        let whole = content.and_then(|content| self.joined(at.now, &sms, content));
        self.report(behaviour, at, &sms);
        self.keep(behaviour.kept, &sms);
        Ok(Taken { sms, whole })
    }

    /// The refusals that the behaviour asks for.
    fn admit(&mut self, behaviour: &Behaviour, submit: &Submit) -> Result<(), ModemError> {
        self.tried = self.tried.saturating_add(1);
        let by_count = behaviour
            .error_every
            .is_some_and(|every| self.tried.is_multiple_of(every.get()));
        let by_chance = self.chance.millionth() < behaviour.error_share.millionths();
        let to = submit.destination.to_string();
        let by_number = behaviour
            .refuse_to
            .as_ref()
            .is_some_and(|number| number.as_str() == to);
        if by_count || by_chance || by_number {
            return Err(behaviour.error_code);
        }
        Ok(())
    }

    fn is_repeated(&mut self, sms: &SentSms, content: Option<&UserData>) -> bool {
        let mut hasher = DefaultHasher::new();
        let place = sms.part.map(|part| (part.total, part.number));
        let octets = content.map_or(&sms.submit.user_data.octets, |content| &content.payload);
        (&sms.to, place, octets).hash(&mut hasher);
        if self.seen.len() >= MAX_SEEN {
            self.seen.pop_first();
        }
        !self.seen.insert(hasher.finish())
    }

    fn joined(&mut self, now: ClockTime, sms: &SentSms, content: UserData) -> Option<(String, u8)> {
        let part = sms.part?;
        let fragment = Fragment {
            alphabet: content.alphabet,
            payload: content.payload,
        };
        let added = self.parts.add(now.as_millis(), "", &sms.to, part, fragment);
        let whole = added.ready.into_iter().find(|message| message.is_complete())?;
        Some((whole.text()?, part.total))
    }

    fn report(&mut self, behaviour: &Behaviour, at: Moment, sms: &SentSms) {
        let wanted = behaviour.reports.filter(|_| sms.submit.status_report);
        let Some(state) = wanted.filter(|_| self.reports.len() < MAX_REPORTS) else {
            return;
        };
        let due = at
            .now
            .after(behaviour.network_delay)
            .after(behaviour.report_delay);
        let waited = i64::try_from(due.millis_since(at.now)).unwrap_or(i64::MAX);
        let done = WallTime::from_unix_millis(at.wall.as_unix_millis().saturating_add(waited));
        let report = StatusReport::new(
            sms.reference,
            sms.submit.destination.clone(),
            Timestamp::utc(at.wall),
            Timestamp::utc(done),
            TpStatus(state.status()),
        );
        self.reports.insert((due, sms.number), report);
    }

    fn keep(&mut self, kept: usize, sms: &SentSms) {
        self.sent.push_back(sms.clone());
        while self.sent.len() > kept {
            self.sent.pop_front();
        }
    }

    /// The newest messages, oldest first.
    pub(super) fn sent(&self) -> impl Iterator<Item = &SentSms> {
        self.sent.iter()
    }

    /// When the next report leaves.
    pub(super) fn next_report(&self) -> Option<ClockTime> {
        self.reports.first_key_value().map(|((due, _), _)| *due)
    }

    /// A report that is due.
    pub(super) fn take_report(&mut self, now: ClockTime) -> Option<StatusReport> {
        self.next_report().filter(|due| *due <= now)?;
        self.reports.pop_first().map(|(_, report)| report)
    }
}
