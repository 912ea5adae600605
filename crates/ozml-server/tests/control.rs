//! The control socket, over a gateway that sends to a test centre.
#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reads and writes files and fails by panicking, in its helpers too"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ozml_dialplan::{DestinationPolicy, DestinationsSection, Router, RouterConfig, SharedPolicy};
use ozml_host::{RandomIds, SystemClock};
use ozml_server::control::{
    Answer, Client, ControlSocket, MOST_LINE, Request, SendRequest, Service, SocketError, serve,
};
use ozml_session::{ConnectionName, PhoneNumber, SmsState, SmsText};
use ozml_sms::gateway::{ConnectionConfig, GatewayConfig, GatewayPorts, GatewayRules, SmsGateway};
use ozml_sms::smpp::SmppConfig;
use ozml_sms::smsc::{Behaviour, FinalState, TestSmsc};
use ozml_sms::store::MemoryStore;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

/// Longer than anything takes that works.
const GUARD: Duration = Duration::from_secs(30);

/// A gateway whose one rule sends to a test centre; only numbers of Hungary may be reached.
struct Office {
    service: Arc<Service>,
    _centre: TestSmsc,
}

impl Office {
    async fn open(behaviour: Behaviour) -> Self {
        let centre = TestSmsc::listen("127.0.0.1:0".parse().unwrap(), behaviour)
            .await
            .unwrap();
        let url = format!("smpp://ozml@{}", centre.addr()).parse().unwrap();
        let name = ConnectionName::new("a").unwrap();
        let connections = vec![ConnectionConfig::new(name.clone(), SmppConfig::new(&url))];
        let mut router = RouterConfig::default();
        router.connections = vec![name];
        router.routes = vec![serde_json::from_value(json!({"name": "all", "to": ["a"]})).unwrap()];
        let destinations: DestinationsSection = serde_json::from_value(json!({"allow": ["+36"]})).unwrap();
        let policy = DestinationPolicy::new(&destinations).unwrap();
        let policy = SharedPolicy::new(policy, SystemClock::new(), |_| {});
        let rules = GatewayRules::new(Router::new(&router).unwrap(), policy);
        let gateway = SmsGateway::open(
            GatewayConfig::new(connections, rules),
            MemoryStore::new(),
            GatewayPorts::new(RandomIds, SystemClock::new()),
        );
        let gateway = gateway.await.unwrap();
        Self {
            service: Arc::new(Service::new(gateway, &router, RandomIds, SystemClock::new())),
            _centre: centre,
        }
    }

    async fn delivering() -> Self {
        Self::open(Behaviour::new().receipts(Some(FinalState::Delivered))).await
    }

    /// What the answer to a request says under its key.
    async fn ask(&self, key: &str, request: Value) -> Value {
        let answer = self.service.answer_line(request.to_string().as_bytes()).await;
        let mut answer = serde_json::to_value(answer).unwrap();
        assert!(answer.get(key).is_some(), "{request}: {answer}");
        answer[key].take()
    }
}

/// A short path of its own: those of sockets may not be long.
fn path(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("ozml-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder.join("ozml.db.sock")
}

#[tokio::test]
async fn a_message_is_sent_and_its_end_is_waited_for() {
    let office = Office::delivering().await;
    let request = json!({"command": "send", "to": "+36 20 123 4567", "text": "Hello", "wait": "30s"});
    let message = office.ask("message", request).await;
    assert_eq!(
        (&message["state"], &message["ended"]),
        (&json!("delivered"), &json!(true))
    );
    assert_eq!(
        (&message["to"], &message["text"]),
        (&json!("+36201234567"), &json!("Hello"))
    );

    let status = json!({"command": "status", "id": message["id"], "wait": "30s", "seen": 99});
    assert_eq!(
        office.ask("message", status).await,
        message,
        "it has ended, so nothing is waited for"
    );
}

#[tokio::test]
async fn states_are_told_one_after_the_other() {
    let office = Office::delivering().await;
    let send = json!({"command": "send", "to": "+36201234567", "text": "Hello"});
    let id = office.ask("accepted", send).await["id"].take();
    let mut states = Vec::new();
    while states.last() != Some(&json!("delivered")) {
        let seen = states.len();
        let status = json!({"command": "status", "id": id, "wait": "30s", "seen": seen});
        let message = office.ask("message", status).await;
        let history = message["history"].as_array().unwrap();
        assert!(history.len() > seen, "{message}");
        states = history.iter().map(|entry| entry["state"].clone()).collect();
    }
    assert_eq!(states, ["accepted", "submitted", "sent", "delivered"]);
}

#[tokio::test]
async fn the_same_key_sends_once() {
    let office = Office::delivering().await;
    let request = json!({"command": "send", "to": "+36201234567", "text": "Hello", "key": "order-7"});
    let first = office.ask("accepted", request.clone()).await;
    assert_eq!(office.ask("accepted", request).await, first);
    let other = json!({"command": "send", "to": "+36201234567", "text": "Other", "key": "order-7"});
    assert_eq!(office.ask("error", other).await["code"], 906);
    assert_eq!(
        office.ask("messages", json!({"command": "list"})).await["list"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn refusals_have_the_codes_of_scripts() {
    let office = Office::delivering().await;
    for (request, code, text) in [
        (
            json!({"command": "send", "to": "+4930123456", "text": "Hello"}),
            901,
            "no prefix of it fits",
        ),
        (
            json!({"command": "send", "to": "Jim", "text": "Hello"}),
            302,
            "`J` cannot stand",
        ),
        (
            json!({"command": "send", "to": "+36201234567", "text": ""}),
            302,
            "needs a text",
        ),
        (
            json!({"command": "send", "to": "1", "text": "a", "priority": 4}),
            302,
            "0 to 3",
        ),
        (
            json!({"command": "send", "to": "1", "text": "a", "tex": "b"}),
            302,
            "unknown field `tex`",
        ),
        (json!({"command": "routes", "of": "b"}), 302, "unknown field `of`"),
        (json!({"command": "reboot"}), 302, "unknown variant `reboot`"),
        (
            json!({"command": "status", "id": "nobody"}),
            302,
            "there is no message `nobody`",
        ),
        (
            json!({"command": "status", "id": "nobody", "wait": "1h"}),
            302,
            "there is no message `nobody`",
        ),
        (
            json!({"command": "retry", "id": "nobody"}),
            302,
            "there is no message `nobody`",
        ),
        (
            json!({"command": "pause", "connection": "b"}),
            302,
            "there is no connection `b`",
        ),
        (
            json!({"command": "purge", "before": "2026-01-01"}),
            302,
            "a date and time",
        ),
        (json!(7), 302, "no request"),
    ] {
        let error = office.ask("error", request.clone()).await;
        assert_eq!(error["code"], code, "{request}: {error}");
        assert!(
            error["text"].as_str().unwrap().contains(text),
            "{request}: {error}"
        );
    }
}

#[tokio::test]
async fn a_failed_message_is_sent_again_and_forgotten() {
    let office = Office::open(Behaviour::new().receipts(Some(FinalState::Undeliverable))).await;
    let request = json!({"command": "send", "to": "+36201234567", "text": "Hello", "wait": "30s"});
    let message = office.ask("message", request).await;
    assert_eq!(message["state"], "failed");
    let id = &message["id"];
    let again = office.ask("retried", json!({"command": "retry", "id": id})).await;
    assert_eq!(again["again"], true);
    let status = json!({"command": "status", "id": id, "wait": "30s"});
    let message = office.ask("message", status).await;
    assert!(message["history"].as_array().unwrap().len() > 4, "{message}");

    let listed = office
        .ask(
            "messages",
            json!({"command": "list", "state": "failed", "to": "+3620"}),
        )
        .await;
    assert_eq!(
        (&listed["list"][0]["id"], listed["list"][0].get("text")),
        (id, None)
    );
    let unfinished = office
        .ask("messages", json!({"command": "list", "unfinished": true}))
        .await;
    assert_eq!(unfinished, json!({"list": [], "more": false}));
    let purge = json!({"command": "purge", "before": "2999-01-01T00:00:00Z"});
    assert_eq!(office.ask("purged", purge).await["messages"], 1);
    assert_eq!(
        office.ask("error", json!({"command": "status", "id": id})).await["code"],
        302
    );
}

#[tokio::test]
async fn what_is_drained_or_paused_says_so() {
    let office = Office::delivering().await;
    let status = json!({"command": "status"});
    let send = json!({"command": "send", "to": "+36201234567", "text": "Hello"});
    office
        .ask("done", json!({"command": "pause", "connection": "a"}))
        .await;
    office.ask("done", json!({"command": "drain"})).await;
    let gateway = office.ask("gateway", status.clone()).await;
    assert_eq!(
        (&gateway["draining"], &gateway["connections"][0]["state"]),
        (&json!(true), &json!("paused"))
    );
    assert!(
        office.ask("error", send.clone()).await["text"]
            .as_str()
            .unwrap()
            .contains("accepts no messages")
    );
    office
        .ask("done", json!({"command": "drain", "resume": true}))
        .await;
    office
        .ask("done", json!({"command": "resume", "connection": "a"}))
        .await;
    let gateway = office.ask("gateway", status).await;
    assert_eq!(
        (&gateway["draining"], &gateway["process"]),
        (&json!(false), &json!(std::process::id()))
    );
    office.ask("accepted", send).await;
}

#[tokio::test]
async fn rules_are_shown_and_explained() {
    let office = Office::delivering().await;
    let routes = office.ask("routes", json!({"command": "routes"})).await;
    assert_eq!(
        (&routes["connections"], &routes["rules"][0]["name"]),
        (&json!(["a"]), &json!("all"))
    );
    let explain = |to: &str| json!({"command": "route-explain", "to": to, "text": "Hello"});
    let explanation = office.ask("explanation", explain("+36201234567")).await;
    assert_eq!(explanation["admitted"], true);
    assert!(
        explanation["text"]
            .as_str()
            .unwrap()
            .contains("all (priority 100): matches")
    );
    let explanation = office.ask("explanation", explain("+4930123456")).await;
    assert_eq!(
        (&explanation["admitted"], &explanation["policy"]["code"]),
        (&json!(false), &json!(901))
    );
}

#[tokio::test]
async fn any_line_is_answered() {
    let office = Office::delivering().await;
    let valid: Vec<String> = [
        json!({"command": "status", "id": "a", "seen": 1}),
        json!({"command": "list", "state": "failed", "rows": 5, "below": 7, "to": "+36"}),
        json!({"command": "send", "to": "+4930", "text": "a", "from": "Shop", "priority": 3, "validity": "1h"}),
        json!({"command": "route-explain", "to": "+3620", "at": "2026-01-01T00:00:00Z"}),
    ]
    .map(|request| request.to_string())
    .to_vec();
    let line = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        (
            prop::sample::select(valid),
            any::<prop::sample::Index>(),
            any::<u8>()
        )
            .prop_map(|(line, at, byte)| {
                let mut line = line.into_bytes();
                let at = at.index(line.len());
                line[at] = byte;
                line
            }),
    ];
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..500 {
        let line = line.new_tree(&mut runner).unwrap().current();
        let answer = office.service.answer_line(&line).await;
        let written = serde_json::to_string(&answer).unwrap();
        assert!(!written.contains('\n'));
        assert_eq!(
            serde_json::from_str::<Answer>(&written).unwrap(),
            answer,
            "{written}"
        );
    }
}

#[tokio::test]
async fn the_socket_is_its_owners_and_goes_with_the_server() {
    let path = path("owner");
    let socket = ControlSocket::bind(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(matches!(ControlSocket::bind(&path), Err(SocketError::InUse(_))));
    drop(socket);
    assert!(!path.exists());

    // What a killed process leaves: a file without a listener.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    drop(ControlSocket::bind(&path).unwrap());
    fs::write(&path, "no socket").unwrap();
    assert!(ControlSocket::bind(&path).is_err());
    assert!(path.exists(), "what is no socket stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_of_the_command_line_is_understood() {
    let office = Office::delivering().await;
    let path = path("client");
    let server = tokio::spawn(serve(ControlSocket::bind(&path).unwrap(), office.service.clone()));
    let at = path.clone();
    let asked = tokio::task::spawn_blocking(move || {
        let mut client = Client::connect(&at).unwrap().unwrap();
        let (to, text) = (
            PhoneNumber::new("+36201234567").unwrap(),
            SmsText::new("Hello").unwrap(),
        );
        let mut send = SendRequest::new(to, text);
        send.wait = Some(GUARD);
        client.ask(&Request::Send(Box::new(send))).unwrap()
    });
    let Answer::Message(message) = asked.await.unwrap() else {
        panic!("a message was expected");
    };
    assert_eq!(message.state, SmsState::Delivered);
    server.abort();
    let _aborted = server.await;
    assert!(
        Client::connect(&path).unwrap().is_none(),
        "nobody listens any more"
    );
}

#[tokio::test]
async fn a_line_that_is_too_long_ends_the_connection() {
    let office = Office::delivering().await;
    let path = path("long");
    let _server = tokio::spawn(serve(ControlSocket::bind(&path).unwrap(), office.service.clone()));
    let mut stream = BufReader::new(UnixStream::connect(&path).await.unwrap());
    let line = vec![b' '; MOST_LINE + 1];
    // The server may close before it took all of it.
    let _cut = stream.write_all(&line).await;
    let mut answer = String::new();
    tokio::time::timeout(GUARD, stream.read_line(&mut answer))
        .await
        .unwrap()
        .unwrap();
    assert!(answer.contains("at most 262144 octets"), "{answer}");
    assert_eq!(stream.read(&mut [0]).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn connections_are_bounded() {
    let office = Office::delivering().await;
    let path = path("many");
    let _server = tokio::spawn(serve(ControlSocket::bind(&path).unwrap(), office.service.clone()));
    let mut open = Vec::new();
    let busy = loop {
        let mut stream = BufReader::new(UnixStream::connect(&path).await.unwrap());
        stream
            .write_all(b"{\"command\":\"routes\"}\n")
            .await
            .unwrap_or_default();
        let mut answer = String::new();
        stream.read_line(&mut answer).await.unwrap();
        if answer.contains("error") {
            break answer;
        }
        open.push(stream);
        assert!(open.len() < 1_000);
    };
    assert!(busy.contains("905"), "{busy}");
    drop(open.pop());
}
