use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// A program that runs beside this one and is ended with it; its output is read line by line.
pub(super) struct Process {
    child: Child,
    name: String,
    lines: Receiver<String>,
}

/// How long a line may be waited for.
const PATIENCE: Duration = Duration::from_secs(60);

impl Process {
    pub(super) fn start(name: &str, mut command: Command) -> Result<Self, String> {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let child = command.spawn();
        let mut child = child.map_err(|fault| format!("{name} cannot be run: {fault}"))?;
        let (sender, lines) = channel();
        if let Some(output) = child.stdout.take() {
            thread::spawn(move || {
                let lines = BufReader::new(output).lines().map_while(Result::ok);
                lines
                    .take_while(|line| sender.send(line.clone()).is_ok())
                    .for_each(drop);
            });
        }
        let name = name.to_owned();
        Ok(Self { child, name, lines })
    }

    /// Reads on until a line that `wanted` makes something of.
    pub(super) fn until<T>(&mut self, mut wanted: impl FnMut(&str) -> Option<T>) -> Result<T, String> {
        let end = Instant::now() + PATIENCE;
        let mut last = String::new();
        while let Ok(line) = self
            .lines
            .recv_timeout(end.saturating_duration_since(Instant::now()))
        {
            if let Some(found) = wanted(&line) {
                return Ok(found);
            }
            last = line;
        }
        Err(format!("{} said nothing more after: {last}", self.name))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended_by_itself = self.child.kill();
        let _gone = self.child.wait();
    }
}
