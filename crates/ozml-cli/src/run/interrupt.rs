//! How a run is ended from outside: Ctrl-C, Ctrl-D and signals.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ozml::sim::FarEnd;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::exit::Exit;
use crate::run::telephone;

/// What Ctrl-C, Ctrl-D and TERM do: first the caller hangs up, and a wait for states ends; the second ends
/// the process.
#[derive(Clone)]
pub(crate) struct Interrupt {
    far: FarEnd,
    count: Arc<AtomicUsize>,
    waiting: Arc<Notify>,
    hanging_up: Arc<dyn Fn() + Send + Sync>,
}

impl Interrupt {
    /// `hanging_up` tells whoever interrupts that this was understood.
    pub(crate) fn new(far: FarEnd, hanging_up: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            far,
            count: Arc::default(),
            waiting: Arc::default(),
            hanging_up: Arc::new(hanging_up),
        }
    }

    /// The caller hangs up, or, the second time, the process ends.
    pub(crate) fn hang_up(&self) {
        if self.count.fetch_add(1, Ordering::AcqRel) > 0 {
            leave();
        }
        (self.hanging_up)();
        self.far.hang_up();
        self.waiting.notify_waiters();
    }

    /// Waits for a time, or until it is interrupted.
    pub(crate) async fn sleep(&self, time: Duration) {
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            () = self.waiting.notified() => {}
        }
    }

    /// Listens for signals until the guard is dropped.
    pub(crate) fn on_signals(&self) -> AbortOnDrop {
        let interrupt = self.clone();
        AbortOnDrop(tokio::spawn(async move {
            loop {
                signal().await;
                interrupt.hang_up();
            }
        }))
    }

    /// Takes the loss of the terminal for a hang-up, until the guard is dropped.
    pub(crate) fn on_a_lost_terminal(&self) -> AbortOnDrop {
        let interrupt = self.clone();
        AbortOnDrop(tokio::spawn(async move {
            lost_terminal().await;
            interrupt.hang_up();
        }))
    }
}

/// The end of the process that a second Ctrl-C asks for.
fn leave() -> ! {
    telephone::give_terminal_back();
    std::process::exit(Exit::Failed as i32)
}

/// Resolves at the next Ctrl-C or TERM.
#[cfg(unix)]
pub(crate) async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut term) => tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = term.recv() => {}
        },
        Err(_) => interrupt().await,
    }
}

/// Resolves at the next Ctrl-C.
#[cfg(not(unix))]
pub(crate) async fn signal() {
    interrupt().await;
}

/// Resolves when the terminal is gone.
#[cfg(unix)]
async fn lost_terminal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::hangup()) {
        Ok(mut hangup) => drop(hangup.recv().await),
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn lost_terminal() {
    std::future::pending().await
}

async fn interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// A task that ends with its owner.
pub(crate) struct AbortOnDrop(pub(crate) JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
