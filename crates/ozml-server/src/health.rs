//! Whether messages can be accepted and sent.

use ozml_sms::gateway::GatewayStatus;
use serde::Serialize;

/// Why a gateway is not ready; nothing: it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Readiness {
    pub(crate) ready: bool,
    pub(crate) reasons: Vec<String>,
}

impl Readiness {
    /// Of a gateway; `None`: it is closed.
    pub(crate) fn of(status: Option<&GatewayStatus>) -> Self {
        let reasons = status.map_or_else(|| vec!["the gateway is ending".to_owned()], reasons);
        Self {
            ready: reasons.is_empty(),
            reasons,
        }
    }
}

fn reasons(status: &GatewayStatus) -> Vec<String> {
    let mut reasons = Vec::new();
    if let Some(fault) = &status.store_fault {
        reasons.push(format!("the store takes nothing: {fault}"));
    }
    if status.is_draining {
        reasons.push("no messages are accepted at present".to_owned());
    }
    let mut connections = status.connections.iter();
    if status.connections.is_empty() {
        reasons.push("there is no connection".to_owned());
    } else if !connections.any(|connection| connection.state == "up") {
        reasons.push("no connection is up".to_owned());
    }
    reasons
}
