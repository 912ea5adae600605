//! A run, and after it what becomes of its SMS.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use ozml_engine::{RunReport, Trace};
use ozml_session::{Clock, ClockTime};

use super::world::World;
use crate::SimClock;

/// Runs to the end of `run` and of everything that was still to be heard of its SMS, and records the latter.
pub(super) async fn follow(
    run: impl Future<Output = RunReport>,
    world: &World,
    clock: &SimClock,
    trace: &Trace,
) -> RunReport {
    let mut run = pin!(run);
    let mut states = States {
        world,
        clock,
        trace,
        sleep: None,
    };
    let report = poll_fn(|task| {
        let polled = run.as_mut().poll(task);
        if polled.is_pending() {
            // What the run has just sent is seen here, as it is polled first.
            let _ = states.poll(task);
        }
        polled
    })
    .await;
    poll_fn(|task| states.poll(task)).await;
    report
}

type Sleep<'w> = Pin<Box<dyn Future<Output = ()> + Send + 'w>>;

struct States<'w> {
    world: &'w World,
    clock: &'w SimClock,
    trace: &'w Trace,
    sleep: Option<(ClockTime, Sleep<'w>)>,
}

impl States<'_> {
    /// Records what is due; ready when nothing more is to come.
    fn poll(&mut self, task: &mut Context<'_>) -> Poll<()> {
        loop {
            let Some(at) = self.world.next_due() else {
                self.sleep = None;
                return Poll::Ready(());
            };
            if let Some(status) = self.world.take_due() {
                self.trace.sms_status(self.clock.now(), &status);
                continue;
            }
            if self.sleep.as_ref().is_none_or(|(set, _)| *set != at) {
                self.sleep = Some((at, self.clock.sleep_until(at)));
            }
            if let Some((_, sleep)) = &mut self.sleep
                && sleep.as_mut().poll(task).is_pending()
            {
                return Poll::Pending;
            }
        }
    }
}
