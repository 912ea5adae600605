//! The emulator without delays, and how long a program takes to send by it.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use ozml_sms::modem_sim::{Behaviour, ModemSim};
use tokio::time::sleep;

use super::figure::Figure;

/// How often somebody looks whether all is done.
const LOOK: Duration = Duration::from_millis(1);
/// Longer than any program takes for the next message.
const GUARD: Duration = Duration::from_secs(60);

/// A modem that answers at once and reports nothing.
pub(crate) struct Modem(ModemSim);

impl Modem {
    pub(crate) fn open() -> Self {
        let behaviour: Behaviour = "reports=none".parse().unwrap();
        Self(ModemSim::open(behaviour).unwrap())
    }

    pub(crate) fn port(&self) -> PathBuf {
        self.0.path().unwrap()
    }

    /// How long a program took, from the first hand-over to the last answer. A message before them waits for its
    /// start. `answered` counts what the program knows to be sent.
    pub(crate) async fn time(
        &self,
        name: &str,
        messages: u32,
        hand_over: impl Fn(u32),
        answered: impl Fn() -> usize,
    ) -> Figure {
        hand_over(0);
        until(&answered, 1).await;
        let begun = Instant::now();
        (1..=messages).for_each(&hand_over);
        until(&answered, messages as usize + 1).await;
        let took = begun.elapsed();
        self.took_each_once(messages + 1);
        Figure {
            name: name.to_owned(),
            messages,
            took,
            is_ours: false,
        }
    }

    /// What the modem took so far.
    pub(crate) fn taken(&self) -> usize {
        usize::try_from(self.0.counters().sent).unwrap()
    }

    /// Fails unless the modem took so many messages, none of them twice.
    pub(crate) fn took_each_once(&self, messages: u32) {
        let counters = self.0.counters();
        assert_eq!((counters.sent, counters.doubled), (u64::from(messages), 0));
    }
}

async fn until(count: impl Fn() -> usize, wanted: usize) {
    let mut last = (count(), Instant::now());
    while last.0 < wanted {
        sleep(LOOK).await;
        let now = count();
        if now > last.0 {
            last = (now, Instant::now());
        }
        assert!(
            last.1.elapsed() < GUARD,
            "{} of {wanted} messages are sent",
            last.0
        );
    }
}
