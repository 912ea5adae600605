//! Where the PIN of a SIM card comes from: never from the command line, which others see.

use std::io::IsTerminal;

use ozml::session::Invalid;
use ozml::sms::gsm::{Pin, SerialPort};

use crate::exit::Stop;
use crate::run::ask_password;

const VARIABLE: &str = "OZML_MODEM_PIN";

/// The PIN that the environment holds; `None` without one.
pub(crate) fn from_environment() -> Result<Option<Pin>, Stop> {
    let pin = std::env::var(VARIABLE).ok();
    pin.map(|pin| read(&pin)).transpose()
}

/// The PIN that a person types, unseen; `None` where there is no terminal.
pub(crate) async fn from_terminal(port: &SerialPort) -> Result<Option<Pin>, Stop> {
    if !std::io::stdin().is_terminal() {
        return Ok(None);
    }
    let typed = ask_password(&format!("PIN of the SIM card in {port}: ")).await?;
    read(&typed).map(Some)
}

/// What to do where it comes from neither.
pub(crate) fn missing() -> String {
    format!("the SIM card wants its PIN: set {VARIABLE}")
}

fn read(pin: &str) -> Result<Pin, Stop> {
    Pin::new(pin).map_err(|fault: Invalid| Stop::usage(fault.to_string()))
}
