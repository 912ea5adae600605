//! A link that is cut every 500 messages.

use std::num::NonZeroU64;
use std::time::Instant;

use ozml_sms::smsc::Behaviour;
use ozml_sms::store::Mode;

use super::bench::{Bench, Links};
use super::counts::Counts;
use super::send::{message, per_second, send_all, until_bound, until_left};

const EVERY: NonZeroU64 = NonZeroU64::new(500).unwrap();
const OUTSTANDING: usize = 1_024;
const COUNT: u64 = 100_000;
/// The last ones.
const FEW: usize = 500;

pub(crate) async fn run(bench: &mut Bench) {
    for (store, window, sessions) in [
        (Mode::Memory, 100, 1),
        (Mode::Memory, 1_000, 1),
        (Mode::Memory, 1_000, 4),
        (Mode::Sync, 100, 4),
        (Mode::Sync, 1_000, 4),
    ] {
        let links = Links {
            window,
            sessions,
            receipts: false,
        };
        let behaviour = Behaviour::new().receipts(None).cut_every(EVERY);
        let pair = bench.pair(store, links, behaviour).await;
        until_bound(&pair.gateway).await;
        let begun = Instant::now();
        send_all(&pair.gateway, 0..COUNT, OUTSTANDING, message).await;
        // What was under way at cuts again and again waits for its turn, up to 36 s; that is no matter of rate.
        until_left(&pair.gateway, FEW).await;
        let most = begun.elapsed();
        until_left(&pair.gateway, 0).await;
        println!(
            "{store:?}, {sessions} sessions, window {window}, cut every {EVERY}: {:.0}/s up to the last {FEW}, all after {:.1} s",
            per_second(COUNT - FEW as u64, most),
            begun.elapsed().as_secs_f64()
        );
        bench.judge(&Counts::of("cut", &pair, COUNT).await);
        pair.gateway.close().await;
    }
    println!("bar: 20,000/s");
}
