//! Regular looks at a modem: registration, signal, memory.

use std::collections::VecDeque;

use super::super::ModemEnd;
use super::super::at::{Command, Fields, Memory, Reply};
use super::event::{DialogueEvent, ModemHealth};
use super::registration::Registration;
use super::task::Task;
use super::{Dialogue, Phase};
use crate::smpp::after;

/// Between two looks as long as there is no network, in milliseconds.
const WITHOUT_NETWORK: u64 = 5_000;
/// Places that have to be free: a message and a report.
const FREE_PLACES: u16 = 2;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// Whether the set-up is still in force; the channel knows what the answer must be.
    SetUp,
    /// Whether what comes directly wants an acknowledgement: the answer at the start may have been lost.
    Service,
    Registration,
    PacketRegistration,
    Signal,
    Memory,
    /// Says anew how news are told: a modem that misses an acknowledgement tells none any more, and its PDU may have
    /// been lost on the line.
    Indications,
}

/// When the modem is looked at, and what was seen.
#[derive(Debug)]
pub(super) struct Polling {
    pub(super) due_at: u64,
    questions: VecDeque<Question>,
    health: ModemHealth,
    told: Option<ModemHealth>,
    /// What the modem said of calls; it may be registered for packets all the same.
    circuit: Registration,
    /// Since when there is no network.
    lost_at: Option<u64>,
    /// Something was deleted since the memory was low.
    memory_changed: bool,
}

impl Polling {
    pub(super) fn new(now: u64) -> Self {
        let health = ModemHealth {
            registered: true,
            ..ModemHealth::default()
        };
        Self {
            due_at: now,
            questions: VecDeque::new(),
            health,
            told: None,
            circuit: Registration::Untold,
            lost_at: None,
            memory_changed: false,
        }
    }

    pub(super) fn is_registered(&self) -> bool {
        self.health.registered
    }

    /// There is no network, and whoever gives parts knows it.
    pub(super) fn is_out_of_network(&self) -> bool {
        self.told.is_some_and(|health| !health.registered)
    }

    pub(super) fn is_memory_low(&self) -> bool {
        self.health.memory_low
    }

    /// What was said of a memory that is low is not true any more.
    pub(super) fn on_deleted(&mut self) {
        self.memory_changed = self.health.memory_low;
    }

    /// The network, or an error of it, gives a reason to look.
    pub(super) fn look_soon(&mut self, now: u64) {
        if self.questions.is_empty() {
            self.due_at = self.due_at.min(now);
        }
    }

    /// When there has been no network for so long that the session ends.
    pub(super) fn network_deadline(&self, wait: std::time::Duration) -> Option<u64> {
        self.lost_at.map(|moment| after(moment, wait))
    }
}

impl Dialogue {
    pub(super) fn polling_task(&mut self, now: u64) -> Option<Task> {
        if self.polling.questions.is_empty() && self.polling.due_at <= now {
            self.begin_poll(now);
        }
        if self.polling.memory_changed && self.receiving.is_empty() {
            self.polling.memory_changed = false;
            self.polling.questions.push_back(Question::Memory);
        }
        self.polling.questions.pop_front().map(Task::Poll)
    }

    fn begin_poll(&mut self, now: u64) {
        let polling = &mut self.polling;
        if self.set_up.numeric_errors {
            polling.questions.push_back(Question::SetUp);
        }
        if self.set_up.acknowledges || !self.set_up.indications.are_taken {
            polling.questions.push_back(Question::Indications);
        }
        let usual = [
            Question::Service,
            Question::Registration,
            Question::Signal,
            Question::Memory,
        ];
        polling.questions.extend(usual);
        let poll = after(now, self.config.modem.timers.poll);
        // A timer of nothing must not keep the modem busy.
        polling.due_at = poll.max(now.saturating_add(WITHOUT_NETWORK));
    }

    pub(super) fn poll_command(&self, question: Question) -> Option<Command> {
        match question {
            Question::SetUp => Some(Command::ERROR_MODE),
            Question::Service => Some(Command::SERVICE),
            Question::Registration => Some(Command::REGISTRATION),
            Question::PacketRegistration => Some(Command::PACKET_REGISTRATION),
            Question::Signal => Some(Command::SIGNAL),
            Question::Memory => Some(Command::MEMORY),
            Question::Indications => self.set_up.indications.command(),
        }
    }

    /// Takes an answer, `None` for one that did not come or was refused.
    pub(super) fn on_poll_reply(&mut self, now: u64, question: Question, reply: Option<&Reply>) {
        match (question, reply) {
            (Question::Registration, reply) => {
                self.polling.circuit = reply.map_or(Registration::Untold, Registration::of);
                if self.polling.circuit == Registration::Registered {
                    self.on_registration(now, Registration::Registered);
                } else {
                    self.polling.questions.push_front(Question::PacketRegistration);
                }
            }
            (Question::PacketRegistration, reply) => {
                self.on_registration(now, reply.map_or(Registration::Untold, Registration::of));
            }
            (Question::Service, Some(reply)) => {
                let fields = reply.line().and_then(|line| Fields::of(line, "+CSMS:"));
                let service = fields.and_then(|fields| fields.number(0));
                self.set_up.acknowledges = service.map_or(self.set_up.acknowledges, |service| service == 1);
            }
            (Question::Signal, Some(reply)) => {
                let fields = reply.line().and_then(|line| Fields::of(line, "+CSQ:"));
                let strength = fields
                    .and_then(|fields| fields.number(0))
                    .filter(|strength| *strength <= 31);
                self.polling.health.signal = strength.and_then(|strength| u8::try_from(strength).ok());
            }
            (Question::Indications, reply) => self.set_up.indications.on_reply(reply.is_some()),
            (Question::Memory, reply) => self.on_memory_reply(reply),
            _ => {}
        }
        if self.polling.questions.is_empty() && !self.is_ended() {
            self.tell_health();
            if self.polling.is_out_of_network() {
                self.give_back_waiting();
            }
        }
    }

    /// A modem of LTE alone is registered by its packet service only: either will do.
    fn on_registration(&mut self, now: u64, registration: Registration) {
        let is_lost = match (registration, self.polling.circuit) {
            (Registration::Registered, _) => false,
            (_, Registration::Denied | Registration::None) => true,
            (Registration::Denied | Registration::None, _) => true,
            (Registration::Untold, _) => return,
        };
        self.polling.health.registered = !is_lost;
        if is_lost {
            self.polling.lost_at.get_or_insert(now);
            self.polling.due_at = self.polling.due_at.min(now.saturating_add(WITHOUT_NETWORK));
        } else {
            self.polling.lost_at = None;
        }
    }

    /// `+CPMS: "SM",3,10,"SM",3,10,"SM",3,10`.
    fn on_memory_reply(&mut self, reply: Option<&Reply>) {
        let line = reply.and_then(Reply::line);
        if let Some(fields) = line.and_then(|line| Fields::of(line, "+CPMS:")) {
            let named = |place| fields.text(place).and_then(Memory::new);
            if self.receiving.is_other_memory(named(0)) {
                return self.end(ModemEnd::RestartedItself);
            }
            let home = [6, 0].into_iter().find(|place| named(*place) == self.set_up.home);
            let place = home.unwrap_or(0);
            let used = fields.number(place.saturating_add(1));
            let total = fields.number(place.saturating_add(2));
            self.on_memory_use(used, total);
        }
        self.list_what_was_left();
    }

    fn on_memory_use(&mut self, used: Option<u16>, total: Option<u16>) {
        let health = &mut self.polling.health;
        (health.memory_used, health.memory_total) = (used, total);
        let free = total.zip(used).map(|(total, used)| total.saturating_sub(used));
        health.memory_low = free.is_some_and(|free| free < FREE_PLACES);
        if used.is_some_and(|used| usize::from(used) > self.stored()) {
            self.list_home();
        }
    }

    fn tell_health(&mut self) {
        let health = self.polling.health;
        if self.polling.told != Some(health) {
            self.polling.told = Some(health);
            self.events.push_back(DialogueEvent::Health(health));
        }
    }

    /// The modem says unasked that its registration changed.
    pub(super) fn on_registration_news(&mut self, now: u64, state: u16) {
        let is_registered = Registration::of_state(state) == Registration::Registered;
        if is_registered != self.polling.is_registered() {
            self.polling.look_soon(now);
        }
    }

    /// Ends the session when the network stays away.
    pub(super) fn check_network(&mut self, now: u64) {
        let deadline = self
            .polling
            .network_deadline(self.config.modem.timers.registration);
        let is_idle = matches!(self.phase, Phase::Ready) && self.task.is_none();
        if is_idle && deadline.is_some_and(|moment| moment <= now) {
            self.end(ModemEnd::NoNetwork);
        }
    }
}
