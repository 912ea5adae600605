//! What a dialogue is told.

use super::super::ModemConfig;

/// What one session with a modem has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DialogueConfig {
    /// The settings of its pool; ports and speed are of no concern here.
    pub modem: ModemConfig,
    /// Whether the PIN may be given in this session, if the SIM card wants one. It is given once. After
    /// [`DialogueEvent::PinRefused`](super::DialogueEvent::PinRefused) no later session may give it.
    pub gives_pin: bool,
}

impl DialogueConfig {
    /// The settings of a pool; gives the PIN, where there is one.
    pub fn new(modem: ModemConfig) -> Self {
        Self {
            modem,
            gives_pin: true,
        }
    }
}
