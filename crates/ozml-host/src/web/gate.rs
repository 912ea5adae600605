//! How many requests there are at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ozml_session::FetchError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Lets so many requests pass at once, and so many of them to one host; the others wait.
#[derive(Debug)]
pub(super) struct Gate {
    all: Arc<Semaphore>,
    per_host: usize,
    /// Hosts with requests that pass or wait.
    hosts: Mutex<BTreeMap<String, Arc<Semaphore>>>,
}

/// Room for one request, until it is dropped.
#[derive(Debug)]
pub(super) struct Pass {
    _of_host: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl Gate {
    pub(super) fn new(all: usize, per_host: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(all.min(Semaphore::MAX_PERMITS))),
            per_host: per_host.min(Semaphore::MAX_PERMITS),
            hosts: Mutex::default(),
        }
    }

    /// Waits for room. What waits for a slow host takes no room from others.
    pub(super) async fn enter(&self, host: &str) -> Result<Pass, FetchError> {
        let closed = |_| FetchError::Unavailable;
        let _of_host = self.of_host(host).acquire_owned().await.map_err(closed)?;
        let _of_all = self.all.clone().acquire_owned().await.map_err(closed)?;
        Ok(Pass { _of_host, _of_all })
    }

    fn of_host(&self, host: &str) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        // Who passes or waits has a count of its own.
        hosts.retain(|_, of_host| Arc::strong_count(of_host) > 1);
        hosts
            .entry(host.to_owned())
            .or_insert_with(|| Arc::new(Semaphore::new(self.per_host)))
            .clone()
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn passes(gate: &Gate, host: &str) -> Option<Pass> {
        match pin!(gate.enter(host)).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(pass) => pass.ok(),
            Poll::Pending => None,
        }
    }

    #[test]
    fn a_full_host_waits_and_takes_no_room_from_others() {
        let gate = Gate::new(3, 2);
        let first = passes(&gate, "a").unwrap();
        let _second = passes(&gate, "a").unwrap();
        assert!(passes(&gate, "a").is_none());
        let _third = passes(&gate, "b").unwrap();
        assert!(passes(&gate, "c").is_none(), "three in all");
        drop(first);
        assert!(passes(&gate, "a").is_some());
        assert!(passes(&gate, "c").is_some());
    }

    #[test]
    fn hosts_without_requests_are_forgotten() {
        let gate = Gate::new(3, 2);
        for host in 0..100 {
            drop(passes(&gate, &host.to_string()).unwrap());
        }
        assert!(gate.hosts.lock().unwrap().len() <= 1);
    }
}
