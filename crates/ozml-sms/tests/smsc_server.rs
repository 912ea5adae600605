//! The test centre over real sockets, with a client that knows nothing but octets.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of a test fail the test"
)]

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use ozml_sms::smsc::{Behaviour, BindKind, CloseReason, Event, Events, Limits, ListenError, TestSmsc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const LOOPBACK: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
/// Nothing in these tests takes so long; it ends a test that would hang.
const HANGS: Duration = Duration::from_secs(20);

const BIND_TRANSCEIVER: u32 = 0x09;
const SUBMIT_SM: u32 = 0x04;
const DELIVER_SM: u32 = 0x05;

async fn centre(options: &str) -> TestSmsc {
    TestSmsc::listen(LOOPBACK, options.parse().unwrap())
        .await
        .unwrap()
}

fn pdu(id: u32, sequence: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(16 + body.len()).unwrap();
    let header = [length, id, 0, sequence].map(u32::to_be_bytes).concat();
    [&header, body].concat()
}

fn bind(kind: u32, system_id: &str) -> Vec<u8> {
    pdu(kind, 1, format!("{system_id}\0secret\0\0\x34\0\0\0").as_bytes())
}

/// A message of five GSM characters that asks for a receipt.
fn submit(sequence: u32) -> Vec<u8> {
    pdu(
        SUBMIT_SM,
        sequence,
        b"\0\0\x011234\0\x01\x0136301234567\0\0\0\0\0\0\x01\0\0\0\x05hello",
    )
}

struct Client(TcpStream);

impl Client {
    async fn connect(centre: &TestSmsc) -> Self {
        let stream = TcpStream::connect(centre.addr()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self(stream)
    }

    async fn bound(centre: &TestSmsc, kind: u32) -> Self {
        let mut client = Self::connect(centre).await;
        client.send(&bind(kind, "shop")).await;
        assert_eq!(client.header().await, Some((0x8000_0000 | kind, 0, 1)));
        client
    }

    async fn send(&mut self, octets: &[u8]) {
        self.0.write_all(octets).await.unwrap();
    }

    /// Id, status and sequence number of the next PDU; `None` at the end of the connection.
    async fn header(&mut self) -> Option<(u32, u32, u32)> {
        timeout(HANGS, self.read_header()).await.expect("an answer")
    }

    async fn read_header(&mut self) -> Option<(u32, u32, u32)> {
        let mut octets = [0; 16];
        self.0.read_exact(&mut octets).await.ok()?;
        let field = |at: usize| u32::from_be_bytes(octets[at..at + 4].try_into().unwrap());
        let mut body = vec![0; usize::try_from(field(0)).unwrap() - 16];
        self.0.read_exact(&mut body).await.ok()?;
        Some((field(4), field(8), field(12)))
    }
}

async fn next(events: &mut Events) -> Event {
    timeout(HANGS, events.next()).await.expect("an event").unwrap()
}

#[tokio::test]
async fn a_message_goes_in_and_its_receipt_comes_out() {
    let centre = centre("receipt-delay=20ms").await;
    let mut events = centre.events();
    let mut client = Client::bound(&centre, BIND_TRANSCEIVER).await;
    client.send(&submit(2)).await;
    assert_eq!(client.header().await, Some((0x8000_0000 | SUBMIT_SM, 0, 2)));
    assert_eq!(client.header().await, Some((DELIVER_SM, 0, 1)));
    client.send(&pdu(0x8000_0000 | DELIVER_SM, 1, b"\0")).await;
    let sms = centre.received().remove(0);
    assert_eq!((sms.to(), sms.text().as_deref()), ("36301234567", Some("hello")));
    let kind = BindKind::Transceiver;
    assert!(matches!(next(&mut events).await, Event::Bound { session: 1, kind: found, .. } if found == kind));
    assert_eq!(next(&mut events).await, Event::Sms(sms.clone()));
    assert!(matches!(next(&mut events).await, Event::ReceiptSent { sms: found, .. } if found == sms));
    assert_eq!(next(&mut events).await, Event::ReceiptAnswered { sms, status: 0 });
    assert_eq!(centre.counters().receipts_taken, 1);
}

#[tokio::test]
async fn octets_may_come_one_by_one() {
    let centre = centre("receipts=none").await;
    let mut client = Client::connect(&centre).await;
    for octet in [bind(0x02, "shop"), submit(2), pdu(0x15, 3, b"")].concat() {
        client.send(&[octet]).await;
    }
    for expected in [(0x8000_0002, 0, 1), (0x8000_0004, 0, 2), (0x8000_0015, 0, 3)] {
        assert_eq!(client.header().await, Some(expected));
    }
}

#[tokio::test]
async fn a_receiver_gets_the_receipts_of_a_transmitter() {
    let centre = centre("").await;
    let mut receiver = Client::bound(&centre, 0x01).await;
    let mut transmitter = Client::bound(&centre, 0x02).await;
    transmitter.send(&submit(2)).await;
    assert_eq!(transmitter.header().await, Some((0x8000_0000 | SUBMIT_SM, 0, 2)));
    assert_eq!(receiver.header().await, Some((DELIVER_SM, 0, 1)));
}

#[tokio::test]
async fn a_cut_ends_the_connection_and_the_next_one_is_served() {
    let centre = centre("cut-every=2,receipts=none").await;
    let mut events = centre.events();
    for session in 1..3 {
        let mut client = Client::bound(&centre, BIND_TRANSCEIVER).await;
        client.send(&[submit(2), submit(3), submit(4)].concat()).await;
        assert_eq!(client.header().await, Some((0x8000_0000 | SUBMIT_SM, 0, 2)));
        assert_eq!(client.header().await, None);
        let closed = Event::Closed {
            session,
            reason: CloseReason::Cut,
        };
        while next(&mut events).await != closed {}
    }
    assert_eq!((centre.counters().taken, centre.counters().cuts), (4, 2));
}

#[tokio::test]
async fn shutdown_unbinds() {
    let centre = centre("").await;
    let mut client = Client::bound(&centre, BIND_TRANSCEIVER).await;
    let mut silent = Client::bound(&centre, BIND_TRANSCEIVER).await;
    let addr = centre.addr();
    let shutdown = tokio::spawn(centre.shutdown());
    assert_eq!(client.header().await, Some((0x06, 0, 1)));
    client.send(&pdu(0x8000_0006, 1, b"")).await;
    assert_eq!(client.header().await, None);
    shutdown.await.unwrap();
    assert_eq!(
        (silent.header().await, silent.header().await),
        (Some((0x06, 0, 1)), None)
    );
    assert!(TcpStream::connect(addr).await.is_err());
}

#[tokio::test]
async fn too_many_connections_are_turned_away() {
    let mut limits = Limits::default();
    limits.connections = 1;
    let behaviour = Behaviour::new().limits(limits);
    let centre = TestSmsc::listen(LOOPBACK, behaviour).await.unwrap();
    let _first = Client::bound(&centre, BIND_TRANSCEIVER).await;
    let mut second = Client::connect(&centre).await;
    assert_eq!(second.header().await, None);
}

#[tokio::test]
async fn only_loopback_unless_told_otherwise() {
    let anywhere: SocketAddr = "0.0.0.0:0".parse().unwrap();
    let refused = TestSmsc::listen(anywhere, Default::default()).await.unwrap_err();
    assert!(matches!(refused, ListenError::NotLoopback(addr) if addr == anywhere));
    assert!(
        refused.to_string().contains("`Behaviour::allow_remote`"),
        "{refused}"
    );
    let allowed = Behaviour::new().allow_remote(true);
    assert!(TestSmsc::listen(anywhere, allowed).await.is_ok());
    let taken = centre("").await;
    let again = TestSmsc::listen(taken.addr(), Default::default())
        .await
        .unwrap_err();
    assert!(matches!(again, ListenError::Io(..)), "{again}");
}
