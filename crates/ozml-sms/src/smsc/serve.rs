//! One connection of the driver.

use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ozml_session::ClockTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, sleep_until, timeout};

use super::centre::Centre;
use super::event::{CloseReason, Event};
use super::session::Session;

/// Octets read at once.
const READ: usize = 64 * 1024;
/// A peer that reads nothing for so long is given up.
const WRITE_TIME: Duration = Duration::from_secs(10);

/// What the connections of a centre share.
#[derive(Debug)]
pub(super) struct Shared {
    centre: Mutex<Centre>,
    started: Instant,
    events: broadcast::Sender<Event>,
    /// [`Centre::mail_version`], for sessions that sleep.
    mail: watch::Sender<u64>,
    stop: watch::Sender<bool>,
}

/// What woke a connection.
enum Wake {
    Bytes(usize),
    Time,
    Stop,
    Gone,
}

impl Shared {
    pub(super) fn new(centre: Centre, events_kept: usize) -> Self {
        Self {
            centre: Mutex::new(centre),
            started: Instant::now(),
            events: broadcast::Sender::new(events_kept),
            mail: watch::Sender::new(0),
            stop: watch::Sender::new(false),
        }
    }

    /// The centre; never held across an await.
    pub(super) fn centre(&self) -> MutexGuard<'_, Centre> {
        self.centre.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    pub(super) fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub(super) async fn stopped(&self) {
        let mut stop = self.stop.subscribe();
        // The sender lives in `self`, so this ends only when the centre is stopped.
        let _ = stop.wait_for(|stop| *stop).await;
    }

    fn now(&self) -> ClockTime {
        ClockTime::from_millis(u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    async fn sleep_until(&self, at: Option<ClockTime>) {
        match at.and_then(|at| self.started.checked_add(Duration::from_millis(at.as_millis()))) {
            Some(at) => sleep_until(at).await,
            None => pending().await,
        }
    }

    /// Runs `step` of a session and hands on what came of it.
    fn work(&self, session: &mut Session, step: impl FnOnce(&mut Session, &mut Centre, ClockTime)) {
        let mut centre = self.centre();
        let before = centre.mail_version();
        step(session, &mut centre, self.now());
        let after = centre.mail_version();
        drop(centre);
        if before != after {
            self.mail.send_replace(after);
        }
        for event in session.take_events() {
            self.report(event);
        }
    }

    fn report(&self, event: Event) {
        if self.events.receiver_count() > 0 {
            // Without receivers the event is given back, and nobody misses it.
            let _ = self.events.send(event);
        }
    }
}

/// Serves a connection to its end.
pub(super) async fn serve(shared: Arc<Shared>, stream: TcpStream) {
    let mut session = {
        let now = shared.now();
        Session::new(&mut shared.centre(), now)
    };
    let reason = converse(&shared, stream, &mut session).await;
    let id = session.id();
    let mail = {
        let (mut centre, now) = (shared.centre(), shared.now());
        session.end(&mut centre, now);
        centre.mail_version()
    };
    shared.mail.send_replace(mail);
    shared.report(Event::Closed { session: id, reason });
}

/// Until the session is closed; the connection closes with it.
async fn converse(shared: &Shared, mut stream: TcpStream, session: &mut Session) -> CloseReason {
    let mut input = vec![0; READ];
    let mut output = Vec::new();
    let mut mail = shared.mail.subscribe();
    let mut stop = shared.stop.subscribe();
    let mut stopping = false;
    loop {
        let wake_at = session.next_wake(&shared.centre());
        let wake = tokio::select! {
            read = stream.read(&mut input) => read.map_or(Wake::Gone, |octets| match octets {
                0 => Wake::Gone,
                octets => Wake::Bytes(octets),
            }),
            () = shared.sleep_until(wake_at) => Wake::Time,
            _ = mail.changed() => Wake::Time,
            _ = stop.wait_for(|stop| *stop), if !stopping => Wake::Stop,
        };
        match wake {
            Wake::Gone => return CloseReason::Disconnected,
            Wake::Time => shared.work(session, Session::on_tick),
            Wake::Stop => {
                stopping = true;
                shared.work(session, |session, centre, now| session.unbind(centre, now));
            }
            Wake::Bytes(octets) => {
                let bytes = input.get(..octets).unwrap_or_default();
                shared.work(session, |session, centre, now| {
                    session.on_bytes(centre, now, bytes)
                });
            }
        }
        session.drain_output(&mut output);
        match timeout(WRITE_TIME, stream.write_all(&output)).await {
            Ok(Ok(())) => output.clear(),
            Ok(Err(_)) => return CloseReason::Disconnected,
            Err(_) => return CloseReason::NoAnswer,
        }
        if let Some(reason) = session.closed() {
            return reason;
        }
    }
}
