//! The call session itself: it hands every operation to the task of its call and waits for the answer.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use ozml::session::{
    CallError, CallId, CallInfo, CallSession, Capabilities, Cause, Clock, Ended, PhoneNumber, Played,
    PortFuture, Prompt, Rejection, SessionEvent, StopOn,
};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, mpsc, oneshot};

use crate::line::{Answer, Request, Sound, Task};
use crate::protocol::{Environment, recording, sound};
use crate::socket::{Lost, Socket};

/// What session and task both know.
#[derive(Default)]
pub(crate) struct Shared {
    answered: AtomicBool,
    ended: OnceLock<Ended>,
}

impl Shared {
    pub(crate) fn is_answered(&self) -> bool {
        self.answered.load(Ordering::Acquire)
    }

    pub(crate) fn set_answered(&self) {
        self.answered.store(true, Ordering::Release);
    }

    pub(crate) fn ended(&self) -> Option<Ended> {
        self.ended.get().copied()
    }

    /// Ends the call, unless it has ended; how it did.
    pub(crate) fn end(&self, ended: Ended) -> Ended {
        *self.ended.get_or_init(|| ended)
    }
}

/// A call that Asterisk has handed over with `AGI(agi://…)`.
///
/// AGI has no speech: a text is played as the recording that is named after it, `recordings/press-1-or-2` for
/// `Press 1 or 2.`, with an extension and in a language of Asterisk's choice. A text without a recording
/// fails, so that nobody hears an unexpected silence and the trace names what is to be recorded.
pub(crate) struct AgiSession {
    info: CallInfo,
    script: String,
    recordings: String,
    shared: Arc<Shared>,
    requests: mpsc::UnboundedSender<Request>,
    events: Mutex<mpsc::UnboundedReceiver<Result<SessionEvent, CallError>>>,
}

impl AgiSession {
    /// Takes a new connection. The called number is the first argument of `AGI()`, else the number that was
    /// dialled, else the extension; a call without any is an error, and is left to Asterisk.
    pub(crate) async fn open(
        stream: TcpStream,
        clock: Arc<dyn Clock>,
        recordings: &str,
    ) -> Result<Self, Lost> {
        let (socket, environment) = Socket::open(stream).await?;
        let (requests, incoming) = mpsc::unbounded_channel();
        let (outgoing, events) = mpsc::unbounded_channel();
        let shared = Arc::<Shared>::default();
        let session = Self {
            info: info(&environment)?,
            script: environment
                .get("agi_network_script")
                .unwrap_or_default()
                .to_owned(),
            recordings: recordings.to_owned(),
            shared: shared.clone(),
            requests,
            events: Mutex::new(events),
        };
        let task = Task {
            socket,
            clock,
            shared,
            events: outgoing,
            requests: incoming,
            waits: false,
        };
        tokio::spawn(task.run());
        Ok(session)
    }

    /// What stands behind the host in `agi://host/script`.
    pub(crate) fn script(&self) -> &str {
        &self.script
    }

    /// What Asterisk plays for a prompt.
    fn sound(&self, prompt: &Prompt) -> Result<Sound, CallError> {
        match prompt {
            Prompt::Speech(speech) => {
                let name = recording(&speech.text).ok_or_else(|| {
                    CallError::Speech(
                        "a text needs 1 to 200 letters and digits to be a recording's name".to_owned(),
                    )
                })?;
                Ok(Sound::File(format!("{}/{name}", self.recordings)))
            }
            Prompt::File(file) => Ok(Sound::File(sound(&file.name))),
            Prompt::Tone(tone) => Ok(Sound::Tone {
                hertz: tone.frequency,
                length: tone.length,
            }),
            _ => Err(CallError::Unsupported { operation: "play" }),
        }
    }

    /// Hands a request over and waits for its answer. A call that is over has no task any more.
    async fn ask<T>(&self, request: impl FnOnce(Answer<T>) -> Request) -> Result<T, CallError> {
        let (sender, answer) = oneshot::channel();
        if self.shared.ended().is_none()
            && self.requests.send(request(sender)).is_ok()
            && let Ok(answer) = answer.await
        {
            return answer;
        }
        Err(self.over())
    }

    fn over(&self) -> CallError {
        match self.shared.ended() {
            Some(ended) => ended.into(),
            None => CallError::Transport("the task of this call is gone".to_owned()),
        }
    }

    /// That an operation belongs to the other state of the call.
    fn bad_state(&self, operation: &'static str) -> CallError {
        match (self.shared.ended(), self.shared.is_answered()) {
            (Some(ended), _) => ended.into(),
            (None, true) => CallError::BadState {
                operation,
                state: "answered",
            },
            (None, false) => CallError::BadState {
                operation,
                state: "not answered",
            },
        }
    }
}

fn info(environment: &Environment) -> Result<CallInfo, Lost> {
    let id = environment.get("agi_uniqueid").unwrap_or_default();
    let id = CallId::new(id).map_err(|fault| format!("agi_uniqueid: {fault}"))?;
    let number = |name| {
        environment
            .get(name)
            .and_then(|written| PhoneNumber::new(written).ok())
    };
    let called = ["agi_arg_1", "agi_dnid", "agi_extension"]
        .into_iter()
        .find_map(number);
    let called = called.ok_or("no number was called: give one as an argument of `AGI()`")?;
    let mut info = CallInfo::incoming(id, called);
    info.caller = number("agi_callerid");
    Ok(info)
}

impl CallSession for AgiSession {
    fn info(&self) -> &CallInfo {
        &self.info
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::SPEAK | Capabilities::KEYS_IN
    }

    fn next_event(&self) -> PortFuture<'_, SessionEvent, CallError> {
        Box::pin(async {
            let event = self.events.lock().await.recv().await;
            event.unwrap_or_else(|| Err(self.over()))
        })
    }

    fn ended(&self) -> Option<Ended> {
        self.shared.ended()
    }

    fn answer(&self) -> PortFuture<'_, (), CallError> {
        Box::pin(self.ask(Request::Answer))
    }

    fn reject(&self, why: Rejection) -> PortFuture<'_, (), CallError> {
        Box::pin(async move {
            if self.shared.is_answered() {
                return Err(self.bad_state("reject"));
            }
            self.ask(|answer| Request::Reject(q850(why), answer)).await
        })
    }

    fn play<'a>(&'a self, what: &'a Prompt, until: StopOn) -> PortFuture<'a, Played, CallError> {
        Box::pin(async move {
            if !self.shared.is_answered() {
                return Err(self.bad_state("play"));
            }
            let sound = self.sound(what)?;
            self.ask(|answer| Request::Play(sound, until, answer)).await
        })
    }

    fn hang_up(&self, cause: Cause) -> PortFuture<'_, (), CallError> {
        Box::pin(async move {
            match self.ask(|answer| Request::HangUp(cause, answer)).await {
                Err(CallError::HungUp(_)) => Ok(()),
                other => other,
            }
        })
    }
}

/// The cause of ITU-T Q.850 that Asterisk turns into the answer of the phone's own protocol.
fn q850(why: Rejection) -> u16 {
    match why {
        Rejection::Busy | Rejection::Code(486 | 600) => 17,
        Rejection::Unavailable | Rejection::Code(408 | 480) => 19,
        Rejection::Code(404 | 410 | 604) => 1,
        Rejection::Code(500..=599) => 38,
        _ => 21,
    }
}
