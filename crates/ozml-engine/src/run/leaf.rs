//! The leaves of a run: the only places where it waits. One rule for each kind of operation.
//!
//! Every poll takes all ready events first, then polls the operation; when that is ready it takes the
//! events once more and returns the result. Only while it is pending the end of the call is looked at.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use ozml_session::{CallError, Cause, ClockTime, EndedBy, Key, PortFuture, SessionEvent};

use super::cx::RunCx;
use super::digit_buffer::Waiting;
use super::outcome::{Failure, Stop};
use super::port_answers;
use crate::run::LimitReached;
use crate::trace::TraceKind;

impl<'p> RunCx<'p> {
    /// An operation on the call: the session ends it when the call ends. `done` records a success before
    /// the events that come with it.
    pub(crate) async fn call_operation<T>(
        &mut self,
        name: &'static str,
        mut operation: PortFuture<'_, T, CallError>,
        describe: fn(&Self, &Result<T, CallError>) -> serde_json::Value,
        done: impl Fn(&mut Self),
    ) -> Result<T, Stop> {
        poll_fn(|task| {
            self.take_events(task);
            if let Poll::Ready(result) = operation.as_mut().poll(task) {
                if self.trace.is_full() {
                    self.record_port(name, describe(self, &result));
                }
                if result.is_ok() {
                    done(self);
                }
                self.take_events(task);
                return Poll::Ready(result.map_err(|fault| self.call_fault(fault)));
            }
            self.poll_guards(task);
            if self.leg.as_mut().is_some_and(|leg| leg.poll_grace(task)) {
                return Poll::Ready(Err(Stop::HungUp { partial: None }));
            }
            Poll::Pending
        })
        .await
    }

    /// A wait: dropped at once when the call ends or a key comes that somebody listens for. For verbs that
    /// wait for a port of their own; `describe` tells a full trace what came.
    pub async fn wait_for<T, E>(
        &mut self,
        name: &'static str,
        mut operation: PortFuture<'_, T, E>,
        describe: fn(&Result<T, E>) -> serde_json::Value,
    ) -> Result<Result<T, E>, Stop> {
        poll_fn(|task| {
            let polled = self.poll_wait(task, |task| operation.as_mut().poll(task));
            if let Poll::Ready(Ok(result)) = &polled
                && self.trace.is_full()
            {
                self.record_port(name, describe(result));
            }
            polled
        })
        .await
    }

    /// The same for what no key cuts, such as a request to a web server.
    pub(crate) async fn wait_uncut<T, E>(
        &mut self,
        name: &'static str,
        operation: PortFuture<'_, T, E>,
        describe: fn(&Result<T, E>) -> serde_json::Value,
    ) -> Result<Result<T, E>, Stop> {
        let stop_on = std::mem::take(&mut self.stop_on);
        let result = self.wait_for(name, operation, describe).await;
        self.stop_on = stop_on;
        result
    }

    pub(crate) async fn sleep(&mut self, time: Duration) -> Result<(), Stop> {
        let clock = self.ports.clock();
        let mut timer = clock.sleep_until(clock.now().after(time));
        poll_fn(|task| self.poll_wait(task, |task| timer.as_mut().poll(task))).await
    }

    fn poll_wait<T>(
        &mut self,
        task: &mut Context<'_>,
        mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<Result<T, Stop>> {
        self.take_events(task);
        if let Poll::Ready(result) = poll(task) {
            self.take_events(task);
            return Poll::Ready(Ok(result));
        }
        self.poll_guards(task);
        if self.is_over() {
            // An end that we caused just now is told before the wait is over.
            self.take_events(task);
            Poll::Ready(Err(Stop::HungUp { partial: None }))
        } else if self.key_waits() {
            Poll::Ready(Err(Stop::Cut))
        } else {
            Poll::Pending
        }
    }

    /// An effect: never dropped, it runs to its outcome under its own limit. For verbs that act through a
    /// port of their own; `describe` tells a full trace what came.
    pub async fn effect<T, E>(
        &mut self,
        name: &'static str,
        mut operation: PortFuture<'_, T, E>,
        describe: fn(&Result<T, E>) -> serde_json::Value,
    ) -> Result<T, E> {
        poll_fn(|task| {
            self.take_events(task);
            let polled = operation.as_mut().poll(task);
            match &polled {
                Poll::Ready(result) => {
                    if self.trace.is_full() {
                        self.record_port(name, describe(result));
                    }
                    self.take_events(task);
                }
                Poll::Pending => self.poll_guards(task),
            }
            polled
        })
        .await
    }

    /// Takes the events that are ready now, then looks at the end of the call.
    pub(crate) async fn look_around(&mut self) -> Result<(), Stop> {
        poll_fn(|task| {
            self.take_events(task);
            self.poll_guards(task);
            self.take_events(task);
            Poll::Ready(())
        })
        .await;
        if self.is_over() {
            Err(Stop::HungUp { partial: None })
        } else {
            Ok(())
        }
    }

    /// Waits until a hang-up that was begun is through.
    pub(crate) async fn await_hang_up(&mut self) {
        poll_fn(|task| {
            self.take_events(task);
            if self.poll_hang_up(task) {
                self.take_events(task);
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    pub(super) fn take_events(&mut self, task: &mut Context<'_>) {
        while let Some(event) = self.leg.as_mut().and_then(|leg| leg.poll_event(task)) {
            if self.trace.is_full() {
                let answer = port_answers::event(&event, |key| self.key_shown(key));
                self.record_port("session.next_event", answer);
            }
            match event {
                Ok(SessionEvent::Key { key, at }) => self.key_pressed(key, at),
                Ok(SessionEvent::Held) => self.held(true),
                Ok(SessionEvent::Released) => self.held(false),
                Ok(SessionEvent::Ended(_)) => self.record_leg(TraceKind::LegState {
                    state: "ended".into(),
                }),
                Ok(_) => {}
                Err(fault) => {
                    let _ = self.call_fault(fault);
                }
            }
        }
    }

    fn key_pressed(&mut self, key: Key, at: ClockTime) {
        let shown = self.key_shown(key);
        self.record_leg(TraceKind::KeyPressed { key: shown });
        let waiting = Waiting { key, at, shown };
        if self.leg.as_mut().is_some_and(|leg| !leg.keys.push(waiting)) {
            self.warn("keys-lost", "64 keys wait unread, this one is lost");
        }
    }

    fn held(&mut self, on: bool) {
        self.record_leg(if on { TraceKind::Held } else { TraceKind::Released });
        if let Some(leg) = &mut self.leg {
            leg.hold(on);
        }
    }

    /// The longest duration of the run, an end from outside, and a hang-up that we began.
    pub(super) fn poll_guards(&mut self, task: &mut Context<'_>) {
        if !self.is_over() {
            if poll_timer(&mut self.deadline, task) {
                self.deadline = None;
                self.ended_by_limit = true;
                let limit = LimitReached::new("call_duration", self.limits.call_duration.as_secs());
                self.reached(limit);
                self.begin_end(EndedBy::Limit, Cause::Limit);
            } else if let Some(cause) = self.control.and_then(|control| control.poll(task)) {
                self.begin_end(EndedBy::Host, cause);
            }
        }
        self.poll_hang_up(task);
    }

    /// Begins to end the run: by hanging up, where there is a call.
    pub(super) fn begin_end(&mut self, by: EndedBy, cause: Cause) {
        match &mut self.leg {
            Some(leg) => leg.begin_hang_up(by, cause),
            None => self.stopped = true,
        }
    }

    fn poll_hang_up(&mut self, task: &mut Context<'_>) -> bool {
        let Some(leg) = &mut self.leg else { return true };
        let (through, answer) = leg.poll_hang_up(task);
        if let Some(answer) = answer {
            if self.trace.is_full() {
                self.record_port("session.hang_up", port_answers::done(&answer));
            }
            if let Err(fault) = answer {
                self.warn("hang-up-failed", &fault.to_string());
            }
        }
        through
    }

    /// What a failed operation on the call means for the run.
    pub(crate) fn call_fault(&mut self, fault: CallError) -> Stop {
        match fault {
            CallError::HungUp(end) => {
                if let Some(leg) = &mut self.leg {
                    leg.end(end.ended);
                }
                Stop::HungUp {
                    partial: end.partial.map(Box::new),
                }
            }
            CallError::Transport(_) | CallError::Protocol(_) | CallError::Denied => {
                self.failures = self.failures.saturating_add(1);
                self.warn("call-lost", &fault.to_string());
                self.begin_end(EndedBy::Host, Cause::Error);
                Stop::HungUp { partial: None }
            }
            CallError::Unsupported { .. } | CallError::BadState { .. } => {
                Failure::new(303, fault.to_string()).into()
            }
            CallError::Media(_) => Failure::new(302, fault.to_string()).into(),
            _ => Failure::new(907, fault.to_string()).into(),
        }
    }
}

fn poll_timer(
    timer: &mut Option<Pin<Box<dyn Future<Output = ()> + Send + '_>>>,
    task: &mut Context<'_>,
) -> bool {
    timer
        .as_mut()
        .is_some_and(|timer| timer.as_mut().poll(task).is_ready())
}
