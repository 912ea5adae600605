//! Everything that listens.

use std::sync::Arc;

use ozml_host::{RandomIds, SystemClock};

use super::ServeError;
use crate::admin::AdminListener;
use crate::assemble::{Assembled, OpenOptions, Running};
use crate::config::Config;
use crate::control::Service;
#[cfg(unix)]
use crate::control::{self, ControlSocket};
use crate::task::Task;

/// A gateway with its admin listener and its control socket.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) running: Arc<Running>,
    pub(super) service: Arc<Service>,
    _admin: Task,
    _control: Option<Task>,
}

impl Server {
    pub(super) async fn open(assembled: Assembled, options: OpenOptions) -> Result<Self, ServeError> {
        let config = assembled.config().clone();
        let running = Arc::new(assembled.open(options).await?);
        match Self::listen(&config, &running).await {
            Ok(server) => Ok(server),
            Err(fault) => {
                running.close().await;
                Err(fault)
            }
        }
    }

    async fn listen(config: &Config, running: &Arc<Running>) -> Result<Self, ServeError> {
        let service = Arc::new(Service::new(
            running.gateway().clone(),
            config.routes(),
            RandomIds,
            SystemClock::new(),
        ));
        let admin = AdminListener::bind(&config.admin).await?;
        let address = admin.address();
        let control = listen_for_commands(config, &service)?;
        let sections = config.connections.iter().map(|one| &one.section);
        let enabled = sections.filter(|section| section.enabled());
        tracing::info!(
            admin = %format_args!("http://{address}"),
            store = config.store_file().map(|path| path.display().to_string()),
            connections = enabled.count(),
            process = std::process::id(),
            "serving"
        );
        Ok(Self {
            _admin: Task::spawn(admin.serve(Arc::clone(running))),
            _control: control,
            running: Arc::clone(running),
            service,
        })
    }
}

#[cfg(unix)]
fn listen_for_commands(config: &Config, service: &Arc<Service>) -> Result<Option<Task>, ServeError> {
    let socket = ControlSocket::bind(&config.control_socket())?;
    Ok(Some(Task::spawn(control::serve(socket, Arc::clone(service)))))
}

/// Commands come over a Unix socket only.
#[cfg(not(unix))]
fn listen_for_commands(_: &Config, _: &Arc<Service>) -> Result<Option<Task>, ServeError> {
    Ok(None)
}
