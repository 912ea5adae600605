//! Whatever somebody writes into recipient, sender and text, a modem is told nothing but our commands (threats.md
//! T11). The test modem records every line it gets.

#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of a test fail the test, and read the date"
)]

mod support;

use ozml_session::{EffectKey, Messenger, OutgoingSms, PhoneNumber, RunId, SenderId, SmsText};
use ozml_sms::modem_sim::{Event, Events};
use ozml_sms::store::MemoryStore;
use support::modem::{Folder, by_modem};
use support::{GUARD, all_ended};

const PAYLOADS: [&str; 14] = [
    "\rAT+CMGD=1,4\r",
    "\nAT+CMGD=1,4\n",
    "\r\nATD+36209999999;\r\n",
    "\u{1a}AT+CPIN=\"0000\"\r",
    "\u{1a}\rAT+CFUN=0\r",
    "\u{1b}AT+CMGS=10\r",
    "\u{1b}\u{1b}\rATZ\r",
    "\"\rAT&F\r",
    "\",145\rAT+CSCA=\"+36209999999\"\r",
    "x;+CMGD=1,4",
    ";AT+CLCK=\"SC\",1,\"1234\"",
    "0011000B916303214365F70000A705E8329BFD06\u{1a}",
    "> \r\nOK\r\n",
    "a\u{0}b\u{7f}c\u{85}d\u{2028}AT",
];

/// A message with this in it wherever it can be, as far as there is such a message at all.
fn messages(number: u64, payload: &str) -> Vec<OutgoingSms> {
    let key = |place: u64| EffectKey::new(RunId::new("run").unwrap(), number * 10 + place);
    let usual = || PhoneNumber::new("+36301234567").unwrap();
    let text = SmsText::new(payload).map(|text| OutgoingSms::new(key(0), usual(), text));
    let hello = || SmsText::new("Hello").unwrap();
    let written = [
        format!("+36301234567{payload}"),
        format!("{payload}+36301234567"),
        payload.to_owned(),
    ];
    let recipients = written.iter().zip(1..).filter_map(|(written, place)| {
        let to = PhoneNumber::new(written).ok()?;
        Some(OutgoingSms::new(key(place), to, hello()))
    });
    let sender = SenderId::new(payload).ok().map(|sender| {
        let mut sms = OutgoingSms::new(key(9), usual(), hello());
        sms.from = Some(sender);
        sms
    });
    text.into_iter().chain(recipients).chain(sender).collect()
}

/// Commands of a session, by what stands before `=` or `?`.
const OURS: [&str; 26] = [
    "AT", "ATE0", "ATV1", "AT+CMEE", "AT+CPIN", "AT+CMGF", "AT+CSMS", "AT+CPMS", "AT+CNMI", "AT+CSCA",
    "AT+CGMI", "AT+CGMM", "AT+CGMR", "AT+CIMI", "AT+CCID", "AT+ICCID", "AT+COPS", "AT+CSQ", "AT+CREG",
    "AT+CEREG", "AT+CMMS", "AT+CNMA", "AT+CMGL", "AT+CMGR", "AT+CMGD", "AT+CMGS",
];

/// Whether a session says such a thing of its own accord.
fn is_ours(line: &str) -> bool {
    let (name, value) = line.split_once('=').unwrap_or((line.trim_end_matches('?'), ""));
    let is_number = !value.is_empty() && value.bytes().all(|octet| octet.is_ascii_digit());
    let is_plain = value
        .bytes()
        .all(|octet| octet.is_ascii_alphanumeric() || b"?,\"".contains(&octet));
    OURS.contains(&name)
        && match name {
            "AT+CMGS" | "AT+CMGR" | "AT+CMGD" => is_number,
            "AT+CPIN" | "AT+CSCA" => value.is_empty(),
            _ => is_plain,
        }
}

/// Everything that the modem was told, once `end` is there.
async fn told(events: &mut Events) -> Vec<String> {
    let mut lines = Vec::new();
    while let Some(event) = events.next().await {
        match event {
            Event::Command(line) => lines.push(line),
            Event::BadLine(line) => panic!("{line:?}"),
            Event::Missed(count) => panic!("{count} events missed"),
            _ => {}
        }
    }
    lines
}

#[tokio::test]
async fn nothing_that_is_written_into_a_message_becomes_a_command() {
    let folder = Folder::new("injection");
    let modem = folder.modem("modem", "");
    let mut events = modem.events();
    let told = tokio::spawn(async move { told(&mut events).await });
    let gateway =
        support::gateway::open(MemoryStore::new(), vec![by_modem("gsm1", &folder.join("modem"))]).await;
    let mut texts = Vec::new();
    for (number, payload) in (1..).zip(PAYLOADS) {
        for sms in messages(number, payload) {
            gateway.send(&sms).await.unwrap();
            texts.push(sms.text.as_str().to_owned());
            all_ended(&gateway, GUARD).await;
        }
    }
    gateway.close().await;
    let sent: Vec<_> = modem.sent().into_iter().map(|sms| sms.text.unwrap()).collect();
    assert!(texts.len() > PAYLOADS.len());
    assert_eq!(sent, texts, "each text arrives as it was written");
    assert_eq!(modem.counters().pins, 0);
    modem.shutdown().await;
    let told = told.await.unwrap();
    let others: Vec<_> = told.iter().filter(|line| !is_ours(line)).collect();
    assert!(others.is_empty(), "{others:?}");
    let submits = told.iter().filter(|line| line.starts_with("AT+CMGS=")).count();
    assert_eq!(submits, texts.len());
}

#[test]
fn what_is_not_ours_is_told_apart() {
    for ours in [
        "AT",
        "AT+CMGS=18",
        "AT+CPMS=\"SM\",\"SM\",\"SM\"",
        "AT+CNMI=2,1,0,1,0",
        "AT+CSMS=?",
        "AT+CPIN?",
    ] {
        assert!(is_ours(ours), "{ours}");
    }
    for other in [
        "ATZ",
        "ATD+36;",
        "AT+CMGD=1,4",
        "AT+CPIN=\"0000\"",
        "AT+CSCA=\"+36\",145",
        "AT+CMGS=1;+X",
    ] {
        assert!(!is_ours(other), "{other}");
    }
}
