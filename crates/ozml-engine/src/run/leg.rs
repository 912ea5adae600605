use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use ozml_session::{
    CallError, CallSession, Cause, Clock, ClockTime, Ended, EndedBy, PortFuture, SessionEvent,
};

use super::digit_buffer::DigitBuffer;

pub(super) type Sleep<'p> = Pin<Box<dyn Future<Output = ()> + Send + 'p>>;

/// How long an operation may take to notice the end of its call before it is dropped.
const GRACE: Duration = Duration::from_secs(1);
/// How long the session may take to tell the far end that we hung up.
const HANG_UP_TIME: Duration = Duration::from_secs(2);

/// Our leg of the call: its one event reader, its keys and its end.
pub(crate) struct Leg<'p> {
    pub(crate) session: &'p dyn CallSession,
    clock: &'p dyn Clock,
    pub(crate) started: ClockTime,
    pub(crate) keys: DigitBuffer,
    ended: Option<Ended>,
    reading: bool,
    event: Option<PortFuture<'p, SessionEvent, CallError>>,
    hang_up: Option<(PortFuture<'p, (), CallError>, Sleep<'p>)>,
    ours: Option<(EndedBy, Cause)>,
    grace: Grace<'p>,
    told: bool,
    held: Option<ClockTime>,
    held_before_ms: u64,
}

/// The time an operation has to notice the end of its call.
enum Grace<'p> {
    NotBegun,
    Running(Sleep<'p>),
    Over,
}

impl<'p> Leg<'p> {
    pub(crate) fn new(session: &'p dyn CallSession, clock: &'p dyn Clock) -> Self {
        Self {
            session,
            clock,
            started: clock.now(),
            keys: DigitBuffer::default(),
            ended: None,
            reading: true,
            event: None,
            hang_up: None,
            ours: None,
            grace: Grace::NotBegun,
            told: false,
            held: None,
            held_before_ms: 0,
        }
    }

    /// The next event that is ready now. The future of one that is not is kept.
    pub(crate) fn poll_event(&mut self, task: &mut Context<'_>) -> Option<Result<SessionEvent, CallError>> {
        if !self.reading {
            return None;
        }
        let session = self.session;
        let event = self.event.get_or_insert_with(|| session.next_event());
        let Poll::Ready(event) = event.as_mut().poll(task) else {
            return None;
        };
        self.event = None;
        match &event {
            Ok(SessionEvent::Ended(ended)) => {
                self.end(*ended);
                self.reading = false;
                self.told = true;
            }
            Err(_) => self.reading = false,
            Ok(_) => {}
        }
        Some(event)
    }

    /// The far end put us on hold, or took us back. Told twice it is the same.
    pub(crate) fn hold(&mut self, on: bool) {
        let now = self.clock.now();
        match (on, self.held) {
            (true, None) => self.held = Some(now),
            (false, Some(_)) => {
                self.held_before_ms = self.held_ms();
                self.held = None;
            }
            _ => {}
        }
    }

    /// Whether the far end holds the call: it hears nothing and can press no keys.
    pub(crate) fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// How long the call has been held in all, in milliseconds.
    pub(crate) fn held_ms(&self) -> u64 {
        let now = self.held.map_or(0, |since| self.clock.now().millis_since(since));
        self.held_before_ms.saturating_add(now)
    }

    /// What an operation said about the end of its call; the event still follows.
    pub(crate) fn end(&mut self, ended: Ended) {
        self.ended.get_or_insert(ended);
    }

    /// Whether nothing more is to begin on this call: it has ended, or we are ending it.
    pub(crate) fn is_over(&self) -> bool {
        self.ours.is_some() || self.ended().is_some()
    }

    /// Whether the end of the call is certain and the session has not told it; true once.
    pub(crate) fn take_untold_end(&mut self) -> bool {
        let untold = self.ended().is_some() && !self.told;
        self.told |= untold;
        untold
    }

    /// Forgets every future of the session: one of them broke down and must not be polled again.
    pub(crate) fn abandon(&mut self) {
        self.event = None;
        self.reading = false;
        self.hang_up = None;
        self.grace = Grace::Over;
    }

    /// How the call ended, if it has.
    pub(crate) fn ended(&self) -> Option<Ended> {
        self.ended.or_else(|| self.session.ended())
    }

    /// Begins to end the call, unless it has ended or somebody has begun already.
    pub(crate) fn begin_hang_up(&mut self, by: EndedBy, cause: Cause) {
        if !self.is_over() {
            self.ours = Some((by, cause));
            let limit = self.clock.sleep_until(self.clock.now().after(HANG_UP_TIME));
            self.hang_up = Some((self.session.hang_up(cause), limit));
        }
    }

    /// Whether a hang-up that was begun is through; true when none was. The session's answer, once.
    pub(crate) fn poll_hang_up(&mut self, task: &mut Context<'_>) -> (bool, Option<Result<(), CallError>>) {
        let Some((operation, limit)) = &mut self.hang_up else {
            return (true, None);
        };
        let answer = match operation.as_mut().poll(task) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending if limit.as_mut().poll(task).is_ready() => None,
            Poll::Pending => return (false, None),
        };
        self.hang_up = None;
        self.assume_end();
        (true, answer)
    }

    /// We hung up and had the session's answer, or waited long enough for it: the call is over for us,
    /// whatever the session still says.
    fn assume_end(&mut self) {
        if let (Some((by, cause)), None) = (self.ours, self.ended()) {
            self.ended = Some(Ended::new(by, cause, self.clock.now()));
        }
    }

    /// Whether an operation had its time to notice the end of the call.
    pub(crate) fn poll_grace(&mut self, task: &mut Context<'_>) -> bool {
        if !self.is_over() {
            return false;
        }
        let clock = self.clock;
        if matches!(self.grace, Grace::NotBegun) {
            self.grace = Grace::Running(clock.sleep_until(clock.now().after(GRACE)));
        }
        if let Grace::Running(sleep) = &mut self.grace
            && sleep.as_mut().poll(task).is_ready()
        {
            self.grace = Grace::Over;
        }
        matches!(self.grace, Grace::Over)
    }

    /// The end of the call as the trace tells it: who ended it is what we know better than the session.
    pub(crate) fn final_end(&self) -> Ended {
        let seen = self.ended();
        match (self.ours, seen) {
            (Some((by, cause)), seen) => {
                Ended::new(by, cause, seen.map_or_else(|| self.clock.now(), |ended| ended.at))
            }
            (None, Some(ended)) => ended,
            (None, None) => Ended::new(EndedBy::Host, Cause::Error, self.clock.now()),
        }
    }
}
