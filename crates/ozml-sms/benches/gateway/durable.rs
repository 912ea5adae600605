//! How fast messages are accepted while others leave, and how long an acceptance takes.

use std::time::Instant;

use ozml_session::OutgoingSms;
use ozml_sms::smsc::Behaviour;
use ozml_sms::store::Mode;

use super::bench::{Bench, Links};
use super::counts::Counts;
use super::processor::processor_ticks;
use super::raw_flush::raw_flushes;
use super::send::{
    at, message, message_with_random_key, offer, per_second, send_all, until_bound, until_left,
};
use super::stores::Kind;

const OUTSTANDING: usize = 1_024;
const COUNT: u64 = 200_000;
const LINKS: Links = Links {
    window: 1_000,
    sessions: 4,
    receipts: false,
};
/// Low load: so many a second, so many in all.
const SELDOM: u32 = 20;
const FEW: u64 = 300;

pub(crate) async fn run(bench: &mut Bench) {
    raw_flushes(&bench.folder());
    for (store, keys) in [
        (Mode::Sync, Keys::Growing),
        (Mode::Sync, Keys::Random),
        (Mode::Async, Keys::Growing),
        (Mode::Memory, Keys::Growing),
    ] {
        at_load(bench, store, keys).await;
    }
    at_low_load(bench).await;
    println!("bars: sync 30,000/s accepted, p99 at load 40 ms, at low load 12 ms");
}

/// Whose keys they are: those of our own runs, or of web applications.
#[derive(Debug, Clone, Copy)]
enum Keys {
    Growing,
    Random,
}

impl Keys {
    fn message(self) -> fn(u64) -> OutgoingSms {
        match self {
            Self::Growing => message,
            Self::Random => message_with_random_key,
        }
    }
}

async fn at_load(bench: &mut Bench, store: Kind, keys: Keys) {
    let pair = bench.pair(store, LINKS, Behaviour::new().receipts(None)).await;
    until_bound(&pair.gateway).await;
    let (begun, used) = (Instant::now(), processor_ticks());
    let took = send_all(&pair.gateway, 0..COUNT, OUTSTANDING, keys.message()).await;
    let accepted = begun.elapsed();
    let left_then = pair.smsc.counters().taken;
    until_left(&pair.gateway, 0).await;
    let sent = begun.elapsed();
    let used = (processor_ticks() - used) as f64 * 10_000.0 / COUNT as f64;
    println!(
        "{store:?}, {OUTSTANDING} outstanding, {keys:?} keys: {:.0}/s accepted, {:.0}/s sent meanwhile, {:.0}/s to the end; acceptance p50 {:.2} ms, p99 {:.2} ms, p99.9 {:.2} ms; {used:.1} µs of processor each, senders and centre included",
        per_second(COUNT, accepted),
        per_second(left_then, accepted),
        per_second(COUNT, sent),
        at(&took, 500),
        at(&took, 990),
        at(&took, 999),
    );
    bench.judge(&Counts::of("durable", &pair, COUNT).await);
    pair.gateway.close().await;
}

async fn at_low_load(bench: &mut Bench) {
    let pair = bench
        .pair(Mode::Sync, LINKS, Behaviour::new().receipts(None))
        .await;
    until_bound(&pair.gateway).await;
    let took = offer(&pair.gateway, 0..FEW, SELDOM).await;
    until_left(&pair.gateway, 0).await;
    println!(
        "Sync, {SELDOM}/s: acceptance p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms",
        at(&took, 500),
        at(&took, 990),
        at(&took, 1_000)
    );
    bench.judge(&Counts::of("durable at low load", &pair, FEW).await);
    pair.gateway.close().await;
    raw_flushes(&bench.folder());
}
