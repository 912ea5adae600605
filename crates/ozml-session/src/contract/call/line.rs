use std::future::poll_fn;
use std::task::{Context, Poll};

use super::{FarEnd, OfferedCall};
use crate::contract::Step;
use crate::{CallError, CallSession, Ended, Key, Partial, PortFuture, SessionEvent};

/// A call of which the suite reads the events as the executor does: one future, kept until it resolves,
/// polled before and after the operation that runs beside it.
pub(super) struct Line<'s> {
    pub(super) session: &'s dyn CallSession,
    pub(super) far: &'s dyn FarEnd,
    next: Option<PortFuture<'s, SessionEvent, CallError>>,
    events: Vec<SessionEvent>,
}

impl<'s> Line<'s> {
    pub(super) fn new(call: &'s OfferedCall) -> Self {
        Self {
            session: &*call.session,
            far: &*call.far,
            next: None,
            events: Vec::new(),
        }
    }

    /// The same, answered.
    pub(super) async fn answered(call: &'s OfferedCall) -> Self {
        let line = Self::new(call);
        line.session.answer().await.expect("an incoming call is answered");
        line
    }

    /// Runs an operation while the far end does something. Keys in the result are events by the time the
    /// operation resolves: the executor takes what is ready then and no more.
    pub(super) async fn during<T>(
        &mut self,
        mut operation: PortFuture<'_, T, CallError>,
        mut far: Step<'_>,
    ) -> (Result<T, CallError>, String) {
        let (mut result, mut acts) = (None, true);
        poll_fn(|task| {
            self.take_events(task);
            if result.is_none()
                && let Poll::Ready(outcome) = operation.as_mut().poll(task)
            {
                self.take_events(task);
                let fault = outcome.as_ref().err();
                assert!(
                    fault.is_none_or(|fault| matches!(fault, CallError::HungUp(_))),
                    "the operation fails: {fault:?}"
                );
                result = Some((outcome, self.told()));
            }
            acts = acts && far.as_mut().poll(task).is_pending();
            match result.take_if(|_| !acts) {
                Some(result) => Poll::Ready(result),
                None => Poll::Pending,
            }
        })
        .await
    }

    /// Waits until so many events have come in all; what was told then.
    pub(super) async fn events(&mut self, count: usize) -> String {
        poll_fn(|task| {
            self.take_events(task);
            if self.events.len() < count {
                Poll::Pending
            } else {
                Poll::Ready(self.told())
            }
        })
        .await
    }

    /// All events so far: each key, and `!` for the end.
    pub(super) fn told(&self) -> String {
        let letter = |event: &SessionEvent| match event {
            SessionEvent::Key { key, .. } => key.as_char(),
            SessionEvent::Ended(_) => '!',
            _ => '?',
        };
        self.events.iter().map(letter).collect()
    }

    /// The end as its event told it, which must be the last one and the one that sticks.
    pub(super) async fn end(&mut self) -> Ended {
        let ended = loop {
            match self.events.last() {
                Some(SessionEvent::Ended(ended)) => break *ended,
                _ => self.events(self.events.len() + 1).await,
            };
        };
        assert_eq!(self.session.ended(), Some(ended), "the end is sticky");
        let times = self.events.iter().filter_map(|event| match event {
            SessionEvent::Key { at, .. } => Some(*at),
            _ => None,
        });
        assert!(
            times.chain([ended.at]).is_sorted(),
            "events come in the order of their times: {:?}",
            self.events
        );
        ended
    }

    fn take_events(&mut self, task: &mut Context<'_>) {
        let over = |event: &SessionEvent| matches!(event, SessionEvent::Ended(_));
        while !self.events.last().is_some_and(over) {
            let session = self.session;
            let next = self.next.get_or_insert_with(|| session.next_event());
            let Poll::Ready(event) = next.as_mut().poll(task) else {
                return;
            };
            self.next = None;
            self.events.push(event.expect("events do not fail"));
        }
    }
}

/// What a prompt says that the end of the call stopped: the end, and how much was heard.
pub(super) fn stopped_by_the_end<T: std::fmt::Debug>(result: Result<T, CallError>) -> (Ended, u64) {
    match result {
        Err(CallError::HungUp(end)) => match end.partial {
            Some(Partial::Played { ms }) => (end.ended, ms),
            other => panic!("a stopped prompt tells how much was heard, not {other:?}"),
        },
        other => panic!("the end of the call ends the prompt, not {other:?}"),
    }
}

/// The keys of a text.
pub(super) fn keys(text: &str) -> Vec<Key> {
    let key = |c| Key::new(c).expect("the suite's own keys are keys");
    text.chars().map(key).collect()
}
