//! Doing what the outbox says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ozml_session::{
    ConnectionName, Notification, Notifier, NotifyError, ReceivedSms, SmsReceiver, SmsState, SmsStatus,
};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::sleep;

use super::{Request, Runtime};
use crate::gateway::SessionId;
use crate::gateway::outbox::counters::count;
use crate::gateway::outbox::event::{Effect, LogEvent};
use crate::gateway::report;
use crate::link::LinkCommand;
use crate::smpp::lock;
use crate::store::Note;

/// Messages and reports that are handed on at once; the others wait.
const AT_ONCE: usize = 16;
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

impl Runtime {
    pub(super) fn perform(&mut self) {
        let mut commands: BTreeMap<SessionId, Vec<LinkCommand>> = BTreeMap::new();
        for effect in self.outbox.take_effects() {
            match effect {
                Effect::Submit { session, token, pdu } => {
                    let command = LinkCommand::Submit { token, pdu };
                    commands.entry(session).or_default().push(command);
                }
                Effect::Withdraw { session, token } => {
                    let command = LinkCommand::Withdraw { token };
                    commands.entry(session).or_default().push(command);
                }
                Effect::AnswerArrival {
                    session,
                    sequence,
                    taken,
                } => {
                    let command = LinkCommand::AnswerArrival { sequence, taken };
                    commands.entry(session).or_default().push(command);
                }
                Effect::Answer { asker, result } => {
                    if let Some(asker) = asker {
                        // Whoever asked may have gone: the message is accepted all the same.
                        let _ = asker.send(result);
                    }
                }
                Effect::State(status, connection) => {
                    log_state(&status, connection.as_ref());
                    self.world.states.publish(&status);
                }
                Effect::Report(notification) => self.receiving.report(notification),
                Effect::Receive(sms) => self.receiving.receive(sms),
                Effect::Rebind(session) => self.links.close(session),
                Effect::Log(event) => log(&event),
            }
        }
        for (session, commands) in commands {
            self.links.send(session, commands);
        }
    }
}

/// Ends that an operator may have to do something about are told to him, all others to who looks for a fault.
fn log_state(status: &SmsStatus, connection: Option<&ConnectionName>) {
    let SmsStatus {
        id, state, reason, ..
    } = status;
    let (connection, reason) = (connection.map(ConnectionName::as_str), reason.as_deref());
    match state {
        SmsState::Failed | SmsState::Expired | SmsState::Unknown => {
            tracing::info!(sms = %id, state = state.as_str(), connection, reason, "message");
        }
        _ => tracing::debug!(sms = %id, state = state.as_str(), connection, reason, "message"),
    }
}

fn log(event: &LogEvent) {
    match event {
        LogEvent::PossibleDuplicate { id } => {
            tracing::warn!(sms = %id, "handed over again: it may arrive twice");
        }
        LogEvent::Uncorrelated { connection, ids } => {
            tracing::warn!(
                connection,
                ids = ids.join(" "),
                "a delivery receipt speaks of no message we know"
            );
        }
        LogEvent::ReceiptBase { connection, base } => {
            tracing::info!(
                connection,
                base,
                "how this connection writes the ids in its receipts is settled"
            );
        }
        LogEvent::InvalidPdu {
            connection,
            octets,
            beginning,
        } => {
            tracing::error!(
                connection,
                octets,
                beginning = format!("{beginning:02X?}"),
                "the modem calls a PDU of ours invalid"
            );
        }
        LogEvent::Unhealthy { connection, reason } => {
            tracing::warn!(connection, reason, "gets nothing for a while")
        }
    }
}

/// Hands messages that came in, and reports, to their ports, and tries again until they are taken.
pub(super) struct Receiving {
    /// `None`: what comes in is kept.
    receiver: Option<Arc<dyn SmsReceiver>>,
    notifier: Arc<dyn Notifier>,
    requests: mpsc::WeakSender<Request>,
    permits: Arc<Semaphore>,
    lost_reports: Arc<Mutex<u64>>,
}

impl Receiving {
    pub(super) fn new(
        receiver: Option<Arc<dyn SmsReceiver>>,
        notifier: Arc<dyn Notifier>,
        requests: mpsc::WeakSender<Request>,
    ) -> Self {
        Self {
            receiver,
            notifier,
            requests,
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            lost_reports: Arc::default(),
        }
    }

    /// Reports that nobody can be told.
    pub(super) fn lost_reports(&self) -> u64 {
        *lock(&self.lost_reports)
    }

    /// Reports that were left when the gateway stopped.
    pub(super) fn report_again(&self, notes: Vec<Note>) {
        for note in notes {
            match report::read(&note) {
                Some(notification) => self.report(notification),
                None => tracing::error!(key = note.key, "a kept report cannot be read"),
            }
        }
    }

    pub(super) fn report(&self, notification: Notification) {
        let notifier = Arc::clone(&self.notifier);
        let lost = Arc::clone(&self.lost_reports);
        let key = report::note_key(&notification);
        self.until_done(Request::Reported(key), move || {
            let (notifier, notification) = (Arc::clone(&notifier), notification.clone());
            let lost = Arc::clone(&lost);
            async move {
                match notifier.notify(&notification).await {
                    Err(NotifyError::QueueFull | NotifyError::NotStored(_)) => false,
                    Ok(()) => true,
                    Err(fault) => {
                        let sms = report::sms_id(&notification);
                        tracing::warn!(sms, reason = %fault, "a delivery report is not sent");
                        count(&mut lock(&lost));
                        true
                    }
                }
            }
        });
    }

    pub(super) fn receive(&self, sms: ReceivedSms) {
        let Some(receiver) = &self.receiver else {
            tracing::debug!(sms = %sms.id, connection = %sms.connection, "a message came in and is kept");
            return;
        };
        let receiver = Arc::clone(receiver);
        self.until_done(Request::Received(sms.id.clone()), move || {
            let (receiver, sms) = (Arc::clone(&receiver), sms.clone());
            async move { receiver.receive(&sms).await.is_ok() }
        });
    }

    /// Tries with growing pauses until it is done, then tells the task.
    fn until_done<F>(&self, done: Request, mut attempt: impl FnMut() -> F + Send + 'static)
    where
        F: Future<Output = bool> + Send,
    {
        let permits = Arc::clone(&self.permits);
        let requests = self.requests.clone();
        tokio::spawn(async move {
            let mut pause = FIRST_PAUSE;
            loop {
                let permit = permits.acquire().await;
                if attempt().await {
                    break;
                }
                drop(permit);
                sleep(pause).await;
                pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
                if requests.strong_count() == 0 {
                    return;
                }
            }
            if let Some(requests) = requests.upgrade() {
                // The gateway may be closing: what is noted is handed on again then.
                let _ = requests.send(done).await;
            }
        });
    }
}
