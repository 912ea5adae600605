//! A modem at a line, of whatever kind.

use std::future::pending;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ozml_session::ClockTime;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{Notify, broadcast, watch};
use tokio::time::{Instant, sleep_until};

use super::behaviour::Behaviour;
use super::event::Event;
use super::modem::Modem;
use crate::wall::wall_now;

/// What happens at a modem, in order.
pub type Events = crate::events::Events<Event>;

/// Octets read at once.
const READ: usize = 4 * 1024;
/// Octets that nobody reads; a modem on a cable loses what comes beyond.
const MAX_UNREAD: usize = 64 * 1024;
/// Events a watcher may be behind before it misses some.
const EVENTS_KEPT: usize = 4_096;

/// What the line and the owner of a modem share.
#[derive(Debug)]
pub(super) struct Shared {
    modem: Mutex<Modem>,
    started: Instant,
    events: broadcast::Sender<Event>,
    /// The owner did something to the modem.
    changed: Notify,
    stop: watch::Sender<bool>,
}

/// Why a line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Nobody is at its other end.
    Lost,
    /// The modem was pulled out.
    Unplugged,
    /// The owner wants no more.
    Stopped,
}

impl Shared {
    pub(super) fn new(behaviour: Behaviour) -> Self {
        Self {
            modem: Mutex::new(Modem::new(behaviour, wall_now())),
            started: Instant::now(),
            events: broadcast::Sender::new(EVENTS_KEPT),
            changed: Notify::new(),
            stop: watch::Sender::new(false),
        }
    }

    /// The modem; never held across an await.
    pub(super) fn modem(&self) -> MutexGuard<'_, Modem> {
        self.modem.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> ClockTime {
        ClockTime::from_millis(u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    /// Does something to the modem and hands on what came of it.
    pub(super) fn work<T>(&self, step: impl FnOnce(&mut Modem, ClockTime) -> T) -> T {
        let mut modem = self.modem();
        let done = step(&mut modem, self.now());
        for event in modem.take_events() {
            // Without receivers the event is given back, and nobody misses it.
            let _ = self.events.send(event);
        }
        done
    }

    /// The same for the owner: the line looks at the modem again.
    pub(super) fn change<T>(&self, step: impl FnOnce(&mut Modem, ClockTime) -> T) -> T {
        let done = self.work(step);
        self.changed.notify_one();
        done
    }

    pub(super) fn events(&self) -> Events {
        Events::new(self.events.subscribe())
    }

    pub(super) fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub(super) async fn stopped(&self) {
        let mut stop = self.stop.subscribe();
        // The sender lives in `self`, so this ends only when the modem is stopped.
        let _ = stop.wait_for(|stop| *stop).await;
    }

    async fn sleep_until(&self, at: Option<ClockTime>) {
        match at.and_then(|at| self.started.checked_add(Duration::from_millis(at.as_millis()))) {
            Some(at) => sleep_until(at).await,
            None => pending().await,
        }
    }

    /// Lets time pass until the modem is plugged in again, or stopped. That it is there is told by the next line, when
    /// it can be found.
    #[cfg(unix)]
    pub(super) async fn while_away(&self) -> bool {
        loop {
            let (is_back, wake) = {
                let (mut modem, now) = (self.modem(), self.now());
                modem.on_tick(now);
                (modem.is_plugged(), modem.next_wake(now))
            };
            if is_back {
                return true;
            }
            tokio::select! {
                () = self.sleep_until(wake) => {}
                () = self.stopped() => return false,
            }
        }
    }
}

/// Serves a line to its end.
pub(super) async fn serve(shared: &Shared, line: impl AsyncRead + AsyncWrite) -> End {
    let (mut reader, mut writer) = tokio::io::split(Box::pin(line));
    let mut input = vec![0; READ];
    let mut output = Vec::new();
    let unplugged = shared.modem().counters().unplugged;
    loop {
        let (is_there, wake) = shared.work(|modem, now| {
            modem.on_tick(now);
            modem.take_output(now, &mut output);
            // It may have come back already: the line is another one all the same.
            let is_there = modem.counters().unplugged == unplugged;
            (is_there, modem.next_wake(now))
        });
        if !is_there {
            return End::Unplugged;
        }
        output.truncate(MAX_UNREAD);
        tokio::select! {
            read = reader.read(&mut input) => match read {
                Ok(0) | Err(_) => return End::Lost,
                Ok(octets) => {
                    let octets = input.get(..octets).unwrap_or_default();
                    shared.work(|modem, now| modem.on_bytes(now, octets));
                }
            },
            written = writer.write(&output), if !output.is_empty() => match written {
                Ok(octets) => drop(output.drain(..octets.min(output.len()))),
                Err(_) => return End::Lost,
            },
            () = shared.sleep_until(wake) => {}
            () = shared.changed.notified() => {}
            () = shared.stopped() => return End::Stopped,
        }
    }
}
