//! An outbox with a store in memory and sessions that do what a test says.

use std::collections::{BTreeMap, VecDeque};

use ozml_dialplan::{OnUnknown, WhenDown};
use ozml_session::{
    ConnectionName, EffectKey, Ids, MessageId, PhoneNumber, RunId, SmsEncoding, SmsState, SmsText, WallTime,
};
use std::pin::Pin;

use super::Outbox;
use super::event::{Effect, LogEvent, Now, SendResult};
use crate::gateway::config::QueueLimits;
use crate::gateway::incoming::{Incoming, PART, SHOWN, WHOLE};
use crate::gateway::pins::{self, RefusedPins};
use crate::gateway::{ConnectionConfig, PartToken, SessionId, Transport};
use crate::gsm::{ModemConfig, ModemError, SerialPort};
use crate::link::{Answer, Arrival, LinkEnd, LinkEvent, LinkEvents, PartPdu, Peer, Refusal};
use crate::smpp::{Closed, Deliver, SmppConfig, Status, Window, arrival};
use crate::store::{
    Change, Committed, ListFilter, MemoryStore, MessageNumber, Priority, Progress, SmsRecord, Store,
    StoreError, StoredSms,
};
use crate::text::DefaultCharset;

/// The date on which tests begin.
const BEGIN: i64 = 1_767_225_600_000;

/// Ids that count.
#[derive(Default)]
pub(crate) struct CountedIds(std::sync::atomic::AtomicU64);

impl CountedIds {
    fn next(&self, prefix: &str) -> String {
        let count = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        format!("{prefix}{count}")
    }
}

impl Ids for CountedIds {
    fn run(&self) -> RunId {
        RunId::new(&self.next("run")).unwrap()
    }

    fn call(&self) -> ozml_session::CallId {
        ozml_session::CallId::new(&self.next("call")).unwrap()
    }

    fn message(&self) -> MessageId {
        MessageId::new(&self.next("sms")).unwrap()
    }
}

pub(super) fn name(name: &str) -> ConnectionName {
    ConnectionName::new(name).unwrap()
}

/// A connection of this window with receipts.
pub(super) fn connection(connection: &str, window: u16) -> ConnectionConfig {
    let url = "smpp://shop@127.0.0.1:2775".parse().unwrap();
    let mut smpp = SmppConfig::new(&url);
    smpp.window = Window::new(window).unwrap();
    ConnectionConfig::new(name(connection), smpp)
}

/// A connection with one modem and reports.
pub(super) fn modem(connection: &str) -> ConnectionConfig {
    let port = SerialPort::new("/dev/ttyUSB0").unwrap();
    ConnectionConfig::new(name(connection), ModemConfig::new(port))
}

/// The same connection, with another session configuration.
pub(super) fn changed(
    mut config: ConnectionConfig,
    change: impl FnOnce(&mut SmppConfig),
) -> ConnectionConfig {
    match &mut config.transport {
        Transport::Smpp(smpp) => change(smpp),
        Transport::Modem(_) => panic!("it is a modem"),
    }
    config
}

/// Everything around one outbox. Time stands until a test moves it.
pub(super) struct Bench {
    pub(super) outbox: Outbox<u32>,
    pub(super) store: MemoryStore,
    pub(super) ms: u64,
    /// How far the date is off, in milliseconds.
    pub(super) date_jump: i64,
    /// Answers of sends, by asker.
    pub(super) answers: BTreeMap<u32, SendResult>,
    /// Parts that left and have no answer, in order.
    pub(super) wire: VecDeque<(SessionId, PartToken)>,
    /// Octets of what left, in order.
    pub(super) sent: Vec<(SessionId, PartToken)>,
    /// The parts themselves.
    pub(super) pdus: Vec<PartPdu>,
    /// What was logged.
    pub(super) logged: Vec<LogEvent>,
    /// States as they were told.
    pub(super) told: Vec<(String, SmsState)>,
    pub(super) reports: Vec<ozml_session::Notification>,
    pub(super) answered: Vec<(u32, bool)>,
    pub(super) rebound: Vec<SessionId>,
    pub(super) withdrawn: Vec<(SessionId, PartToken)>,
    /// Whether commits fail, and how.
    pub(super) fault: Option<StoreError>,
    /// The next commit is carried out and tells that it failed.
    pub(super) writes_and_fails: Option<StoreError>,
    /// Commits that were not carried out yet, when they are held.
    pub(super) holds: bool,
    held: Option<Vec<Change>>,
    asked: u32,
}

impl Bench {
    pub(super) fn new(connections: Vec<ConnectionConfig>) -> Self {
        Self::on(MemoryStore::default(), connections)
    }

    /// Goes on with a store.
    pub(super) fn on(store: MemoryStore, connections: Vec<ConnectionConfig>) -> Self {
        Self::on_date(store, connections, 0)
    }

    fn on_date(store: MemoryStore, connections: Vec<ConnectionConfig>, date_jump: i64) -> Self {
        let kept = |kind| ready(store.notes(kind)).unwrap();
        let notes = [PART, WHOLE, SHOWN].into_iter().flat_map(kept).collect();
        let incoming = Incoming::new(notes, std::sync::Arc::new(CountedIds::default()));
        let mut bench = Self {
            outbox: Outbox::new(
                QueueLimits::default(),
                incoming,
                RefusedPins::new(kept(pins::KIND)),
            ),
            store,
            ms: 0,
            date_jump,
            answers: BTreeMap::new(),
            wire: VecDeque::new(),
            sent: Vec::new(),
            pdus: Vec::new(),
            logged: Vec::new(),
            told: Vec::new(),
            reports: Vec::new(),
            answered: Vec::new(),
            rebound: Vec::new(),
            withdrawn: Vec::new(),
            fault: None,
            writes_and_fails: None,
            holds: false,
            held: None,
            asked: 0,
        };
        let now = bench.now();
        for (index, config) in bench.outbox.differences(connections, &BTreeMap::new()) {
            bench.outbox.configure(now, index, config);
        }
        let opened = ready(bench.store.opened()).unwrap();
        bench.outbox.open(now, opened);
        bench
    }

    /// The same process again after a crash: what was not committed is gone.
    pub(super) fn crash(self, connections: Vec<ConnectionConfig>) -> Self {
        Self::on(self.store, connections)
    }

    /// The same with the date so many milliseconds off.
    pub(super) fn crash_on_date(self, connections: Vec<ConnectionConfig>, date_jump: i64) -> Self {
        Self::on_date(self.store, connections, date_jump)
    }

    pub(super) fn now(&self) -> Now {
        Now {
            ms: self.ms,
            wall: WallTime::from_unix_millis(BEGIN + i64::try_from(self.ms).unwrap() + self.date_jump),
        }
    }

    /// A message to this recipient through these connections.
    pub(super) fn record(&self, to: &str, text: &str, targets: &[&str]) -> SmsRecord {
        let to = PhoneNumber::new(to).unwrap();
        let count = crate::text::count(text);
        SmsRecord {
            number: MessageNumber(0),
            id: MessageId::new(&format!("sms-{}", self.asked + 1)).unwrap(),
            key: EffectKey::new(RunId::new("run").unwrap(), u64::from(self.asked + 1)),
            parent: None,
            accepted_at: self.now().wall,
            expires_at: self.now().date_after(24 * 60 * 60 * 1_000),
            priority: Priority::default(),
            on_unknown: OnUnknown::Resend,
            when_down: WhenDown::Keep,
            to: to.clone(),
            from: None,
            text: SmsText::new(text).unwrap(),
            report: None,
            account: None,
            segments: u8::try_from(count.parts).unwrap(),
            encoding: SmsEncoding::Gsm7,
            rule: "test".into(),
            targets: targets.iter().map(|target| name(target)).collect(),
            sent_to: to,
            sent_from: None,
        }
    }

    /// Sends; gives the asker.
    pub(super) fn send(&mut self, record: SmsRecord) -> u32 {
        self.asked += 1;
        let progress = Progress::accepted(self.now().wall, record.segments);
        self.outbox.accept(self.now(), record, progress, self.asked);
        self.turn();
        self.asked
    }

    /// Sends a message of one part through one connection; gives its id.
    pub(super) fn sms(&mut self, connection: &str) -> String {
        let record = self.record("+36301234567", "Hello", &[connection]);
        let id = record.id.to_string();
        self.send(record);
        id
    }

    /// The connection of this name is changed; its sessions are over.
    pub(super) fn change(&mut self, config: ConnectionConfig) {
        let index = self.outbox.by_name[&config.name];
        self.outbox.configure(self.now(), index, Some(config));
        self.turn();
    }

    /// Time goes on.
    pub(super) fn pass(&mut self, ms: u64) {
        let end = self.ms + ms;
        while let Some(next) = self.outbox.next_wake_up(self.now()).filter(|next| *next <= end) {
            self.ms = self.ms.max(next);
            self.turn();
            if self
                .outbox
                .next_wake_up(self.now())
                .is_some_and(|again| again <= next)
            {
                self.ms += 1;
                if self.ms > end {
                    break;
                }
            }
        }
        self.ms = end;
        self.turn();
    }

    /// One turn, with all that follows from it.
    pub(super) fn turn(&mut self) {
        self.outbox.on_tick(self.now());
        loop {
            self.outbox.pump(self.now());
            let effects = self.outbox.take_effects();
            let is_quiet = effects.is_empty();
            effects.into_iter().for_each(|effect| self.perform(effect));
            if !self.commit() && is_quiet {
                break;
            }
        }
    }

    fn commit(&mut self) -> bool {
        let Some(changes) = self.outbox.take_batch(self.now()) else {
            return false;
        };
        self.write(changes);
        true
    }

    fn write(&mut self, changes: Vec<Change>) {
        let now = self.now();
        if let Some(error) = self.writes_and_fails.take() {
            ready(self.store.commit(changes.clone())).unwrap();
            self.outbox.on_commit_failed(now, &error, changes);
        } else if let Some(error) = self.fault.clone() {
            self.outbox.on_commit_failed(now, &error, changes);
        } else if self.holds {
            self.held = Some(changes);
        } else {
            match ready(self.store.commit(changes)) {
                Ok(committed) => self.on_committed(committed),
                Err(failed) => self.outbox.on_commit_failed(now, &failed.error, failed.changes),
            }
        }
    }

    /// The next batch is on its way before what follows this one is done, as in the gateway's task.
    fn on_committed(&mut self, committed: Committed) {
        let now = self.now();
        let written = self.outbox.take_written();
        let next = self.outbox.take_batch(now);
        self.outbox.on_committed(now, written, committed);
        if let Some(changes) = next {
            self.write(changes);
        }
    }

    /// The held commit is carried out.
    pub(super) fn flush(&mut self) {
        let changes = self.held.take().expect("a commit is held");
        let committed = ready(self.store.commit(changes)).unwrap();
        self.on_committed(committed);
        self.turn();
    }

    fn perform(&mut self, effect: Effect<u32>) {
        match effect {
            Effect::Submit { session, token, pdu } => {
                self.pdus.push(pdu);
                self.wire.push_back((session, token));
                self.sent.push((session, token));
            }
            Effect::Withdraw { session, token } => self.withdrawn.push((session, token)),
            Effect::AnswerArrival { sequence, taken, .. } => self.answered.push((sequence, taken)),
            Effect::Answer { asker, result } => {
                self.answers.insert(asker, result);
            }
            Effect::State(status, _) => self.told.push((status.id.to_string(), status.state)),
            Effect::Report(report) => self.reports.push(report),
            Effect::Rebind(session) => self.rebound.push(session),
            Effect::Log(event) => self.logged.push(event),
            Effect::Receive(_) => {}
        }
    }

    pub(super) fn link(&mut self, session: SessionId, event: LinkEvent) {
        let events = vec![event];
        self.outbox.on_link(self.now(), LinkEvents { session, events });
        self.turn();
    }

    pub(super) fn bind(&mut self, connection: u16) {
        self.bind_session(connection, 0);
    }

    pub(super) fn bind_session(&mut self, connection: u16, session: u16) {
        let session = SessionId { connection, session };
        let peer = Peer::Centre("centre".to_owned());
        self.link(session, LinkEvent::Bound { peer });
    }

    /// The oldest part on the wire gets this answer.
    pub(super) fn answer(&mut self, answer: Answer) -> PartToken {
        let (session, token) = self.wire.pop_front().expect("a part is on the wire");
        self.link(session, LinkEvent::Answered { token, answer });
        token
    }

    /// The oldest part on the wire is taken under this id.
    pub(super) fn take(&mut self, message_id: &str) -> PartToken {
        let message_id = message_id.to_owned();
        self.answer(Answer::Accepted { message_id })
    }

    pub(super) fn refuse(&mut self, status: u32) -> PartToken {
        self.answer(Answer::Refused(Refusal::Smpp(Status(status))))
    }

    /// The modem refuses the oldest part on the wire with this `+CMS ERROR`.
    pub(super) fn modem_error(&mut self, code: u16) -> PartToken {
        self.answer(Answer::Refused(Refusal::Gsm(ModemError::Cms(code))))
    }

    /// The link of a connection is cut: what is on its wire is unknown.
    pub(super) fn cut(&mut self, connection: u16) {
        let session = SessionId {
            connection,
            session: 0,
        };
        let (out, rest): (VecDeque<_>, VecDeque<_>) = self.wire.iter().partition(|(of, _)| *of == session);
        self.wire = rest;
        let unknown = out.into_iter().map(|(_, token)| LinkEvent::Answered {
            token,
            answer: Answer::Unknown("the link was cut"),
        });
        let mut events: Vec<_> = unknown.collect();
        events.push(LinkEvent::Ended(LinkEnd::Closed(Closed::LinkLost)));
        self.outbox.on_link(self.now(), LinkEvents { session, events });
        self.turn();
    }

    /// A receipt comes in on a connection.
    pub(super) fn receipt(&mut self, connection: u16, text: &str) {
        self.deliver(connection, 4, text);
    }

    /// A `deliver_sm` of this `esm_class` comes in on a connection.
    pub(super) fn deliver(&mut self, connection: u16, esm_class: u8, text: &str) {
        let mut body = vec![0, 1, 1];
        body.extend(b"36301234567\0\x01\x01shop\0");
        body.extend([
            esm_class,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            u8::try_from(text.len()).unwrap(),
        ]);
        body.extend(text.as_bytes());
        let deliver = Deliver::read(&body).unwrap();
        self.arrive(connection, arrival(deliver, DefaultCharset::Gsm7));
    }

    /// Something comes in on a connection.
    pub(super) fn arrive(&mut self, connection: u16, arrival: Arrival) {
        let session = SessionId {
            connection,
            session: 0,
        };
        let sequence = u32::try_from(self.answered.len()).unwrap() + 1;
        let arrival = Box::new(arrival);
        self.link(session, LinkEvent::Arrived { sequence, arrival });
    }

    /// A message as the store has it.
    pub(super) fn stored(&self, id: &str) -> StoredSms {
        ready(self.store.find(&MessageId::new(id).unwrap()))
            .unwrap()
            .expect("it is kept")
    }

    pub(super) fn state(&self, id: &str) -> SmsState {
        self.stored(id).progress.state
    }

    pub(super) fn reason(&self, id: &str) -> String {
        self.stored(id)
            .progress
            .reason
            .as_deref()
            .unwrap_or_default()
            .to_owned()
    }

    /// Keys of the notes of a kind that the store has.
    pub(super) fn notes(&self, kind: &'static str) -> Vec<String> {
        let notes = ready(self.store.notes(kind)).unwrap();
        notes.into_iter().map(|note| note.key).collect()
    }

    /// Ids of all messages the store has.
    pub(super) fn all(&self) -> Vec<String> {
        let filter = ListFilter::default();
        let listed = ready(self.store.list(filter)).unwrap();
        listed
            .messages
            .iter()
            .map(|stored| stored.record.id.to_string())
            .collect()
    }
}

/// The value of a future that does not wait.
fn ready<T>(mut future: Pin<Box<dyn Future<Output = T> + Send>>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("the store in memory does not wait"),
    }
}
