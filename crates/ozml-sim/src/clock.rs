use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use ozml_session::{Clock, ClockTime, WallTime};

/// Virtual time. A clone is the same clock.
///
/// Wake-ups of one instant are released together. A dropped wait takes its wake-up along, so no stale one
/// moves the clock. While a port waits for the real world (see [`Held`](crate::Held)) time stands still.
#[derive(Clone)]
pub struct SimClock(Arc<Shared>);

struct Shared {
    now: AtomicU64,
    wall_origin: i64,
    order: AtomicU64,
    held: AtomicUsize,
    wake_ups: Mutex<BTreeMap<(u64, u64), Waker>>,
}

/// Nothing can happen any more: nobody is ready, no wake-up is set and no answer is outstanding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stuck;

impl std::fmt::Display for Stuck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the run waits for something that can never happen")
    }
}

impl std::error::Error for Stuck {}

impl Default for SimClock {
    fn default() -> Self {
        Self::new()
    }
}

impl SimClock {
    /// A clock that begins on 2026-01-01T00:00:00Z.
    pub fn new() -> Self {
        Self::starting_at(WallTime::from_unix_millis(1_767_225_600_000))
    }

    /// A clock that begins at a date and time.
    pub fn starting_at(wall: WallTime) -> Self {
        Self(Arc::new(Shared {
            now: AtomicU64::new(0),
            wall_origin: wall.as_unix_millis(),
            order: AtomicU64::new(0),
            held: AtomicUsize::new(0),
            wake_ups: Mutex::default(),
        }))
    }

    /// Runs a future that needs nothing of the real world to its end.
    pub fn run<F: Future>(&self, future: F) -> Result<F::Output, Stuck> {
        let mut drive = std::pin::pin!(self.drive(future));
        match drive.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => result,
            Poll::Pending => Err(Stuck),
        }
    }

    /// Drives a future on virtual time. The result is a future for the runtime around it: it is pending
    /// only while an answer of the real world is outstanding.
    pub fn drive<F: Future>(&self, future: F) -> Drive<F> {
        let signal = Arc::new(Signal::default());
        Drive {
            clock: self.clone(),
            waker: signal.clone().into(),
            signal,
            future: Box::pin(future),
        }
    }

    /// How many answers of the real world are outstanding.
    pub fn held(&self) -> usize {
        self.0.held.load(Ordering::Acquire)
    }

    /// How many waits are set; for tests that count what is left.
    pub fn waits(&self) -> usize {
        self.wake_ups().len()
    }

    /// Jumps to the next wake-up and releases all of that instant; false when there is none.
    pub fn advance(&self) -> bool {
        let mut due = Vec::new();
        {
            let mut wake_ups = self.wake_ups();
            let Some((&(at, _), _)) = wake_ups.first_key_value() else {
                return false;
            };
            self.0.now.store(at, Ordering::Release);
            while let Some(first) = wake_ups.first_entry()
                && first.key().0 == at
            {
                due.push(first.remove());
            }
        }
        due.into_iter().for_each(Waker::wake);
        true
    }

    pub(crate) fn hold(&self) -> Hold {
        self.0.held.fetch_add(1, Ordering::AcqRel);
        Hold(self.clone())
    }

    fn wake_ups(&self) -> std::sync::MutexGuard<'_, BTreeMap<(u64, u64), Waker>> {
        self.0.wake_ups.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps the clock from jumping while it lives.
pub(crate) struct Hold(SimClock);

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.0.held.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Clock for SimClock {
    fn now(&self) -> ClockTime {
        ClockTime::from_millis(self.0.now.load(Ordering::Acquire))
    }

    fn wall(&self) -> WallTime {
        let ms = i64::try_from(self.now().as_millis()).unwrap_or(i64::MAX);
        WallTime::from_unix_millis(self.0.wall_origin.saturating_add(ms))
    }

    fn sleep_until(&self, at: ClockTime) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(SimSleep {
            clock: self,
            at: at.as_millis(),
            order: None,
        })
    }
}

struct SimSleep<'c> {
    clock: &'c SimClock,
    at: u64,
    order: Option<u64>,
}

impl Future for SimSleep<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<()> {
        if self.clock.now().as_millis() >= self.at {
            return Poll::Ready(());
        }
        let clock = self.clock;
        let at = self.at;
        let order = *self
            .order
            .get_or_insert_with(|| clock.0.order.fetch_add(1, Ordering::Relaxed));
        let mut wake_ups = clock.wake_ups();
        match wake_ups.get_mut(&(at, order)) {
            Some(waker) => waker.clone_from(task.waker()),
            None => {
                wake_ups.insert((at, order), task.waker().clone());
            }
        }
        Poll::Pending
    }
}

impl Drop for SimSleep<'_> {
    fn drop(&mut self) {
        if let Some(order) = self.order {
            let _gone = self.clock.wake_ups().remove(&(self.at, order));
        }
    }
}

/// A future on virtual time, see [`SimClock::drive`].
pub struct Drive<F: Future> {
    clock: SimClock,
    waker: Waker,
    signal: Arc<Signal>,
    future: Pin<Box<F>>,
}

#[derive(Default)]
struct Signal {
    woken: AtomicBool,
    outer: Mutex<Option<Waker>>,
}

impl Signal {
    fn set_outer(&self, waker: Option<Waker>) {
        *self.outer.lock().unwrap_or_else(PoisonError::into_inner) = waker;
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // The second of two wakes has nothing to add.
        if !self.woken.swap(true, Ordering::AcqRel) {
            let outer = self.outer.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(outer) = outer {
                outer.wake();
            }
        }
    }
}

impl<F: Future> Future for Drive<F> {
    type Output = Result<F::Output, Stuck>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        self.signal.set_outer(None);
        loop {
            self.signal.woken.store(false, Ordering::Release);
            let waker = self.waker.clone();
            if let Poll::Ready(output) = self.future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return Poll::Ready(Ok(output));
            }
            if self.signal.woken.load(Ordering::Acquire) {
                continue;
            }
            if self.clock.held() > 0 {
                self.signal.set_outer(Some(task.waker().clone()));
                // A wake between the look above and this line found nobody to tell.
                if self.signal.woken.load(Ordering::Acquire) {
                    continue;
                }
                return Poll::Pending;
            }
            if !self.clock.advance() {
                return Poll::Ready(Err(Stuck));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_take_no_real_time_and_keep_their_order() {
        let clock = SimClock::new();
        let order = Mutex::new(Vec::new());
        let wait = async |ms: u64| {
            clock.sleep_until(ClockTime::from_millis(ms)).await;
            order.lock().unwrap().push((ms, clock.now().as_millis()));
        };
        let (mut late, mut early) = (Box::pin(wait(10_000)), Box::pin(wait(5)));
        clock
            .run(std::future::poll_fn(|task| {
                let late = late.as_mut().poll(task);
                // Polling a finished future would panic; the early one is done first.
                if order.lock().unwrap().is_empty() {
                    let _ = early.as_mut().poll(task);
                }
                late
            }))
            .unwrap();
        assert_eq!(*order.lock().unwrap(), [(5, 5), (10_000, 10_000)]);
        assert_eq!(clock.wall().to_string(), "2026-01-01T00:00:10Z");
    }

    #[test]
    fn a_dropped_wait_moves_no_clock() {
        let clock = SimClock::new();
        clock
            .run(async {
                let mut dropped = clock.sleep_until(ClockTime::from_millis(5));
                std::future::poll_fn(|task| {
                    let _ = dropped.as_mut().poll(task);
                    Poll::Ready(())
                })
                .await;
                drop(dropped);
                assert_eq!(clock.waits(), 0);
                clock.sleep_until(ClockTime::from_millis(9)).await;
            })
            .unwrap();
        assert_eq!(clock.now().as_millis(), 9);
    }

    #[test]
    fn what_can_never_happen_is_reported() {
        assert_eq!(SimClock::new().run(std::future::pending::<()>()), Err(Stuck));
    }
}
