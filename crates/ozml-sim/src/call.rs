use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use ozml_session::{
    CallError, CallInfo, CallSession, Capabilities, Cause, Clock, ClockTime, Direction, Ended, EndedBy,
    HungUp, Key, Partial, Played, PortFuture, Prompt, Rejection, SessionEvent, StopOn,
};

use crate::inputs::Inputs;
use crate::speech::SpeechModel;

mod state;

use state::{Playing, State};

type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// A telephone without a phone system: prompts last as long as the speech model says, the far end does
/// what its [`Inputs`] say or what is done by hand through [`FarEnd`].
pub struct SimCall {
    line: Arc<Line>,
}

struct Line {
    info: CallInfo,
    clock: Box<dyn Clock>,
    speech: SpeechModel,
    state: Mutex<State>,
}

/// The other end of a [`SimCall`], for whoever plays it by hand.
#[derive(Clone)]
pub struct FarEnd(Arc<Line>);

impl SimCall {
    /// A call on a clock, virtual or real, whose far end only listens.
    pub fn new(info: CallInfo, clock: impl Clock + 'static) -> Self {
        let line = Line {
            info,
            clock: Box::new(clock),
            speech: SpeechModel::default(),
            state: Mutex::new(State::default()),
        };
        Self { line: Arc::new(line) }
    }

    /// The same call with a far end that does something by itself.
    #[must_use]
    pub fn with(self, inputs: Inputs) -> Self {
        self.line.lock().inputs = inputs;
        self
    }

    /// The same call where prompts last as another model says.
    #[must_use]
    pub fn speaking(mut self, model: SpeechModel) -> Self {
        // Nobody shares the line of a call that is still being made.
        if let Some(line) = Arc::get_mut(&mut self.line) {
            line.speech = model;
        }
        self
    }

    /// The far end, to be played by hand.
    pub fn far_end(&self) -> FarEnd {
        FarEnd(self.line.clone())
    }
}

impl FarEnd {
    /// Presses a key now.
    pub fn press(&self, key: Key) {
        let now = self.0.clock.now();
        let mut state = self.0.lock();
        state.key(key, now);
        state.wake();
    }

    /// Whether a prompt is heard.
    pub fn hears(&self) -> bool {
        let state = self.0.at(self.0.clock.now());
        state.playing.is_some() && state.ended.is_none()
    }

    /// How the call ended, once it has.
    pub fn ended(&self) -> Option<Ended> {
        self.0.at(self.0.clock.now()).ended
    }

    /// What the far end was to do by itself and has not done.
    pub fn left(&self) -> Inputs {
        self.0.lock().inputs.clone()
    }

    /// Hangs up now.
    pub fn hang_up(&self) {
        let ended = Ended::new(self.0.far_party(), Cause::Normal, self.0.clock.now());
        let mut state = self.0.lock();
        state.end(ended);
        state.wake();
    }
}

impl Drop for SimCall {
    /// Nobody is there any more to hang up, so this does.
    fn drop(&mut self) {
        let mut state = self.line.lock();
        state.end(Ended::new(EndedBy::Host, Cause::Normal, self.line.clock.now()));
        state.wake();
    }
}

impl Line {
    /// The state, after everything that is due by now has happened.
    fn at(&self, now: ClockTime) -> MutexGuard<'_, State> {
        let mut state = self.lock();
        state.happen(now, self.far_party());
        state
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn far_party(&self) -> EndedBy {
        match self.info.direction {
            Direction::Incoming => EndedBy::Caller,
            Direction::Outgoing => EndedBy::Callee,
        }
    }

    /// Ends the call from our side, answered or not.
    fn end(&self, cause: Cause) {
        let mut state = self.lock();
        state.end(Ended::new(EndedBy::Script, cause, self.clock.now()));
        state.wake();
    }
}

impl CallSession for SimCall {
    fn info(&self) -> &CallInfo {
        &self.line.info
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::SPEAK | Capabilities::KEYS_IN
    }

    fn next_event(&self) -> PortFuture<'_, SessionEvent, CallError> {
        Box::pin(NextEvent {
            line: &self.line,
            sleep: None,
        })
    }

    fn ended(&self) -> Option<Ended> {
        self.line.at(self.line.clock.now()).ended_for_all()
    }

    fn answer(&self) -> PortFuture<'_, (), CallError> {
        let now = self.line.clock.now();
        let mut state = self.line.at(now);
        Box::pin(ready(match state.ended {
            Some(ended) => Err(ended.into()),
            None => {
                state.answered.get_or_insert(now);
                state.wake();
                Ok(())
            }
        }))
    }

    fn reject(&self, _: Rejection) -> PortFuture<'_, (), CallError> {
        let state = self.line.at(self.line.clock.now());
        let refused = match (state.ended, state.answered) {
            (Some(ended), _) => Err(ended.into()),
            (None, Some(_)) => Err(CallError::BadState {
                operation: "reject",
                state: "answered",
            }),
            (None, None) => Ok(()),
        };
        drop(state);
        if refused.is_ok() {
            self.line.end(Cause::Rejected);
        }
        Box::pin(ready(refused))
    }

    fn play<'a>(&'a self, what: &'a Prompt, until: StopOn) -> PortFuture<'a, Played, CallError> {
        let now = self.line.clock.now();
        let end = now.after(self.line.speech.length(what));
        let mut state = self.line.at(now);
        if state.answered.is_none() && state.ended.is_none() {
            return Box::pin(ready(Err(CallError::BadState {
                operation: "play",
                state: "not answered",
            })));
        }
        state.playing = Some(Playing {
            end,
            until,
            cut: None,
        });
        Box::pin(Play {
            line: &self.line,
            what,
            begin: now,
            end,
            sleep: None,
        })
    }

    fn hang_up(&self, cause: Cause) -> PortFuture<'_, (), CallError> {
        self.line.end(cause);
        Box::pin(ready(Ok(())))
    }

    fn listening(&self, on: bool) {
        let now = self.line.clock.now();
        let mut state = self.line.lock();
        if state.listened(on, now, self.line.far_party()) {
            state.wake();
        }
    }
}

struct NextEvent<'a> {
    line: &'a Line,
    sleep: Option<(ClockTime, Sleep<'a>)>,
}

impl Future for NextEvent<'_> {
    type Output = Result<SessionEvent, CallError>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let line = self.line;
        let next_input = {
            let mut state = line.at(line.clock.now());
            if let Some(event) = state.take_event() {
                return Poll::Ready(Ok(event));
            }
            state.listen(task);
            state.next_input()
        };
        match next_input {
            None => self.sleep = None,
            Some(at) => {
                if self.sleep.as_ref().is_none_or(|(set, _)| *set != at) {
                    self.sleep = Some((at, line.clock.sleep_until(at)));
                }
                if let Some((_, sleep)) = &mut self.sleep
                    && sleep.as_mut().poll(task).is_ready()
                {
                    task.waker().wake_by_ref();
                }
            }
        }
        Poll::Pending
    }
}

struct Play<'a> {
    line: &'a Line,
    what: &'a Prompt,
    begin: ClockTime,
    end: ClockTime,
    sleep: Option<Sleep<'a>>,
}

impl Play<'_> {
    /// What became of the prompt by `now`; its own end comes before the end of the call.
    fn result(&self, state: &State, now: ClockTime) -> Option<Result<Played, CallError>> {
        if let Some((key, at)) = state.playing.as_ref().and_then(|playing| playing.cut) {
            return Some(Ok(Played::cut(at.millis_since(self.begin), key)));
        }
        let ended = state.ended.filter(|ended| ended.at < self.end);
        if let Some(ended) = ended {
            let ms = ended.at.millis_since(self.begin);
            return Some(Err(CallError::HungUp(
                HungUp::new(ended).with(Partial::Played { ms }),
            )));
        }
        (now >= self.end).then(|| Ok(Played::whole(self.end.millis_since(self.begin))))
    }
}

impl Future for Play<'_> {
    type Output = Result<Played, CallError>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let line = self.line;
        let now = line.clock.now();
        {
            let mut state = line.at(now);
            if let Some(result) = self.result(&state, now) {
                state.playing = None;
                if result.as_ref().is_ok_and(|played| played.by.is_none()) {
                    state.heard(self.what, now, line.far_party());
                }
                return Poll::Ready(result);
            }
            state.work(task);
        }
        let end = self.end;
        let sleep = self.sleep.get_or_insert_with(|| line.clock.sleep_until(end));
        if sleep.as_mut().poll(task).is_ready() {
            task.waker().wake_by_ref();
        }
        Poll::Pending
    }
}

impl Drop for Play<'_> {
    fn drop(&mut self) {
        self.line.lock().playing = None;
    }
}
