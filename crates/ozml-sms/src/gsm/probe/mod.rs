//! Asking a modem what it is and can, without sending anything and without giving a PIN.

mod answers;
mod questions;
mod report;

use std::time::Duration;

use tokio::time::Instant;

use super::at::{Channel, ChannelEvent, Command, Outcome};
use super::serial::{self, OpenPort, Talk};
use super::{ModemConfig, ModemEnd, OpenError, SerialPort};
use questions::QUESTIONS;

pub use report::{Indications, Judgement, MemoryUse, ProbeReport, Registration, Signal, SimState};

/// Tries to get an answer at all; after the first ones a modem may still wait for a PDU of somebody else.
const ATTEMPTS: u8 = 6;
const ATTEMPTS_BEFORE_ESCAPE: u8 = 3;
/// Restarts of the modem while it is asked.
const MOST_RESTARTS: u8 = 2;

/// How a modem is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProbeOptions {
    /// Bits a second.
    pub baud: u32,
    /// How long to wait for one answer.
    pub timeout: Duration,
}

impl Default for ProbeOptions {
    /// 115,200 bit/s, 5 s.
    fn default() -> Self {
        Self {
            baud: 115_200,
            timeout: Duration::from_secs(5),
        }
    }
}

impl ProbeOptions {
    /// The same with another speed.
    #[must_use]
    pub fn baud(self, baud: u32) -> Self {
        Self { baud, ..self }
    }

    /// The same with another time.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }
}

/// Why there is no report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProbeError {
    /// The port cannot be opened.
    #[error("{0}")]
    Open(#[from] OpenError),
    /// Nothing was answered.
    #[error("the modem does not answer on `{port}` at {baud} bit/s: check the cable, the port and its speed")]
    Silent {
        /// The port.
        port: SerialPort,
        /// Bits a second.
        baud: u32,
    },
    /// The modem went away.
    #[error("{0}")]
    Modem(ModemEnd),
}

/// Asks the modem on a port. Needs a tokio runtime with time and I/O. Dropping the future leaves the modem as it is.
///
/// # Errors
/// When the port cannot be opened, or the modem does not answer or goes away.
pub async fn probe(port: &SerialPort, options: ProbeOptions) -> Result<ProbeReport, ProbeError> {
    let io = OpenPort::open(port, options.baud).await?;
    let mut config = ModemConfig::new(port.clone());
    config.timers.command = options.timeout;
    let mut probe = Probe::new(0, &config);
    serial::run(io, &mut probe, Instant::now()).await;
    match probe.end {
        None | Some(Ok(())) => Ok(probe.report),
        Some(Err(ModemEnd::Silent)) => Err(ProbeError::Silent {
            port: port.clone(),
            baud: options.baud,
        }),
        Some(Err(end)) => Err(ProbeError::Modem(end)),
    }
}

/// The questions to one modem, one after the other.
struct Probe {
    channel: Channel,
    report: ProbeReport,
    attempts: u8,
    restarts: u8,
    /// How many questions are answered; `None` while the modem has not answered at all.
    answered: Option<usize>,
    end: Option<Result<(), ModemEnd>>,
}

impl Probe {
    fn new(now: u64, config: &ModemConfig) -> Self {
        let mut probe = Self {
            channel: Channel::new(now, config),
            report: ProbeReport::default(),
            attempts: 0,
            restarts: 0,
            answered: None,
            end: None,
        };
        probe.ask(now);
        probe
    }

    /// Asks what is to be asked next.
    fn ask(&mut self, now: u64) {
        let Some(answered) = self.answered else {
            self.attempts = self.attempts.saturating_add(1);
            return self.channel.send(now, Command::ATTENTION);
        };
        match QUESTIONS.get(answered) {
            Some((command, _)) => self.channel.send(now, command.clone()),
            None => self.end = Some(Ok(())),
        }
    }

    fn on_event(&mut self, now: u64, event: ChannelEvent) {
        match event {
            ChannelEvent::Finished(outcome) => self.on_outcome(now, outcome),
            ChannelEvent::Restarted if self.channel.is_idle() && self.end.is_none() => self.on_restart(now),
            // Messages stay where they are.
            _ => {}
        }
    }

    fn on_outcome(&mut self, now: u64, outcome: Outcome) {
        match outcome {
            Outcome::Silent { .. } => self.end = Some(Err(ModemEnd::Silent)),
            Outcome::Answered(reply) => {
                let question = self.answered.and_then(|answered| QUESTIONS.get(answered));
                if let Some((_, take)) = question {
                    take(&mut self.report, &reply);
                }
                self.go_on(now);
            }
            _ if self.answered.is_some() => self.go_on(now),
            _ if self.attempts == ATTEMPTS => self.end = Some(Err(ModemEnd::Silent)),
            _ => {
                if self.attempts == ATTEMPTS_BEFORE_ESCAPE {
                    self.channel.escape();
                }
                self.ask(now);
            }
        }
    }

    fn go_on(&mut self, now: u64) {
        self.answered = Some(self.answered.map_or(0, |answered| answered.saturating_add(1)));
        self.ask(now);
    }

    /// The question that was under way has no answer any more.
    fn on_restart(&mut self, now: u64) {
        self.restarts = self.restarts.saturating_add(1);
        if self.restarts > MOST_RESTARTS {
            self.end = Some(Err(ModemEnd::RestartedItself));
        } else {
            self.ask(now);
        }
    }
}

impl Talk for Probe {
    fn advance(&mut self, now: u64) -> bool {
        if self.channel.next_wake_up().is_some_and(|moment| moment <= now) {
            self.channel.on_tick(now);
        }
        while let Some(event) = self.channel.next_event() {
            self.on_event(now, event);
        }
        self.end.is_none()
    }

    fn on_bytes(&mut self, now: u64, octets: &[u8]) {
        self.channel.on_bytes(now, octets);
    }

    fn on_port_lost(&mut self, why: String) {
        self.end = Some(Err(ModemEnd::PortLost(why)));
    }

    fn take_output(&mut self, into: &mut Vec<u8>) {
        self.channel.take_output(into);
    }

    fn next_wake_up(&self) -> Option<u64> {
        self.channel.next_wake_up()
    }
}

#[cfg(test)]
mod tests;
