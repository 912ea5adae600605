//! Who does what is asked: the running server, a gateway of this process, or the store alone.

use std::future::Future;
use std::time::Duration;

use ozml::host::{RandomIds, SystemClock};
use ozml::server::assemble::{Assembled, OpenOptions, Running, StartError};
use ozml::server::config::{Config, SystemSecrets};
use ozml::server::control::{Answer, Request, Service};
use ozml::sms::store::{SqliteStore, Store, StoreError};
use tokio::runtime::Runtime;

use crate::configuration::{Loaded, failed};
use crate::exit::Stop;
use crate::output::Output;
use crate::run::Signals;
use crate::sms::server::Server;

/// Who answers requests.
pub(super) enum Office {
    /// The server that runs.
    Server(Server),
    /// This process, which has the store.
    Own(Box<Own>),
}

/// A gateway of this process.
pub(super) struct Own {
    runtime: Runtime,
    running: Running,
    service: Service,
    signals: Signals,
    in_memory: bool,
}

impl Office {
    /// The server if one runs, else a gateway that takes the store.
    pub(super) fn open(loaded: Loaded, output: Output) -> Result<Self, Stop> {
        match Server::connect(&loaded.config)? {
            Some(server) => Ok(Self::Server(server)),
            None => Own::open(loaded, output).map(|own| Self::Own(Box::new(own))),
        }
    }

    /// Asks for something. Faults are answers, too.
    pub(super) fn ask(&mut self, request: Request) -> Result<Answer, Stop> {
        match self {
            Self::Server(server) => server.ask(&request),
            Self::Own(own) => own.ask(request),
        }
    }

    /// Lets a time pass.
    pub(super) fn wait(&mut self, time: Duration) -> Result<(), Stop> {
        match self {
            Self::Server(_) => {
                std::thread::sleep(time);
                Ok(())
            }
            Self::Own(own) => own.unless_ended(|_| tokio::time::sleep(time)),
        }
    }

    /// What becomes of a message that has not come to its end when this command ends.
    pub(super) fn prospect(&self) -> &'static str {
        match self {
            Self::Server(_) => "`ozml sms status ID` shows what becomes of it",
            Self::Own(own) if own.in_memory => {
                "its store is in memory, so nobody will go on with it: run `ozml serve`"
            }
            Self::Own(_) => {
                "it stays in the store, and `ozml serve` or the next command that sends goes on with it"
            }
        }
    }

    /// Ends a gateway of this process in good order.
    pub(super) fn close(self) {
        if let Self::Own(own) = self {
            own.runtime.block_on(own.running.close());
        }
    }
}

impl Own {
    fn open(loaded: Loaded, output: Output) -> Result<Self, Stop> {
        let runtime = crate::run::runtime()?;
        let router = loaded.config.routes().clone();
        let in_memory = loaded.config.store_file().is_none();
        let assembled = Assembled::new(loaded.config.clone(), &SystemSecrets)
            .map_err(|fault| cannot_start(&loaded, fault, output))?;
        loaded.warn(assembled.warnings(), output);
        let (signals, opened) = runtime.block_on(async {
            let signals = Signals::listen(false)?;
            Ok((signals, assembled.open(OpenOptions::default()).await))
        })?;
        let running = opened.map_err(|fault| cannot_start(&loaded, fault, output))?;
        let service = Service::new(running.gateway().clone(), &router, RandomIds, SystemClock::new());
        Ok(Self {
            runtime,
            running,
            service,
            signals,
            in_memory,
        })
    }

    fn ask(&mut self, request: Request) -> Result<Answer, Stop> {
        self.unless_ended(|service| service.answer(request))
    }

    /// Does something, unless Ctrl-C or TERM comes first.
    fn unless_ended<'o, F: Future + 'o>(
        &'o mut self,
        work: impl FnOnce(&'o Service) -> F,
    ) -> Result<F::Output, Stop> {
        let (service, signals) = (&self.service, &mut self.signals);
        self.runtime.block_on(async {
            tokio::select! {
                done = work(service) => Ok(done),
                () = signals.next() => Err(failed("ended before it was through; what is not sent stays in the store")),
            }
        })
    }
}

/// Why a gateway of this process does not begin.
pub(crate) fn cannot_start(loaded: &Loaded, fault: StartError, output: Output) -> Stop {
    match fault {
        StartError::Config(faults) => loaded.faulty(&faults, output),
        StartError::Store(error @ StoreError::Owned { .. }) => failed(&format!(
            "{error}, which has no control socket: another command that sends, or a server that begins or ends; \
             try again later"
        )),
        fault => failed(&fault.to_string()),
    }
}

/// Asks a store that nobody has, or whose owner has no control socket, without changing it.
pub(super) fn look<T, F: Future<Output = T>>(
    config: &Config,
    question: impl FnOnce(SqliteStore) -> F,
) -> Result<T, Stop> {
    let Some(path) = config.store_file() else {
        return Err(failed("no server is running, and its store is kept in memory"));
    };
    if !path.exists() {
        let path = path.display();
        return Err(failed(&format!(
            "there is no store `{path}` yet: nothing was sent with this configuration"
        )));
    }
    let store = SqliteStore::read_only(path).map_err(|fault| failed(&fault.to_string()))?;
    Ok(crate::run::runtime()?.block_on(question(store)))
}

/// The same as a port.
pub(super) fn port(store: &SqliteStore) -> &dyn Store {
    store
}
