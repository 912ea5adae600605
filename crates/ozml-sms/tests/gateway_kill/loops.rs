//! Lives of the process, and what came of the messages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use ozml_session::SmsState;
use ozml_sms::smsc::TestSmsc;
use ozml_sms::store::{ListFilter, OnUnknown, SqliteOptions, SqliteStore, Store, StoredSms};
use rustix::process::{Pid, Signal, kill_process};
use tokio::runtime::Runtime;

use super::gateway_process::{TASK, Task, Work};
use super::support::{random, threads};

const SEED: u64 = 0x0047_4b11;
/// A life ends when it has accepted so many messages at least, and at most so many more.
const LEAST: u64 = 50;
const SPREAD: u64 = 800;
/// A centre that remembers everything and lets messages be under way for a while.
const CENTRE: &str = "receipts=none,kept=1000000,answer-delay=3ms";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Kill,
    Term,
}

/// A centre, a store, and one process after the other that works with both.
pub(crate) struct Loop {
    runtime: Runtime,
    centre: TestSmsc,
    folder: PathBuf,
    task: Task,
    random: u64,
    /// What was accepted, and under which id.
    accepted: BTreeMap<u64, BTreeSet<String>>,
}

impl Loop {
    pub(crate) fn new(name: &str, on_unknown: OnUnknown) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("gateway_kill_{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let runtime = threads(1);
        let listen = TestSmsc::listen("127.0.0.1:0".parse().unwrap(), CENTRE.parse().unwrap());
        let centre = runtime.block_on(listen).unwrap();
        println!("seed {SEED:#x}");
        Self {
            task: Task {
                store: folder.join("ozml.db"),
                centre: centre.addr(),
                holds: on_unknown == OnUnknown::Hold,
                life: 0,
                work: Work::Finish,
            },
            runtime,
            centre,
            folder,
            random: SEED,
            accepted: BTreeMap::new(),
        }
    }

    /// One life, which ends after some messages were accepted.
    pub(crate) fn live(&mut self, work: Work, end: End) {
        let lines = LEAST + random(&mut self.random) % SPREAD;
        let mut process = self.start(work);
        let mut count = 0;
        // It is read to its end: what it said before it died counts.
        for line in lines_of(&mut process) {
            let Some((number, id)) = accepted(&line) else {
                continue;
            };
            self.accepted.entry(number).or_default().insert(id);
            count += 1;
            if count == lines {
                end_process(&mut process, end);
            }
        }
        let ended = process.wait().unwrap();
        assert!(count >= lines, "it ended by itself after {count} messages");
        assert_eq!(ended.success(), end == End::Term, "{ended}");
    }

    /// A last life, which ends when everything is sent.
    pub(crate) fn finish(&mut self) {
        let mut process = self.start(Work::Finish);
        lines_of(&mut process).for_each(drop);
        assert!(process.wait().unwrap().success());
    }

    fn start(&mut self, work: Work) -> Child {
        self.task.life += 1;
        self.task.work = work;
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "gateway_process", "--nocapture", "--test-threads=1"])
            .env(TASK, serde_json::to_string(&self.task).unwrap())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// The ids of all that was accepted.
    pub(crate) fn ids(&self) -> BTreeSet<&str> {
        self.accepted.values().flatten().map(String::as_str).collect()
    }

    /// What came of the messages.
    pub(crate) fn found(&self) -> Found {
        let mut seen = BTreeMap::new();
        for sms in self.centre.received() {
            *seen.entry(number_of(&sms.text().unwrap())).or_default() += 1;
        }
        let store = SqliteStore::open(&self.task.store, SqliteOptions::new()).unwrap();
        let mut filter = ListFilter::default();
        filter.rows = u32::MAX;
        let listed = self.runtime.block_on(store.list(filter)).unwrap().messages;
        Found {
            accepted: self.accepted.keys().copied().collect(),
            seen,
            stored: listed
                .into_iter()
                .map(|sms| (number_of(sms.record.text.as_str()), sms))
                .collect(),
        }
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            fs::remove_dir_all(&self.folder).unwrap();
        }
    }
}

/// What came of the messages.
pub(crate) struct Found {
    accepted: BTreeSet<u64>,
    /// How often the centre took each.
    seen: BTreeMap<u64, u64>,
    stored: BTreeMap<u64, StoredSms>,
}

impl Found {
    /// Accepted messages that the centre never saw and that nobody can see to be unknown.
    pub(crate) fn lost(&self) -> Vec<u64> {
        let is_unknown = |number: &u64| {
            self.stored
                .get(number)
                .is_some_and(|sms| sms.progress.state == SmsState::Unknown && sms.progress.parked)
        };
        let unseen = self
            .accepted
            .iter()
            .filter(|number| !self.seen.contains_key(number));
        unseen.filter(|number| !is_unknown(number)).copied().collect()
    }

    /// How often a message came that had come before.
    pub(crate) fn repeats(&self) -> u64 {
        self.seen.values().map(|times| times - 1).sum()
    }

    pub(crate) fn repeated_without_mark(&self) -> Vec<u64> {
        let repeated = self.seen.iter().filter(|(_, times)| **times > 1);
        repeated
            .map(|(number, _)| *number)
            .filter(|number| !self.stored[number].progress.possible_duplicate)
            .collect()
    }

    pub(crate) fn marked(&self) -> usize {
        let messages = self.stored.values();
        messages.filter(|sms| sms.progress.possible_duplicate).count()
    }

    pub(crate) fn in_state(&self, state: SmsState) -> usize {
        self.stored
            .values()
            .filter(|sms| sms.progress.state == state)
            .count()
    }

    pub(crate) fn stored(&self) -> usize {
        self.stored.len()
    }
}

fn lines_of(process: &mut Child) -> impl Iterator<Item = String> + use<> {
    let output = process.stdout.take().unwrap();
    BufReader::new(output).lines().map_while(Result::ok)
}

/// The number and the id in a line that tells an acceptance.
fn accepted(line: &str) -> Option<(u64, String)> {
    let (_, said) = line.split_once("accepted ")?;
    let (number, id) = said.split_once(' ')?;
    Some((number.parse().unwrap(), id.to_owned()))
}

fn end_process(process: &mut Child, end: End) {
    match end {
        End::Kill => process.kill().unwrap(),
        End::Term => kill_process(Pid::from_child(process), Signal::TERM).unwrap(),
    }
}

fn number_of(text: &str) -> u64 {
    text.rsplit(' ').next().unwrap().parse().unwrap()
}
