//! AT commands: lines, results, and one command at a time (3GPP TS 27.005, 27.007, ITU-T V.250). Pure.

mod channel;
mod command;
mod exchange;
mod fields;
mod lines;
mod memory;
mod result;
mod resync;
mod unsolicited;

#[cfg(test)]
mod channel_tests;

pub use channel::LineCounters;
pub(crate) use channel::{Channel, ChannelEvent, Outcome};
pub(crate) use command::Command;
pub(crate) use exchange::Reply;
pub(crate) use fields::Fields;
pub(crate) use memory::{Memory, Slot};
pub(crate) use unsolicited::DirectPdu;
