//! Giving a SIM card its PIN, once, for a person who knows it.

use std::time::Duration;

use tokio::time::Instant;

use super::at::{Command, Reply};
use super::interview::{Interview, Next, Plan};
use super::probe::{ProbeOptions, SimState, sim_state};
use super::serial::{self, OpenPort};
use super::{ModemEnd, OpenError, Pin, SerialPort};
use crate::smpp::after;

/// Between two looks at a SIM card that takes its time.
const AGAIN: u64 = 1_000;

/// Why a SIM card is not known to be open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnlockError {
    /// The port cannot be opened.
    #[error("{0}")]
    Open(#[from] OpenError),
    /// The modem does not answer, went away, or has a SIM card that a PIN does not open.
    #[error("{0}")]
    Modem(ModemEnd),
    /// The SIM card refused the PIN.
    #[error("the SIM card refused the PIN: after three wrong ones the card is locked")]
    Refused,
    /// The SIM card wants something that is no PIN, in the modem's words.
    #[error("the SIM card wants {0}: give it in a telephone")]
    Wants(String),
    /// The modem does not say how its SIM card is.
    #[error("the modem does not tell the state of its SIM card: look at it with `ozml modem probe`")]
    Untold,
}

impl UnlockError {
    /// Why no PIN opens a SIM card in this state; `None` when it is open or wants one.
    pub fn of(state: &SimState) -> Option<Self> {
        match state {
            SimState::Unknown => Some(Self::Untold),
            SimState::Wants(what) => Some(Self::Wants(what.clone())),
            SimState::WantsPin => None,
            state => state
                .fault()
                .map(|fault| Self::Modem(ModemEnd::NeedsPerson(fault))),
        }
    }
}

/// Gives the PIN to the SIM card behind a port if it wants it, and never more than once. Good is a card that is ready,
/// also when it wanted no PIN. Needs a tokio runtime with time and I/O. Dropping the future leaves open whether the PIN
/// was given.
///
/// # Errors
/// When the port cannot be opened, the modem does not answer, or the SIM card is not ready afterwards.
pub async fn unlock(port: &SerialPort, options: ProbeOptions, pin: &Pin) -> Result<(), UnlockError> {
    let io = OpenPort::open(port, options.baud).await?;
    let config = options.config(port);
    let mut talk = Interview::new(0, &config, Unlock::new(pin, config.timers.ready));
    serial::run(io, &mut talk, Instant::now()).await;
    talk.end.unwrap_or(Ok(())).map_err(UnlockError::Modem)?;
    talk.plan.end.unwrap_or(Err(UnlockError::Untold))
}

/// From the setting up to a SIM card that is ready.
struct Unlock<'a> {
    pin: &'a Pin,
    /// How long the SIM card may take.
    ready: Duration,
    step: Step,
    is_given: bool,
    /// The PIN was answered with an error. Whether the card is open is asked even then.
    is_refused: bool,
    /// Until when it may be anything but ready.
    patience: Option<u64>,
    /// What was told and is to be acted on.
    state: Option<SimState>,
    end: Option<Result<(), UnlockError>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Which of [`SET_UP`] is said.
    SetUp(usize),
    State,
    Pin,
}

const SET_UP: [Command; 3] = [Command::ECHO_OFF, Command::WORDS, Command::NUMERIC_ERRORS];

impl<'a> Unlock<'a> {
    fn new(pin: &'a Pin, ready: Duration) -> Self {
        Self {
            pin,
            ready,
            step: Step::SetUp(0),
            is_given: false,
            is_refused: false,
            patience: None,
            state: None,
            end: None,
        }
    }

    /// What is done about the state that was told.
    fn on_state(&mut self, now: u64, state: SimState) -> Next {
        let patience = *self.patience.get_or_insert(after(now, self.ready));
        let may_wait = now < patience;
        let end = match state {
            SimState::WantsPin if !self.is_given => return self.give(now),
            SimState::WantsPin if may_wait && !self.is_refused => return Next::Wait(after_a_while(now)),
            SimState::WantsPin => Err(UnlockError::Refused),
            SimState::Unknown | SimState::Absent | SimState::Fault(_) if may_wait => {
                return Next::Wait(after_a_while(now));
            }
            state => UnlockError::of(&state).map_or(Ok(()), Err),
        };
        self.end = Some(end);
        Next::End
    }

    /// Whatever comes of it, it is not given again.
    fn give(&mut self, now: u64) -> Next {
        self.step = Step::Pin;
        self.is_given = true;
        self.patience = Some(after(now, self.ready));
        Next::Ask(Command::enter_pin(self.pin))
    }
}

fn after_a_while(now: u64) -> u64 {
    now.saturating_add(AGAIN)
}

impl Plan for Unlock<'_> {
    fn next(&mut self, now: u64) -> Next {
        if let Some(state) = self.state.take() {
            return self.on_state(now, state);
        }
        if let Step::SetUp(place) = self.step
            && let Some(command) = SET_UP.get(place)
        {
            return Next::Ask(command.clone());
        }
        self.step = Step::State;
        Next::Ask(Command::PIN_STATE)
    }

    fn on_reply(&mut self, reply: Option<&Reply>) {
        match self.step {
            Step::SetUp(place) => self.step = Step::SetUp(place.saturating_add(1)),
            Step::State => self.state = Some(reply.map_or(SimState::Unknown, sim_state)),
            Step::Pin => self.is_refused = reply.is_some_and(|reply| reply.result.is_err()),
        }
    }
}

#[cfg(test)]
mod tests;
