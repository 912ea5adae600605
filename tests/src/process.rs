//! Programs of ours that run beside a test.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::binary;

/// Nothing that works takes longer.
pub const GUARD: Duration = Duration::from_secs(60);

/// `ozml` with some arguments. It is killed when the test ends.
pub struct Process {
    child: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl Process {
    /// Starts it in a folder, with these variables in its environment.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new(binary::path())
            .args(arguments)
            .current_dir(folder)
            .env_remove("OZML_LOG")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("ozml starts");
        let (sender, lines) = channel();
        read(child.stdout.take(), sender.clone());
        read(child.stderr.take(), sender);
        Self {
            child,
            lines,
            seen: Vec::new(),
        }
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for a line that has this in it, on either output, and gives the line.
    ///
    /// # Panics
    /// When the program ends, or says nothing for a long time, before it comes.
    pub fn line(&mut self, part: &str) -> String {
        loop {
            match self.lines.recv_timeout(GUARD) {
                Ok(line) => {
                    self.seen.push(line.clone());
                    if line.contains(part) {
                        return line;
                    }
                }
                Err(fault) => panic!("no `{part}`, {fault}:\n{}", self.seen()),
            }
        }
    }

    /// What was said so far.
    pub fn seen(&self) -> String {
        self.seen.join("\n")
    }

    /// Sends a signal.
    ///
    /// # Panics
    /// When there is no such process any more.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
    }

    /// Waits for its end; the exit code, and `None` after a signal that it does not know.
    ///
    /// # Panics
    /// When it does not end.
    pub fn end(&mut self) -> Option<i32> {
        loop {
            match self.lines.recv_timeout(GUARD) {
                Ok(line) => self.seen.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end:\n{}", self.seen()),
            }
        }
        self.child.wait().expect("it has ended").code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended is no fault.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(stream: Option<impl Read + Send + 'static>, lines: Sender<String>) {
    let stream = BufReader::new(stream.expect("a stream"));
    thread::spawn(move || {
        for line in stream.lines().map_while(Result::ok) {
            // The test may be over.
            let _ = lines.send(line);
        }
    });
}
