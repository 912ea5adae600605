//! Against the npm package `smpp`, which knows nothing of us. Needs node 18 and `npm ci` in
//! `tests/interop/smpp-node`; run it with `tests/interop/run.sh`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of a test fail the test"
)]

mod support;

use std::io::{BufRead, BufReader};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use ozml_session::{
    Messenger, PortFuture, ReceiveError, ReceivedSms as IncomingSms, SmsReceiver, SmsState, SmsStates,
};
use ozml_sms::gateway::{GatewayConfig, SmsGateway};
use ozml_sms::smpp::Closed;
use ozml_sms::smsc::{ReceivedSms, TestSmsc};
use ozml_sms::store::MemoryStore;
use ozml_sms::text::{Concatenation, Reference};
use support::gateway::{connection, rules};
use support::{connect, next_state, next_status, sms};

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn node(script: &str, argument: &str) -> Command {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/interop/smpp-node");
    let mut command = Command::new("node");
    command.current_dir(folder).args([script, argument]);
    command
}

#[tokio::test]
async fn their_client_works_with_our_centre() {
    let behaviour = "system-id=shop,password=secret,receipt-delay=20ms"
        .parse()
        .unwrap();
    let centre = TestSmsc::listen(SocketAddr::new(LOOPBACK, 0), behaviour)
        .await
        .unwrap();
    let port = centre.addr().port().to_string();
    let client = tokio::task::spawn_blocking(move || node("client.js", &port).output());
    let Output {
        status,
        stdout,
        stderr,
    } = client.await.unwrap().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    let ids = r#"{"ids":["1000000001","1000000002","1000000003","1000000004"]}"#;
    assert_eq!(String::from_utf8(stdout).unwrap().trim_end(), ids);
    let received = centre.received();
    let texts: Vec<_> = received.iter().filter_map(ReceivedSms::text).collect();
    let part = "a".repeat(153);
    assert_eq!(texts, ["hello @ £ {x} €", "Привет", &part, "and the end €"]);
    let numbers = [1, 2].map(|number| Concatenation::new(Reference::Bits8(0x2A), 2, number));
    assert_eq!([received[2].segment(), received[3].segment()], numbers);
    assert_eq!(centre.counters().receipts_taken, 4);
}

/// Their centre, ended by dropping it.
struct Server {
    process: Child,
    lines: BufReader<ChildStdout>,
}

impl Server {
    fn start(ids: &str) -> (Self, u16) {
        let mut command = node("server.js", ids);
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap());
        let mut server = Self { process, lines };
        let listening = server.line();
        let port = listening
            .trim_start_matches(r#"{"listening":"#)
            .trim_end_matches('}');
        let port = port.parse().unwrap();
        (server, port)
    }

    /// What it prints up to `last`, or to its end.
    fn lines_to(&mut self, last: &str) -> Vec<String> {
        let mut lines = vec![self.line()];
        while !["", last].contains(&lines[lines.len() - 1].as_str()) {
            lines.push(self.line());
        }
        lines
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn our_client_works_with_their_centre() {
    for ids in ["dec", "hex"] {
        let (mut server, port) = Server::start(ids);
        let messenger = connect(SocketAddr::new(LOOPBACK, port)).await;
        let mut states = messenger.states();
        let long = "a".repeat(153) + "and the end €";
        for (number, text) in [(1, "hello @ £ {x} €"), (2, "Привет"), (3, long.as_str())] {
            messenger.send(&sms(number, text)).await.unwrap();
            assert_eq!(next_state(&mut states).await, Some(SmsState::Sent), "{ids}");
            assert_eq!(next_state(&mut states).await, Some(SmsState::Delivered), "{ids}");
        }
        assert_eq!(messenger.close().await, Closed::Unbound);
        let lines = server.lines_to(r#"{"unbind":true}"#);
        assert_eq!(
            lines[0],
            r#"{"bind":{"kind":"bind_transceiver","system_id":"shop","password":"secret"}}"#
        );
        let submits: Vec<_> = lines
            .iter()
            .filter(|line| line.starts_with(r#"{"submit""#))
            .collect();
        let first =
            r#"{"submit":{"id":2588012738,"from":"","to":"36301234567","text":"hello @ £ {x} €","udh":null,"#;
        assert!(submits[0].starts_with(first), "{}", submits[0]);
        assert!(submits[1].contains(r#""text":"Привет","udh":null,"esm_class":0,"data_coding":8,"#));
        assert!(
            submits[2].contains(r#"aaa","udh":"0003"#) && submits[2].contains(r#"0201","esm_class":64,"#)
        );
        assert!(submits[3].contains(r#""text":"and the end €","udh":"0003"#));
        for id in 2_588_012_738_u64..2_588_012_742 {
            let taken = format!(r#"{{"receipt_answered":{{"id":{id},"status":0}}}}"#);
            assert!(lines.contains(&taken), "{taken}");
        }
    }
}

/// Keeps what comes in.
struct Inbox(tokio::sync::mpsc::UnboundedSender<IncomingSms>);

impl SmsReceiver for Inbox {
    fn receive<'a>(&'a self, sms: &'a IncomingSms) -> PortFuture<'a, (), ReceiveError> {
        let _ = self.0.send(sms.clone());
        Box::pin(std::future::ready(Ok(())))
    }
}

#[tokio::test]
async fn our_gateway_works_with_their_centre() {
    let (mut server, port) = Server::start("hex");
    let connections = vec![connection("node", SocketAddr::new(LOOPBACK, port))];
    let (inbox, mut came) = tokio::sync::mpsc::unbounded_channel();
    let ports = support::gateway::ports().with_receiver(Inbox(inbox));
    let config = GatewayConfig::new(connections.clone(), rules(&connections));
    let gateway = SmsGateway::open(config, MemoryStore::new(), ports).await.unwrap();
    let mut states = gateway.states();
    gateway.send(&sms(1, "write to me")).await.unwrap();
    assert_eq!(final_state(&mut states).await, SmsState::Delivered);
    let message = came.recv().await.unwrap();
    assert_eq!(
        (message.from.as_str(), message.text.as_str()),
        ("+36309998877", "Hello, gateway")
    );
    let mut lines = server.lines_to(r#"{"message_answered":0}"#);

    let cut = gateway.send(&sms(2, "cut")).await.unwrap().id;
    gateway.send(&sms(3, "and after that")).await.unwrap();
    for _ in 0..2 {
        assert_eq!(final_state(&mut states).await, SmsState::Delivered);
    }
    let cut = gateway.find(&cut).await.unwrap().unwrap();
    assert!(cut.progress.possible_duplicate, "it may have been taken");
    gateway.close().await;
    lines.extend(server.lines_to(r#"{"unbind":true}"#));
    assert!(lines.iter().any(|line| line == r#"{"cut":true}"#));
    let validity = lines.iter().filter(|line| line.starts_with(r#"{"submit""#));
    assert_eq!(
        validity
            .filter(|line| !line.contains(r#""validity_period":"""#))
            .count(),
        lines
            .iter()
            .filter(|line| line.starts_with(r#"{"submit""#))
            .count()
    );
}

/// The next state that is final.
async fn final_state(states: &mut SmsStates) -> SmsState {
    loop {
        let status = next_status(states).await.unwrap();
        if status.state.is_final() {
            return status.state;
        }
    }
}
