//! One session with one modem, from the first `AT` to the end. Pure: octets and the time go in, octets, events and the
//! next moment to wake up come out. All times are milliseconds of one clock that never goes back.

mod config;
mod event;
mod identity;

pub use config::DialogueConfig;
pub use event::{DialogueEvent, ModemHealth, SubmitAnswer, SubmitError, Ticket};
pub use identity::ModemIdentity;

use super::pdu::Submit;

/// One session with one modem.
#[derive(Debug)]
pub struct Dialogue {
    output: Vec<u8>,
}

impl Dialogue {
    /// Begins the start of a modem (sms.md 4.1).
    pub fn open(_now: u64, _config: DialogueConfig) -> Self {
        Self {
            output: b"AT\r".to_vec(),
        }
    }

    /// Takes the next octets from the modem.
    pub fn on_bytes(&mut self, _now: u64, _octets: &[u8]) {}

    /// Acts on the timers that ran out.
    pub fn on_tick(&mut self, _now: u64) {}

    /// When [`on_tick`](Self::on_tick) has something to do next.
    pub fn next_wake_up(&self) -> Option<u64> {
        None
    }

    /// The port is gone: what is out is unknown, what waits was not sent.
    pub fn on_port_lost(&mut self, _why: String) {}

    /// Appends the octets to be written to `into`.
    pub fn take_output(&mut self, into: &mut Vec<u8>) {
        into.append(&mut self.output);
    }

    /// The next thing to know.
    pub fn next_event(&mut self) -> Option<DialogueEvent> {
        None
    }

    /// Gives a part. `ticket` names it until its [`DialogueEvent::Answered`] or [`DialogueEvent::NotSent`] has come;
    /// one of them comes for every part exactly once.
    pub fn submit(&mut self, _now: u64, _ticket: Ticket, _submit: Box<Submit>) -> Result<(), SubmitError> {
        Err(SubmitError::NotReady)
    }

    /// Answers a [`DialogueEvent::Arrived`]. Taken: it is ours from now on, and is deleted on the modem. Not taken: it
    /// comes again later. An answer that nobody waits for is left out.
    pub fn answer(&mut self, _now: u64, _sequence: u32, _taken: bool) {}

    /// Begins an orderly end: what waits comes back as not sent, what is out is waited for.
    pub fn close(&mut self, _now: u64) {}
}
