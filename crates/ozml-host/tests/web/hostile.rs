//! Peers that want to hold a call up or fill its memory. Time is virtual: it stands still while a byte moves.

use std::time::Duration;

use ozml_session::FetchError;
use tokio::time::Instant;

use crate::server::{Server, Step, answer, client_of, failed, get};

const AT_ONCE: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

/// What becomes of a request to a peer, and how long it took.
async fn meet(steps: Vec<Step>) -> (Result<u16, FetchError>, Duration) {
    let server = Server::always(steps).await;
    let web = client_of(&server, |_| {});
    let begin = Instant::now();
    let answer = get(&web, &format!("http://app.example:{}/", server.port)).await;
    (answer.map(|answer| answer.status), begin.elapsed())
}

fn write(text: &str) -> Step {
    Step::Write(text.as_bytes().to_vec())
}

fn drip(text: &str) -> Step {
    Step::Repeat(text.as_bytes().to_vec(), SECOND)
}

fn flood(text: &str) -> Step {
    Step::Repeat(text.as_bytes().to_vec(), Duration::ZERO)
}

const HEAD: &str = "HTTP/1.1 200 OK\r\n";
const OPEN: &str = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";

#[tokio::test(start_paused = true)]
async fn who_says_nothing_has_the_time_of_a_head() {
    for steps in [
        vec![Step::Stall],
        vec![write(HEAD), Step::Stall],
        vec![write(HEAD), write("X: "), drip("x")],
        vec![write(HEAD), drip("X: y\r\n")],
        vec![Step::Repeat(b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(), AT_ONCE)],
    ] {
        let (ended, time) = meet(steps).await;
        assert_eq!(ended, Err(FetchError::Timeout));
        assert!((5 * SECOND..5 * SECOND + 5 * AT_ONCE).contains(&time), "{time:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_drips_or_stalls_in_the_body_has_the_total_time() {
    for steps in [vec![write(OPEN), Step::Stall], vec![write(OPEN), drip("x")]] {
        let (ended, time) = meet(steps).await;
        assert_eq!(ended, Err(FetchError::Timeout));
        assert!(
            (10 * SECOND..10 * SECOND + 5 * AT_ONCE).contains(&time),
            "{time:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn endless_and_announced_bodies_are_given_up_at_the_limit() {
    let megabyte = "x".repeat(1024 * 1024);
    for steps in [
        vec![write("HTTP/1.1 200 OK\r\n\r\n"), flood(&megabyte)],
        vec![
            write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
            flood(&format!("100000\r\n{megabyte}\r\n")),
        ],
        vec![
            write("HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n"),
            Step::Stall,
        ],
    ] {
        let (ended, _) = meet(steps).await;
        assert_eq!(ended, Err(FetchError::TooLarge { max: 1024 * 1024 }));
    }
}

#[tokio::test(start_paused = true)]
async fn heads_without_measure_are_given_up() {
    let many: String = (0..100_000).map(|number| format!("X-{number}: y\r\n")).collect();
    let long = "x".repeat(64 * 1024);
    for steps in [
        vec![write(HEAD), flood("X: y\r\n")],
        vec![write(HEAD), write("X: "), flood(&long)],
        vec![write(HEAD), write(&many), write("\r\n"), Step::Stall],
    ] {
        let (ended, time) = meet(steps).await;
        let text = failed(ended);
        assert!(text.contains("message head is too large"), "{text}");
        assert!(time < 5 * SECOND, "{time:?}");
    }
    let large: String = (0..50)
        .map(|n| format!("X-{n}: {}\r\n", "y".repeat(1024)))
        .collect();
    let (ended, _) = meet(answer("200 OK", &large, "")).await;
    assert_eq!(failed(ended), "limit `response_header_bytes` of 32768 is reached");
}

#[tokio::test(start_paused = true)]
async fn answers_that_break_off_are_failures() {
    for steps in [
        vec![],
        vec![Step::Reset],
        vec![write(OPEN), write("short")],
        vec![write(OPEN), write("short"), Step::Reset],
        vec![write("SSH-2.0-OpenSSH_9.6\r\n")],
        answer("200 OK", "Content-Encoding: gzip\r\n", "no gzip"),
        vec![
            write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            Step::Stall,
        ],
        vec![write(
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        )],
    ] {
        let (ended, _) = meet(steps).await;
        let text = failed(ended);
        assert!(
            !text.contains("127.0.0.1") && !text.contains("app.example"),
            "{text}"
        );
    }
}
