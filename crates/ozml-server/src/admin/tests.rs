use std::net::SocketAddr;
use std::sync::Arc;

use ozml_session::Messenger;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Duration, Instant, timeout};

use super::{AdminError, AdminListener};
use crate::assemble::Running;
use crate::task::Task;
use crate::testing::{CONSOLE, GUARD, IN_MEMORY, TO_CONSOLE, config, delivered, open, sms};

/// A gateway with a console that has delivered a message, and its admin listener.
struct Admin {
    running: Arc<Running>,
    address: SocketAddr,
    _serving: Task,
}

impl Admin {
    async fn begin() -> Self {
        let running = Arc::new(open(&[IN_MEMORY, CONSOLE, TO_CONSOLE]).await);
        let mut states = running.gateway().states();
        running.gateway().send(&sms(1)).await.unwrap();
        delivered(&mut states).await;
        let section = config(&["[admin]\nlisten = '127.0.0.1:0'\n"]).admin;
        let listener = AdminListener::bind(&section).await.unwrap();
        Self {
            address: listener.address(),
            _serving: Task::spawn(listener.serve(Arc::clone(&running))),
            running,
        }
    }

    /// What is answered to these octets.
    async fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let read = timeout(GUARD, stream.read_to_string(&mut answer)).await;
        read.expect("it is answered").unwrap();
        answer
    }

    async fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"))
            .await
    }
}

fn status(answer: &str) -> &str {
    answer.get(9..12).unwrap_or(answer)
}

#[tokio::test]
async fn health_tells_whether_messages_can_be_sent_and_why_not() {
    let admin = Admin::begin().await;
    assert_eq!(status(&admin.get("/health/live").await), "200");
    let ready = admin.get("/health/ready").await;
    assert!(
        ready.ends_with("\r\n\r\n{\"ready\":true,\"reasons\":[]}\n"),
        "{ready}"
    );

    admin.running.gateway().drain(true).await;
    let draining = admin.get("/health/ready").await;
    assert_eq!(status(&draining), "503");
    assert!(
        draining.ends_with("{\"ready\":false,\"reasons\":[\"no messages are accepted at present\"]}\n"),
        "{draining}"
    );

    admin.running.close().await;
    let closed = admin.get("/health/ready").await;
    assert!(closed.ends_with("[\"the gateway is ending\"]}\n"), "{closed}");
    assert_eq!(status(&admin.get("/status").await), "503");
    assert_eq!(status(&admin.get("/health/live").await), "200");
}

#[tokio::test]
async fn without_a_connection_nothing_is_ready() {
    let running = open(&[IN_MEMORY]).await;
    let status = running.gateway().status().await;
    let readiness = crate::health::Readiness::of(status.as_ref());
    assert_eq!(readiness.reasons, ["there is no connection"]);
}

#[tokio::test]
async fn metrics_count_what_happened_and_show_no_number_and_no_text() {
    let admin = Admin::begin().await;
    let page = admin.get("/metrics").await;
    for line in [
        "content-type: application/openmetrics-text; version=1.0.0; charset=utf-8\r",
        "ozml_sms_accepted_total 1",
        "ozml_sms_ended_total{state=\"delivered\"} 1",
        "ozml_sms_answers_total{status=\"ROK\"} 1",
        "ozml_sms_possible_duplicates_total 0",
        "ozml_sms_submit_seconds_count 1",
        "ozml_sms_submit_seconds_bucket{le=\"+Inf\"} 1",
        "ozml_sms_queue_unfinished 0.0",
        "ozml_sms_connection_up{connection=\"shown\"} 1.0",
        "ozml_sms_policy_alarms_total 0",
        "ozml_sms_reports_queued 0.0",
        "# EOF",
    ] {
        assert!(page.split('\n').any(|found| found == line), "{line}: {page}");
    }
    assert!(!page.contains("36201234567") && !page.contains("Hello"), "{page}");
}

#[tokio::test]
async fn status_is_what_the_control_socket_tells() {
    let admin = Admin::begin().await;
    let answer = admin.get("/status").await;
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let gateway: crate::control::Gateway = serde_json::from_str(body).unwrap();
    assert_eq!((gateway.counts.accepted, gateway.connections.len()), (1, 1));
    assert!(admin.get("/").await.contains("/metrics"));
}

#[tokio::test]
async fn strangers_and_what_makes_no_sense_are_refused() {
    let admin = Admin::begin().await;
    for (request, expected) in [
        ("GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n", "421"),
        ("GET /metrics HTTP/1.0\r\n\r\n", "200"),
        (
            "GET /health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody",
            "413",
        ),
        (
            "GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "413",
        ),
        ("POST /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "405"),
        ("GET /secrets HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"),
        ("no HTTP\r\n\r\n", "400"),
    ] {
        assert_eq!(status(&admin.ask(request).await), expected, "{request}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_does_not_come_is_not_waited_for() {
    let admin = Admin::begin().await;
    let begin = Instant::now();
    admin.ask("GET /metrics HT").await;
    assert!(begin.elapsed() < Duration::from_secs(29), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn other_machines_are_for_who_says_so() {
    let mut section = config(&[]).admin;
    section.listen = ([0, 0, 0, 0], 0).into();
    assert!(matches!(
        AdminListener::bind(&section).await,
        Err(AdminError::NotLoopback(_))
    ));
    section.allow_remote = true;
    assert!(AdminListener::bind(&section).await.is_ok());
}
