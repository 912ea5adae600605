//! The port `Notifier` on the real web.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use ozml_session::{Clock, FetchError, Notification, Notifier, NotifyError, PortFuture};
use tokio::task::JoinHandle;

use super::deliver::drive;
use super::fetcher::WebFetcher;
use super::journal::{JournalError, NotificationJournal};
use super::outbox::{Outbox, Reserve};
use super::report::Report;
use crate::SystemClock;

/// The port [`Notifier`] over HTTP and HTTPS, with the address rules, limits and secrets of its
/// [`WebFetcher`].
///
/// A report is delivered at least once: after an answer that was lost, or a restart between an answer and the
/// journal, it is sent again. Status 2xx is success; 408, 425, 429, 5xx and no answer are tried again after 5 s, 30 s,
/// 2 min, 10 min, 1 h, 4 h and 12 h; every other status is final. What the answer says is not read.
///
/// A clone is the same notifier. When the last one is dropped, nothing more is sent; what is queued stays in the
/// journal.
#[derive(Clone)]
pub struct WebNotifier(Arc<Inner>);

struct Inner {
    outbox: Arc<Outbox>,
    driver: Mutex<Option<JoinHandle<()>>>,
}

/// A report that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Undelivered {
    /// The effect and the name of the report.
    pub id: String,
    /// Its name, such as `SMSDeliveryReport`.
    pub name: String,
    /// Where it should have gone, without the query.
    pub url: String,
    /// How often it was tried.
    pub tries: usize,
    /// Why the last try failed, or why there was none.
    pub reason: String,
}

/// How reports fared since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct NotifierCounts {
    /// Reports that are neither delivered nor given up, now.
    pub queued: usize,
    /// Reports that were delivered.
    pub delivered: u64,
    /// Reports that were given up.
    pub undelivered: u64,
    /// Requests that were made.
    pub tries: u64,
    /// Entries of the journal that could not be read at the start. They stay there.
    pub unreadable: u64,
}

impl WebNotifier {
    /// Most reports of [`undelivered`](Self::undelivered); the oldest are forgotten first.
    pub const MOST_UNDELIVERED: usize = 1000;

    /// Begins to send, first what the journal has kept. Needs a tokio runtime with I/O and time.
    pub async fn start(
        web: &WebFetcher,
        journal: impl NotificationJournal + 'static,
    ) -> Result<Self, JournalError> {
        let outbox = Arc::new(Outbox::new(web.client().clone(), Box::new(journal)));
        outbox.reload().await?;
        let driver = tokio::spawn(drive(outbox.clone()));
        Ok(Self(Arc::new(Inner {
            outbox,
            driver: Mutex::new(Some(driver)),
        })))
    }

    /// Takes and begins nothing more, and waits for the requests under way: no longer than the limit
    /// `fetch_total`.
    pub async fn close(&self) {
        self.0.outbox.close();
        let driver = self.0.lock().take();
        if let Some(driver) = driver
            && let Err(fault) = driver.await
        {
            tracing::error!(%fault, "the sender of reports ended badly");
        }
    }

    /// The reports that were given up last, oldest first.
    pub fn undelivered(&self) -> VecDeque<Undelivered> {
        self.0.outbox.undelivered()
    }

    /// Counts for health and metrics.
    pub fn counts(&self) -> NotifierCounts {
        self.0.outbox.counts()
    }

    async fn queue(&self, what: &Notification) -> Result<(), NotifyError> {
        let outbox = &self.0.outbox;
        outbox.client.admit(&what.url).map_err(refused)?;
        let report = Report::of(what, SystemClock::new().wall());
        let (id, written) = (report.id.clone(), report.write());
        let reserved = match outbox.reserve(report)? {
            Reserve::Reserved(reserved) => reserved,
            Reserve::IsQueued => return Ok(()),
        };
        let kept = outbox.journal.keep(&id, &written).await;
        kept.map_err(|fault| NotifyError::NotStored(fault.to_string()))?;
        reserved.kept();
        Ok(())
    }
}

fn refused(fault: FetchError) -> NotifyError {
    match fault {
        FetchError::Forbidden { rule } => NotifyError::Forbidden { rule },
        _ => NotifyError::Unavailable,
    }
}

impl Notifier for WebNotifier {
    fn notify<'a>(&'a self, what: &'a Notification) -> PortFuture<'a, (), NotifyError> {
        Box::pin(self.queue(what))
    }
}

impl Inner {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<JoinHandle<()>>> {
        self.driver.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(driver) = self.lock().take() {
            driver.abort();
        }
    }
}

impl fmt::Debug for WebNotifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WebNotifier").field(&self.counts()).finish()
    }
}
