//! The program `ozml` while it runs beside a test.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::binary;

/// Guards against a line that never comes.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A program that runs until it is told to end. It is killed when it is dropped.
pub struct Program {
    child: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl Program {
    /// Starts `ozml` in a folder.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::start_with(folder, arguments, &[])
    }

    /// The same with these variables in its environment.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start_with(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = command(folder, arguments);
        Self::spawn(command.envs(variables.iter().copied()).stdin(Stdio::null()))
    }

    /// Starts `ozml` in a folder with a standard input that [`write`](Self::write) writes to.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start_with_input(folder: &Path, arguments: &[&str]) -> Self {
        Self::spawn(command(folder, arguments).stdin(Stdio::piped()))
    }

    /// Starts `ozml` so that HUP reaches it, also where these tests run under `nohup`.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start_hearing_hup(folder: &Path, arguments: &[&str]) -> Self {
        let program = command(folder, arguments);
        let mut command = Command::new("env");
        command.arg("--default-signal=HUP").arg(program.get_program());
        command.args(program.get_args()).current_dir(folder);
        Self::spawn(command.stdin(Stdio::null()))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("ozml runs");
        let (sender, lines) = channel();
        read(child.stdout.take().expect("a pipe"), sender.clone());
        read(child.stderr.take().expect("a pipe"), sender);
        Self {
            child,
            lines,
            seen: Vec::new(),
        }
    }

    /// The next line, of whichever output, with a text in it.
    ///
    /// # Panics
    /// When none comes.
    pub fn wait_for(&mut self, text: &str) -> String {
        loop {
            let Ok(line) = self.lines.recv_timeout(PATIENCE) else {
                panic!("`{text}` did not come; there was\n{}", self.seen.join("\n"));
            };
            self.seen.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Writes a line to its standard input.
    ///
    /// # Panics
    /// When it has none, or is gone.
    pub fn write(&mut self, line: &str) {
        self.write_octets(format!("{line}\n").as_bytes());
    }

    /// Writes octets to its standard input.
    ///
    /// # Panics
    /// When it has none, or is gone.
    pub fn write_octets(&mut self, octets: &[u8]) {
        let input = self.child.stdin.as_mut().expect("it was started with an input");
        input.write_all(octets).expect("it reads");
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal.
    ///
    /// # Panics
    /// When it is gone.
    pub fn signal(&self, signal: Signal) {
        let process = Pid::from_child(&self.child);
        kill_process(process, signal).expect("it runs");
    }

    /// Tells it to end with TERM; how it ended, and all that it said.
    ///
    /// # Panics
    /// When it is gone, or does not end.
    pub fn end(self) -> (ExitStatus, String) {
        self.signal(Signal::TERM);
        self.ended()
    }

    /// Waits for its end; how it ended, and all that it said.
    ///
    /// # Panics
    /// When it does not end.
    pub fn ended(mut self) -> (ExitStatus, String) {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => self.seen.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end:\n{}", self.seen.join("\n")),
            }
        }
        let status = self.child.wait().expect("it has ended");
        (status, self.seen.join("\n"))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended.
        let _gone = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// Runs `ozml` in a folder to its end.
///
/// # Panics
/// When it cannot be started.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    run_with(folder, arguments, &[])
}

/// The same with these variables in its environment.
///
/// # Panics
/// When it cannot be started.
pub fn run_with(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = command(folder, arguments);
    let output = command
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output();
    output.expect("ozml runs")
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary::path());
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("OZML_LOG")
        .env_remove("OZML_SMPP_PASSWORD")
        .env_remove("OZML_MODEM_PIN");
    command
}

fn read(pipe: impl Read + Send + 'static, lines: Sender<String>) {
    thread::spawn(move || {
        let text = BufReader::new(pipe).lines();
        // Whoever listened may have gone.
        let _ = text.map_while(Result::ok).try_for_each(|line| lines.send(line));
    });
}
