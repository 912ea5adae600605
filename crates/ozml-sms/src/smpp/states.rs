//! Telling the states of messages to whoever listens, in bounded memory.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use ozml_session::{SmsStates, SmsStatus};

/// States that are not final, kept for a reader who does not keep up; more are left out.
const MAX_BACKLOG: usize = 1_024;
/// Final states kept for such a reader; with more its stream ends.
const MAX_FINAL_BACKLOG: usize = 262_144;

/// Where states are told and heard.
#[derive(Debug, Default)]
pub(crate) struct StateHub(Mutex<Readers>);

#[derive(Debug, Default)]
struct Readers {
    queues: Vec<Weak<Mutex<Queue>>>,
    closed: bool,
}

impl StateHub {
    /// The states from now on.
    pub(crate) fn subscribe(&self) -> SmsStates {
        let mut readers = lock(&self.0);
        let queue = Arc::new(Mutex::new(Queue {
            closed: readers.closed,
            ..Queue::default()
        }));
        readers.queues.push(Arc::downgrade(&queue));
        Box::pin(Reader(queue))
    }

    /// Tells every reader; readers that are gone are forgotten.
    pub(crate) fn publish(&self, status: &SmsStatus) {
        self.for_each(|queue| queue.push(status));
    }

    /// Ends every stream once it is read to its end.
    pub(crate) fn close(&self) {
        lock(&self.0).closed = true;
        self.for_each(|queue| queue.closed = true);
    }

    fn for_each(&self, mut tell: impl FnMut(&mut Queue)) {
        lock(&self.0).queues.retain(|queue| {
            let Some(queue) = queue.upgrade() else {
                return false;
            };
            let mut queue = lock(&queue);
            tell(&mut queue);
            let waker = queue.waker.take();
            let open = !queue.closed;
            drop(queue);
            if let Some(waker) = waker {
                waker.wake();
            }
            open
        });
    }
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<SmsStatus>,
    waker: Option<Waker>,
    closed: bool,
}

impl Queue {
    fn push(&mut self, status: &SmsStatus) {
        let backlog = self.waiting.len();
        if backlog >= MAX_FINAL_BACKLOG {
            self.closed = true;
        } else if status.state.is_final() || backlog < MAX_BACKLOG {
            self.waiting.push_back(status.clone());
        }
    }
}

struct Reader(Arc<Mutex<Queue>>);

impl Stream for Reader {
    type Item = SmsStatus;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<SmsStatus>> {
        let mut queue = lock(&self.0);
        match queue.waiting.pop_front() {
            Some(status) => Poll::Ready(Some(status)),
            None if queue.closed => Poll::Ready(None),
            None => {
                queue.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// What a lock guards here is whole at every moment: a panic elsewhere does not spoil it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ozml_session::{MessageId, SmsState};

    fn status(state: SmsState) -> SmsStatus {
        SmsStatus::new(MessageId::new("m").unwrap(), state)
    }

    fn read(states: &mut SmsStates) -> Poll<Option<SmsState>> {
        let poll = states.as_mut().poll_next(&mut Context::from_waker(Waker::noop()));
        poll.map(|status| status.map(|status| status.state))
    }

    #[test]
    fn every_reader_hears_what_comes_after_it() {
        let hub = StateHub::default();
        let mut early = hub.subscribe();
        hub.publish(&status(SmsState::Sent));
        let mut late = hub.subscribe();
        hub.publish(&status(SmsState::Delivered));
        hub.close();
        assert_eq!(read(&mut early), Poll::Ready(Some(SmsState::Sent)));
        for states in [&mut early, &mut late, &mut hub.subscribe()].into_iter().take(2) {
            assert_eq!(read(states), Poll::Ready(Some(SmsState::Delivered)));
            assert_eq!(read(states), Poll::Ready(None));
        }
        assert_eq!(read(&mut hub.subscribe()), Poll::Ready(None));
    }

    #[test]
    fn a_slow_reader_loses_what_is_not_final_first() {
        let hub = StateHub::default();
        let mut states = hub.subscribe();
        for _ in 0..2 * MAX_BACKLOG {
            hub.publish(&status(SmsState::Sent));
        }
        hub.publish(&status(SmsState::Failed));
        let mut heard = Vec::new();
        while let Poll::Ready(Some(state)) = read(&mut states) {
            heard.push(state);
        }
        assert_eq!(
            (heard.len(), heard.last()),
            (MAX_BACKLOG + 1, Some(&SmsState::Failed))
        );
        for _ in 0..=MAX_FINAL_BACKLOG {
            hub.publish(&status(SmsState::Failed));
        }
        assert_eq!(
            std::iter::from_fn(|| match read(&mut states) {
                Poll::Ready(state) => state,
                Poll::Pending => None,
            })
            .count(),
            MAX_FINAL_BACKLOG
        );
        assert_eq!(read(&mut states), Poll::Ready(None));
    }

    #[test]
    fn readers_that_are_gone_are_forgotten() {
        let hub = StateHub::default();
        drop(hub.subscribe());
        hub.publish(&status(SmsState::Sent));
        assert!(lock(&hub.0).queues.is_empty());
    }
}
