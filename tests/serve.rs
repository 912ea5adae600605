//! `ozml serve` as a process: a test centre on one side, its control socket, HTTP and signals on the other.
#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test runs programs, talks to sockets and fails by panicking"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use ozml_host::SystemClock;
use ozml_host::web::{SIGNATURE_HEADER, Secret, Secrets, verify};
use ozml_session::Clock;
use ozml_tests::program::{PATIENCE, Program};
use rustix::process::Signal;
use serde_json::{Value, json};

/// What must be seen nowhere.
const PASSWORD: &str = "mrkrpass";
const SECRET: &str = "marker-secret-of-the-webhook";
const TEXT: &str = "marker text";
const NUMBER: &str = "+36201234567";
const ABROAD: &str = "+49151234567";

/// Everything about one test: a folder, a test centre, and a configuration for it.
struct Office {
    folder: PathBuf,
    centre: Program,
    port: String,
}

impl Office {
    /// With a centre that behaves as these flags say.
    fn new(name: &str, behaviour: &[&str]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("serve-{name}"));
        let _from_an_earlier_run = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let (centre, port) = centre(&folder, "127.0.0.1:0", behaviour);
        Self { folder, centre, port }
    }

    /// Writes the configuration: the usual one, and `more`.
    fn configure(&self, more: &str) {
        let text = format!(
            r#"
            [admin]
            listen = "127.0.0.1:0"
            [[sms.connection]]
            name = "smsc1"
            type = "smpp"
            url = "smpp://shop@127.0.0.1:{}"
            password_env = "CENTRE_PASSWORD"
            timers.response = "20s"
            {more}"#,
            self.port
        );
        fs::write(self.folder.join("ozml.toml"), text).unwrap();
    }

    fn start(&self) -> Server {
        let variables = [("CENTRE_PASSWORD", PASSWORD), ("WEBHOOK_SECRET", SECRET)];
        let mut process = Program::start_with(&self.folder, &["serve"], &variables);
        let line = process.wait_for("serving");
        let (_, rest) = line.split_once("http://").expect("an address");
        let address = rest.split(['"', ' ']).next().unwrap_or_default().to_owned();
        Server {
            process,
            address,
            socket: self.folder.join("ozml.db.sock"),
        }
    }
}

fn centre(folder: &Path, listen: &str, behaviour: &[&str]) -> (Program, String) {
    let arguments = [&["smsc", "--listen", listen, "--password", PASSWORD], behaviour].concat();
    let mut centre = Program::start(folder, &arguments);
    let line = centre.wait_for("test message centre on");
    let (_, rest) = line.split_once("127.0.0.1:").expect("an address");
    let port = rest.split(';').next().unwrap_or_default().to_owned();
    (centre, port)
}

/// A server that runs.
struct Server {
    process: Program,
    address: String,
    socket: PathBuf,
}

impl Server {
    /// What the control socket answers.
    fn ask(&self, request: &Value) -> Value {
        let mut stream = UnixStream::connect(&self.socket).expect("a control socket");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        writeln!(stream, "{request}").unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).expect("an answer");
        serde_json::from_str(&line).expect("JSON")
    }

    /// Sends a message and waits for its end.
    fn send(&self, to: &str, more: &Value) -> Value {
        let mut request = json!({"command": "send", "to": to, "text": TEXT, "wait": "30s"});
        let more = more.as_object().cloned().unwrap_or_default();
        request.as_object_mut().unwrap().extend(more);
        self.ask(&request)
    }

    /// What the admin listener answers to GET.
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("an admin listener");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// TERM; the exit code, and everything that was said.
    fn end(self) -> (Option<i32>, String) {
        let (status, said) = self.process.end();
        (status.code(), said)
    }
}

/// A connection that shows its messages, and what goes there.
const CONSOLE: &str = "
[[sms.connection]]
name = 'shown'
type = 'console'
[[sms.route]]
called = '+49*'
to = ['shown']
";
const TO_CENTRE: &str = "\n[[sms.route]]\nname = 'all'\nto = ['smsc1']\n";

#[test]
fn a_message_goes_its_way_and_nothing_secret_is_seen() {
    let office = Office::new("way", &[]);
    office.configure(&format!("{CONSOLE}{TO_CENTRE}[log]\nlevel = 'debug'\n"));
    let mut server = office.start();
    server.process.wait_for("bound");
    let ready = server.get("/health/ready");
    assert!(
        ready.starts_with("HTTP/1.1 200") && ready.ends_with("{\"ready\":true,\"reasons\":[]}\n"),
        "{ready}"
    );

    let sent = server.send(NUMBER, &json!({}));
    assert_eq!(sent["message"]["state"], "delivered", "{sent}");
    let shown = server.send(ABROAD, &json!({}));
    assert_eq!(shown["message"]["connection"], "shown", "{shown}");
    server.process.wait_for("a message for the console");
    let metrics = server.get("/metrics");
    for line in [
        "ozml_sms_accepted_total 2",
        "ozml_sms_ended_total{state=\"delivered\"} 2",
        "ozml_sms_connection_up{connection=\"smsc1\"} 1.0",
        "ozml_sms_possible_duplicates_total 0",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line}: {metrics}");
    }
    assert!(
        metrics.contains("ozml_sms_store_flush_seconds_count"),
        "{metrics}"
    );
    let status = server.get("/status");

    let socket = server.socket.clone();
    let (exit, said) = server.end();
    assert_eq!(exit, Some(0), "{said}");
    assert!(
        said.lines().last().is_some_and(|line| line.ends_with(": ended")),
        "{said}"
    );
    assert!(!socket.exists());
    for (what, text) in [("log", &said), ("metrics", &metrics), ("status", &status)] {
        for marker in [PASSWORD, SECRET, TEXT, NUMBER, ABROAD] {
            assert!(!text.contains(marker), "{marker} in {what}: {text}");
        }
    }
    for file in fs::read_dir(&office.folder).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(PASSWORD) && !text.contains(SECRET));
    }
}

#[test]
fn what_privacy_opens_is_shown() {
    let office = Office::new("privacy", &[]);
    office.configure(&format!(
        "{CONSOLE}[privacy]\nnumbers = 'shown'\ntexts = 'shown'\n"
    ));
    let mut server = office.start();
    server.send(ABROAD, &json!({}));
    let line = server.process.wait_for("a message for the console");
    assert!(line.contains(TEXT) && line.contains(ABROAD), "{line}");
}

#[test]
fn a_bad_configuration_changes_nothing_and_a_good_one_at_once() {
    let office = Office::new("reload", &[]);
    let log = "[log]\nformat = 'json'\n";
    office.configure(&format!("{TO_CENTRE}{log}"));
    let mut server = office.start();
    let before = server.send(NUMBER, &json!({}));
    assert_eq!(before["message"]["rule"], "all", "{before}");

    office.configure(&format!("{TO_CENTRE}{log}[[sms.route]]\nto = ['nowhere']\n"));
    server.process.signal(Signal::HUP);
    let fault: Value = serde_json::from_str(&server.process.wait_for("nowhere")).unwrap();
    assert_eq!(
        (&fault["level"], &fault["file"]),
        (&json!("ERROR"), &json!("ozml.toml"))
    );
    assert!(fault["line"].as_u64().is_some(), "{fault}");
    server.process.wait_for("the configuration stays as it was");
    let still = server.send(NUMBER, &json!({}));
    assert_eq!(still["message"]["rule"], "all", "{still}");

    let renamed = TO_CENTRE.replace("'all'", "'renamed'");
    let keep = "[store]\nkeep = '7d'\n";
    office.configure(&format!("{renamed}{log}{keep}"));
    server.process.signal(Signal::HUP);
    let restart: Value = serde_json::from_str(&server.process.wait_for("restart")).unwrap();
    assert_eq!(restart["sections"], "[store]");
    server.process.wait_for("the configuration was read again");
    let after = server.send(NUMBER, &json!({}));
    assert_eq!(after["message"]["rule"], "renamed", "{after}");
    assert_eq!(
        server.ask(&json!({"command": "routes"}))["routes"]["rules"][0]["name"],
        "renamed"
    );
    let status = server.ask(&json!({"command": "status"}));
    assert_eq!(status["gateway"]["counts"]["reconnects"], 0, "{status}");

    let (exit, said) = server.end();
    assert_eq!(exit, Some(0), "{said}");
    let no_json = said
        .lines()
        .find(|line| serde_json::from_str::<Value>(line).is_err());
    assert_eq!(no_json, None);
}

#[test]
fn a_second_server_on_a_store_names_the_first_one() {
    let office = Office::new("owner", &[]);
    office.configure(TO_CENTRE);
    let server = office.start();
    let mut second = Program::start_with(&office.folder, &["serve"], &[("CENTRE_PASSWORD", PASSWORD)]);
    let line = second.wait_for("in use");
    assert!(
        line.ends_with(&format!("is in use by process {}", server.process.id())),
        "{line}"
    );
    assert_eq!(second.ended().0.code(), Some(1));
    assert_eq!(server.send(NUMBER, &json!({}))["message"]["state"], "delivered");
    assert_eq!(server.end().0, Some(0));
}

/// Takes one report and answers 200; its head and its body.
fn take_report(listener: &TcpListener) -> (String, Vec<u8>) {
    let (mut stream, _) = listener.accept().expect("a report");
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).unwrap(), 0, "{head}");
    }
    let mut body = vec![0; header(&head, "content-length").parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    stream
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        .unwrap();
    (head, body)
}

fn header<'h>(head: &'h str, name: &str) -> &'h str {
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    let found = headers.find(|(found, _)| found.eq_ignore_ascii_case(name));
    found.unwrap_or_else(|| panic!("no {name}: {head}")).1.trim()
}

#[test]
fn the_web_application_gets_a_signed_delivery_report() {
    let application = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", application.local_addr().unwrap());
    let office = Office::new("report", &[]);
    office.configure(&format!(
        "{TO_CENTRE}[fetch]\nallow = ['{origin}']\nsecret_env = 'WEBHOOK_SECRET'\n"
    ));
    let server = office.start();
    let sent = server.send(NUMBER, &json!({"report": format!("{origin}/report?shop=7")}));
    let (head, body) = take_report(&application);
    assert!(head.starts_with("POST /report?shop=7 "), "{head}");
    let secrets = Secrets::new(Secret::new(SECRET).unwrap());
    let signature = header(&head, SIGNATURE_HEADER);
    assert_eq!(
        verify(&secrets, SystemClock::new().wall(), signature, &body),
        Ok(())
    );
    let fields = String::from_utf8(body).unwrap();
    let id = sent["message"]["id"].as_str().unwrap();
    assert!(
        fields.contains(&format!("SmsId={id}")) && fields.contains("Status=Delivered"),
        "{fields}"
    );
    assert_eq!(server.end().0, Some(0));
}

#[test]
fn a_second_signal_ends_at_once_and_what_was_accepted_is_sent_later() {
    let mut office = Office::new("twice", &["--answer-delay", "1h"]);
    office.configure(TO_CENTRE);
    let mut server = office.start();
    let accepted = server.ask(&json!({"command": "send", "to": NUMBER, "text": TEXT}));
    let id = accepted["accepted"]["id"].clone();
    office.centre.wait_for("sms ");
    server.process.signal(Signal::TERM);
    server.process.wait_for("ending");
    let closing = server.get("/health/ready");
    assert!(
        closing.starts_with("HTTP/1.1 503") && closing.contains("the gateway is ending"),
        "{closing}"
    );
    let (exit, said) = server.end();
    assert_eq!(exit, Some(1), "{said}");

    drop(office.centre);
    let (again, port) = centre(&office.folder, "127.0.0.1:0", &[]);
    (office.centre, office.port) = (again, port);
    office.configure(TO_CENTRE);
    let server = office.start();
    let found = server.ask(&json!({"command": "status", "id": id, "wait": "30s"}));
    assert_eq!(found["message"]["state"], "delivered", "{found}");
    assert_eq!(found["message"]["possible_duplicate"], true, "{found}");
    assert_eq!(server.end().0, Some(0));
}
