//! Programs on a pseudo-terminal, and somebody who reads the screen and types.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::process::Child;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use rustix::process::{Pid, Signal, kill_process_group};

/// So many rows that nothing is scrolled away.
const ROWS: u16 = 60;

/// Columns at the beginning.
const COLUMNS: u16 = 80;

/// Guards against a program that never says what is awaited.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is done once a text stands on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The text that is awaited, within a row.
    pub when: String,
    /// What is done then.
    pub act: Act,
}

/// What somebody at a terminal does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Types keys.
    Type(String),
    /// Sends a signal to the program.
    Signal(Signal),
    /// Makes the window so many columns wide.
    Resize(u16),
    /// Keeps the screen as it is.
    Snap,
}

impl Step {
    /// Whether its moment has come: every one of its texts is on the screen.
    fn is_shown(&self, screen: &str) -> bool {
        self.when.split(" & ").all(|text| screen.contains(text))
    }

    /// Reads `TEXT -> ACT`, or `TEXT & TEXT -> ACT` for texts that are drawn one after the other; ACT is
    /// `type KEYS`, `ctrl-c`, `ctrl-d`, `enter`, `signal TERM`, `signal HUP`, `resize COLUMNS` or `snap`.
    ///
    /// # Errors
    /// A line that is none of these.
    pub fn read(line: &str) -> Result<Self, String> {
        let wrong = || format!("`TEXT -> ACT` was expected, not `{line}`");
        let (when, act) = line.rsplit_once(" -> ").ok_or_else(wrong)?;
        let act = match act.split_once(' ').unwrap_or((act, "")) {
            ("type", keys) => Act::Type(keys.to_owned()),
            ("ctrl-c", "") => Act::Type("\u{3}".to_owned()),
            ("ctrl-d", "") => Act::Type("\u{4}".to_owned()),
            ("enter", "") => Act::Type("\r".to_owned()),
            ("signal", "TERM") => Act::Signal(Signal::TERM),
            ("signal", "HUP") => Act::Signal(Signal::HUP),
            ("resize", columns) => Act::Resize(columns.parse().map_err(|_| wrong())?),
            ("snap", "") => Act::Snap,
            _ => return Err(wrong()),
        };
        let when = when.to_owned();
        Ok(Self { when, act })
    }
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Session {
    /// The screen at the end.
    pub screen: String,
    /// The screens that were kept.
    pub snaps: Vec<String>,
    /// The control sequences that the program used, each once, sorted.
    pub sequences: BTreeSet<String>,
    /// The exit code, or the signal that ended it.
    pub exit: String,
}

/// Runs a program of the shell on a pseudo-terminal of 80 columns and does the steps one after the other.
/// Afterwards the shell says whether the terminal is as it was.
///
/// # Errors
/// A text that never came, with the screen as it was then.
///
/// # Panics
/// When there is no pseudo-terminal.
pub fn run(program: &str, folder: &Path, path: &str, steps: &[Step]) -> Result<Session, String> {
    let (pty, pts) = open().expect("a pseudo-terminal");
    pty.resize(Size::new(ROWS, COLUMNS)).expect("a size");
    // The shell outlives signals that are meant for the program.
    let watched = format!(
        "trap : TERM HUP INT; before=$(stty -g); {program}; code=$?; \
         test \"$(stty -g)\" = \"$before\" || echo 'the terminal was not given back'; exit $code"
    );
    let child = Command::new("sh")
        .args(["-c", &watched])
        .current_dir(folder)
        .env("PATH", path)
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .env_remove("OZML_LOG")
        .env_remove("OZML_SMPP_PASSWORD")
        .env_remove("OZML_MODEM_PIN")
        .spawn(pts)
        .expect("a shell");
    let pty = Arc::new(pty);
    let reader = pty.clone();
    let (sender, output) = channel();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        // The end of a pseudo-terminal is an error.
        while let Ok(count @ 1..) = (&*reader).read(&mut bytes) {
            if sender.send(bytes[..count].to_vec()).is_err() {
                return;
            }
        }
    });
    Watcher::new(pty, child, output).follow(steps)
}

struct Watcher {
    pty: Arc<Pty>,
    child: Child,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    written: Vec<u8>,
    session: Session,
}

impl Watcher {
    fn new(pty: Arc<Pty>, child: Child, output: Receiver<Vec<u8>>) -> Self {
        Self {
            pty,
            child,
            output,
            screen: vt100::Parser::new(size(ROWS), size(COLUMNS), 0),
            written: Vec::new(),
            session: Session::default(),
        }
    }

    fn follow(mut self, steps: &[Step]) -> Result<Session, String> {
        for step in steps {
            while !step.is_shown(&self.screen.screen().contents()) {
                if !self.read() {
                    return Err(self.never(&step.when));
                }
            }
            self.act(&step.act);
        }
        while self.read() {}
        let status = self.child.wait().expect("the shell ends");
        self.session.screen = self.shown();
        self.session.sequences = sequences(&self.written);
        self.session.exit = match status.code() {
            Some(code) => code.to_string(),
            None => status.to_string(),
        };
        Ok(self.session)
    }

    /// Reads what is written next; false at the end, or when nothing comes.
    fn read(&mut self) -> bool {
        match self.output.recv_timeout(PATIENCE) {
            Ok(bytes) => {
                self.screen.process(&bytes);
                self.written.extend(bytes);
                true
            }
            Err(RecvTimeoutError::Disconnected) => false,
            Err(RecvTimeoutError::Timeout) => {
                let _ended_already = self.child.kill();
                false
            }
        }
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Type(keys) => (&*self.pty).write_all(keys.as_bytes()).expect("a keyboard"),
            Act::Signal(signal) => {
                kill_process_group(Pid::from_child(&self.child), *signal).expect("a program to signal");
            }
            Act::Resize(columns) => {
                self.screen.screen_mut().set_size(size(ROWS), size(*columns));
                self.pty.resize(Size::new(ROWS, *columns)).expect("a new size");
            }
            Act::Snap => self.session.snaps.push(self.shown()),
        }
    }

    fn never(&mut self, text: &str) -> String {
        let _ended_already = self.child.kill();
        let _status = self.child.wait();
        format!("`{text}` never came; the screen:\n{}", self.shown())
    }

    fn shown(&self) -> String {
        let contents = self.screen.screen().contents();
        contents
            .lines()
            .map(|row| row.trim_end().to_owned() + "\n")
            .collect()
    }
}

fn size(value: u16) -> NonZero<u16> {
    NonZero::new(value).expect("a size is not zero")
}

/// The sequences `ESC [ … letter` in what was written.
fn sequences(written: &[u8]) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(written);
    text.split("\u{1b}[")
        .skip(1)
        .filter_map(|rest| {
            let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
            rest.get(..=end).map(str::to_owned)
        })
        .collect()
}
