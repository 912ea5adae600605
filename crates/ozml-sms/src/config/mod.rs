//! The sections of `ozml.toml` that are about messages: what may stand in them, checked value by value.
//!
//! Nothing here touches a file: whoever reads the configuration resolves passwords and certificates and hands
//! them in.

mod connection;
mod read;
mod smpp;
mod statuses;
mod store;
mod timers;

pub use connection::{ConnectionSection, ConsoleSection, ModemSection};
pub use read::{EnvironmentVariable, duration_between};
pub use smpp::{ConnectionOptions, SmppDefaults, SmppSection};
pub use store::{StoreSection, StoreUrl};
pub use timers::TimersSection;
