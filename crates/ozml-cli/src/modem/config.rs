//! The lines of `ozml.toml` for a modem.

use std::fmt::Write as _;

use ozml::sms::gsm::{ProbeOptions, SimState};

use crate::modem::Probed;

/// A connection that uses the modem as it was asked.
pub(super) fn lines(probed: &Probed) -> String {
    let port = serde_json::to_string(&probed.port.to_string()).unwrap_or_default();
    let mut lines = format!("[[sms.connection]]\nname = \"gsm1\"\ntype = \"modem\"\nport = {port}\n");
    if probed.baud != ProbeOptions::default().baud {
        let _ = writeln!(lines, "baud = {}", probed.baud);
    }
    if probed.report.sim == SimState::WantsPin {
        lines.push_str("pin_env = \"GSM1_PIN\"\n");
    }
    if probed.report.sim == SimState::Ready && probed.report.service_centre.is_none() {
        lines.push_str("# smsc = \"+36209300099\"\n");
    }
    lines
}
