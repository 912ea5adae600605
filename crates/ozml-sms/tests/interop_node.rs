//! Against the npm package `smpp`, which knows nothing of us. Needs node 18 and `npm ci` in
//! `tests/interop/smpp-node`; run it with `tests/interop/run.sh`.

#![allow(
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of a test fail the test"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

use ozml_sms::smsc::{ReceivedSms, TestSmsc};
use ozml_sms::text::{Concatenation, Reference};

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

fn pdu(id: u32, sequence: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(16 + body.len()).unwrap();
    let header = [length, id, 0, sequence].map(u32::to_be_bytes).concat();
    [&header, body].concat()
}

/// Id and body of the next PDU.
fn read(stream: &mut TcpStream) -> (u32, Vec<u8>) {
    let mut header = [0; 16];
    stream.read_exact(&mut header).unwrap();
    let field = |at: usize| u32::from_be_bytes(header[at..at + 4].try_into().unwrap());
    let mut body = vec![0; usize::try_from(field(0)).unwrap() - 16];
    stream.read_exact(&mut body).unwrap();
    (field(4), body)
}

#[test]
fn their_centre_takes_a_message_and_sends_a_receipt() {
    for (ids, answered) in [("dec", "2588012738\0"), ("hex", "9A41F0C2\0")] {
        let (mut server, port) = Server::start(ids);
        let mut stream = TcpStream::connect((LOOPBACK, port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream
            .write_all(&pdu(0x09, 1, b"shop\0secret\0\0\x34\0\0\0"))
            .unwrap();
        assert_eq!(read(&mut stream).0, 0x8000_0009);
        assert_eq!(
            server.line(),
            r#"{"bind":{"kind":"bind_transceiver","system_id":"shop","password":"secret"}}"#
        );
        let submit = b"\0\0\x011234\0\x01\x0136301234567\0\0\0\0\0\0\x01\0\0\0\x05hello";
        stream.write_all(&pdu(0x04, 2, submit)).unwrap();
        assert_eq!(read(&mut stream), (0x8000_0004, answered.as_bytes().to_vec()));
        assert!(server.line().starts_with(
            r#"{"submit":{"id":2588012738,"from":"1234","to":"36301234567","text":"hello","udh":null,"#
        ));
        let (id, body) = read(&mut stream);
        let text = String::from_utf8_lossy(&body);
        assert!(
            id == 0x05 && text.contains("id:2588012738 sub:001"),
            "{ids}: {text}"
        );
        stream.write_all(&pdu(0x8000_0005, 1, b"\0")).unwrap();
        assert_eq!(
            server.line(),
            r#"{"receipt_answered":{"id":2588012738,"status":0}}"#
        );
    }
}
