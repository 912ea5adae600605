//! One message that is always refused, or that always cuts the link, among good ones.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use ozml_sms::smsc::{Behaviour, TestSmsc};
use ozml_sms::store::Mode;

use super::bench::{Bench, Links};
use super::counts::Counts;
use super::send::{LOOK, message, number_of, send_all, until_bound};
use tokio::time::sleep;

const GOOD: u64 = 1_000;
/// The number of the bad one, in their midst.
const BAD: u64 = GOOD / 2;
const OUTSTANDING: usize = 64;
/// A centre that takes its time, so that the bad one is among others that are under way.
const CENTRE: &str = "receipts=none,answer-delay=10ms";
const LINKS: Links = Links {
    window: 10,
    sessions: 1,
    receipts: false,
};
/// What the centre does with the bad one.
const HABITS: [&str; 5] = [
    "",
    "refuse-to=BAD,error-status=RINVDSTADR",
    "refuse-to=BAD,error-status=RSYSERR",
    "refuse-to=BAD,error-status=RTHROTTLED",
    "cut-to=BAD",
];

pub(crate) async fn run(bench: &mut Bench) {
    for habit in HABITS {
        let bad = message(BAD);
        let options = habit.replace("BAD", bad.to.as_str());
        let behaviour: Behaviour = format!("{CENTRE},{options}").parse().unwrap();
        let pair = bench.pair(Mode::Sync, LINKS, behaviour).await;
        until_bound(&pair.gateway).await;
        let begun = Instant::now();
        send_all(&pair.gateway, 0..GOOD + 1, OUTSTANDING, message).await;
        let good = until_seen(&pair.smsc, begun).await;
        let name = if habit.is_empty() { "all good" } else { habit };
        println!(
            "{name}: the good ones were through after {:.2} s",
            good.as_secs_f64()
        );
        bench.judge(&Counts::of(name, &pair, GOOD + 1).await);
        pair.gateway.close().await;
    }
    println!("bar: at most 1 s longer than all good");
}

/// How long it took until each good message was at the centre.
async fn until_seen(smsc: &TestSmsc, begun: Instant) -> Duration {
    loop {
        let numbers = smsc
            .received()
            .into_iter()
            .map(|sms| number_of(&sms.text().unwrap()));
        let good: BTreeSet<u64> = numbers.filter(|number| *number != BAD).collect();
        if good.len() as u64 == GOOD {
            return begun.elapsed();
        }
        sleep(LOOK).await;
    }
}
