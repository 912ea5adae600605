//! The task that sends the reports of an outbox.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use ozml_session::FetchError;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};

use super::client::Outgoing;
use super::outbox::Outbox;
use super::queue::{Action, Event, Outcome, Ticket};
use super::report::Report;

/// Most of an answer's body that is read, and how long, so that the connection serves the next report.
const MOST_READ: usize = 64 * 1024;
const READ_TIME: Duration = Duration::from_secs(1);

/// Tasks under way. Those that send know their report; those that write to the journal have none.
#[derive(Default)]
struct Tasks {
    set: JoinSet<Option<Outcome>>,
    sending: HashMap<Id, Ticket>,
}

/// Sends until the outbox is closed and the last request has ended.
pub(super) async fn drive(outbox: Arc<Outbox>) {
    let mut tasks = Tasks::default();
    loop {
        let (todo, wake) = outbox.take_todo();
        for action in todo {
            tasks.begin(&outbox, action);
        }
        if tasks.set.is_empty() && outbox.is_closed() {
            return;
        }
        tokio::select! {
            () = outbox.wake.notified() => {}
            Some(ended) = tasks.set.join_next_with_id() => tasks.ended(&outbox, ended),
            () = until(wake) => outbox.on(Event::Tick),
        }
    }
}

async fn until(wake: Option<Instant>) {
    match wake {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

impl Tasks {
    fn begin(&mut self, outbox: &Arc<Outbox>, action: Action) {
        let outbox = outbox.clone();
        match action {
            Action::Send(ticket) => {
                if let Some(report) = outbox.begin(ticket) {
                    let task = self
                        .set
                        .spawn(async move { Some(deliver(&outbox, &report).await) });
                    self.sending.insert(task.id(), ticket);
                }
            }
            Action::Delivered(ticket) => {
                if let Some(id) = outbox.delivered(ticket) {
                    self.set.spawn(async move { forget(&outbox, &id, None).await });
                }
            }
            Action::Undelivered {
                ticket,
                tries,
                reason,
            } => {
                if let Some(id) = outbox.given_up(ticket, tries, reason.clone()) {
                    self.set
                        .spawn(async move { forget(&outbox, &id, Some(&reason)).await });
                }
            }
        }
    }

    fn ended(&mut self, outbox: &Outbox, ended: Result<(Id, Option<Outcome>), JoinError>) {
        let (id, outcome) = match ended {
            Ok(ended) => ended,
            Err(fault) => {
                tracing::error!(%fault, "a report ended badly");
                (fault.id(), Some(Outcome::Again("our own fault".to_owned())))
            }
        };
        if let (Some(ticket), Some(outcome)) = (self.sending.remove(&id), outcome) {
            outbox.on(Event::Ended(ticket, outcome));
        }
    }
}

/// One try.
async fn deliver(outbox: &Outbox, report: &Report) -> Outcome {
    let request = Outgoing::post(report.url.clone(), report.body.clone());
    let answer = async {
        let opened = outbox.client.open(&request, &outbox.gate).await?;
        let status = opened.status();
        // Whatever it says, and whether it ends: the status has come.
        let _body = timeout(READ_TIME, opened.body(MOST_READ)).await;
        Ok(status)
    };
    let total = outbox.client.config().limits.fetch_total;
    let answer = timeout(total, answer).await.unwrap_or(Err(FetchError::Timeout));
    match answer {
        Ok(status) => judge(status),
        Err(fault @ (FetchError::Forbidden { .. } | FetchError::Unavailable)) => {
            Outcome::Never(fault.to_string())
        }
        Err(fault) => Outcome::Again(fault.to_string()),
    }
}

fn judge(status: u16) -> Outcome {
    match status {
        200..300 => Outcome::Delivered,
        408 | 425 | 429 | 500.. => Outcome::Again(format!("status {status}")),
        _ => Outcome::Never(format!("status {status}")),
    }
}

/// Takes a report out of the journal. If that fails it is sent once more after the next start.
async fn forget(outbox: &Outbox, id: &str, given_up: Option<&str>) -> Option<Outcome> {
    let forgotten = match given_up {
        None => outbox.journal.done(id).await,
        Some(reason) => outbox.journal.undelivered(id, reason).await,
    };
    if let Err(fault) = forgotten {
        tracing::error!(%id, %fault, "a report stays in the journal");
    }
    None
}
