//! The modem emulator at real lines: a pseudo-terminal, and any other.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "helpers of a test fail the test"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ozml_session::{SenderId, SmsText};
use ozml_sms::modem_sim::{Event, Events, ModemSim, OpenError};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex};
use tokio_serial::SerialPortBuilderExt;

/// Guards against what never comes.
const PATIENCE: Duration = Duration::from_secs(60);
const HELLO: &[u8] = b"0001000B916303214365F7000005E8329BFD06\x1a";

fn link(name: &str) -> PathBuf {
    let link = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("link-{name}"));
    let _from_an_earlier_run = fs::remove_file(&link);
    link
}

fn open(path: &Path) -> tokio_serial::SerialStream {
    tokio_serial::new(path.to_str().unwrap(), 115_200)
        .open_native_async()
        .unwrap()
}

/// Reads until `end` has come.
async fn until(line: &mut (impl AsyncRead + Unpin), end: &str) -> String {
    let mut read = String::new();
    while !read.ends_with(end) {
        let octet = tokio::time::timeout(PATIENCE, line.read_u8()).await;
        read.push(char::from(octet.expect("an answer in time").unwrap()));
    }
    read
}

async fn ask(line: &mut (impl AsyncRead + AsyncWrite + Unpin), command: &str) -> String {
    line.write_all(format!("{command}\r").as_bytes()).await.unwrap();
    until(line, "OK\r\n").await
}

async fn event(events: &mut Events, wanted: &Event) {
    let come = async { while events.next().await.as_ref() != Some(wanted) {} };
    tokio::time::timeout(PATIENCE, come)
        .await
        .expect("an event in time");
}

#[tokio::test]
async fn programs_open_it_one_after_the_other() {
    let modem = ModemSim::open("".parse().unwrap()).unwrap();
    let path = modem.path().unwrap();
    let mut first = open(&path);
    assert_eq!(ask(&mut first, "ATE0").await, "ATE0\r\r\nOK\r\n");
    drop(first);
    let mut second = open(&path);
    assert_eq!(
        ask(&mut second, "AT+CSQ").await,
        "\r\n+CSQ: 20,99\r\n\r\nOK\r\n",
        "it kept what was set"
    );
    ask(&mut second, "AT+CNMI=2,1").await;
    let from = SenderId::new("+36201234567").unwrap();
    modem.incoming(&from, &SmsText::new("Hi").unwrap()).unwrap();
    assert_eq!(until(&mut second, ",1\r\n").await, "\r\n+CMTI: \"SM\",1\r\n");
    modem.shutdown().await;
    assert!(second.read_u8().await.is_err(), "the port is gone");
}

#[tokio::test]
async fn a_modem_that_is_pulled_out_comes_back_where_its_link_was() {
    let link = link("unplugged");
    let modem = ModemSim::open_at("echo=off,unplug-after=1,unplug-for=1ms".parse().unwrap(), &link).unwrap();
    assert_eq!(modem.path().as_deref(), Some(&*link));
    let mut events = modem.events();
    let mut line = open(&link);
    line.write_all(b"AT+CMGS=18\r").await.unwrap();
    until(&mut line, "> ").await;
    line.write_all(HELLO).await.unwrap();
    event(&mut events, &Event::Unplugged).await;
    let ended = tokio::time::timeout(Duration::from_secs(5), line.read_u8()).await;
    assert!(ended.expect("the end in time").is_err());
    event(&mut events, &Event::Plugged).await;
    assert_eq!(ask(&mut open(&link), "AT").await, "\r\nOK\r\n");
    assert_eq!((modem.sent().len(), modem.counters().unplugged), (1, 1));
    modem.shutdown().await;
    assert!(!link.is_symlink());
}

#[tokio::test]
async fn a_link_overwrites_nothing_of_others() {
    let link = link("of-others");
    fs::write(&link, "mine").unwrap();
    let fault = ModemSim::open_at("".parse().unwrap(), &link)
        .unwrap_err()
        .to_string();
    assert!(
        fault.starts_with("cannot make the link ") && fault.ends_with("remove it or take another path"),
        "{fault}"
    );
    assert_eq!(fs::read_to_string(&link).unwrap(), "mine");
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("/dev/ttyUSB99", &link).unwrap();
    let fault = ModemSim::open_at("".parse().unwrap(), &link).unwrap_err();
    assert!(matches!(fault, OpenError::Taken(_)), "{fault}");
    fs::remove_file(&link).unwrap();
}

#[tokio::test]
async fn a_link_that_a_killed_run_left_is_replaced() {
    let link = link("left");
    let elsewhere = ModemSim::open("".parse().unwrap()).unwrap();
    let given_again = elsewhere.path().unwrap();
    for target in [Path::new("/dev/pts/999999"), &given_again] {
        std::os::unix::fs::symlink(target, &link).unwrap();
        let modem = ModemSim::open_at("".parse().unwrap(), &link).unwrap();
        assert_ne!(fs::read_link(&link).unwrap(), target);
        modem.shutdown().await;
        assert!(!link.is_symlink());
    }
    assert!(given_again.exists(), "the terminal itself is left alone");
}

#[tokio::test(start_paused = true)]
async fn any_line_will_do_and_time_is_the_runtime_s() {
    let (mut line, of_modem) = duplex(1_024);
    let modem = ModemSim::over("echo=off,network-delay=30s".parse().unwrap(), of_modem);
    assert_eq!(modem.path(), None);
    line.write_all(b"AT+CMGS=18\r").await.unwrap();
    until(&mut line, "> ").await;
    let begin = tokio::time::Instant::now();
    line.write_all(HELLO).await.unwrap();
    assert_eq!(until(&mut line, "OK\r\n").await, "\r\n+CMGS: 1\r\n\r\nOK\r\n");
    assert_eq!(begin.elapsed().as_secs(), 30);
}
