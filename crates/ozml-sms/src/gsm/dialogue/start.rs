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

/// What a start found and set up.
#[derive(Debug, Default)]
pub(super) struct SetUp {
    /// Phase 2+: what comes directly wants `AT+CNMA`.
    pub(super) acknowledges: bool,
    /// Which of [`Command::INDICATIONS`] the modem took.
    pub(super) indications: Option<usize>,
    /// The memory for what comes in.
    pub(super) home: Option<Memory>,
    /// The memories that may have messages in them.
    pub(super) filled: BTreeSet<Memory>,
    pub(super) numeric_errors: bool,
    pub(super) identity: ModemIdentity,
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
    /// Whatever came so far may be answers to a session before.
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
    Indications(usize),
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
    pub(super) pin: PinProgress,
    was_denied: bool,
    storage: StorageChoice,
    pub(super) set_up: SetUp,
}

impl Start {
    pub(super) fn new(now: u64, config: &DialogueConfig) -> Self {
        Self {
            step: Step::Attention { was_escaped: false },
            tries: 0,
            not_before: now,
            patience: now,
            pin: PinProgress::NotGiven,
            was_denied: false,
            storage: StorageChoice::new(config.modem.storage),
            set_up: SetUp::default(),
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
            Step::NumericErrors => Command::NUMERIC_ERRORS,
            Step::PinState => Command::PIN_STATE,
            Step::EnterPin => return config.modem.pin.as_ref().map(Command::enter_pin),
            Step::Registration => Command::REGISTRATION,
            Step::PacketRegistration => Command::PACKET_REGISTRATION,
            Step::PduMode => Command::PDU_MODE,
            Step::Services => Command::SERVICES,
            Step::Phase2Plus => Command::PHASE_2_PLUS,
            Step::Storage => return self.storage.command(),
            Step::Indications(which) => return Command::INDICATIONS.into_iter().nth(which),
            Step::Centre => Command::SERVICE_CENTRE,
            Step::SetCentre => return config.modem.smsc.as_ref().map(Command::set_service_centre),
            Step::Identity(question) => question.command(),
            Step::Escape | Step::Synchronise | Step::Done => return None,
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
        match outcome {
            Outcome::Silent { .. } => Err(ModemEnd::Silent),
            Outcome::Answered(reply) => self.on_reply(now, config, channel, &reply),
            Outcome::NoPrompt | Outcome::NoResult => self.on_no_result(now, config, channel),
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
            Step::EnterPin => self.go(Step::PinState),
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
            Step::Attention { .. } if answered.is_none() => return self.on_no_result(now, config, channel),
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
            Step::Attention { .. } => self.go(Step::EchoOff),
            Step::EchoOff => self.go(Step::Words),
            Step::Words => {
                self.patience = after(now, config.modem.timers.ready);
                self.go(Step::Synchronise);
            }
            // A session before may have asked the same: only when nothing else is answered any more we are in step.
            Step::Synchronise if channel.take_disturbance() => {
                if now >= self.patience {
                    return Err(ModemEnd::Silent);
                }
                return self.again(now);
            }
            Step::Synchronise => {
                self.patience = after(now, config.modem.timers.ready);
                self.go(Step::NumericErrors);
            }
            Step::NumericErrors => {
                self.set_up.numeric_errors = answered.is_some();
                if answered.is_some() {
                    channel.expect_set_up("+CMEE:", 1);
                }
                self.go(Step::PinState);
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
            Step::Indications(which) => self.on_indications(which, answered.is_some()),
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
        self.go(Step::PinState);
        self.again(now)
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
            self.go(Step::Indications(0));
        }
    }

    fn on_indications(&mut self, which: usize, is_taken: bool) {
        let next = which.saturating_add(1);
        if is_taken {
            self.set_up.indications = Some(which);
        } else if next < Command::INDICATIONS.len() {
            return self.go(Step::Indications(next));
        }
        // Without any, what comes in is found by looking.
        self.go(Step::Centre);
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

/// `+CSMS: (0,1)` or `(0-1)`.
fn offers_phase_2_plus(line: &str) -> bool {
    line.split(|character: char| !character.is_ascii_digit())
        .any(|number| number == "1")
}
