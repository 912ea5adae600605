//! A password that is typed and not shown.

use std::ops::ControlFlow;

use tokio::sync::mpsc::unbounded_channel;

use super::keyboard::{Keyboard, Typed};
use super::terminal::RawTerminal;
use crate::exit::{Exit, Stop};
use crate::output::complain;

/// Longest password that is taken in, in characters; what has more is none.
const MOST: usize = 1024;

/// Asks for a password. Dropping the question gives the terminal back.
pub(crate) async fn ask_password(question: &str) -> Result<String, Stop> {
    let terminal = RawTerminal::take(false)?;
    complain(question);
    let _behind = EndOfRow;
    let (sender, mut typed) = unbounded_channel();
    let _keyboard = Keyboard::open(terminal, move |typed| {
        let last = matches!(typed, Typed::Enter | Typed::End);
        match sender.send(typed) {
            Ok(()) if !last => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        }
    });
    let mut password = String::new();
    while let Some(typed) = typed.recv().await {
        match typed {
            Typed::Character(character) if password.chars().count() < MOST => password.push(character),
            Typed::Erase => drop(password.pop()),
            Typed::Enter => return Ok(password),
            Typed::End => break,
            Typed::Character(_) | Typed::Resized(_) => {}
        }
    }
    Err(Stop {
        exit: Exit::Failed,
        text: "nothing was given; ended before it began".to_owned(),
    })
}

/// Ends the row of the question once the terminal has been given back.
struct EndOfRow;

impl Drop for EndOfRow {
    fn drop(&mut self) {
        complain("\n");
    }
}
