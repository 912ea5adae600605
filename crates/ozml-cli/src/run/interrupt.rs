//! How a run is ended from outside: Ctrl-C, Ctrl-D and signals.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
#[cfg(unix)]
use std::task::Poll;
use std::time::Duration;

use ozml::sim::FarEnd;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::exit::{Exit, Stop};
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

    /// Takes signals for interrupts until the guard is dropped.
    pub(crate) fn on(&self, mut signals: Signals) -> AbortOnDrop {
        let interrupt = self.clone();
        AbortOnDrop(tokio::spawn(async move {
            loop {
                signals.next().await;
                interrupt.hang_up();
            }
        }))
    }
}

/// The end of the process that a second Ctrl-C asks for.
fn leave() -> ! {
    telephone::give_terminal_back();
    std::process::exit(Exit::Failed as i32)
}

/// The signals that end a run in order: Ctrl-C, TERM, and on a terminal its loss.
#[cfg(unix)]
pub(crate) struct Signals(Vec<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Signals {
    /// Takes them from now on. Without a terminal its loss means nothing: `nohup` counts on that.
    pub(crate) fn listen(on_terminal: bool) -> Result<Self, Stop> {
        use tokio::signal::unix::{SignalKind, signal};
        let of_all = [SignalKind::interrupt(), SignalKind::terminate()];
        let of_terminal = on_terminal.then(SignalKind::hangup);
        let signals: std::io::Result<_> = of_all.into_iter().chain(of_terminal).map(signal).collect();
        signals.map(Self).map_err(no_signals)
    }

    /// Resolves at the next one.
    pub(crate) async fn next(&mut self) {
        std::future::poll_fn(|task| {
            let come = self.0.iter_mut().any(|signal| signal.poll_recv(task).is_ready());
            if come { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

/// The signals that end a run in order: Ctrl-C.
#[cfg(not(unix))]
pub(crate) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(crate) fn listen(_: bool) -> Result<Self, Stop> {
        Ok(Self)
    }

    /// Resolves at the next one.
    pub(crate) async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
fn no_signals(fault: std::io::Error) -> Stop {
    Stop {
        exit: Exit::Internal,
        text: format!("no signals: {fault}"),
    }
}

/// Resolves at the next Ctrl-C or TERM.
pub(crate) async fn signal() {
    match Signals::listen(false) {
        Ok(mut signals) => signals.next().await,
        Err(_) => std::future::pending().await,
    }
}

/// A task that ends with its owner.
pub(crate) struct AbortOnDrop(pub(crate) JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
