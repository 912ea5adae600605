//! The Messenger port over one SMPP session.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ozml_session::{
    AcceptedSms, Ids, Messenger, OutgoingSms, PortFuture, SmsRefusal, SmsState, SmsStates, SmsStatus,
};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use super::bind::{Bind, BindMode};
use super::connect::{ConnectError, Connection, TlsRoots, connect};
use super::event::Closed;
use super::frame::DEFAULT_MAX_LENGTH;
use super::ledger::{Ledger, Limits, Submission};
use super::ledger_traffic::{Channels, Command, LedgerTraffic, Shared};
use super::requests::Window;
use super::session::{Session, SessionConfig};
use super::states::lock;
use super::submit::{References, SubmitOptions};
use super::tcp;
use super::timers::{Timers, after};
use super::url::{SmppUrl, authority};
use crate::stream::millis_since;

/// Messages that may wait for the task; the next sender waits until one is taken.
const COMMANDS: usize = 1_024;
const BOUND_AS_RECEIVER: &str =
    "the connection is bound as a receiver and cannot send: bind as a transceiver";

/// Everything about one connection to a message centre.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SmppConfig {
    /// A name or an address.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// Whether and with which certificates TLS is used.
    pub tls: Option<TlsRoots>,
    /// Who binds, and as what.
    pub bind: Bind,
    /// Most submits without an answer.
    pub window: Window,
    /// How long to wait for what.
    pub timers: Timers,
    /// How the centre wants its messages.
    pub submit: SubmitOptions,
    /// Bounds of what is remembered.
    pub limits: Limits,
    /// Most octets of a PDU that comes in.
    pub max_length: usize,
}

impl SmppConfig {
    /// What an address says: a transceiver with the usual window, timers and limits; the system's
    /// certificates for `smpps://`; an address without a password binds without one.
    pub fn new(url: &SmppUrl) -> Self {
        let password = url.password.clone().unwrap_or_default();
        Self {
            host: url.host.clone(),
            port: url.port,
            tls: url.tls.then(TlsRoots::default),
            bind: Bind::new(BindMode::Transceiver, url.system_id.clone(), password),
            window: Window::default(),
            timers: Timers::default(),
            submit: SubmitOptions::default(),
            limits: Limits::default(),
            max_length: DEFAULT_MAX_LENGTH,
        }
    }

    /// Connects; the session is still to be opened.
    pub(crate) async fn connect(&self) -> Result<Connection, ConnectError> {
        let address = authority(&self.host, self.port);
        let place = (self.host.as_str(), self.port, address.as_str());
        connect(place, self.tls.as_ref(), &self.timers).await
    }

    /// What a session of this connection needs to know.
    pub(crate) fn session(&self) -> SessionConfig {
        SessionConfig {
            window: self.window,
            timers: self.timers.clone(),
            max_length: self.max_length,
            ..SessionConfig::new(self.bind.clone())
        }
    }
}

/// What a connection counted so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct MessengerCounters {
    /// Answers to nothing we asked: late, doubled, or of another kind than the request.
    pub unmatched_answers: u64,
    /// Requests with a command we do not know.
    pub unknown_commands: u64,
    /// `deliver_sm` with a body that ends too early.
    pub unreadable: u64,
    /// Receipts whose message was never found.
    pub uncorrelated_receipts: u64,
    /// Messages, not receipts, that came in. Nobody takes them yet: each is answered RX_T_APPN, so that
    /// the centre keeps it, and counts again when the centre repeats it.
    pub incoming: u64,
}

/// Sends messages over one SMPP session. A message that waits longer for its turn than the timers'
/// `queue` is refused with [`SmsRefusal::QueueFull`]; a messenger bound as a receiver refuses all. A session that ends is not bound again: from then on every
/// send is refused with the reason, and the streams of states end.
///
/// Dropping the messenger ends the session in good order in the background.
pub struct SmppMessenger {
    commands: mpsc::Sender<Command>,
    close: watch::Sender<bool>,
    closed: watch::Receiver<Option<Closed>>,
    references: Mutex<References>,
    submit: SubmitOptions,
    mode: BindMode,
    /// The moment the session's times count from.
    started: Instant,
    /// How long a message may wait for its turn.
    queue: Duration,
    ids: Arc<dyn Ids>,
    shared: Arc<Shared>,
}

impl SmppMessenger {
    /// Connects and binds. Needs a tokio runtime with time and I/O, on which the session's task runs.
    pub async fn connect(config: SmppConfig, ids: impl Ids + 'static) -> Result<Self, ConnectError> {
        let connection = config.connect().await?;
        let (bound, is_bound) = oneshot::channel();
        let messenger = Self::start(connection, config, Arc::new(ids), bound);
        match is_bound.await {
            Ok(Ok(())) => Ok(messenger),
            Ok(Err(closed)) => Err(ConnectError::Bind(closed)),
            Err(_) => Err(ConnectError::Bind(Closed::LinkLost)),
        }
    }

    fn start(
        connection: Connection,
        mut config: SmppConfig,
        ids: Arc<dyn Ids>,
        bound: oneshot::Sender<Result<(), Closed>>,
    ) -> Self {
        let (commands, command_receiver) = mpsc::channel(COMMANDS);
        let (close, close_receiver) = watch::channel(false);
        let (closed_sender, closed) = watch::channel(None);
        let shared = Arc::new(Shared::default());
        let mode = config.bind.mode();
        config.submit.receipts &= mode.receives();
        let session = Session::open(0, config.session());
        let ledger = Ledger::new(config.limits, config.submit.receipts, config.window.size());
        let channels = Channels {
            commands: command_receiver,
            close: close_receiver,
            bound: Some(bound),
        };
        let (started, drain) = (Instant::now(), config.timers.drain);
        let queue = config.timers.queue;
        let streams = EndOfStates(Arc::clone(&shared));
        let traffic = LedgerTraffic::new(ledger, channels, Arc::clone(&shared), drain);
        let task = async move {
            let reason = tcp::run(connection, session, traffic, started).await;
            drop(streams);
            closed_sender.send_replace(Some(reason));
        };
        tokio::spawn(task);
        Self {
            commands,
            close,
            closed,
            references: Mutex::default(),
            submit: config.submit,
            mode,
            started,
            queue,
            ids,
            shared,
        }
    }

    /// Ends the session in good order: takes no more messages, sends and waits for those it has (at
    /// most the timers' `drain`), unbinds. Resolves when all is over, with how it ended.
    pub async fn close(&self) -> Closed {
        self.close.send_replace(true);
        self.closed().await
    }

    /// Resolves when the session is over, with how it ended.
    pub async fn closed(&self) -> Closed {
        let mut closed = self.closed.clone();
        let reason = closed.wait_for(Option::is_some).await;
        reason.ok().and_then(|reason| *reason).unwrap_or(Closed::LinkLost)
    }

    /// What was counted so far.
    pub fn counters(&self) -> MessengerCounters {
        let shared = &self.shared;
        MessengerCounters {
            unmatched_answers: shared.unmatched_answers.load(Ordering::Relaxed),
            unknown_commands: shared.unknown_commands.load(Ordering::Relaxed),
            unreadable: shared.unreadable.load(Ordering::Relaxed),
            uncorrelated_receipts: shared.uncorrelated_receipts.load(Ordering::Relaxed),
            incoming: shared.incoming.load(Ordering::Relaxed),
        }
    }

    fn submission(&self, sms: &OutgoingSms) -> Result<Submission, SmsRefusal> {
        let reference = || lock(&self.references).next_for(&sms.to);
        Ok(Submission {
            submits: self.submit.submits(sms, reference)?,
            key: sms.key.clone(),
            id: self.ids.message(),
            recipient: sms.to.clone(),
            deadline: after(millis_since(self.started), self.queue),
        })
    }

    /// The task took the message over and is gone without an answer: nobody can tell what came of it.
    fn unanswered(&self, accepted: AcceptedSms) -> AcceptedSms {
        let status = SmsStatus::new(accepted.id.clone(), SmsState::Unknown);
        let reason = "the connection's task ended before the message had its answer";
        self.shared.states.publish(&status.because(reason));
        accepted
    }

    fn refusal(&self) -> SmsRefusal {
        let reason = (*self.closed.borrow()).unwrap_or(Closed::Unbound);
        SmsRefusal::NoRoute(reason.to_string())
    }
}

/// Ends the streams of states with the task, however it ends.
struct EndOfStates(Arc<Shared>);

impl Drop for EndOfStates {
    fn drop(&mut self) {
        self.0.states.close();
    }
}

impl Messenger for SmppMessenger {
    fn send<'a>(&'a self, sms: &'a OutgoingSms) -> PortFuture<'a, AcceptedSms, SmsRefusal> {
        Box::pin(async move {
            if !self.mode.sends() {
                return Err(SmsRefusal::NoRoute(BOUND_AS_RECEIVER.to_owned()));
            }
            let submission = self.submission(sms)?;
            let accepted = submission.accepted();
            let (asker, answer) = oneshot::channel();
            let command = Command { submission, asker };
            self.commands.send(command).await.map_err(|_| self.refusal())?;
            answer.await.unwrap_or_else(|_| Ok(self.unanswered(accepted)))
        })
    }

    fn states(&self) -> SmsStates {
        self.shared.states.subscribe()
    }
}

impl std::fmt::Debug for SmppMessenger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmppMessenger")
            .field("counters", &self.counters())
            .finish_non_exhaustive()
    }
}
