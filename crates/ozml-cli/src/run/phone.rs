//! The caller: what the flags and standard input make it do, and the keyboard that plays it by hand.

use std::io::{IsTerminal, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, poll, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ozml::session::Key;
use ozml::sim::{FarEnd, Inputs};
use tokio::task::JoinHandle;

use crate::args::RunArgs;
use crate::exit::Stop;

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
        let mut keys = String::new();
        let cannot =
            |error: std::io::Error| Stop::usage(format!("cannot read keys from standard input: {error}"));
        std::io::stdin()
            .lock()
            .take(MOST_KEYS)
            .read_to_string(&mut keys)
            .map_err(cannot)?;
        inputs = inputs
            .read(&keys)
            .map_err(|fault| Stop::usage(format!("keys on standard input: {fault}")))?;
    }
    Ok(match args.hang_up_at {
        Some(time) => inputs.hang_up_at(time),
        None => inputs,
    })
}

/// Lets the caller hang up at the first Ctrl-C or TERM; the second ends the process.
pub(crate) fn hang_up_on_signals(far: FarEnd) -> AbortOnDrop {
    AbortOnDrop(tokio::spawn(async move {
        signal().await;
        far.hang_up();
        signal().await;
        leave();
    }))
}

/// The end of the process that a second Ctrl-C asks for.
fn leave() -> ! {
    let _ = disable_raw_mode();
    std::process::exit(130)
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
    pub(crate) fn open(far: FarEnd) -> Result<Self, Stop> {
        enable_raw_mode()
            .map_err(|error| Stop::usage(format!("the terminal gives no keys: {error}; use --fast")))?;
        let open = Arc::new(AtomicBool::new(true));
        let reader_open = open.clone();
        std::thread::spawn(move || read_keys(&far, &reader_open));
        Ok(Self { open })
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.open.store(false, Ordering::Release);
        let _ = disable_raw_mode();
    }
}

fn read_keys(far: &FarEnd, open: &AtomicBool) {
    let mut hung_up = false;
    while open.load(Ordering::Acquire) {
        if !matches!(poll(LOOK), Ok(true)) {
            continue;
        }
        let Ok(Event::Key(key)) = read() else { continue };
        if key.kind != KeyEventKind::Press {
            continue;
        }
        match key.code {
            KeyCode::Char('c' | 'd') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                if hung_up && key.code == KeyCode::Char('c') {
                    leave();
                }
                hung_up = true;
                far.hang_up();
            }
            KeyCode::Char(character) => {
                if let Ok(key) = Key::new(character) {
                    far.press(key);
                }
            }
            _ => {}
        }
    }
}
