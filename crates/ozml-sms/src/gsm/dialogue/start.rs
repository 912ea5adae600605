//! From the first `AT` to a modem that is ready (sms.md 4.1).

use std::collections::BTreeSet;

use super::super::at::{Channel, Command, Fields, Memory, Outcome, Reply};
use super::super::{ModemEnd, ModemError, NeedsPerson};
use super::config::DialogueConfig;
use super::identity::{IdentityQuestion, ModemIdentity};
use super::pin::{PinProgress, SimState, is_busy, needs_person};
use super::registration::Registration;
use super::storage::StorageChoice;
use crate::smpp::after;

/// How often a command is tried that was not answered.
const TRIES: u8 = 3;
/// Before what is not there yet is asked for again, in milliseconds.
const AGAIN: u64 = 1_000;
/// How many marks show that we are in step.
const MARKS: usize = 4;
/// What some modems answer to all but the PIN before they have it, `AT` included.
const PIN_REQUIRED: ModemError = ModemError::Cme(11);

/// What a start found and set up.
#[derive(Debug, Default)]
pub(super) struct SetUp {
    /// Phase 2+: what comes directly wants `AT+CNMA`.
    pub(super) acknowledges: bool,
    pub(super) indications: Indications,
    /// The memory for what comes in.
    pub(super) home: Option<Memory>,
    /// The memories that may have messages in them.
    pub(super) filled: BTreeSet<Memory>,
    pub(super) numeric_errors: bool,
    pub(super) identity: ModemIdentity,
}

/// How news of messages are told.
#[derive(Debug, Default)]
pub(super) struct Indications {
    /// Which of [`Command::INDICATIONS`].
    which: usize,
    /// The modem took it.
    pub(super) are_taken: bool,
}

impl Indications {
    pub(super) fn command(&self) -> Option<Command> {
        Command::INDICATIONS.into_iter().nth(self.which)
    }

    /// Takes an answer. What was taken once is not given up: an answer may get lost.
    pub(super) fn on_reply(&mut self, is_taken: bool) {
        if !is_taken && !self.are_taken {
            self.which = self.which.saturating_add(1) % Command::INDICATIONS.len();
        }
        self.are_taken |= is_taken;
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Attention {
        was_escaped: bool,
    },
    /// ESC, for a modem that still waits for a PDU of a session before.
    Escape,
    EchoOff,
    Words,
    /// Sets the next mark: whatever came so far may be answers to a session before.
    SetMark(usize),
    ReadMark(usize),
    /// A modem without marks.
    Synchronise,
    NumericErrors,
    PinState,
    EnterPin,
    Registration,
    PacketRegistration,
    PduMode,
    Services,
    Phase2Plus,
    Storage,
    Indications,
    Centre,
    SetCentre,
    Identity(IdentityQuestion),
    Done,
}

/// One start.
#[derive(Debug)]
pub(super) struct Start {
    step: Step,
    tries: u8,
    not_before: u64,
    /// How long a SIM card may be busy, or a network be looked for.
    patience: u64,
    /// It refuses even `AT` until it has its PIN; until then there is nothing to get in step by.
    knows_only_pin: bool,
    pub(super) pin: PinProgress,
    was_denied: bool,
    /// It was asked once, and has no network yet.
    pub(super) waits_for_network: bool,
    storage: StorageChoice,
    pub(super) set_up: SetUp,
    /// The ways of telling errors that serve as marks, other ones in each session. The last is the one we want.
    marks: [bool; MARKS],
}

impl Start {
    pub(super) fn new(now: u64, config: &DialogueConfig) -> Self {
        Self {
            step: Step::Attention { was_escaped: false },
            tries: 0,
            not_before: now,
            patience: now,
            knows_only_pin: false,
            pin: PinProgress::NotGiven,
            was_denied: false,
            waits_for_network: false,
            storage: StorageChoice::new(config.modem.storage),
            set_up: SetUp::default(),
            marks: marks(now),
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.step == Step::Done
    }

    /// When the next command may be written.
    pub(super) fn not_before(&self) -> u64 {
        self.not_before
    }

    /// Writes the next command, if there is one and it is time.
    pub(super) fn begin(&mut self, now: u64, config: &DialogueConfig, channel: &mut Channel) {
        if now < self.not_before {
            return;
        }
        match self.step {
            Step::Escape => {
                channel.escape();
                self.go(Step::Attention { was_escaped: true });
                self.not_before = now.saturating_add(AGAIN);
            }
            Step::ReadMark(mark) => {
                let number = self.marks.get(mark).copied().map_or(1, u16::from);
                channel.resynchronise_by(now, Command::ERROR_MODE, number);
            }
            Step::Synchronise => channel.resynchronise(now),
            step => {
                if let Some(command) = self.command(step, config) {
                    channel.send(now, command);
                }
            }
        }
    }

    fn command(&self, step: Step, config: &DialogueConfig) -> Option<Command> {
        let command = match step {
            Step::Attention { .. } => Command::ATTENTION,
            Step::EchoOff => Command::ECHO_OFF,
            Step::Words => Command::WORDS,
            Step::SetMark(mark) if self.marks.get(mark) == Some(&false) => Command::PLAIN_ERRORS,
            Step::SetMark(_) | Step::NumericErrors => Command::NUMERIC_ERRORS,
            Step::PinState => Command::PIN_STATE,
            Step::EnterPin => return config.modem.pin.as_ref().map(Command::enter_pin),
            Step::Registration => Command::REGISTRATION,
            Step::PacketRegistration => Command::PACKET_REGISTRATION,
            Step::PduMode => Command::PDU_MODE,
            Step::Services => Command::SERVICES,
            Step::Phase2Plus => Command::PHASE_2_PLUS,
            Step::Storage => return self.storage.command(),
            Step::Indications => return self.set_up.indications.command(),
            Step::Centre => Command::SERVICE_CENTRE,
            Step::SetCentre => return config.modem.smsc.as_ref().map(Command::set_service_centre),
            Step::Identity(question) => question.command(),
            Step::Escape | Step::ReadMark(_) | Step::Synchronise | Step::Done => return None,
        };
        Some(command)
    }

    /// Takes the outcome of the command, and goes on or ends the session.
    pub(super) fn on_outcome(
        &mut self,
        now: u64,
        config: &DialogueConfig,
        channel: &mut Channel,
        outcome: Outcome,
    ) -> Result<(), ModemEnd> {
        match (outcome, self.step) {
            // It may know no such question.
            (Outcome::Silent { .. }, Step::ReadMark(_)) => {
                self.go(Step::Synchronise);
                Ok(())
            }
            (Outcome::Silent { .. }, _) => Err(ModemEnd::Silent),
            (Outcome::Answered(reply), _) => self.on_reply(now, config, channel, &reply),
            (Outcome::NoPrompt | Outcome::NoResult, _) => self.on_no_result(now, config, channel),
        }
    }

    fn on_no_result(
        &mut self,
        now: u64,
        config: &DialogueConfig,
        channel: &mut Channel,
    ) -> Result<(), ModemEnd> {
        self.tries = self.tries.saturating_add(1);
        match self.step {
            // It is given once, whatever came of it; its state shows.
            Step::EnterPin => self.after_pin(),
            _ if self.tries < TRIES => {}
            Step::Attention { was_escaped: false } => self.go(Step::Escape),
            Step::Attention { was_escaped: true } => return Err(ModemEnd::Silent),
            _ => return self.on_reply(now, config, channel, &Reply::of(Err(ModemError::Plain))),
        }
        Ok(())
    }

    fn on_reply(
        &mut self,
        now: u64,
        config: &DialogueConfig,
        channel: &mut Channel,
        reply: &Reply,
    ) -> Result<(), ModemEnd> {
        let answered = Some(reply).filter(|reply| reply.result.is_ok());
        match self.step {
            Step::Attention { .. } if answered.is_none() && reply.result != Err(PIN_REQUIRED) => {
                return self.on_no_result(now, config, channel);
            }
            Step::PinState => return self.on_pin_state(now, config, SimState::of(reply)),
            Step::EnterPin => return self.on_pin(now, reply),
            Step::Registration | Step::PacketRegistration => return self.on_registration(now, reply),
            _ if reply.result.is_err_and(is_busy) && now < self.patience => {
                self.not_before = now.saturating_add(AGAIN);
                return Ok(());
            }
            _ => {}
        }
        match self.step {
            Step::Attention { .. } => {
                self.knows_only_pin = answered.is_none();
                self.go(Step::EchoOff);
            }
            Step::EchoOff => self.go(Step::Words),
            Step::Words if self.knows_only_pin => self.go(Step::NumericErrors),
            Step::Words => self.go(Step::SetMark(0)),
            Step::SetMark(mark) => self.go(Step::ReadMark(mark)),
            Step::ReadMark(mark) if mark.saturating_add(1) < MARKS => {
                self.go(Step::SetMark(mark.saturating_add(1)));
            }
            Step::ReadMark(_) => self.on_in_step(now, config, channel, true),
            Step::Synchronise => self.go(Step::NumericErrors),
            Step::NumericErrors => {
                // Before the PIN it is not for good.
                let has_numbers = answered.is_some() && !self.knows_only_pin;
                self.on_in_step(now, config, channel, has_numbers);
            }
            Step::PduMode if answered.is_none() => {
                return Err(ModemEnd::NeedsPerson(NeedsPerson::NoPduMode));
            }
            Step::PduMode => {
                channel.expect_set_up("+CMGF:", 0);
                self.go(Step::Services);
            }
            Step::Services => {
                let offers = answered.and_then(Reply::line).is_some_and(offers_phase_2_plus);
                self.go(if offers { Step::Phase2Plus } else { Step::Storage });
            }
            Step::Phase2Plus => {
                self.set_up.acknowledges = answered.is_some();
                self.go(Step::Storage);
            }
            Step::Storage => self.on_storage(answered),
            Step::Indications => self.on_indications(answered.is_some()),
            Step::Centre => self.on_centre(config, answered),
            Step::SetCentre => self.go(Step::Identity(IdentityQuestion::Manufacturer)),
            Step::Identity(question) => {
                let next = self.set_up.identity.on_reply(question, answered);
                self.go(next.map_or(Step::Done, Step::Identity));
            }
            // Taken care of above, or without an answer.
            Step::PinState
            | Step::EnterPin
            | Step::Registration
            | Step::PacketRegistration
            | Step::Escape
            | Step::Done => {}
        }
        Ok(())
    }

    fn on_in_step(&mut self, now: u64, config: &DialogueConfig, channel: &mut Channel, has_numbers: bool) {
        self.set_up.numeric_errors = has_numbers;
        if has_numbers {
            channel.expect_set_up("+CMEE:", 1);
        }
        self.patience = after(now, config.modem.timers.ready);
        self.go(Step::PinState);
    }

    fn on_pin_state(&mut self, now: u64, config: &DialogueConfig, state: SimState) -> Result<(), ModemEnd> {
        let needs = match state {
            SimState::Ready => {
                if self.pin == PinProgress::Given {
                    self.pin = PinProgress::Taken;
                }
                self.patience = after(now, config.modem.timers.registration);
                self.go(Step::Registration);
                return Ok(());
            }
            SimState::Useless(needs) => needs,
            SimState::NotYet(needs) if now >= self.patience => needs,
            SimState::WantsPin if self.pin != PinProgress::NotGiven && now >= self.patience => {
                self.pin = PinProgress::Refused;
                NeedsPerson::WrongPin
            }
            SimState::WantsPin if self.pin != PinProgress::NotGiven => return self.again(now),
            SimState::WantsPin if config.modem.pin.is_none() => NeedsPerson::NoPin,
            // Another session gave it in vain.
            SimState::WantsPin if !config.gives_pin => NeedsPerson::WrongPin,
            SimState::WantsPin => {
                self.pin = PinProgress::Given;
                self.patience = after(now, config.modem.timers.ready);
                self.go(Step::EnterPin);
                return Ok(());
            }
            SimState::NotYet(_) => return self.again(now),
        };
        Err(ModemEnd::NeedsPerson(needs))
    }

    fn on_pin(&mut self, now: u64, reply: &Reply) -> Result<(), ModemEnd> {
        if let Err(error) = reply.result {
            self.pin = PinProgress::Refused;
            let locked = needs_person(error) == NeedsPerson::Locked;
            let needs = if locked {
                NeedsPerson::Locked
            } else {
                NeedsPerson::WrongPin
            };
            return Err(ModemEnd::NeedsPerson(needs));
        }
        self.pin = PinProgress::Taken;
        self.after_pin();
        self.again(now)
    }

    /// What was refused before the PIN is said once more.
    fn after_pin(&mut self) {
        let refused_all = std::mem::take(&mut self.knows_only_pin);
        self.go(if refused_all {
            Step::EchoOff
        } else {
            Step::PinState
        });
    }

    fn on_registration(&mut self, now: u64, reply: &Reply) -> Result<(), ModemEnd> {
        let is_second = self.step == Step::PacketRegistration;
        match Registration::of(reply) {
            Registration::Registered => {
                self.go(Step::PduMode);
                return Ok(());
            }
            Registration::Denied => self.was_denied = true,
            Registration::None if !is_second => self.was_denied = false,
            Registration::None | Registration::Untold => {}
        }
        if !is_second {
            self.go(Step::PacketRegistration);
            return Ok(());
        }
        if now >= self.patience {
            return Err(match self.was_denied {
                true => ModemEnd::NeedsPerson(NeedsPerson::RegistrationDenied),
                false => ModemEnd::NoNetwork,
            });
        }
        self.waits_for_network = true;
        self.go(Step::Registration);
        self.again(now)
    }

    fn on_storage(&mut self, answered: Option<&Reply>) {
        self.storage.on_reply(answered);
        self.tries = 0;
        if self.storage.command().is_none() {
            self.set_up.home = self.storage.home();
            self.set_up.filled = std::mem::take(&mut self.storage.filled);
            self.set_up.filled.extend(self.set_up.home);
            self.go(Step::Indications);
        }
    }

    fn on_indications(&mut self, is_taken: bool) {
        let indications = &mut self.set_up.indications;
        indications.on_reply(is_taken);
        // Without any, what comes in is found by looking.
        let is_last = indications.are_taken || indications.which == 0;
        self.go(if is_last { Step::Centre } else { Step::Indications });
    }

    fn on_centre(&mut self, config: &DialogueConfig, answered: Option<&Reply>) {
        let fields = answered
            .and_then(Reply::line)
            .and_then(|line| Fields::of(line, "+CSCA:"));
        let known = fields.and_then(|fields| fields.text(0)).unwrap_or_default();
        let wanted = config.modem.smsc.as_ref();
        if wanted.is_some_and(|number| number.as_str() != known) {
            self.go(Step::SetCentre);
        } else {
            self.go(Step::Identity(IdentityQuestion::Manufacturer));
        }
    }

    fn go(&mut self, step: Step) {
        self.step = step;
        self.tries = 0;
    }

    fn again(&mut self, now: u64) -> Result<(), ModemEnd> {
        self.not_before = now.saturating_add(AGAIN);
        Ok(())
    }
}

/// First errors without a number, as no session before leaves it; then by chance, or what is as good; then with one.
fn marks(now: u64) -> [bool; MARKS] {
    let chance = crc32c::crc32c(&now.to_le_bytes());
    [false, chance & 1 != 0, chance & 2 != 0, true]
}

/// `+CSMS: (0,1)` or `(0-1)`.
fn offers_phase_2_plus(line: &str) -> bool {
    line.split(|character: char| !character.is_ascii_digit())
        .any(|number| number == "1")
}
