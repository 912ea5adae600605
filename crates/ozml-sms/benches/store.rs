//! Messages a second through the store: each is accepted, then goes on twice (submitted, sent), and every change
//! is waited for. Run it with `cargo bench -p ozml-sms --bench store`; `OZML_BENCH_STORE` names another folder.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark takes the time, prints and may fail"
)]

#[path = "support/processor.rs"]
mod processor;
#[path = "support/raw_flush.rs"]
mod raw_flush;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ozml_session::{EffectKey, RunId, SmsState};
use ozml_sms::store::contract::{in_state, record};
use ozml_sms::store::{
    Change, MemoryStore, MessageNumber, Mode, Progress, SmsRecord, SqliteOptions, SqliteStore, Store,
};
use processor::processor_ticks;
use raw_flush::raw_flushes;
use tokio::task::JoinSet;

/// How long each figure is measured.
const MEASURED: Duration = Duration::from_secs(5);
/// Messages under way at load and at low load.
const OUTSTANDING: [usize; 2] = [1024, 4];

fn main() {
    let folder = std::env::var_os("OZML_BENCH_STORE").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = folder.join(format!("ozml-bench-store-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    println!(
        "in {}, {} s each; a message is accepted and goes on twice",
        folder.display(),
        MEASURED.as_secs()
    );
    raw_flushes(&folder);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    for random_keys in [false, true] {
        for outstanding in OUTSTANDING {
            let load = Load {
                outstanding,
                random_keys,
            };
            for mode in [Mode::Sync, Mode::Async] {
                let path = folder.join(format!("{mode:?}-{outstanding}-{random_keys}.db"));
                let mut options = SqliteOptions::new();
                options.mode = mode;
                let store = Arc::new(SqliteStore::open(&path, options).unwrap());
                runtime.block_on(measure(&format!("{mode:?}"), Arc::clone(&store), load));
                let stats = store.stats();
                println!(
                    "    {:.0} changes a flush, {:.2} ms each, log {} KiB, file {} KiB",
                    stats.changes as f64 / stats.flushes.max(1) as f64,
                    stats.flush_nanos as f64 / stats.flushes.max(1) as f64 / 1e6,
                    fs::metadata(format!("{}-wal", path.display())).unwrap().len() / 1024,
                    fs::metadata(&path).unwrap().len() / 1024,
                );
            }
            runtime.block_on(measure("Memory", Arc::new(MemoryStore::new()), load));
        }
    }
    println!("bar: 60,000 messages/s in Sync at 1,024; p99 at most 40 ms, at low load 12 ms");
    fs::remove_dir_all(&folder).unwrap();
}

#[derive(Debug, Clone, Copy)]
struct Load {
    outstanding: usize,
    /// Whether the keys come in no order, as those of web applications do.
    random_keys: bool,
}

/// What a message says of itself, once; the rest of a record is the suite's.
fn message(number: u64, load: Load) -> SmsRecord {
    let mut record = record(number);
    if load.random_keys {
        let key = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        record.key = EffectKey::new(
            RunId::new(&format!("{key:016x}-{:016x}", key.rotate_left(17))).unwrap(),
            1,
        );
    }
    record
}

async fn measure<S: Store + 'static>(name: &str, store: Arc<S>, load: Load) {
    let next = Arc::new(AtomicU64::new(1));
    let begun = Instant::now();
    let used = processor_ticks();
    let mut senders = JoinSet::new();
    for _ in 0..load.outstanding {
        let (store, next) = (Arc::clone(&store), Arc::clone(&next));
        senders.spawn(async move {
            let mut waits = Vec::new();
            while begun.elapsed() < MEASURED {
                let number = next.fetch_add(1, Ordering::Relaxed);
                waits.push(send(&*store, number, load).await);
            }
            waits
        });
    }
    let mut waits = senders.join_all().await.concat();
    let took = begun.elapsed();
    let used = (processor_ticks() - used) as f64 * 10_000.0 / waits.len() as f64;
    waits.sort_unstable();
    let at = |share: usize| waits[(waits.len() - 1) * share / 1000].as_secs_f64() * 1e3;
    println!(
        "{name:>6}, {:>4} outstanding, {:<7} keys: {:>8.0} messages/s; acceptance p50 {:>6.2} ms, p99 {:>6.2} ms, p99.9 {:>6.2} ms; {used:.1} µs of processor each",
        load.outstanding,
        if load.random_keys { "random" } else { "ordered" },
        waits.len() as f64 / took.as_secs_f64(),
        at(500),
        at(990),
        at(999),
    );
}

/// Sends one message; gives how long its acceptance took.
async fn send<S: Store>(store: &S, number: u64, load: Load) -> Duration {
    let record = message(number, load);
    let progress = Progress::accepted(record.accepted_at, record.segments);
    let asked = Instant::now();
    store
        .commit(vec![Change::Accept(Arc::new(record), progress)])
        .await
        .unwrap();
    let accepted = asked.elapsed();
    for state in [SmsState::Submitted, SmsState::Sent] {
        let change = Change::Progress(MessageNumber(number), in_state(number, state));
        store.commit(vec![change]).await.unwrap();
    }
    accepted
}
