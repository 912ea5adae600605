//! A centre that answers some messages with RTHROTTLED though it has time.

use std::time::{Duration, Instant};

use ozml_sms::smsc::{Behaviour, Share};
use ozml_sms::store::Mode;

use super::bench::{Bench, Links};
use super::counts::Counts;
use super::send::{offer, per_second, until_bound, until_left};

/// ESME_RTHROTTLED.
const THROTTLED: u32 = 0x58;
const OFFERED: u32 = 300;
const SECONDS: u64 = 20;
const LINKS: Links = Links {
    window: 100,
    sessions: 1,
    receipts: false,
};

pub(crate) async fn run(bench: &mut Bench) {
    let behaviour = Behaviour::new().receipts(None);
    let behaviour = behaviour
        .error_share(Share::from_percent(2))
        .error_status(THROTTLED);
    let pair = bench.pair(Mode::Sync, LINKS, behaviour).await;
    until_bound(&pair.gateway).await;
    let count = u64::from(OFFERED) * SECONDS;
    let begun = Instant::now();
    offer(&pair.gateway, 0..count, OFFERED).await;
    let offered = begun.elapsed();
    let taken = pair.smsc.counters().taken;
    until_left(&pair.gateway, 0).await;
    let rest = begun.elapsed().saturating_sub(offered);
    println!(
        "2 % throttled, {OFFERED}/s offered for {SECONDS} s: {:.0}/s taken, {} messages {:.1} s later; {} throttled",
        per_second(taken, offered.max(Duration::from_secs(SECONDS))),
        count - taken,
        rest.as_secs_f64(),
        pair.smsc.counters().refused,
    );
    bench.judge(&Counts::of("throttled", &pair, count).await);
    pair.gateway.close().await;
    println!("bar: 280/s taken");
}
