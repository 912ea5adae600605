//! A GSM modem to test against (V.250, 3GPP TS 27.005 and 27.007), and as ill-behaved as a test wants.
//!
//! [`ModemSim`] is a modem on a pseudo-terminal: programs open its path as they open `/dev/ttyUSB0`. What it does is
//! data, a [`Behaviour`]: a PIN, a slow network, lost answers, lines in the wrong place, a port that goes away. It
//! delivers to nobody; [`ModemSim::sent`] shows what it was given.
//!
//! [`Modem`] is the same without a port or clock: octets and the time go in, octets, events and the next wake-up
//! come out.

mod answer;
mod arrivals;
mod behaviour;
mod charset;
mod command;
mod commands;
mod device;
mod event;
mod line;
mod memory;
mod modem;
mod network;
mod noise;
mod options;
mod output;
#[cfg(unix)]
mod pty;
mod sent;
mod serve;
mod settings;
mod sim;
mod simulator;
mod text_mode;
mod words;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use behaviour::{
    Behaviour, Card, Echo, ReferenceFrom, Registration, ReportRoute, ReportState, Unacknowledged,
};
pub use event::Event;
pub use modem::Modem;
pub use sent::{Counters, SentSms};
pub use serve::Events;
pub use simulator::ModemSim;
#[cfg(unix)]
pub use simulator::OpenError;
