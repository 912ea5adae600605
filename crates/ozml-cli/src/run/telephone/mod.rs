//! The telephone that a terminal is: what is said appears as it is heard, and keys are pressed on the keyboard.
//!
//! `screen` (with `utterance`, `status`, `wrap`) is a model that only turns events and time into bytes; the
//! terminal, the keyboard and the clock are added here.

mod keyboard;
mod password;
mod screen;
mod status;
mod terminal;
mod utterance;
mod wrap;

pub(crate) use password::ask_password;
pub(crate) use status::offers;
pub(crate) use terminal::give_terminal_back;

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use ozml::engine::{TraceEvent, TraceSink};
use ozml::host::SystemClock;
use ozml::session::{Clock, ClockTime, Key};
use ozml::sim::FarEnd;
use tokio::sync::Notify;

use crate::exit::Stop;
use crate::output::Output;
use crate::run::console::write;
use crate::run::interrupt::{AbortOnDrop, Interrupt};
use crate::run::sinks::Shown;

use keyboard::{Keyboard, Typed};
use screen::{Look, Screen};
use terminal::RawTerminal;

/// Columns of a terminal that does not say how many it has.
const USUAL_WIDTH: u16 = 80;

/// The picture of a call on a terminal.
pub(crate) struct Telephone {
    screen: Mutex<Screen>,
    to_stderr: bool,
    changed: Notify,
    /// The clock of the run, once it has begun.
    clock: OnceLock<SystemClock>,
}

impl Telephone {
    /// An empty picture.
    pub(crate) fn new(output: Output, color: bool, to_stderr: bool) -> Self {
        let look = Look {
            color,
            verbose: output.verbose,
            quiet: output.quiet,
        };
        Self {
            screen: Mutex::new(Screen::new(look, columns(0))),
            to_stderr,
            changed: Notify::new(),
            clock: OnceLock::new(),
        }
    }

    /// Begins with the clock of the run and the width of the terminal, and goes on with time.
    fn begin(self: Arc<Self>, clock: SystemClock) -> AbortOnDrop {
        let width = crossterm::terminal::size().map_or(0, |(columns, _)| columns);
        self.screen().resize(columns(width), 0);
        self.clock.get_or_init(|| clock.clone());
        AbortOnDrop(tokio::spawn(async move { self.paint(clock).await }))
    }

    /// Shows that the call is being ended from outside, and what that means.
    pub(crate) fn hanging_up(&self, text: &str) {
        self.show(|screen, now| screen.hanging_up(now, text));
    }

    /// Lets the picture go on with the time of the run, for ever.
    async fn paint(&self, clock: SystemClock) {
        loop {
            self.show(Screen::tick);
            let next = self.screen().next_change(clock.now().as_millis());
            tokio::select! {
                () = clock.sleep_until(ClockTime::from_millis(next)) => {}
                () = self.changed.notified() => {}
            }
        }
    }

    fn show(&self, change: impl FnOnce(&mut Screen, u64)) {
        let mut screen = self.screen();
        if !terminal::is_taken() {
            screen.abandon();
        }
        change(&mut screen, self.now());
        let bytes = screen.take_output();
        if !bytes.is_empty() {
            write(self.to_stderr, &bytes);
        }
    }

    fn now(&self) -> u64 {
        self.clock.get().map_or(0, |clock| clock.now().as_millis())
    }

    fn screen(&self) -> MutexGuard<'_, Screen> {
        self.screen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TraceSink for Telephone {
    fn record(&self, event: &TraceEvent<'_>) {
        self.show(|screen, _| screen.event(event));
        self.changed.notify_one();
    }
}

/// A call that is held at the terminal: its picture is kept up, its keys are read. Dropping it gives the
/// terminal back.
pub(crate) struct OnTheLine {
    shown: Shown,
    _painter: Option<AbortOnDrop>,
    _keyboard: Keyboard,
}

impl OnTheLine {
    /// Takes the terminal: keys are those of the far end, Ctrl-C and Ctrl-D interrupt.
    pub(crate) fn begin(
        shown: &Shown,
        clock: &SystemClock,
        far: FarEnd,
        interrupt: Interrupt,
    ) -> Result<Self, Stop> {
        let terminal = RawTerminal::take(shown.telephone().is_some())?;
        let painter = shown
            .telephone()
            .map(|telephone| telephone.clone().begin(clock.clone()));
        let resized = shown.telephone().cloned();
        let keyboard = Keyboard::open(terminal, move |typed| {
            caller_does(typed, &far, &interrupt, resized.as_ref());
            ControlFlow::Continue(())
        });
        Ok(Self {
            shown: shown.clone(),
            _painter: painter,
            _keyboard: keyboard,
        })
    }
}

impl Drop for OnTheLine {
    fn drop(&mut self) {
        if let Some(telephone) = self.shown.telephone() {
            telephone.show(Screen::settle);
        }
    }
}

fn caller_does(typed: Typed, far: &FarEnd, interrupt: &Interrupt, telephone: Option<&Arc<Telephone>>) {
    match typed {
        Typed::Character(character) => {
            if let Ok(key) = Key::new(character) {
                far.press(key);
            }
        }
        Typed::End => interrupt.hang_up(),
        Typed::Resized(width) => {
            if let Some(telephone) = telephone {
                telephone.show(|screen, now| screen.resize(columns(width), now));
            }
        }
        Typed::Enter | Typed::Erase => {}
    }
}

fn columns(width: u16) -> usize {
    usize::from(if width == 0 { USUAL_WIDTH } else { width })
}
