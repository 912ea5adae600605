//! What was acknowledged is there after the process was killed, at whatever moment that was.
#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "it starts processes and fails by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use ozml_session::{MessageId, SmsState};
use ozml_sms::store::contract::{accept, accepted, in_state};
use ozml_sms::store::{
    Change, ListFilter, MessageNumber, Progress, SqliteOptions, SqliteStore, Store, StoredSms,
};
use support::{kills, random};
use tokio::task::JoinSet;

/// Tells the test executable that it is the process to be killed, and names its store.
const STORE: &str = "OZML_KILLED_STORE";
const SEED: u64 = 0x0051_4b11;
/// Messages under way in the process.
const OUTSTANDING: usize = 64;

/// States in their order: how far a message is.
const STATES: [SmsState; 3] = [SmsState::Accepted, SmsState::Submitted, SmsState::Sent];

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

/// The process to be killed: accepts messages, lets them go on, and says what was acknowledged.
#[test]
fn killed_process() {
    let Some(path) = std::env::var_os(STORE) else {
        return;
    };
    let store = Arc::new(SqliteStore::open(path, SqliteOptions::new()).unwrap());
    runtime().block_on(async {
        let last = store.opened().await.unwrap().last_number;
        let mut senders = JoinSet::new();
        for sender in 1..=OUTSTANDING as u64 {
            let store = Arc::clone(&store);
            senders.spawn(async move {
                for number in (last + sender..).step_by(OUTSTANDING) {
                    send(&store, number).await;
                }
            });
        }
        senders.join_all().await;
    });
}

async fn send(store: &SqliteStore, number: u64) {
    for (step, state) in STATES.into_iter().enumerate() {
        let change = match step {
            0 => accept(&accepted(number)),
            _ => Change::Progress(MessageNumber(number), in_state(number, state)),
        };
        store.commit(vec![change]).await.unwrap();
        println!("acknowledged {number} {step}");
    }
}

/// Runs the process until it has acknowledged so many steps, kills it, and gives the last step of each message.
fn kill_after(steps: usize, path: &Path) -> BTreeMap<u64, usize> {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed_process", "--nocapture", "--test-threads=1"])
        .env(STORE, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut acknowledged = BTreeMap::new();
    let mut count = 0;
    // It is read to its end: what it said before it died counts.
    for line in lines.map_while(Result::ok) {
        let mut words = line
            .split_whitespace()
            .skip_while(|word| *word != "acknowledged")
            .skip(1);
        let (Some(number), Some(step)) = (words.next(), words.next()) else {
            continue;
        };
        acknowledged.insert(number.parse().unwrap(), step.parse().unwrap());
        count += 1;
        if count == steps {
            process.kill().unwrap();
        }
    }
    process.wait().unwrap();
    assert!(count >= steps, "it ended by itself");
    acknowledged
}

/// Everything that is there, by number.
fn stored(path: &Path) -> BTreeMap<u64, StoredSms> {
    let store = SqliteStore::open(path, SqliteOptions::new()).unwrap();
    runtime().block_on(async {
        assert_eq!(store.opened().await.unwrap().damaged, []);
        let mut filter = ListFilter::default();
        filter.rows = u32::MAX;
        let messages = store.list(filter).await.unwrap().messages;
        for message in messages.iter().step_by(97) {
            let id: &MessageId = &message.record.id;
            assert_eq!(store.find(id).await.unwrap().as_ref(), Some(message));
        }
        messages
            .into_iter()
            .map(|message| (message.record.number.0, message))
            .collect()
    })
}

fn progress(number: u64, step: usize) -> Progress {
    match step {
        0 => accepted(number).progress,
        _ => in_state(number, STATES[step]),
    }
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("store_kill");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("ozml.db");
    println!("seed {SEED:#x}");
    let mut state = SEED;
    let mut acknowledged = BTreeMap::new();
    for kill in 1..=kills() {
        let steps = usize::try_from(random(&mut state) % 3_000).unwrap() + 1;
        acknowledged.extend(kill_after(steps, &path));
        let stored = stored(&path);
        for (number, step) in &acknowledged {
            let message = stored
                .get(number)
                .unwrap_or_else(|| panic!("kill {kill}: {number} is lost"));
            assert_eq!(*message.record, *accepted(*number).record);
            let there = STATES
                .iter()
                .position(|state| *state == message.progress.state)
                .unwrap();
            assert!(
                there >= *step,
                "kill {kill}: {number} was at step {step} and is at {there}"
            );
            assert_eq!(message.progress, progress(*number, there));
        }
    }
    fs::remove_dir_all(&folder).unwrap();
}
