//! The caller: what the flags and standard input make it do, and the keyboard that plays it by hand.

use std::io::{IsTerminal, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, poll, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ozml::session::Key;
use ozml::sim::{FarEnd, Inputs};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::args::RunArgs;
use crate::exit::{Exit, Stop};
use crate::output::complain;

/// Most bytes of keys that are read from standard input.
const MOST_KEYS: u64 = 64 * 1024;

/// What the caller does by itself. Standard input that is no terminal is read to its end and used like
/// `--keys`; its end is silence, not a hang-up.
pub(crate) fn inputs(args: &RunArgs) -> Result<Inputs, Stop> {
    let mut inputs = Inputs::new();
    if let Some(keys) = &args.keys {
        inputs = inputs
            .read(keys)
            .map_err(|fault| Stop::usage(format!("--keys: {fault}")))?;
    }
    if args.script != "-" && !std::io::stdin().is_terminal() {
        inputs = inputs
            .read(&keys_on_stdin()?)
            .map_err(|fault| Stop::usage(format!("keys on standard input: {fault}")))?;
    }
    Ok(match args.hang_up_at {
        Some(time) => inputs.hang_up_at(time),
        None => inputs,
    })
}

fn keys_on_stdin() -> Result<String, Stop> {
    let mut keys = String::new();
    let cannot = |error| Stop::usage(format!("cannot read keys from standard input: {error}"));
    let mut stdin = std::io::stdin().lock().take(MOST_KEYS.saturating_add(1));
    let read = stdin.read_to_string(&mut keys).map_err(cannot)?;
    if u64::try_from(read).is_ok_and(|read| read <= MOST_KEYS) {
        Ok(keys)
    } else {
        Err(Stop::usage(format!(
            "standard input holds more than {MOST_KEYS} bytes of keys"
        )))
    }
}

/// What Ctrl-C, Ctrl-D and TERM do: first the caller hangs up, and a wait for states ends; the second ends
/// the process.
#[derive(Clone)]
pub(crate) struct Interrupt {
    far: FarEnd,
    count: Arc<AtomicUsize>,
    waiting: Arc<Notify>,
    line_end: &'static str,
}

impl Interrupt {
    pub(crate) fn new(far: FarEnd, raw: bool) -> Self {
        Self {
            far,
            count: Arc::default(),
            waiting: Arc::default(),
            line_end: if raw { "\r\n" } else { "\n" },
        }
    }

    fn hang_up(&self) {
        if self.count.fetch_add(1, Ordering::AcqRel) > 0 {
            leave();
        }
        complain(&format!(
            "hanging up; what has begun is finished, Ctrl-C ends at once{}",
            self.line_end
        ));
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
}

/// The end of the process that a second Ctrl-C asks for.
fn leave() -> ! {
    let _ = disable_raw_mode();
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

async fn interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// A task that ends with its owner.
pub(crate) struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The terminal as a keypad. Gives the terminal back when it is dropped, also in a panic.
pub(crate) struct Keyboard {
    open: Arc<AtomicBool>,
}

/// How long a key may wait before it is looked for.
const LOOK: Duration = Duration::from_millis(20);

impl Keyboard {
    /// Takes the terminal and reads keys until it is dropped.
    pub(crate) fn open(far: FarEnd, interrupt: Interrupt) -> Result<Self, Stop> {
        enable_raw_mode()
            .map_err(|error| Stop::usage(format!("the terminal gives no keys: {error}; use --fast")))?;
        let open = Arc::new(AtomicBool::new(true));
        let reader_open = open.clone();
        std::thread::spawn(move || read_keys(&far, &interrupt, &reader_open));
        Ok(Self { open })
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.open.store(false, Ordering::Release);
        let _ = disable_raw_mode();
    }
}

fn read_keys(far: &FarEnd, interrupt: &Interrupt, open: &AtomicBool) {
    while open.load(Ordering::Acquire) {
        if !matches!(poll(LOOK), Ok(true)) {
            continue;
        }
        let Ok(Event::Key(key)) = read() else { continue };
        if key.kind != KeyEventKind::Press {
            continue;
        }
        match key.code {
            KeyCode::Char('c' | 'd') if key.modifiers.contains(KeyModifiers::CONTROL) => interrupt.hang_up(),
            KeyCode::Char(character) => {
                if let Ok(key) = Key::new(character) {
                    far.press(key);
                }
            }
            _ => {}
        }
    }
}
