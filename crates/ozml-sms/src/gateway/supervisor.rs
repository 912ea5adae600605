//! When each session is connected again. Pure.

use std::collections::{BTreeMap, VecDeque};

use crate::chance::Chance;
use crate::gsm::ModemEnd;
use crate::link::{LinkEnd, SessionId};
use crate::smpp::Status;

/// The first pause after a failure, in milliseconds; each further one is twice as long.
const SHORTEST: u64 = 1_000;
/// The longest pause, and how long a session lasts that is no failure whatever it brought.
const LONGEST: u64 = 60_000;
/// How long our own dead session may still count as bound.
const ALREADY_BOUND: u64 = 30_000;
/// How long a modem needs after it was restarted, before it shows itself again.
const RESTART: u64 = 5_000;
/// Most milliseconds before a session that worked is bound again.
const AT_ONCE: u64 = 20;
/// Most connects in any second, over all connections.
const MOST_CONNECTS: usize = 50;

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionState {
    /// It is connected again at this moment, or as soon as there are not too many.
    Waiting { until: u64 },
    /// It is connected, but not bound yet.
    Connecting,
    /// It is bound.
    Bound,
}

#[derive(Debug)]
struct Watched {
    state: SessionState,
    /// When it was connected.
    since: u64,
    /// Whether it got a positive answer.
    answered: bool,
    /// Ends without one in a row.
    failures: u32,
    connected_before: bool,
    alarm: Option<String>,
}

impl Watched {
    fn new(now: u64) -> Self {
        Self {
            state: SessionState::Waiting { until: now },
            since: now,
            answered: false,
            failures: 0,
            connected_before: false,
            alarm: None,
        }
    }

    /// How long it waits after an end, before chance has its say.
    fn pause_after(&mut self, now: u64, end: &LinkEnd) -> Pause {
        if end.needs_person() {
            self.alarm = Some(end.to_string());
            return Pause::About(LONGEST);
        }
        if matches!(end, LinkEnd::Modem(ModemEnd::Restarted(_))) {
            return Pause::About(RESTART);
        }
        if std::mem::take(&mut self.answered) {
            self.failures = 0;
            return Pause::UpTo(AT_ONCE);
        }
        if now.saturating_sub(self.since) >= LONGEST {
            self.failures = 0;
        }
        let doublings = self.failures.min(16);
        self.failures = self.failures.saturating_add(1);
        match end {
            LinkEnd::BindRefused(Status::ALREADY_BOUND) => Pause::AtLeast(ALREADY_BOUND),
            _ => Pause::About(SHORTEST.saturating_mul(1 << doublings).min(LONGEST)),
        }
    }
}

/// A pause whose length is left to chance in part, so that sessions that ended together do not come
/// back together.
enum Pause {
    UpTo(u64),
    /// 20 % more or less.
    About(u64),
    /// At most 20 % more.
    AtLeast(u64),
}

impl Pause {
    fn milliseconds(self, chance: &mut Chance) -> u64 {
        let (least, spread) = match self {
            Self::UpTo(most) => (0, most),
            Self::About(pause) => (pause.saturating_sub(pause / 5), pause.saturating_mul(2) / 5),
            Self::AtLeast(pause) => (pause, pause / 5),
        };
        least.saturating_add(chance.below(spread.saturating_add(1)))
    }
}

/// Decides when sessions are connected. All times are milliseconds of one clock that never goes back.
///
/// A session that had a positive answer comes back at once. Back-off counts only failed connects, failed
/// binds and sessions that ended early without one.
#[derive(Debug)]
pub(crate) struct Supervisor {
    sessions: BTreeMap<SessionId, Watched>,
    /// The latest connects, the oldest first.
    connects: VecDeque<u64>,
    chance: Chance,
    reconnects: u64,
}

impl Supervisor {
    /// Nobody is watched yet.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            sessions: BTreeMap::new(),
            connects: VecDeque::new(),
            chance: Chance::new(seed),
            reconnects: 0,
        }
    }

    /// Sessions that are due from now on; those that are watched already go on as they are.
    pub(crate) fn add(&mut self, now: u64, sessions: impl IntoIterator<Item = SessionId>) {
        for session in sessions {
            self.sessions.entry(session).or_insert_with(|| Watched::new(now));
        }
    }

    /// The sessions of a connection are watched no more. Those that are up must be closed by the caller.
    pub(crate) fn remove(&mut self, connection: u16) {
        self.sessions
            .retain(|session, _| session.connection != connection);
    }

    /// The sessions to be connected now; from here on they count as connecting.
    pub(crate) fn due(&mut self, now: u64) -> Vec<SessionId> {
        let mut due: Vec<_> = self.waiting().filter(|(until, _)| *until <= now).collect();
        due.sort_unstable();
        due.truncate(self.free_connects(now));
        for (_, session) in &due {
            self.connects.push_back(now);
            if let Some(watched) = self.sessions.get_mut(session) {
                watched.state = SessionState::Connecting;
                watched.since = now;
                watched.answered = false;
                let again = std::mem::replace(&mut watched.connected_before, true);
                self.reconnects = self.reconnects.saturating_add(u64::from(again));
            }
        }
        due.into_iter().map(|(_, session)| session).collect()
    }

    /// A session is bound.
    pub(crate) fn on_bound(&mut self, session: SessionId) {
        if let Some(watched) = self.sessions.get_mut(&session) {
            watched.state = SessionState::Bound;
            watched.alarm = None;
        }
    }

    /// The centre took a message of a session.
    pub(crate) fn on_positive_answer(&mut self, session: SessionId) {
        if let Some(watched) = self.sessions.get_mut(&session) {
            watched.answered = true;
        }
    }

    /// A session is over.
    pub(crate) fn on_ended(&mut self, now: u64, session: SessionId, end: &LinkEnd) {
        if let Some(watched) = self.sessions.get_mut(&session) {
            let pause = watched.pause_after(now, end).milliseconds(&mut self.chance);
            let until = now.saturating_add(pause);
            watched.state = SessionState::Waiting { until };
        }
    }

    /// When [`due`](Self::due) has something to do next.
    pub(crate) fn next_wake_up(&self) -> Option<u64> {
        let (until, _) = self.waiting().min()?;
        let full = self.connects.len() >= MOST_CONNECTS;
        let free = self.connects.front().filter(|_| full);
        Some(until.max(free.map_or(0, |oldest| oldest.saturating_add(1_000))))
    }

    /// Where a session stands; `None`: it is not watched.
    #[cfg(test)]
    pub(crate) fn state(&self, session: SessionId) -> Option<SessionState> {
        Some(self.sessions.get(&session)?.state)
    }

    /// Why a session cannot be bound, where only a person can mend it. It ends with the next bind.
    pub(crate) fn alarm(&self, session: SessionId) -> Option<&str> {
        self.sessions.get(&session)?.alarm.as_deref()
    }

    /// The sessions that are watched, in order.
    pub(crate) fn sessions(&self) -> impl Iterator<Item = SessionId> {
        self.sessions.keys().copied()
    }

    /// How often sessions were connected again.
    pub(crate) fn reconnects(&self) -> u64 {
        self.reconnects
    }

    fn waiting(&self) -> impl Iterator<Item = (u64, SessionId)> {
        self.sessions
            .iter()
            .filter_map(|(session, watched)| match watched.state {
                SessionState::Waiting { until } => Some((until, *session)),
                _ => None,
            })
    }

    /// How many sessions may be connected now.
    fn free_connects(&mut self, now: u64) -> usize {
        while self
            .connects
            .pop_front_if(|oldest| oldest.saturating_add(1_000) <= now)
            .is_some()
        {}
        MOST_CONNECTS.saturating_sub(self.connects.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gsm::{ModemError, NeedsPerson};
    use crate::smpp::Closed;

    const LOST: LinkEnd = LinkEnd::Closed(Closed::LinkLost);
    const ONE: SessionId = id(0, 0);

    const fn id(connection: u16, session: u16) -> SessionId {
        SessionId { connection, session }
    }

    fn watching(sessions: impl IntoIterator<Item = SessionId>) -> Supervisor {
        let mut supervisor = Supervisor::new(1);
        supervisor.add(0, sessions);
        supervisor
    }

    /// Connects what is due next; gives the moment.
    fn connect(supervisor: &mut Supervisor) -> u64 {
        let now = supervisor.next_wake_up().unwrap();
        assert_eq!(supervisor.due(now), [ONE]);
        assert_eq!(supervisor.state(ONE), Some(SessionState::Connecting));
        now
    }

    /// How long the session waits after an end.
    fn pause(supervisor: &mut Supervisor, end: &LinkEnd) -> u64 {
        let now = connect(supervisor);
        supervisor.on_ended(now, ONE, end);
        supervisor.next_wake_up().unwrap() - now
    }

    #[test]
    fn a_session_that_worked_is_back_at_once() {
        let mut supervisor = watching([ONE]);
        pause(&mut supervisor, &LOST);
        for _ in 0..100 {
            let now = connect(&mut supervisor);
            supervisor.on_bound(ONE);
            supervisor.on_positive_answer(ONE);
            supervisor.on_ended(now + 500, ONE, &LOST);
            let until = supervisor.next_wake_up().unwrap();
            assert!((now + 500..=now + 520).contains(&until), "{}", until - now);
        }
        assert_eq!(supervisor.reconnects(), 100);
    }

    #[test]
    fn failures_in_a_row_wait_longer_and_longer() {
        for end in [
            LinkEnd::ConnectFailed("no".to_owned()),
            LinkEnd::BindRefused(Status(0x08)),
            LinkEnd::Closed(Closed::NoBindAnswer),
            LOST,
            LinkEnd::Closed(Closed::Unbound),
        ] {
            let mut supervisor = watching([ONE]);
            let mut found = Vec::new();
            for wanted in [1, 2, 4, 8, 16, 32, 60, 60, 60, 60] {
                let pause = pause(&mut supervisor, &end);
                assert!((wanted * 800..=wanted * 1_200).contains(&pause), "{end}: {pause}");
                found.push(pause * 100 / wanted);
            }
            found.dedup();
            assert!(found.len() > 5, "left to chance: {found:?}");
            assert_eq!(supervisor.alarm(ONE), None);
        }
    }

    #[test]
    fn a_long_life_without_messages_is_no_failure() {
        let mut supervisor = watching([ONE]);
        for _ in 0..10 {
            let now = connect(&mut supervisor);
            supervisor.on_bound(ONE);
            let now = now + LONGEST;
            supervisor.on_ended(now, ONE, &LOST);
            assert!(supervisor.next_wake_up().unwrap() - now <= 1_200);
        }
    }

    #[test]
    fn refusals_for_good_raise_an_alarm_until_the_next_bind() {
        for status in [0x0E, 0x0F, 0x0D, 0x53].map(Status) {
            let mut supervisor = watching([ONE]);
            let pause = pause(&mut supervisor, &LinkEnd::BindRefused(status));
            assert!((48_000..=72_000).contains(&pause), "{status}: {pause}");
            let alarm = format!("the message centre refused the bind: {status}");
            assert_eq!(supervisor.alarm(ONE), Some(alarm.as_str()));
            connect(&mut supervisor);
            supervisor.on_bound(ONE);
            assert_eq!(supervisor.alarm(ONE), None);
        }
    }

    #[test]
    fn our_own_dead_session_has_time_to_end() {
        let mut supervisor = watching([ONE]);
        for _ in 0..3 {
            let pause = pause(&mut supervisor, &LinkEnd::BindRefused(Status::ALREADY_BOUND));
            assert!((30_000..=36_000).contains(&pause), "{pause}");
        }
        assert_eq!(supervisor.alarm(ONE), None);
    }

    #[test]
    fn a_modem_that_needs_a_person_is_tried_seldom_whatever_it_did_before() {
        let mut supervisor = watching([ONE]);
        let now = connect(&mut supervisor);
        supervisor.on_bound(ONE);
        supervisor.on_positive_answer(ONE);
        let end = LinkEnd::Modem(ModemEnd::NeedsPerson(NeedsPerson::NoSim));
        supervisor.on_ended(now, ONE, &end);
        let pause = supervisor.next_wake_up().unwrap() - now;
        assert!((48_000..=72_000).contains(&pause), "{pause}");
        assert_eq!(
            supervisor.alarm(ONE),
            Some("the modem has no SIM card: put one in")
        );
    }

    #[test]
    fn a_modem_that_was_restarted_has_time_to_come_back_and_one_that_is_gone_is_looked_for() {
        let restarted = ModemEnd::Restarted(ModemError::Plain);
        let lost = ModemEnd::PortLost("no such device".to_owned());
        for (end, about) in [
            (restarted, 5_000),
            (lost, 1_000),
            (ModemEnd::Silent, 1_000),
            (ModemEnd::NoNetwork, 1_000),
        ] {
            let mut supervisor = watching([ONE]);
            let pause = pause(&mut supervisor, &LinkEnd::Modem(end));
            assert!((about * 4 / 5..=about * 6 / 5).contains(&pause), "{pause}");
            assert_eq!(supervisor.alarm(ONE), None);
        }
    }

    #[test]
    fn no_second_sees_more_than_fifty_connects() {
        let sessions = (0..4).flat_map(|connection| (0..50).map(move |session| id(connection, session)));
        let mut supervisor = watching(sessions);
        let mut connects = Vec::new();
        while let Some(now) = supervisor.next_wake_up().filter(|now| *now < 20_000) {
            for session in supervisor.due(now) {
                connects.push(now);
                // The centre takes a message and hangs up.
                supervisor.on_bound(session);
                supervisor.on_positive_answer(session);
                supervisor.on_ended(now, session, &LOST);
            }
        }
        assert!(connects.windows(51).all(|window| window[50] - window[0] >= 1_000));
        assert!(connects.len() >= 19 * 50, "and it goes on: {}", connects.len());
    }

    #[test]
    fn the_one_that_waits_longest_comes_first() {
        let mut supervisor = watching((0..MOST_CONNECTS).map(|session| id(1, session as u16)));
        assert_eq!(supervisor.due(0).len(), MOST_CONNECTS);
        supervisor.add(20, [id(0, 1)]);
        supervisor.add(10, [id(2, 2)]);
        assert_eq!(
            (supervisor.due(999), supervisor.next_wake_up()),
            (vec![], Some(1_000))
        );
        assert_eq!(supervisor.due(1_000), [id(2, 2), id(0, 1)]);
        assert_eq!(supervisor.next_wake_up(), None);
    }

    #[test]
    fn connections_come_and_go() {
        let mut supervisor = watching([id(0, 0), id(0, 1), id(1, 0)]);
        assert_eq!(supervisor.due(0), [id(0, 0), id(0, 1), id(1, 0)]);
        supervisor.on_bound(id(0, 0));
        assert_eq!(supervisor.state(id(0, 0)), Some(SessionState::Bound));
        supervisor.remove(0);
        supervisor.on_ended(7, id(0, 1), &LOST);
        assert_eq!(Vec::from_iter(supervisor.sessions()), [id(1, 0)]);
        assert_eq!(supervisor.state(id(0, 1)), None);
        supervisor.add(8, [id(0, 0), id(1, 0)]);
        assert_eq!(supervisor.due(8), [id(0, 0)]);
    }
}
