//! One session of a gateway's connection, whatever it speaks: commands go in, everything that happens comes out as
//! events. `smpp::link` and `gsm::link` start them.

mod arrival;
mod channels;
mod command;
mod event;
mod handle;
mod names;
mod peer;

pub(crate) use arrival::{Arrival, IncomingPart};
pub(crate) use channels::{LinkChannels, Order};
pub(crate) use command::{LinkCommand, PartPdu};
pub(crate) use event::{Answer, LinkEnd, LinkEvent, LinkEvents, Refusal};
pub(crate) use handle::Link;
pub(crate) use names::{PartToken, SessionId};
pub(crate) use peer::Peer;
