//! The memory of a process with a gateway, a store on disk and one bound connection, when nothing is to be done:
//! `ozml serve`, where `OZML_BIN` names the program, else a process with nothing but the gateway.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use ozml_sms::smsc::{Behaviour, Event};
use ozml_sms::store::{SqliteOptions, SqliteStore};
use tokio::time::{sleep, timeout};

use super::bench::{Bench, Links, centre, link_to};
use super::support::gateway::open;
use super::support::threads;

/// Name the centre and the store for the process that is measured.
const CENTRE: &str = "OZML_BENCH_IDLE_CENTRE";
const STORE: &str = "OZML_BENCH_IDLE_STORE";
/// How long it may take to bind.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it does nothing.
const IDLE: Duration = Duration::from_secs(10);
const LINKS: Links = Links {
    window: 100,
    sessions: 1,
    receipts: true,
};

/// The process that is measured.
pub(crate) struct Child {
    centre: SocketAddr,
    store: OsString,
}

impl Child {
    /// If this process is one.
    pub(crate) fn of_this_process() -> Option<Self> {
        Some(Self {
            centre: std::env::var(CENTRE).ok()?.parse().unwrap(),
            store: std::env::var_os(STORE)?,
        })
    }
}

/// Runs until it is ended.
pub(crate) fn run_child(child: Child) {
    threads(2).block_on(async {
        let store = SqliteStore::open(PathBuf::from(child.store), SqliteOptions::new()).unwrap();
        let _gateway = open(store, vec![link_to(child.centre, LINKS)]).await;
        std::future::pending::<()>().await;
    });
}

pub(crate) async fn run(bench: &mut Bench) {
    if !fs::exists("/proc/self/smaps_rollup").unwrap() {
        return println!("this system does not tell the memory of a process");
    }
    let smsc = centre(Behaviour::new()).await;
    let mut events = smsc.events();
    let folder = bench.folder();
    let (name, mut command) = match std::env::var_os("OZML_BIN") {
        Some(ozml) => ("`ozml serve`", serve(&ozml, smsc.addr(), &folder)),
        None => (
            "a process with the gateway alone",
            own_child(smsc.addr(), &folder),
        ),
    };
    let mut process = command.spawn().unwrap();
    let bound = async { while !matches!(events.next().await.unwrap(), Event::Bound { .. }) {} };
    if timeout(PATIENCE, bound).await.is_ok() {
        sleep(IDLE).await;
        let memory = fs::read_to_string(format!("/proc/{}/smaps_rollup", process.id())).unwrap();
        let kib = |name| memory.lines().find(|line| line.starts_with(name)).unwrap();
        println!(
            "{name}, bound, after {} s: {}; {}",
            IDLE.as_secs(),
            kib("Pss:"),
            kib("Rss:")
        );
    } else {
        bench.fault(format!("idle: {name} did not bind"));
    }
    process.kill().unwrap();
    process.wait().unwrap();
    println!("bar: 15 MB of PSS");
}

fn own_child(centre: SocketAddr, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .env(CENTRE, centre.to_string())
        .env(STORE, folder.join("idle.db"));
    command
}

fn serve(ozml: &OsStr, centre: SocketAddr, folder: &Path) -> Command {
    let config = folder.join("ozml.toml");
    let written = format!(
        "[[sms.connection]]\nname = \"smsc\"\ntype = \"smpp\"\nurl = \"smpp://shop@{centre}\"\n\
         [admin]\nlisten = \"127.0.0.1:0\"\n"
    );
    fs::write(&config, written).unwrap();
    let mut command = Command::new(ozml);
    command.arg("serve").arg("--config").arg(config);
    command
}
