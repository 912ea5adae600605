//! The memory of a process with a gateway, a store on disk and one bound connection, when nothing is to be done.

use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use ozml_sms::smsc::Behaviour;
use ozml_sms::store::{SqliteOptions, SqliteStore};
use tokio::time::sleep;

use super::bench::{Bench, Links, centre, link_to};
use super::send::until_bound;
use super::support::gateway::open;
use super::support::threads;

/// Name the centre and the store for the process that is measured.
const CENTRE: &str = "OZML_BENCH_IDLE_CENTRE";
const STORE: &str = "OZML_BENCH_IDLE_STORE";
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

pub(crate) fn run_child(child: Child) {
    threads(2).block_on(async {
        let store = SqliteStore::open(PathBuf::from(child.store), SqliteOptions::new()).unwrap();
        let gateway = open(store, vec![link_to(child.centre, LINKS)]).await;
        until_bound(&gateway).await;
        sleep(IDLE).await;
        let memory = fs::read_to_string("/proc/self/smaps_rollup").unwrap();
        let kib = |name| memory.lines().find(|line| line.starts_with(name)).unwrap();
        println!("{}; {}", kib("Pss:"), kib("Rss:"));
        gateway.close().await;
    });
}

pub(crate) async fn run(bench: &mut Bench) {
    if !fs::exists("/proc/self/smaps_rollup").unwrap() {
        return println!("this system does not tell the memory of a process");
    }
    let smsc = centre(Behaviour::new()).await;
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .env(CENTRE, smsc.addr().to_string())
        .env(STORE, bench.folder().join("idle.db"));
    println!(
        "one bound connection, {} s idle, a process with nothing but the gateway:",
        IDLE.as_secs()
    );
    let ended = tokio::task::spawn_blocking(move || child.status()).await;
    let binds = smsc.counters().binds;
    if !ended.unwrap().unwrap().success() || binds != 1 {
        bench.fault(format!("idle: the process failed, {binds} binds"));
    }
    println!("bar: 15 MB of PSS");
}
