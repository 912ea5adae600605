use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

/// Polls a future and catches a panic of any poll; after it the future must only be dropped.
pub(crate) struct Guarded<'a, T>(pub(crate) Pin<Box<dyn Future<Output = T> + Send + 'a>>);

/// What a panic said.
pub(crate) struct Panicked(pub(crate) String);

impl<T> Future for Guarded<'_, T> {
    type Output = Result<T, Panicked>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(task)));
        match polled {
            Ok(poll) => poll.map(Ok),
            Err(payload) => {
                let text = payload
                    .downcast_ref::<&str>()
                    .map(|text| (*text).to_owned())
                    .or_else(|| payload.downcast_ref::<String>().cloned())
                    .unwrap_or_else(|| "no message".to_owned());
                Poll::Ready(Err(Panicked(text)))
            }
        }
    }
}
