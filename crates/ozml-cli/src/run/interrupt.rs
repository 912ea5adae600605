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
        use tokio::signal::unix::SignalKind;
        let of_terminal = on_terminal.then(SignalKind::hangup);
        Self::of(
            [SignalKind::interrupt(), SignalKind::terminate()]
                .into_iter()
                .chain(of_terminal),
        )
    }

    /// Takes whatever ends a program in order, for one that leaves something behind otherwise.
    fn listen_to_all() -> Result<Self, Stop> {
        use tokio::signal::unix::SignalKind;
        let loss = (!ignores_hangup()).then(SignalKind::hangup);
        let others = [
            SignalKind::interrupt(),
            SignalKind::terminate(),
            SignalKind::quit(),
        ];
        Self::of(others.into_iter().chain(loss))
    }

    fn of(kinds: impl Iterator<Item = tokio::signal::unix::SignalKind>) -> Result<Self, Stop> {
        let signals: std::io::Result<_> = kinds.map(tokio::signal::unix::signal).collect();
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

    fn listen_to_all() -> Result<Self, Stop> {
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

/// Whether this program was started to outlive its terminal, as by `nohup`. Where the system does not say, it was.
#[cfg(unix)]
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    is_hangup_ignored(&status).unwrap_or(true)
}

/// From what Linux says of a process: in `SigIgn` the lowest bit is HUP.
#[cfg(unix)]
fn is_hangup_ignored(status: &str) -> Option<bool> {
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    let ignored = u64::from_str_radix(ignored.trim(), 16).ok()?;
    Some(ignored & 1 == 1)
}

/// Resolves at the next Ctrl-C, TERM or QUIT from now on, and at the loss of the terminal unless the program is to
/// outlive it. Must be called inside a runtime.
pub(crate) fn signal() -> impl Future<Output = ()> {
    let signals = Signals::listen_to_all();
    async {
        match signals {
            Ok(mut signals) => signals.next().await,
            Err(_) => std::future::pending().await,
        }
    }
}

/// A task that ends with its owner.
pub(crate) struct AbortOnDrop(pub(crate) JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn nohup_is_recognised() {
        let status =
            |ignored: &str| format!("Name:\tozml\nSigBlk:\t0001\nSigIgn:\t{ignored}\nSigCgt:\t0001\n");
        assert_eq!(is_hangup_ignored(&status("0000000000001001")), Some(true));
        assert_eq!(is_hangup_ignored(&status("0000000000001000")), Some(false));
        assert_eq!(is_hangup_ignored(""), None);
    }
}
