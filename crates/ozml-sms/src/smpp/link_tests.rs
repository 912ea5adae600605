//! Links to the test centre, and one whose peer is played by hand on a virtual clock.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::time::Duration;

use rusmpp::CommandId;
use rusmpp::pdus::{BindTransceiverResp, SubmitSm};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::deliver::tests::body;
use super::frame::Framer;
use super::link;
use super::link_traffic::LinkTraffic;
use super::session_tests::{bare, pdu, with_body};
use super::tcp::Driver;
use super::{Bind, BindMode, Closed, Password, Session, SessionConfig, SmppConfig, Status, SystemId};
use crate::link::{
    Answer, Arrival, Link, LinkCommand, LinkEnd, LinkEvent, LinkEvents, PartPdu, PartToken, SessionId,
};
use crate::smsc::{self, Behaviour, Events, TestSmsc};
use crate::store::MessageNumber;
use crate::text::DefaultCharset;

/// Longer than anything here takes; only a hang reaches it.
const GUARD: Duration = Duration::from_secs(60);
const SESSION: SessionId = SessionId {
    connection: 1,
    session: 2,
};

async fn smsc(behaviour: Behaviour) -> TestSmsc {
    let address = "127.0.0.1:0".parse().unwrap();
    TestSmsc::listen(address, behaviour).await.unwrap()
}

fn config(address: SocketAddr) -> Box<SmppConfig> {
    let url = format!("smpp://shop:secret@{address}").parse().unwrap();
    Box::new(SmppConfig::new(&url))
}

/// What a link says.
struct Heard {
    turns: mpsc::Receiver<LinkEvents>,
    events: VecDeque<LinkEvent>,
}

impl Heard {
    fn new(turns: mpsc::Receiver<LinkEvents>) -> Self {
        let events = VecDeque::new();
        Self { turns, events }
    }

    /// The next event, `None` when nothing more can come.
    async fn next(&mut self) -> Option<LinkEvent> {
        if self.events.is_empty() {
            let turn = timeout(GUARD, self.turns.recv()).await.unwrap()?;
            assert_eq!(turn.session, SESSION);
            self.events.extend(turn.events);
        }
        self.events.pop_front()
    }

    /// Everything up to the end, which is the last event.
    async fn rest(&mut self) -> (Vec<LinkEvent>, LinkEnd) {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            if let LinkEvent::Ended(end) = event {
                assert_eq!(self.next().await, None);
                return (events, end);
            }
            events.push(event);
        }
        panic!("the link never ended: {events:?}");
    }
}

fn start(address: SocketAddr) -> (Link, Heard) {
    let (sender, turns) = mpsc::channel(1);
    (link::start(config(address), SESSION, sender), Heard::new(turns))
}

async fn bound(address: SocketAddr) -> (Link, Heard) {
    let (link, mut heard) = start(address);
    assert!(matches!(heard.next().await, Some(LinkEvent::Bound { .. })));
    (link, heard)
}

fn token(number: u64) -> PartToken {
    PartToken {
        number: MessageNumber(number),
        part: 0,
    }
}

fn submit(number: u64) -> LinkCommand {
    let message = SubmitSm::builder()
        .destination_addr("36301234567".parse().unwrap())
        .registered_delivery(1.into())
        .build();
    LinkCommand::Submit {
        token: token(number),
        pdu: PartPdu::Smpp(Box::new(message)),
    }
}

fn submits(numbers: std::ops::RangeInclusive<u64>) -> Vec<LinkCommand> {
    numbers.map(submit).collect()
}

fn is_accepted(event: &LinkEvent) -> bool {
    matches!(
        event,
        LinkEvent::Answered {
            answer: Answer::Accepted { .. },
            ..
        }
    )
}

/// The tokens that have an answer, in order of their numbers.
fn answered(events: &[LinkEvent]) -> Vec<u64> {
    let mut numbers: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            LinkEvent::Answered { token, .. } | LinkEvent::NotSent { token } => Some(token.number.0),
            _ => None,
        })
        .collect();
    numbers.sort_unstable();
    numbers
}

#[tokio::test]
async fn without_a_connection_everything_comes_back() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let (link, mut heard) = start(address);
    link.send(submits(1..=2));
    let (events, end) = heard.rest().await;
    let back = [1, 2].map(|number| LinkEvent::NotSent { token: token(number) });
    // What came too late for an answer was never sent.
    assert!(events.is_empty() || events == back, "{events:?}");
    let LinkEnd::ConnectFailed(reason) = end else {
        panic!("{end}")
    };
    assert!(
        reason.starts_with(&format!("no connection to {address}: ")),
        "{reason}"
    );
}

#[tokio::test]
async fn a_refused_bind_is_told_with_its_status() {
    let smsc = smsc(Behaviour::new().password(Password::new("other").unwrap())).await;
    let (_link, mut heard) = start(smsc.addr());
    let (events, end) = heard.rest().await;
    assert_eq!((events, end), (vec![], LinkEnd::BindRefused(Status(0x0E))));
}

#[tokio::test]
async fn a_cut_link_leaves_exactly_its_window_unknown() {
    const WINDOW: u64 = 10;
    let smsc = smsc(
        Behaviour::new()
            .cut_every(NonZeroU64::new(50).unwrap())
            .receipts(None),
    )
    .await;
    let (link, mut heard) = bound(smsc.addr()).await;
    link.send(submits(1..=WINDOW));
    let (mut sent, mut accepted, mut unknown) = (WINDOW, 0, Vec::new());
    let end = loop {
        match heard.next().await.unwrap() {
            event if is_accepted(&event) => {
                accepted += 1;
                sent += 1;
                link.send(vec![submit(sent)]);
            }
            LinkEvent::Answered {
                token,
                answer: Answer::Unknown(_),
            } => unknown.push(token.number.0),
            LinkEvent::NotSent { .. } => {}
            LinkEvent::Ended(end) => break end,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(end, LinkEnd::Closed(Closed::LinkLost));
    // Answers leave in order, so those without one are the last of those that left.
    assert_eq!(
        unknown,
        Vec::from_iter(accepted + 1..=accepted + unknown.len() as u64)
    );
    assert!((1..=WINDOW).contains(&(unknown.len() as u64)), "{unknown:?}");
    assert!(accepted < 50 && smsc.received().len() == 50);
}

#[tokio::test]
async fn more_than_the_window_comes_back_at_once() {
    let smsc = smsc(Behaviour::new().answer_delay(GUARD)).await;
    let (link, mut heard) = bound(smsc.addr()).await;
    link.send(submits(1..=11));
    assert_eq!(heard.next().await, Some(LinkEvent::NotSent { token: token(11) }));
}

#[tokio::test]
async fn a_peer_may_unbind() {
    let smsc = smsc(Behaviour::new()).await;
    let (_link, mut heard) = bound(smsc.addr()).await;
    smsc.shutdown().await;
    assert_eq!(heard.rest().await, (vec![], LinkEnd::Closed(Closed::ByPeer)));
}

#[tokio::test]
async fn an_orderly_end_waits_for_its_answers() {
    let behaviour = Behaviour::new()
        .answer_delay(Duration::from_millis(30))
        .receipts(None);
    let smsc = smsc(behaviour).await;
    let (link, mut heard) = bound(smsc.addr()).await;
    link.send(submits(1..=5));
    link.close();
    link.send(vec![submit(6)]);
    let (events, end) = heard.rest().await;
    assert_eq!(end, LinkEnd::Closed(Closed::Unbound));
    assert_eq!(events.iter().filter(|event| is_accepted(event)).count(), 5);
    assert!(events.contains(&LinkEvent::NotSent { token: token(6) }));
    assert_eq!(answered(&events), [1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn a_dropped_link_ends_in_good_order() {
    let smsc = smsc(Behaviour::new().receipts(None)).await;
    let (link, mut heard) = bound(smsc.addr()).await;
    link.send(submits(1..=3));
    drop(link);
    let (events, end) = heard.rest().await;
    assert_eq!(
        (answered(&events), end),
        (vec![1, 2, 3], LinkEnd::Closed(Closed::Unbound))
    );
}

#[tokio::test]
async fn a_message_waits_for_its_answer() {
    let smsc = smsc(Behaviour::new()).await;
    let mut seen = smsc.events();
    let (link, mut heard) = bound(smsc.addr()).await;
    link.send(vec![submit(1)]);
    let first = loop {
        match heard.next().await.unwrap() {
            LinkEvent::Arrived { sequence, arrival } => {
                assert!(matches!(*arrival, Arrival::Receipt(_)));
                break sequence;
            }
            event => assert!(is_accepted(&event)),
        }
    };
    // Another message goes round meanwhile, and its receipt is answered first.
    link.send(vec![submit(2)]);
    let second = loop {
        match heard.next().await.unwrap() {
            LinkEvent::Arrived { sequence, .. } => break sequence,
            event => assert!(is_accepted(&event)),
        }
    };
    for (sequence, taken, status) in [
        (second, false, Status::RECEIVER_TEMPORARY_ERROR),
        (first, true, Status::OK),
    ] {
        link.send(vec![LinkCommand::AnswerArrival { sequence, taken }]);
        assert_eq!(next_answered(&mut seen).await, status.0);
    }
}

async fn next_answered(seen: &mut Events) -> u32 {
    loop {
        if let Some(smsc::Event::ReceiptAnswered { status, .. }) = timeout(GUARD, seen.next()).await.unwrap()
        {
            return status;
        }
    }
}

/// The far end of a link, played by hand.
struct Peer {
    stream: DuplexStream,
    framer: Framer,
}

impl Peer {
    async fn send(&mut self, octets: &[u8]) {
        self.stream.write_all(octets).await.unwrap();
    }

    /// Id, status and sequence of the next PDU that comes.
    async fn next(&mut self) -> (u32, u32, u32) {
        let mut octets = [0; 1_024];
        loop {
            if let Some(frame) = self.framer.next_frame().unwrap() {
                return (frame.header.id.into(), frame.header.status, frame.header.sequence);
            }
            let count = timeout(GUARD, self.stream.read(&mut octets))
                .await
                .unwrap()
                .unwrap();
            assert_ne!(count, 0, "the link ended");
            self.framer.push(&octets[..count]);
        }
    }
}

/// A link on a pipe that is bound, with room for one turn of events.
async fn on_a_pipe() -> (Peer, Link, Heard) {
    let (near, far) = tokio::io::duplex(4_096);
    let (sender, turns) = mpsc::channel(1);
    let (link, channels) = Link::new(SESSION, sender);
    let system_id = SystemId::new("shop").unwrap();
    let bind = Bind::new(BindMode::Transceiver, system_id, Password::default());
    let session = Session::open(0, SessionConfig::new(bind));
    let traffic = LinkTraffic::new(channels, DefaultCharset::Gsm7);
    tokio::spawn(Driver::new(near, session, traffic, Instant::now()).run());
    let mut peer = Peer {
        stream: far,
        framer: Framer::default(),
    };
    assert_eq!(peer.next().await, (9, 0, 1));
    peer.send(&pdu(0, 1, BindTransceiverResp::default())).await;
    (peer, link, Heard::new(turns))
}

const DELIVER: u32 = 5;
const ENQUIRE: (u32, u32) = (0x15, 0x8000_0015);

#[tokio::test(start_paused = true)]
async fn a_link_nobody_listens_to_answers_and_keeps_the_time() {
    let (mut peer, link, mut heard) = on_a_pipe().await;
    let message = body(b"36301234567", 0, b"hi", &[]);
    // The first turn takes the only room there is.
    for sequence in 1..=3 {
        peer.send(&with_body(DELIVER, sequence, &message)).await;
        peer.send(&bare(CommandId::EnquireLink, 0, 100 + sequence)).await;
        assert_eq!(peer.next().await, (ENQUIRE.1, 0, 100 + sequence));
    }
    // 30 s of silence later it asks by itself whether the peer lives, and ends 10 s after that.
    assert_eq!(peer.next().await.0, ENQUIRE.0);
    let (events, end) = heard.rest().await;
    assert_eq!(delivered(&events), [1, 2, 3]);
    assert_eq!(end, LinkEnd::Closed(Closed::LinkDead));
    drop(link);
}

fn delivered(events: &[LinkEvent]) -> Vec<u32> {
    let sequence = |event: &LinkEvent| match event {
        LinkEvent::Arrived { sequence, .. } => Some(*sequence),
        _ => None,
    };
    events.iter().filter_map(sequence).collect()
}

#[tokio::test(start_paused = true)]
async fn with_many_events_waiting_nothing_more_is_read() {
    const COUNT: u32 = 5_000;
    let (mut peer, link, mut heard) = on_a_pipe().await;
    let writing = tokio::spawn(async move {
        let message = body(b"36301234567", 0, b"hi", &[]);
        for sequence in 1..=COUNT {
            peer.send(&with_body(DELIVER, sequence, &message)).await;
        }
        peer
    });
    // Virtual: until nothing can go on.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!writing.is_finished());
    assert_eq!(heard.turns.len(), 1, "the bind, which nobody took");
    let mut count = 0;
    while !writing.is_finished() {
        count += delivered(&[heard.next().await.unwrap()]).len();
    }
    assert!(count > 1_024, "{count}");
    drop(link);
}

#[test]
fn a_runtime_that_stops_takes_its_links_along() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (link, mut heard, _smsc) = runtime.block_on(async {
        let smsc = smsc(Behaviour::new().answer_delay(GUARD)).await;
        let (link, mut heard) = bound(smsc.addr()).await;
        let mut seen = smsc.events();
        link.send(submits(1..=2));
        while !matches!(
            timeout(GUARD, seen.next()).await.unwrap(),
            Some(smsc::Event::Sms(_))
        ) {}
        heard.events.clear();
        (link, heard, smsc)
    });
    drop(runtime);
    let events = heard.turns.try_recv().unwrap().events;
    assert_eq!(answered(&events), [1, 2]);
    assert_eq!(
        events.last(),
        Some(&LinkEvent::Ended(LinkEnd::Closed(Closed::LinkLost)))
    );
    link.send(submits(3..=3));
}
