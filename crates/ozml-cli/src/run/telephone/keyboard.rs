//! Keys as they are typed, one by one.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, poll, read};

use super::terminal::RawTerminal;

/// What somebody does at a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Typed {
    Character(char),
    /// Backspace.
    Erase,
    Enter,
    /// Ctrl-C or Ctrl-D, or nothing can be read any more.
    End,
    /// The terminal has so many columns now.
    Resized(u16),
}

/// How long a key may wait before it is looked for.
const LOOK: Duration = Duration::from_millis(20);

/// A terminal as a keyboard. Gives the terminal back when it is dropped, also in a panic.
pub(super) struct Keyboard {
    open: Arc<AtomicBool>,
    _terminal: RawTerminal,
}

impl Keyboard {
    /// Tells `on` what is typed, until it says that this is enough or the keyboard is dropped.
    pub(super) fn open(
        terminal: RawTerminal,
        mut on: impl FnMut(Typed) -> ControlFlow<()> + Send + 'static,
    ) -> Self {
        let open = Arc::new(AtomicBool::new(true));
        let keyboard = Self {
            open: open.clone(),
            _terminal: terminal,
        };
        std::thread::spawn(move || {
            while open.load(Ordering::Acquire) {
                match next() {
                    Ok(None) => {}
                    Ok(Some(typed)) if on(typed).is_continue() => {}
                    Ok(Some(_)) => return,
                    // The terminal is gone: nothing more will come.
                    Err(_) => {
                        let _enough = on(Typed::End);
                        return;
                    }
                }
            }
        });
        keyboard
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.open.store(false, Ordering::Release);
    }
}

/// What is typed next, if it is soon.
fn next() -> std::io::Result<Option<Typed>> {
    match poll(LOOK)? {
        true => read().map(|event| typed(&event)),
        false => Ok(None),
    }
}

fn typed(event: &Event) -> Option<Typed> {
    match event {
        Event::Resize(columns, _) => Some(Typed::Resized(*columns)),
        Event::Key(key) if key.kind == KeyEventKind::Press => typed_key(key),
        _ => None,
    }
}

fn typed_key(key: &KeyEvent) -> Option<Typed> {
    let with = |modifier| key.modifiers.contains(modifier);
    match key.code {
        KeyCode::Char('c' | 'd') if with(KeyModifiers::CONTROL) => Some(Typed::End),
        KeyCode::Char(_) if with(KeyModifiers::CONTROL) || with(KeyModifiers::ALT) => None,
        KeyCode::Char(character) => Some(Typed::Character(character)),
        KeyCode::Backspace => Some(Typed::Erase),
        KeyCode::Enter => Some(Typed::Enter),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keys_mean() {
        let key = |code, modifiers| typed(&Event::Key(KeyEvent::new(code, modifiers)));
        assert_eq!(
            key(KeyCode::Char('5'), KeyModifiers::NONE),
            Some(Typed::Character('5'))
        );
        assert_eq!(
            key(KeyCode::Char('A'), KeyModifiers::SHIFT),
            Some(Typed::Character('A'))
        );
        assert_eq!(key(KeyCode::Char('c'), KeyModifiers::CONTROL), Some(Typed::End));
        assert_eq!(key(KeyCode::Char('x'), KeyModifiers::ALT), None);
        assert_eq!(key(KeyCode::F(1), KeyModifiers::NONE), None);
        assert_eq!(typed(&Event::Resize(40, 9)), Some(Typed::Resized(40)));
    }
}
