//! Which report is tried when: a state machine without clock and sockets.
//!
//! Every server has its own queue and few requests at once, so one that hangs holds up nobody else. Servers take
//! turns.

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use ozml_session::ClockTime;

/// Names a report while it is queued.
pub(super) type Ticket = u64;

/// Requests at once to a server that answers; one to a server that fails.
const AT_ONCE_PER_SERVER: usize = 4;

/// How long a report waits after each try; the last wait is also the one of further tries. With eight tries the
/// last comes 17 hours after the first.
const WAITS: [Duration; 7] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(3600),
    Duration::from_secs(4 * 3600),
    Duration::from_secs(12 * 3600),
];

#[derive(Debug, Clone)]
pub(super) struct QueueLimits {
    /// Tries of one report.
    pub(super) tries: usize,
    /// Reports of one server.
    pub(super) per_server: usize,
    /// Bytes of all reports.
    pub(super) bytes: usize,
    /// Requests at once.
    pub(super) at_once: usize,
}

#[derive(Debug)]
pub(super) enum Event {
    /// A report that was reserved may be sent.
    Kept(Ticket),
    /// A report that was reserved is not sent.
    Abandoned(Ticket),
    /// A try has ended.
    Ended(Ticket, Outcome),
    /// Time has passed.
    Tick,
    /// Nothing is begun any more.
    Closed,
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    Delivered,
    /// A later try may succeed.
    Again(String),
    /// No later try succeeds.
    Never(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    Send(Ticket),
    Delivered(Ticket),
    Undelivered {
        ticket: Ticket,
        tries: usize,
        reason: String,
    },
}

#[derive(Debug)]
pub(super) struct Queue {
    limits: QueueLimits,
    servers: BTreeMap<Arc<str>, Server>,
    reports: BTreeMap<Ticket, Report>,
    /// Servers that may be sent something, each once.
    turns: VecDeque<Arc<str>>,
    /// Reports that wait for their next try.
    later: BTreeSet<(ClockTime, Ticket)>,
    sending: usize,
    bytes: usize,
    next: Ticket,
}

#[derive(Debug, Default)]
struct Server {
    ready: VecDeque<Ticket>,
    reports: usize,
    sending: usize,
    fails: bool,
    has_turn: bool,
}

#[derive(Debug)]
struct Report {
    server: Arc<str>,
    bytes: usize,
    expires: ClockTime,
    tries: usize,
    /// Why the last try failed.
    last: Option<String>,
}

impl Queue {
    pub(super) fn new(limits: QueueLimits) -> Self {
        Self {
            limits,
            servers: BTreeMap::new(),
            reports: BTreeMap::new(),
            turns: VecDeque::new(),
            later: BTreeSet::new(),
            sending: 0,
            bytes: 0,
            next: 0,
        }
    }

    /// Room for a report, which waits for [`Event::Kept`]; none when the queue is full.
    pub(super) fn reserve(&mut self, server: &str, bytes: usize, expires: ClockTime) -> Option<Ticket> {
        let of_server = self.servers.get(server).map_or(0, |server| server.reports);
        let is_full =
            of_server >= self.limits.per_server || self.bytes.saturating_add(bytes) > self.limits.bytes;
        (!is_full).then(|| self.take(server, bytes, expires))
    }

    /// Room for a report that was accepted before, however full the queue is.
    pub(super) fn take(&mut self, server: &str, bytes: usize, expires: ClockTime) -> Ticket {
        let ticket = self.next;
        self.next = self.next.wrapping_add(1);
        let name: Arc<str> = server.into();
        let server = self.servers.entry(name.clone()).or_default();
        server.reports = server.reports.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes);
        let report = Report {
            server: name,
            bytes,
            expires,
            tries: 0,
            last: None,
        };
        self.reports.insert(ticket, report);
        ticket
    }

    /// What an event makes necessary.
    pub(super) fn on(&mut self, now: ClockTime, event: Event) -> Vec<Action> {
        let mut actions = Vec::new();
        match event {
            Event::Kept(ticket) => self.ready(ticket),
            Event::Abandoned(ticket) => self.forget(ticket),
            Event::Ended(ticket, outcome) => actions.extend(self.ended(now, ticket, outcome)),
            Event::Tick => {}
            Event::Closed => self.limits.at_once = 0,
        }
        while let Some(&(at, ticket)) = self.later.first()
            && at <= now
        {
            self.later.pop_first();
            self.ready(ticket);
        }
        self.start(now, &mut actions);
        actions
    }

    /// When [`Event::Tick`] is due.
    pub(super) fn next_wake(&self) -> Option<ClockTime> {
        self.later.first().map(|(at, _)| *at)
    }

    /// Reports that are neither delivered nor given up.
    pub(super) fn len(&self) -> usize {
        self.reports.len()
    }

    fn ready(&mut self, ticket: Ticket) {
        let Some(report) = self.reports.get(&ticket) else {
            return;
        };
        let name = report.server.clone();
        if let Some(server) = self.servers.get_mut(&name) {
            server.ready.push_back(ticket);
        }
        self.offer_turn(name);
    }

    fn offer_turn(&mut self, name: Arc<str>) {
        let Some(server) = self.servers.get_mut(&name) else {
            return;
        };
        let at_once = if server.fails { 1 } else { AT_ONCE_PER_SERVER };
        if !server.has_turn && !server.ready.is_empty() && server.sending < at_once {
            server.has_turn = true;
            self.turns.push_back(name);
        }
    }

    /// Begins what may begin, one report of each server after the other.
    fn start(&mut self, now: ClockTime, actions: &mut Vec<Action>) {
        while self.sending < self.limits.at_once
            && let Some(name) = self.turns.pop_front()
        {
            let Some(server) = self.servers.get_mut(&name) else {
                continue;
            };
            server.has_turn = false;
            let Some(ticket) = server.ready.pop_front() else {
                continue;
            };
            let Some(report) = self.reports.get_mut(&ticket) else {
                continue;
            };
            if report.expires <= now {
                let reason = report.last.take();
                let reason = reason.unwrap_or_else(|| "its time was over before its turn came".to_owned());
                actions.push(self.give_up(ticket, reason));
            } else {
                report.tries = report.tries.saturating_add(1);
                server.sending = server.sending.saturating_add(1);
                self.sending = self.sending.saturating_add(1);
                actions.push(Action::Send(ticket));
            }
            self.offer_turn(name);
        }
    }

    fn ended(&mut self, now: ClockTime, ticket: Ticket, outcome: Outcome) -> Option<Action> {
        let report = self.reports.get_mut(&ticket)?;
        let name = report.server.clone();
        self.sending = self.sending.saturating_sub(1);
        if let Some(server) = self.servers.get_mut(&name) {
            server.sending = server.sending.saturating_sub(1);
            server.fails = matches!(outcome, Outcome::Again(_));
        }
        let action = match outcome {
            Outcome::Delivered => {
                self.forget(ticket);
                Some(Action::Delivered(ticket))
            }
            Outcome::Never(reason) => Some(self.give_up(ticket, reason)),
            Outcome::Again(reason) => {
                let next = now.after(wait_after(report.tries));
                if report.tries >= self.limits.tries || next >= report.expires {
                    Some(self.give_up(ticket, reason))
                } else {
                    report.last = Some(reason);
                    self.later.insert((next, ticket));
                    None
                }
            }
        };
        self.offer_turn(name);
        action
    }

    fn give_up(&mut self, ticket: Ticket, reason: String) -> Action {
        let tries = self.reports.get(&ticket).map_or(0, |report| report.tries);
        self.forget(ticket);
        Action::Undelivered {
            ticket,
            tries,
            reason,
        }
    }

    fn forget(&mut self, ticket: Ticket) {
        let Some(report) = self.reports.remove(&ticket) else {
            return;
        };
        self.bytes = self.bytes.saturating_sub(report.bytes);
        if let Some(server) = self.servers.get_mut(&report.server) {
            server.reports = server.reports.saturating_sub(1);
            if server.reports == 0 {
                self.servers.remove(&report.server);
            }
        }
    }
}

fn wait_after(tries: usize) -> Duration {
    let [.., longest] = WAITS;
    WAITS.get(tries.saturating_sub(1)).copied().unwrap_or(longest)
}
