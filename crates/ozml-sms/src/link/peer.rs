//! Who is at the other end of a session.

use std::fmt;

use crate::gsm::ModemIdentity;

/// Who is at the other end of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Peer {
    /// A message centre: its `system_id`.
    Centre(String),
    /// A modem.
    Modem(Box<ModemIdentity>),
}

impl fmt::Display for Peer {
    /// As a log names it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Centre(system_id) => f.write_str(system_id),
            Self::Modem(modem) => write!(f, "{} {}", modem.manufacturer, modem.model),
        }
    }
}
