//! An Asterisk for tests: one channel that runs AGI as Asterisk 22 does, over a real socket.

use std::future::pending;
use std::time::Duration;

use ozml::session::Key;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

/// What the caller does.
pub(crate) enum Act {
    /// Presses a key; told when Asterisk has heard it.
    Press(Key, oneshot::Sender<()>),
    HangUp,
}

/// What the caller sees.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seen {
    pub(crate) plays: bool,
    /// Prompts that have begun so far.
    pub(crate) begun: u64,
    pub(crate) over: bool,
    /// The cause that the channel was given before it was hung up.
    pub(crate) cause: Option<u16>,
}

/// A command that lasts.
enum Running {
    Nothing,
    Wait(Instant),
    /// Until its end; a long one has none.
    Stream(Option<Instant>),
}

pub(crate) struct Peer {
    lines: Lines<BufReader<OwnedReadHalf>>,
    out: OwnedWriteHalf,
    acts: mpsc::UnboundedReceiver<Act>,
    seen: watch::Sender<Seen>,
    running: Running,
    dead: bool,
}

/// How Asterisk describes a call from `caller` to 100.
pub(crate) fn environment(caller: &str) -> String {
    format!(
        "agi_network: yes\nagi_network_script: menu\nagi_request: agi://127.0.0.1/menu\nagi_channel: PJSIP/x-1\n\
         agi_uniqueid: 1764019200.1\nagi_callerid: {caller}\nagi_dnid: 100\nagi_extension: 100\n\n"
    )
}

impl Peer {
    /// Describes the call, and is ready to be run.
    pub(crate) async fn open(
        stream: TcpStream,
        acts: mpsc::UnboundedReceiver<Act>,
        seen: watch::Sender<Seen>,
    ) -> Self {
        stream.set_nodelay(true).unwrap();
        let (read, mut out) = stream.into_split();
        out.write_all(environment("+36209998877").as_bytes())
            .await
            .unwrap();
        Self {
            lines: BufReader::new(read).lines(),
            out,
            acts,
            seen,
            running: Running::Nothing,
            dead: false,
        }
    }

    /// Runs until the session closes the connection.
    pub(crate) async fn run(mut self) {
        loop {
            let end = match self.running {
                Running::Wait(end) | Running::Stream(Some(end)) => Some(end),
                _ => None,
            };
            tokio::select! {
                line = self.lines.next_line() => match line {
                    Ok(Some(line)) => self.command(&line).await,
                    _ => return self.over(),
                },
                Some(act) = self.acts.recv(), if !self.dead => match act {
                    Act::Press(key, heard) => {
                        self.press(key).await;
                        let _nobody_waits = heard.send(());
                    }
                    Act::HangUp => self.hang_up().await,
                },
                () = until(end) => self.finish(0).await,
            }
        }
    }

    async fn command(&mut self, line: &str) {
        // A new command ends one that lasts: a wait answers with 1, a file does not answer at all.
        if let Running::Wait(_) = self.running {
            self.reply("200 result=1").await;
        }
        self.set(Running::Nothing);
        let words: Vec<&str> = line.split(' ').collect();
        if self.dead && words[0] != "NOOP" {
            return self
                .reply("511 Command Not Permitted on a dead channel or intercept routine")
                .await;
        }
        match words[..] {
            ["ANSWER" | "NOOP"] | ["EXEC", "PlayTones", _] | ["EXEC", "StopPlayTones"] => {
                self.reply("200 result=0").await;
            }
            ["EXEC", "Hangup", cause] => {
                self.seen.send_modify(|seen| seen.cause = cause.parse().ok());
                self.reply("200 result=-1\nHANGUP").await;
                self.over();
            }
            ["HANGUP"] => {
                self.reply("200 result=1\nHANGUP").await;
                self.over();
            }
            ["WAIT", "FOR", "DIGIT", ms] => {
                let time = Duration::from_millis(ms.parse().unwrap());
                self.set(Running::Wait(Instant::now() + time));
            }
            ["STREAM", "FILE", name, ..] => self.stream(name).await,
            _ => self.reply("510 Invalid or unknown command").await,
        }
    }

    /// Files whose names begin with `and` are endless, `none` there is not, all others are short.
    async fn stream(&mut self, name: &str) {
        if name.contains("none") {
            return self.reply("200 result=-1 endpos=0").await;
        }
        let short = Instant::now() + Duration::from_millis(30);
        self.set(Running::Stream((!name.contains("/and")).then_some(short)));
    }

    async fn press(&mut self, key: Key) {
        // What is pressed while nothing runs Asterisk does not hear: it waits for a moment when something does.
        while matches!(self.running, Running::Nothing) {
            match self.lines.next_line().await {
                Ok(Some(line)) => self.command(&line).await,
                _ => return self.over(),
            }
        }
        self.finish(i64::from(u32::from(key.as_char()))).await;
    }

    async fn hang_up(&mut self) {
        if !matches!(self.running, Running::Nothing) {
            self.finish(-1).await;
        }
        self.reply("HANGUP").await;
        self.over();
    }

    /// Ends what runs with a result.
    async fn finish(&mut self, result: i64) {
        let reply = match self.running {
            Running::Stream(_) => format!("200 result={result} endpos=800"),
            _ => format!("200 result={result}"),
        };
        self.set(Running::Nothing);
        self.reply(&reply).await;
    }

    fn set(&mut self, running: Running) {
        let plays = matches!(running, Running::Stream(_));
        self.running = running;
        self.seen.send_modify(|seen| {
            seen.plays = plays;
            seen.begun += u64::from(plays);
        });
    }

    async fn reply(&mut self, line: &str) {
        // The session may have closed the connection by now, which the next read shows.
        let _closed = self.out.write_all(format!("{line}\n").as_bytes()).await;
    }

    fn over(&mut self) {
        self.dead = true;
        self.running = Running::Nothing;
        self.seen
            .send_modify(|seen| (seen.over, seen.plays) = (true, false));
    }
}

async fn until(end: Option<Instant>) {
    match end {
        Some(end) => sleep_until(end).await,
        None => pending().await,
    }
}
