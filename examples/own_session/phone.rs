//! A telephone made of lines of text: all that a call session must do, from scratch.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use ozml::session::{
    CallError, CallInfo, CallSession, Capabilities, Cause, Clock, ClockTime, Ended, EndedBy, HungUp, Key,
    Partial, Played, PortFuture, Prompt, Rejection, SessionEvent, StopOn,
};
use tokio::sync::{Notify, mpsc};

/// What the telephone tells its person, line by line.
pub(crate) type Lines = mpsc::UnboundedReceiver<String>;

/// The telephone, as the engine sees it.
pub(crate) struct Phone(Arc<Line>);

/// The person at the telephone, while it is there.
#[derive(Clone)]
pub(crate) struct Person(Weak<Line>);

struct Line {
    info: CallInfo,
    clock: Arc<dyn Clock>,
    lines: mpsc::UnboundedSender<String>,
    state: Mutex<State>,
    /// Something in the state has changed.
    changed: Notify,
}

#[derive(Default)]
struct State {
    answered: bool,
    ended: Option<Ended>,
    events: VecDeque<SessionEvent>,
    prompt: Option<Heard>,
}

/// The prompt that is heard.
struct Heard {
    begin: ClockTime,
    until: StopOn,
    played: Option<Played>,
}

/// A telephone that rings, its person, and what it tells the person.
pub(crate) fn ring(info: CallInfo, clock: Arc<dyn Clock>) -> (Phone, Person, Lines) {
    let (sender, lines) = mpsc::unbounded_channel();
    let line = Arc::new(Line {
        info,
        clock,
        lines: sender,
        state: Mutex::default(),
        changed: Notify::new(),
    });
    let person = Person(Arc::downgrade(&line));
    (Phone(line), person, lines)
}

impl Person {
    /// Does something: `key 5`, `heard` (the prompt has come to its end), `hang up`. Anything else does nothing.
    pub(crate) fn does(&self, what: &str) {
        let Some(line) = self.0.upgrade() else { return };
        let mut state = line.state();
        let now = line.clock.now();
        match (what, what.strip_prefix("key ").and_then(|key| key.chars().next())) {
            _ if state.ended.is_some() => {}
            ("heard", _) => state.prompt_ends(now, None),
            ("hang up", _) => state.end(Ended::new(EndedBy::Caller, Cause::Normal, now)),
            (_, Some(key)) => {
                if let Ok(key) = Key::new(key) {
                    state.events.push_back(SessionEvent::Key { key, at: now });
                    state.prompt_ends(now, Some(key));
                }
            }
            _ => {}
        }
        drop(state);
        line.changed.notify_waiters();
    }
}

impl State {
    /// The prompt comes to its end, or is stopped by a key that it listens for.
    fn prompt_ends(&mut self, now: ClockTime, by: Option<Key>) {
        if let Some(prompt) = &mut self.prompt
            && by.is_none_or(|key| prompt.until.contains(key))
        {
            let ms = now.millis_since(prompt.begin);
            prompt
                .played
                .get_or_insert(by.map_or(Played::whole(ms), |key| Played::cut(ms, key)));
        }
    }

    fn end(&mut self, ended: Ended) {
        if self.ended.is_none() {
            self.ended = Some(ended);
            self.events.push_back(SessionEvent::Ended(ended));
        }
    }

    /// What became of the prompt, once something has. One that is through before the call ends stays heard.
    fn outcome(&self) -> Option<Result<Played, CallError>> {
        let prompt = self.prompt.as_ref()?;
        match (prompt.played, self.ended) {
            (Some(played), _) => Some(Ok(played)),
            (None, Some(ended)) => {
                let ms = ended.at.millis_since(prompt.begin);
                let end = HungUp::new(ended).with(Partial::Played { ms });
                Some(Err(CallError::HungUp(end)))
            }
            (None, None) => None,
        }
    }
}

impl Line {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, line: impl Into<String>) {
        let _nobody_listens = self.lines.send(line.into());
    }

    /// Waits until the state gives something.
    async fn until<T>(&self, mut look: impl FnMut(&mut State) -> Option<T>) -> T {
        loop {
            // Made before the look, so that no change falls between the two.
            let changed = self.changed.notified();
            let found = look(&mut self.state());
            match found {
                Some(found) => return found,
                None => changed.await,
            }
        }
    }

    /// Ends the call from our side, unless it has ended.
    fn hang_up(&self, by: EndedBy, cause: Cause, line: &str) {
        let mut state = self.state();
        if state.ended.is_none() {
            state.end(Ended::new(by, cause, self.clock.now()));
            self.tell(line);
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// That the call is in a state in which the operation may begin.
    fn begin(&self, operation: &'static str, answered: bool) -> Result<MutexGuard<'_, State>, CallError> {
        let state = self.state();
        match (state.ended, state.answered) {
            (Some(ended), _) => Err(ended.into()),
            (None, now) if now == answered => Ok(state),
            (None, true) => Err(CallError::BadState {
                operation,
                state: "answered",
            }),
            (None, false) => Err(CallError::BadState {
                operation,
                state: "not answered",
            }),
        }
    }
}

/// Ends a prompt that nobody waits for any more.
struct Playing<'l>(&'l Line);

impl Drop for Playing<'_> {
    fn drop(&mut self) {
        let prompt = self.0.state().prompt.take();
        if prompt.is_some_and(|prompt| prompt.played.is_none_or(|played| played.by.is_some())) {
            self.0.tell("stops");
        }
    }
}

impl CallSession for Phone {
    fn info(&self) -> &CallInfo {
        &self.0.info
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::SPEAK | Capabilities::KEYS_IN
    }

    fn next_event(&self) -> PortFuture<'_, SessionEvent, CallError> {
        Box::pin(async { Ok(self.0.until(|state| state.events.pop_front()).await) })
    }

    fn ended(&self) -> Option<Ended> {
        self.0.state().ended
    }

    fn answer(&self) -> PortFuture<'_, (), CallError> {
        Box::pin(async {
            self.0.begin("answer", false)?.answered = true;
            self.0.tell("answers");
            Ok(())
        })
    }

    fn reject(&self, _: Rejection) -> PortFuture<'_, (), CallError> {
        Box::pin(async {
            self.0.begin("reject", false).map(drop)?;
            self.0.hang_up(EndedBy::Script, Cause::Rejected, "is busy");
            Ok(())
        })
    }

    fn play<'a>(&'a self, what: &'a Prompt, until: StopOn) -> PortFuture<'a, Played, CallError> {
        Box::pin(async move {
            let line = match what {
                Prompt::Speech(speech) => format!("says {}", speech.text),
                Prompt::File(file) => format!("plays {}", file.name),
                _ => "beeps".to_owned(),
            };
            let begin = self.0.clock.now();
            let played = None;
            self.0.begin("play", true)?.prompt = Some(Heard { begin, until, played });
            let _playing = Playing(&self.0);
            self.0.tell(line);
            self.0.until(|state| state.outcome()).await
        })
    }

    fn hang_up(&self, cause: Cause) -> PortFuture<'_, (), CallError> {
        self.0.hang_up(EndedBy::Script, cause, "hangs up");
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        self.0.hang_up(EndedBy::Host, Cause::Normal, "hangs up");
    }
}
