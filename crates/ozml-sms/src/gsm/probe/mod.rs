//! Asking a modem what it is and can, without sending anything and without giving a PIN.

mod answers;
mod questions;
mod report;

use std::time::Duration;

use tokio::time::Instant;

use super::at::Reply;
use super::interview::{Interview, Next, Plan};
use super::serial::{self, OpenPort};
use super::{ModemConfig, ModemEnd, OpenError, SerialPort};
use questions::QUESTIONS;
pub(super) use questions::sim_state;

pub use report::{Indications, Judgement, MemoryUse, ProbeReport, Registration, Signal, SimState};

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

    /// What a talk with the modem on this port is told.
    pub(super) fn config(self, port: &SerialPort) -> ModemConfig {
        let mut config = ModemConfig::new(port.clone());
        config.timers.command = self.timeout;
        config
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
    let mut talk = Interview::new(0, &options.config(port), Probe::default());
    serial::run(io, &mut talk, Instant::now()).await;
    match talk.end {
        None | Some(Ok(())) => Ok(talk.plan.report),
        Some(Err(ModemEnd::Silent)) => Err(ProbeError::Silent {
            port: port.clone(),
            baud: options.baud,
        }),
        Some(Err(end)) => Err(ProbeError::Modem(end)),
    }
}

/// The questions to one modem, one after the other.
#[derive(Default)]
struct Probe {
    report: ProbeReport,
    /// How many questions are answered.
    answered: usize,
}

impl Plan for Probe {
    fn next(&mut self, _: u64) -> Next {
        let question = QUESTIONS.get(self.answered);
        question.map_or(Next::End, |(command, _)| Next::Ask(command.clone()))
    }

    fn on_reply(&mut self, reply: Option<&Reply>) {
        if let (Some(reply), Some((_, take))) = (reply, QUESTIONS.get(self.answered)) {
            take(&mut self.report, reply);
        }
        self.answered = self.answered.saturating_add(1);
    }
}

#[cfg(test)]
mod tests;
