//! HUP: the configuration is read again.

use std::path::Path;

use super::server::Server;
use crate::assemble::{Assembled, Reconfigured, StartError};
use crate::config::{LoadError, SystemSecrets};
use crate::log::log_diagnostics;

const OLD_ONE: &str = "the configuration stays as it was";

impl Server {
    /// Reads the configuration and takes what it says, or tells why it stays as it was.
    pub(super) async fn reload(&self, path: &Path) {
        let (assembled, source) = match Assembled::load(path, &SystemSecrets) {
            Ok(loaded) => loaded,
            Err(fault) => return refused(&fault),
        };
        log_diagnostics(&source, assembled.warnings());
        let router = assembled.config().routes().clone();
        match self.running.reconfigure(assembled).await {
            Ok(done) => {
                self.service.set_routes(&router);
                tell(&done);
            }
            Err(StartError::Config(faults)) => {
                log_diagnostics(&source, &faults);
                tracing::error!("{OLD_ONE}");
            }
            Err(fault) => tracing::error!(reason = %fault, "{OLD_ONE}"),
        }
    }
}

fn refused(fault: &LoadError) {
    match fault {
        LoadError::Faults { text, faults } => log_diagnostics(text, faults),
        LoadError::Text(unreadable) => {
            log_diagnostics(&unreadable.source, std::slice::from_ref(&unreadable.diagnostic));
        }
        _ => {}
    }
    tracing::error!(reason = %fault, "{OLD_ONE}");
}

fn tell(done: &Reconfigured) {
    if !done.needs_restart.is_empty() {
        let sections = done.needs_restart.join(", ");
        tracing::warn!(sections, "changes of these are taken up by a restart only");
    }
    match done.is_new {
        true => tracing::info!("the configuration was read again"),
        false => tracing::info!("the configuration was read again and says the same"),
    }
}
