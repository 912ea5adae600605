//! A message centre (SMSC) to test against: real SMPP 3.4 over TCP, and as ill-behaved as a test wants.
//!
//! [`TestSmsc`] listens on loopback. What it does is data, a [`Behaviour`]: late answers, refusals,
//! throttling, cut connections, delivery receipts in the forms that centres use. It delivers to nobody;
//! [`TestSmsc::received`] shows what it was given.
//!
//! [`Session`] and [`Centre`] are the protocol without sockets or clocks: octets and the time go in,
//! octets, events and the next wake-up come out.

mod admission;
mod answers;
mod behaviour;
mod centre;
mod deliveries;
mod event;
mod fault;
mod ids;
mod options;
mod receipt;
mod received;
mod requests;
mod serve;
mod server;
mod session;
mod status;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use crate::share::Share;
pub use behaviour::{Answers, Behaviour, Limits, ReceiptForm, ReceiptId};
pub use centre::{Centre, Counters};
pub use event::{BindKind, CloseReason, Event};
pub use receipt::FinalState;
pub use received::ReceivedSms;
pub use server::{Events, ListenError, TestSmsc};
pub use session::Session;
