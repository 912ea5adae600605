//! The sections of `ozml.toml` that are about messages: what may stand in them, checked value by value.
//!
//! Nothing here touches a file: whoever reads the configuration resolves passwords and certificates and hands
//! them in.

mod connection;
mod modem;
mod modem_timers;
mod options;
mod read;
mod smpp;
mod statuses;
mod store;
mod timers;

pub use connection::{ConnectionSection, ConsoleSection};
pub use modem::{ModemDefaults, ModemSection};
pub use modem_timers::ModemTimersSection;
pub use options::ConnectionOptions;
pub use read::{EnvironmentVariable, duration_between};
pub use smpp::{SmppDefaults, SmppSection};
pub use store::{StoreSection, StoreUrl};
pub use timers::TimersSection;
