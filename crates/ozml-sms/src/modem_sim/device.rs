//! A modem but for its line: what it has, and what commands do with it.

use std::collections::VecDeque;

use ozml_session::{ClockTime, WallTime};

use super::arrivals::Arrivals;
use super::behaviour::Behaviour;
use super::event::Event;
use super::memory::{Memory, Message, Status, Stored};
use super::network::{Moment, Network};
use super::sent::Counters;
use super::settings::Settings;
use super::sim::{Sim, SimFault};
use crate::chance::Chance;
use crate::gsm::ModemError;
use crate::gsm::pdu::{Address, Deliver, Submit, Timestamp};
use crate::text::Reference;

/// Events that nobody has taken.
const MAX_EVENTS: usize = 10_000;
/// Unsolicited lines that wait.
const MAX_INDICATIONS: usize = 100;
/// +CMS: service centre address unknown; no network service.
const NO_CENTRE: ModemError = ModemError::Cms(330);
const NO_NETWORK: ModemError = ModemError::Cms(331);

/// What a modem has. Commands work on it.
#[derive(Debug)]
pub(super) struct Device {
    pub(super) behaviour: Behaviour,
    pub(super) settings: Settings,
    pub(super) sim: Sim,
    pub(super) memory: Memory,
    /// +CSCA; kept on the SIM card.
    pub(super) centre: Option<Address>,
    /// +CFUN: 0 off, 1 on, 4 without radio.
    pub(super) functionality: u8,
    pub(super) network: Network,
    pub(super) arrivals: Arrivals,
    pub(super) chance: Chance,
    pub(super) counters: Counters,
    started: WallTime,
    registered_from: Option<ClockTime>,
    last_stat: u8,
    unsolicited: VecDeque<String>,
    indications: VecDeque<String>,
    events: VecDeque<Event>,
}

impl Device {
    pub(super) fn new(behaviour: Behaviour, started: WallTime) -> Self {
        let memory = Memory::new(&behaviour);
        let mut device = Self {
            settings: Settings::new(&behaviour, &memory),
            sim: Sim::new(&behaviour),
            memory,
            centre: behaviour.service_centre.as_ref().map(Address::from),
            functionality: 1,
            network: Network::new(&behaviour),
            arrivals: Arrivals::new(&behaviour),
            chance: Chance::new(behaviour.seed),
            counters: Counters::default(),
            started,
            registered_from: None,
            last_stat: 0,
            unsolicited: VecDeque::new(),
            indications: VecDeque::new(),
            events: VecDeque::new(),
            behaviour,
        };
        device.fill();
        device.power_on(ClockTime::ZERO);
        device
    }

    /// Old messages, as many as the behaviour asks for and there are slots.
    fn fill(&mut self) {
        let Ok(number) = ozml_session::PhoneNumber::new("+36201234567") else {
            return;
        };
        let (source, at) = (Address::from(&number), Timestamp::utc(self.started));
        let old = Deliver::of_text(&source, "An old message", Reference::Bits8(0), at);
        let Some(deliver) = old.ok().and_then(|mut parts| parts.pop()) else {
            return;
        };
        for _ in 0..self.behaviour.filled {
            let message = Message::Deliver(deliver.clone());
            let stored = Stored {
                status: Status::Read,
                message,
            };
            if self.memory.store(super::memory::MemoryName::Sim, stored).is_err() {
                return;
            }
        }
    }

    /// The modem starts: nothing is set, the card is locked, the network is looked for.
    pub(super) fn power_on(&mut self, now: ClockTime) {
        self.reset();
        self.sim.power_on();
        self.functionality = 1;
        self.arrivals.power_on();
        self.unsolicited.clear();
        self.indications.clear();
        self.search(now);
        self.last_stat = self.stat(now);
    }

    /// ATZ, AT&F.
    pub(super) fn reset(&mut self) {
        self.settings = Settings::new(&self.behaviour, &self.memory);
    }

    /// Looks for the network from now on.
    pub(super) fn search(&mut self, now: ClockTime) {
        self.registered_from = Some(now.after(self.behaviour.registration_delay));
    }

    /// `<stat>` of +CREG.
    pub(super) fn stat(&self, now: ClockTime) -> u8 {
        let on = self.functionality == 1 && self.sim.check().is_ok();
        match self.registered_from.filter(|_| on) {
            None => 0,
            Some(from) if from > now => 2,
            Some(_) => self.behaviour.registration.stat(),
        }
    }

    pub(super) fn is_registered(&self, now: ClockTime) -> bool {
        matches!(self.stat(now), 1 | 5)
    }

    /// Tells a change of the registration where that was asked for.
    pub(super) fn watch_registration(&mut self, now: ClockTime) {
        let stat = self.stat(now);
        if std::mem::replace(&mut self.last_stat, stat) == stat {
            return;
        }
        for (name, mode) in ["+CREG", "+CGREG", "+CEREG"]
            .into_iter()
            .zip(self.settings.registration_reports)
        {
            if mode > 0 {
                self.tell(format!("{name}: {stat}"));
            }
        }
    }

    /// When the registration changes by itself.
    pub(super) fn next_registration(&self, now: ClockTime) -> Option<ClockTime> {
        self.registered_from.filter(|from| *from > now)
    }

    pub(super) fn check_sim(&self) -> Result<(), SimFault> {
        self.sim.check()
    }

    pub(super) fn wall(&self, now: ClockTime) -> WallTime {
        let since = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
        WallTime::from_unix_millis(self.started.as_unix_millis().saturating_add(since))
    }

    pub(super) fn moment(&self, now: ClockTime) -> Moment {
        Moment {
            now,
            wall: self.wall(now),
        }
    }

    /// Gives a message to the network; its reference, or why it was refused.
    ///
    /// # Errors
    /// Outside: it never came to the network. Inside: the network refused it.
    pub(super) fn submit(
        &mut self,
        now: ClockTime,
        submit: Submit,
    ) -> Result<Result<u8, ModemError>, ModemError> {
        let to = submit.destination.to_string();
        let checked = self.can_send(now);
        let taken = checked.map(|()| {
            let at = self.moment(now);
            self.network
                .submit(&self.behaviour, &mut self.counters, at, submit)
        });
        match taken {
            Ok(Ok(taken)) => {
                let reference = taken.sms.reference;
                self.event(Event::Sms(Box::new(taken.sms)));
                if let Some((text, parts)) = taken.whole {
                    self.event(Event::Whole { to, text, parts });
                }
                Ok(Ok(reference))
            }
            Ok(Err(error)) | Err(error) => {
                self.refused(Some(to), error);
                if checked.is_err() {
                    Err(error)
                } else {
                    Ok(Err(error))
                }
            }
        }
    }

    fn can_send(&self, now: ClockTime) -> Result<(), ModemError> {
        self.check_sim().map_err(SimFault::of_messages)?;
        if !self.is_registered(now) {
            return Err(NO_NETWORK);
        }
        self.centre.as_ref().map(|_| ()).ok_or(NO_CENTRE)
    }

    pub(super) fn refused(&mut self, to: Option<String>, error: ModemError) {
        self.counters.refused = self.counters.refused.saturating_add(1);
        self.event(Event::Refused { to, error });
    }

    /// An unsolicited line, or two.
    pub(super) fn tell(&mut self, line: String) {
        push(&mut self.unsolicited, line, MAX_INDICATIONS);
    }

    /// The same about messages: it waits while AT+CNMI says so.
    pub(super) fn indicate(&mut self, line: String) {
        push(&mut self.indications, line, MAX_INDICATIONS);
    }

    /// AT+CNMI with `<bfr>` 1: what waits is forgotten.
    pub(super) fn forget_indications(&mut self) {
        self.indications.clear();
    }

    /// The next unsolicited line that may be written.
    pub(super) fn next_unsolicited(&mut self) -> Option<String> {
        let [mode, ..] = self.settings.indications;
        let indications = (mode != 0).then_some(&mut self.indications);
        self.unsolicited.pop_front().or_else(|| indications?.pop_front())
    }

    pub(super) fn event(&mut self, event: Event) {
        push(&mut self.events, event, MAX_EVENTS);
    }

    pub(super) fn take_events(&mut self) -> impl Iterator<Item = Event> {
        self.events.drain(..)
    }
}

/// Puts something behind the others; where they are too many, the oldest is dropped.
fn push<T>(queue: &mut VecDeque<T>, value: T, most: usize) {
    if queue.len() >= most {
        queue.pop_front();
    }
    queue.push_back(value);
}
