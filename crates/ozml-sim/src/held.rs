use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use ozml_session::{
    AcceptedSms, FetchAnswer, FetchError, FetchRequest, Fetcher, Messenger, OutgoingSms, PortFuture,
    SmsRefusal, SmsStates,
};

use crate::clock::{Hold, SimClock};

/// A port that waits for the real world, in a run on virtual time: while an answer is outstanding the
/// clock does not jump. The hold is released by the poll that takes the answer.
pub struct Held<P> {
    clock: SimClock,
    port: P,
}

impl<P> Held<P> {
    /// Holds `clock` while `port` works.
    pub fn new(clock: SimClock, port: P) -> Self {
        Self { clock, port }
    }

    fn hold<'a, T, E>(&'a self, operation: PortFuture<'a, T, E>) -> PortFuture<'a, T, E>
    where
        T: Send + 'a,
        E: Send + 'a,
    {
        Box::pin(HeldOperation {
            operation,
            hold: Some(self.clock.hold()),
        })
    }
}

struct HeldOperation<'a, T, E> {
    operation: PortFuture<'a, T, E>,
    hold: Option<Hold>,
}

impl<T, E> Future for HeldOperation<'_, T, E> {
    type Output = Result<T, E>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = self.operation.as_mut().poll(task);
        if polled.is_ready() {
            self.hold = None;
        }
        polled
    }
}

impl<P: Messenger> Messenger for Held<P> {
    fn send<'a>(&'a self, sms: &'a OutgoingSms) -> PortFuture<'a, AcceptedSms, SmsRefusal> {
        self.hold(self.port.send(sms))
    }

    fn states(&self) -> SmsStates {
        self.port.states()
    }
}

impl<P: Fetcher> Fetcher for Held<P> {
    fn fetch<'a>(&'a self, request: &'a FetchRequest) -> PortFuture<'a, FetchAnswer, FetchError> {
        self.hold(self.port.fetch(request))
    }
}
