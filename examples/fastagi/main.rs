//! Asterisk calls, a script answers: a call session over Asterisk's FastAGI.
//!
//! `cargo run -p ozml-examples --example fastagi_session -- menu.xml`, and in Asterisk's dialplan
//!
//! ```text
//! exten => 100,1,AGI(agi://127.0.0.1/menu)
//! ```
//!
//! The path behind the host names one of the scripts; with one script it may be left out. FastAGI has no
//! passwords: listen on loopback, or behind a firewall.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "an example is a program: it talks to a person, opens files and sockets"
)]

mod line;
#[cfg(test)]
mod peer;
mod protocol;
mod session;
mod socket;
mod sounds;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use ozml::engine::{JsonLines, TraceSink};
use ozml::host::{RandomIds, SystemClock};
use ozml::session::{CallSession, Ports};
use ozml::{CheckOptions, Engine, Program, Source, Trace};
use session::AgiSession;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Most calls at once; Asterisk waits with further ones.
const CALLS: usize = 500;
const USAGE: &str = "usage: fastagi_session SCRIPT… [--listen ADDRESS:PORT] [--recordings FOLDER]";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (mut listen, mut recordings) = ("127.0.0.1:4573".to_owned(), "ozml".to_owned());
    let mut scripts = BTreeMap::new();
    let engine = ozml::standard();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--listen" => listen = arguments.next().ok_or(USAGE)?,
            "--recordings" => recordings = arguments.next().ok_or(USAGE)?,
            path => {
                let name = Path::new(path).file_stem().unwrap_or_default();
                scripts.insert(name.to_string_lossy().into_owned(), program(&engine, path)?);
            }
        }
    }
    if scripts.is_empty() {
        return Err(USAGE.into());
    }
    let listener = TcpListener::bind(&listen).await?;
    println!("waiting for calls on agi://{}", listener.local_addr()?);
    let clock = SystemClock::new();
    let ports = Ports::builder(clock.clone(), RandomIds).build();
    let server = Server {
        engine,
        scripts,
        recordings,
        clock,
        ports,
        sink: Arc::new(JsonLines::new(std::io::stdout())),
    };
    serve(Arc::new(server), listener).await
}

/// Reads and checks a script; what is wrong with it goes to standard error.
fn program(engine: &Engine, path: &str) -> Result<Arc<Program>, Box<dyn Error>> {
    let text = std::fs::read_to_string(path).map_err(|fault| format!("{path}: {fault}"))?;
    let checked = engine.check(&Source::new(path, text), CheckOptions::default());
    for diagnostic in &checked.diagnostics {
        eprintln!("{path}: {}: {}", diagnostic.code.as_str(), diagnostic.message);
    }
    Ok(checked
        .program
        .ok_or_else(|| format!("{path} has faults: `ozml check` shows them"))?)
}

struct Server {
    engine: Engine,
    scripts: BTreeMap<String, Arc<Program>>,
    recordings: String,
    clock: SystemClock,
    ports: Ports,
    sink: Arc<dyn TraceSink>,
}

async fn serve(server: Arc<Server>, listener: TcpListener) -> Result<(), Box<dyn Error>> {
    let calls = Arc::new(Semaphore::new(CALLS));
    loop {
        let place = calls.clone().acquire_owned().await?;
        let (stream, peer) = listener.accept().await?;
        let server = server.clone();
        tokio::spawn(async move {
            if let Err(fault) = server.call(stream).await {
                eprintln!("{peer}: {fault}");
            }
            drop(place);
        });
    }
}

impl Server {
    /// One call, from the connection to the end of the script; its trace goes to standard output.
    async fn call(&self, stream: TcpStream) -> Result<(), String> {
        let session = AgiSession::open(stream, Arc::new(self.clock.clone()), &self.recordings).await?;
        let program = self.program(session.script())?;
        let trace = Trace::new(self.ports.ids().run(), &self.clock, self.sink.clone());
        let trace = trace.on_call(session.info().id.clone());
        self.engine.run_call(program, &session, &self.ports, &trace).await;
        Ok(())
    }

    fn program(&self, name: &str) -> Result<&Arc<Program>, String> {
        let only = self
            .scripts
            .values()
            .next()
            .filter(|_| self.scripts.len() == 1 && name.is_empty());
        let found = self.scripts.get(name).or(only);
        found.ok_or_else(|| format!("there is no script `{}`", name.escape_debug()))
    }
}
