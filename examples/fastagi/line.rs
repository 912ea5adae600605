//! One task for each call owns its socket, so that commands never mix.
//!
//! Asterisk hears keys only while a command runs, so one always does: a sound, or a wait for the next key. A new
//! command ends either. A wait then answers before the new command does; a sound does not, unless it came to
//! its own end just before.

use std::sync::Arc;
use std::time::Duration;

use ozml::session::{
    CallError, Cause, Clock, ClockTime, Ended, EndedBy, HungUp, Partial, Played, SessionEvent, StopOn,
};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::protocol::{Line, key};
use crate::session::Shared;
use crate::socket::{Lost, Socket};

/// How long Asterisk may take over a command that waits for nothing.
pub(crate) const PROMPTLY: Duration = Duration::from_secs(5);
/// How long the phone may take to be answered.
const PICK_UP: Duration = Duration::from_secs(32);
/// Longest sound.
pub(crate) const SOUND: Duration = Duration::from_secs(3600);
/// One wait for a key; the next one follows, so that a dead connection is noticed.
const WAIT: Duration = Duration::from_secs(10);

/// Where the answer to a request goes; closed when nobody waits for it any more.
pub(crate) type Answer<T> = oneshot::Sender<Result<T, CallError>>;

/// What the session wants.
pub(crate) enum Request {
    Answer(Answer<()>),
    /// With a cause of Q.850.
    Reject(u16, Answer<()>),
    Play(Sound, StopOn, Answer<Played>),
    HangUp(Cause, Answer<()>),
}

/// What is to be heard.
pub(crate) enum Sound {
    File(String),
    Tone { hertz: u16, length: Duration },
}

/// The call is over, which has been told.
pub(crate) struct Over;

/// What comes first while a command runs.
pub(crate) enum First {
    Line(Line),
    Request(Request),
    /// Nobody waits for the outcome any more.
    Nobody,
}

pub(crate) struct Task {
    pub(crate) socket: Socket,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) events: mpsc::UnboundedSender<Result<SessionEvent, CallError>>,
    pub(crate) requests: mpsc::UnboundedReceiver<Request>,
    /// A wait for a key has begun and has not answered.
    pub(crate) waits: bool,
}

impl Task {
    /// Serves the session until the call is over.
    pub(crate) async fn run(mut self) {
        loop {
            let served = match self.next_request().await {
                Ok(Request::Answer(answer)) => self.answer(answer).await,
                Ok(Request::Reject(cause, answer)) => self.reject(cause, answer).await,
                Ok(Request::Play(sound, until, answer)) => self.play(&sound, until, answer).await,
                Ok(Request::HangUp(cause, answer)) => Err(self.hang_up(cause, answer).await),
                Err(over) => Err(over),
            };
            if served.is_err() {
                return;
            }
        }
    }

    /// The next request. Until it comes keys are heard, once the call is answered.
    async fn next_request(&mut self) -> Result<Request, Over> {
        // A script's next operation mostly follows at once. A wait that it would end again costs nothing, but
        // Asterisk logs a warning.
        tokio::task::yield_now().await;
        if let Ok(request) = self.requests.try_recv() {
            return Ok(request);
        }
        loop {
            if self.shared.is_answered() && !self.waits {
                self.send(&wait(WAIT)).await?;
                self.waits = true;
            }
            let limit = if self.waits {
                WAIT.saturating_add(PROMPTLY)
            } else {
                SOUND
            };
            match self.first(None, limit).await? {
                First::Line(line) => self.waited(line)?,
                First::Request(request) => return Ok(request),
                First::Nobody => {
                    self.command("HANGUP", PROMPTLY).await?;
                    return Err(self.end(EndedBy::Host, Cause::Normal));
                }
            }
        }
    }

    async fn answer(&mut self, answer: Answer<()>) -> Result<(), Over> {
        match self.command("ANSWER", PICK_UP).await {
            Ok(0) => {
                self.shared.set_answered();
                let _nobody_waits = answer.send(Ok(()));
                Ok(())
            }
            Ok(_) => Err(self.hung_up()),
            Err(over) => Err(over),
        }
    }

    async fn reject(&mut self, cause: u16, answer: Answer<()>) -> Result<(), Over> {
        // The application hangs the channel up, answered or not.
        self.begin(&format!("EXEC Hangup {cause}")).await?;
        if self.line(PROMPTLY).await? == Line::Refused {
            return Err(self.lost("Asterisk does not know `EXEC Hangup`"));
        }
        let over = self.end(EndedBy::Script, Cause::Rejected);
        let _nobody_waits = answer.send(Ok(()));
        Err(over)
    }

    async fn hang_up(&mut self, cause: Cause, answer: Answer<()>) -> Over {
        let over = match self.command("HANGUP", PROMPTLY).await {
            Ok(_) => self.end(EndedBy::Script, cause),
            Err(over) => over,
        };
        let _nobody_waits = answer.send(Ok(()));
        over
    }

    async fn play(&mut self, sound: &Sound, until: StopOn, mut answer: Answer<Played>) -> Result<(), Over> {
        let begin = self.clock.now();
        let played = match sound {
            Sound::File(name) => self.file(name, until, begin, &mut answer).await,
            Sound::Tone { hertz, length } => self.tone(*hertz, *length, until, &mut answer).await,
        };
        match played {
            Ok(Some(result)) => {
                let _nobody_waits = answer.send(result);
            }
            Ok(None) => {}
            Err(over) => {
                let _nobody_waits = answer.send(Err(self.stopped_by_the_end(begin)));
                return Err(over);
            }
        }
        Ok(())
    }

    fn stopped_by_the_end(&self, begin: ClockTime) -> CallError {
        match self.shared.ended() {
            Some(ended) => {
                let ms = ended.at.millis_since(begin);
                CallError::HungUp(HungUp::new(ended).with(Partial::Played { ms }))
            }
            None => CallError::Cancelled,
        }
    }

    /// A request that comes while a sound is heard: only a hang-up may.
    pub(crate) async fn interrupt(&mut self, request: Request) -> Over {
        match request {
            Request::HangUp(cause, answer) => self.hang_up(cause, answer).await,
            _ => self.lost("two operations on one call at once"),
        }
    }

    /// Waits for what comes first.
    pub(crate) async fn first(
        &mut self,
        answer: Option<&mut Answer<Played>>,
        limit: Duration,
    ) -> Result<First, Over> {
        let nobody = async {
            match answer {
                Some(answer) => answer.closed().await,
                None => std::future::pending().await,
            }
        };
        let line = tokio::select! {
            biased;
            line = timeout(limit, self.socket.line()) => line,
            request = self.requests.recv() => return Ok(request.map_or(First::Nobody, First::Request)),
            () = nobody => return Ok(First::Nobody),
        };
        match line {
            Ok(Ok(line)) => Ok(First::Line(line)),
            Ok(Err(why)) => Err(self.lost(&why)),
            Err(_) => Err(self.lost("Asterisk did not answer in time")),
        }
    }

    /// Sends a command and waits for its result.
    pub(crate) async fn command(&mut self, command: &str, limit: Duration) -> Result<i64, Over> {
        self.begin(command).await?;
        loop {
            match self.line(limit).await? {
                // A file that came to its end before this command began.
                Line::Result { end: Some(_), result } => self.press(result),
                Line::Result { result, end: None } => return Ok(result),
                Line::HungUp => return Err(self.hung_up()),
                _ => return Err(self.lost("Asterisk refused a command")),
            }
        }
    }

    /// Sends a command; a wait for keys that ran until now answers first.
    pub(crate) async fn begin(&mut self, command: &str) -> Result<(), Over> {
        self.send(command).await?;
        if self.waits {
            let line = self.line(PROMPTLY).await?;
            self.waited(line)?;
        }
        Ok(())
    }

    pub(crate) async fn send(&mut self, command: &str) -> Result<(), Over> {
        self.socket.send(command).await.map_err(|why| self.lost(&why))
    }

    pub(crate) async fn line(&mut self, limit: Duration) -> Result<Line, Over> {
        let line = timeout(limit, self.socket.line()).await;
        line.unwrap_or_else(|_| Err("Asterisk did not answer in time".to_owned()))
            .map_err(|why: Lost| self.lost(&why))
    }

    /// The answer to a wait for keys.
    pub(crate) fn waited(&mut self, line: Line) -> Result<(), Over> {
        self.waits = false;
        match line {
            Line::Result { result, .. } if result >= 0 => {
                self.press(result);
                Ok(())
            }
            Line::Result { .. } | Line::HungUp => Err(self.hung_up()),
            _ => Err(self.lost("Asterisk does not know `WAIT FOR DIGIT`")),
        }
    }

    /// Tells of a key, if the result is one.
    pub(crate) fn press(&self, result: i64) {
        if let Some(key) = key(result) {
            let at = self.clock.now();
            self.tell(Ok(SessionEvent::Key { key, at }));
        }
    }

    fn tell(&self, event: Result<SessionEvent, CallError>) {
        let _nobody_listens = self.events.send(event);
    }

    pub(crate) fn hung_up(&self) -> Over {
        self.end(EndedBy::Caller, Cause::Normal)
    }

    fn end(&self, by: EndedBy, cause: Cause) -> Over {
        let ended = self.shared.end(Ended::new(by, cause, self.clock.now()));
        self.tell(Ok(SessionEvent::Ended(ended)));
        Over
    }

    /// The connection is of no use any more: the call is lost for us.
    pub(crate) fn lost(&self, why: &str) -> Over {
        self.shared
            .end(Ended::new(EndedBy::Host, Cause::Error, self.clock.now()));
        self.tell(Err(CallError::Transport(why.to_owned())));
        Over
    }
}

/// A wait for a key.
pub(crate) fn wait(time: Duration) -> String {
    format!("WAIT FOR DIGIT {}", time.as_millis())
}
