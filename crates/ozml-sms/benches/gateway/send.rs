//! Messages that can be told apart, and those who send them.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ozml_session::{EffectKey, Messenger, OutgoingSms, PhoneNumber, RunId, SmsText};
use ozml_sms::gateway::{GatewayStatus, SmsGateway};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

/// How often somebody looks whether all is done.
pub(crate) const LOOK: Duration = Duration::from_millis(2);

/// A message that says its number. Its run has an id that grows with time, as ours do.
pub(crate) fn message(number: u64) -> OutgoingSms {
    of_run(number, &format!("019b76da-a800-7000-8000-{number:012x}"))
}

/// The same with keys in no order, as those of web applications are.
pub(crate) fn message_with_random_key(number: u64) -> OutgoingSms {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    of_run(number, &format!("{mixed:016x}-{:016x}", mixed.rotate_left(17)))
}

fn of_run(number: u64, run: &str) -> OutgoingSms {
    let run = RunId::new(run).unwrap();
    let to = PhoneNumber::new(&format!("+3630{:07}", number % 10_000_000)).unwrap();
    let text = format!("{number} is your code. It is valid for five minutes.");
    OutgoingSms::new(EffectKey::new(run, 1), to, SmsText::new(&text).unwrap())
}

/// The number in a text.
pub(crate) fn number_of(text: &str) -> u64 {
    text.split(' ').next().unwrap().parse().unwrap()
}

/// Sends all of them with so many under way; gives how long each acceptance took, in order of length.
pub(crate) async fn send_all(
    gateway: &SmsGateway,
    numbers: Range<u64>,
    outstanding: usize,
    message: fn(u64) -> OutgoingSms,
) -> Vec<Duration> {
    let next = Arc::new(AtomicU64::new(numbers.start));
    let mut senders = JoinSet::new();
    for _ in 0..outstanding {
        let (gateway, next, end) = (gateway.clone(), Arc::clone(&next), numbers.end);
        senders.spawn(async move {
            let mut took = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= end {
                    break took;
                }
                took.push(send(&gateway, &message(number)).await);
            }
        });
    }
    sorted(senders.join_all().await.concat())
}

/// Offers so many a second, whether or not the ones before are accepted.
pub(crate) async fn offer(gateway: &SmsGateway, numbers: Range<u64>, per_second: u32) -> Vec<Duration> {
    let mut ticks = interval(Duration::from_secs(1) / per_second);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut senders = JoinSet::new();
    for number in numbers {
        ticks.tick().await;
        let gateway = gateway.clone();
        senders.spawn(async move { send(&gateway, &message(number)).await });
    }
    sorted(senders.join_all().await)
}

async fn send(gateway: &SmsGateway, sms: &OutgoingSms) -> Duration {
    let asked = Instant::now();
    gateway.send(sms).await.unwrap();
    asked.elapsed()
}

fn sorted(mut took: Vec<Duration>) -> Vec<Duration> {
    took.sort_unstable();
    took
}

/// Waits until the gateway is as asked.
pub(crate) async fn until(gateway: &SmsGateway, is_so: impl Fn(&GatewayStatus) -> bool) -> GatewayStatus {
    loop {
        let status = gateway.status().await.unwrap();
        if is_so(&status) {
            return status;
        }
        sleep(LOOK).await;
    }
}

/// Waits until so many are left that have not ended.
pub(crate) async fn until_left(gateway: &SmsGateway, messages: usize) {
    until(gateway, |status| status.queue.unfinished <= messages).await;
}

/// Waits until all sessions are bound.
pub(crate) async fn until_bound(gateway: &SmsGateway) {
    until(gateway, |status| {
        status.connections.iter().all(|it| it.up.0 == it.up.1)
    })
    .await;
}

/// The time that so many per mille did not need, in milliseconds.
pub(crate) fn at(sorted: &[Duration], per_mille: usize) -> f64 {
    sorted[(sorted.len() - 1) * per_mille / 1_000].as_secs_f64() * 1e3
}

pub(crate) fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}
