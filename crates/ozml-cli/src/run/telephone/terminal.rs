//! The terminal, taken for single keys and always given back.

use std::io::{IsTerminal, Write};
use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use crate::exit::Stop;

/// A process has one terminal. A panic and the end of the process give it back without asking its owner.
static TAKEN: AtomicBool = AtomicBool::new(false);
static DRAWN_ON: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// A terminal that gives single keys and echoes nothing. Given back when it is dropped, and before a panic
/// is announced.
pub(super) struct RawTerminal(());

impl RawTerminal {
    /// Takes it; `drawn_on`: whether its last row is one that is drawn anew.
    pub(super) fn take(drawn_on: bool) -> Result<Self, Stop> {
        enable_raw_mode()
            .map_err(|error| Stop::usage(format!("the terminal gives no keys: {error}; use --fast")))?;
        TAKEN.store(true, Ordering::Release);
        DRAWN_ON.store(drawn_on, Ordering::Release);
        HOOK.call_once(|| set_hook(preceded(give_terminal_back, take_hook())));
        Ok(Self(()))
    }
}

impl Drop for RawTerminal {
    fn drop(&mut self) {
        give_back();
    }
}

/// Whether it is taken.
pub(super) fn is_taken() -> bool {
    TAKEN.load(Ordering::Acquire)
}

/// Gives a terminal back in the middle of everything, so that a message or the shell begins on a clear row.
pub(crate) fn give_terminal_back() {
    if give_back() && DRAWN_ON.load(Ordering::Acquire) {
        let clear = b"\r\x1b[K";
        let _ = match std::io::stderr().is_terminal() {
            true => std::io::stderr().write_all(clear),
            false => std::io::stdout().write_all(clear),
        };
    }
}

fn give_back() -> bool {
    let taken = TAKEN.swap(false, Ordering::AcqRel);
    if taken {
        let _nothing_can_be_done = disable_raw_mode();
    }
    taken
}

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;

fn preceded(first: impl Fn() + Send + Sync + 'static, hook: Hook) -> Hook {
    Box::new(move |panic| {
        first();
        hook(panic);
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn a_panic_gives_the_terminal_back_before_it_is_announced() {
        let order = Arc::new(Mutex::new(Vec::new()));
        let (first, then) = (order.clone(), order.clone());
        let before = take_hook();
        set_hook(preceded(
            move || first.lock().unwrap().push("given back"),
            Box::new(move |_| then.lock().unwrap().push("announced")),
        ));
        let broken = std::panic::catch_unwind(|| panic!("broken"));
        set_hook(before);
        assert!(broken.is_err());
        assert_eq!(*order.lock().unwrap(), ["given back", "announced"]);
    }
}
