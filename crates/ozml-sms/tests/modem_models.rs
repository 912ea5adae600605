//! Against recordings of real modems, and a decoder of PDUs that knows nothing of us. Needs python3 with pip, and what
//! `tests/interop/modem-models/fetch.sh` gets; run it with `tests/interop/run.sh`.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of a test fail the test"
)]

mod support;

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use ozml_session::{Messenger, SmsState, SmsStates};
use ozml_sms::gateway::{ConnectionConfig, SmsGateway};
use ozml_sms::gsm::{ModemConfig, Pin};
use ozml_sms::store::MemoryStore;
use serde_json::{Value, json};
use support::gateway::{name, open};
use support::{next_state, sms};

/// A recording, played until it is dropped.
struct Modem {
    process: Child,
    lines: BufReader<ChildStdout>,
    config: ModemConfig,
}

impl Modem {
    fn play(model: &str, arguments: &[&str]) -> Self {
        let program =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/interop/modem-models/play.py");
        let mut process = Command::new("python3")
            .arg(program)
            .arg(model)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap());
        let port = read(&mut lines)["port"].as_str().unwrap().parse().unwrap();
        let mut config = ModemConfig::new(port);
        // One of them leaves questions without a result.
        config.timers.command = Duration::from_secs(1);
        Self {
            process,
            lines,
            config,
        }
    }

    fn with_pin(mut self, pin: &str) -> Self {
        self.config.pin = Some(Pin::new(pin).unwrap());
        self
    }

    async fn gateway(&self) -> SmsGateway {
        let connection = ConnectionConfig::new(name("modem"), self.config.clone());
        open(MemoryStore::new(), vec![connection]).await
    }

    /// The next thing it tells.
    fn told(&mut self) -> Value {
        read(&mut self.lines)
    }
}

fn read(lines: &mut BufReader<ChildStdout>) -> Value {
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    serde_json::from_str(&line).expect("it plays: see its standard error")
}

impl Drop for Modem {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

fn taken(text: &str) -> Value {
    json!({"sms": {"number": "+36301234567", "text": text, "part": null}})
}

/// What every model can do: take a short text, one in UCS-2, and one of three parts.
async fn sends(modem: &mut Modem) {
    let gateway = modem.gateway().await;
    let mut states = gateway.states();
    let short = ["hello @ £ {x} €", "Привет"];
    let long = ["a".repeat(153), "b".repeat(153), "and the end €".to_owned()];
    for (number, text) in (1..).zip([short[0], short[1], &long.concat()]) {
        gateway.send(&sms(number, text)).await.unwrap();
        assert_eq!(outcome(&mut states).await, Some(SmsState::Sent), "{text}");
    }
    if modem.config.pin.is_some() {
        assert_eq!(modem.told(), json!({"pin": "right"}));
    }
    for text in short {
        assert_eq!(modem.told(), taken(text));
    }
    let parts: Vec<_> = (1..=3).map(|_| modem.told()).collect();
    let reference = &parts[0]["sms"]["part"][0];
    for (number, (part, text)) in (1..).zip(parts.iter().zip(&long)) {
        let message = json!({"number": "+36301234567", "text": text, "part": [reference, 3, number]});
        assert_eq!(part["sms"], message);
    }
    gateway.close().await;
}

/// The first state that is more than having left us.
async fn outcome(states: &mut SmsStates) -> Option<SmsState> {
    loop {
        let state = next_state(states).await;
        if state != Some(SmsState::Submitted) {
            return state;
        }
    }
}

#[tokio::test]
async fn a_huawei_k3715() {
    sends(&mut Modem::play("HuaweiK3715", &[])).await;
}

/// Says `COMMAND NOT SUPPORT` where others say `ERROR`.
#[tokio::test]
async fn a_huawei_e1752() {
    sends(&mut Modem::play("HuaweiE1752", &[])).await;
}

/// Ends the answer to `AT+CPIN?` without `OK`, and tells of a call that ends by `NO CARRIER`.
#[tokio::test]
async fn a_wavecom_multiband_900e_1800() {
    sends(&mut Modem::play("WavecomMultiband900E1800", &[])).await;
}

#[tokio::test]
async fn a_qualcomm_m6280() {
    sends(&mut Modem::play("QualcommM6280", &[])).await;
}

#[tokio::test]
async fn a_zte_k3565_z() {
    sends(&mut Modem::play("ZteK3565Z", &[])).await;
}

/// Can send only: it has no memory that can be read, and announces nothing.
#[tokio::test]
async fn a_nokia_n79() {
    sends(&mut Modem::play("NokiaN79", &[])).await;
}

#[tokio::test]
async fn a_locked_sim_card_is_given_its_pin_once() {
    for model in ["HuaweiK3715", "WavecomMultiband900E1800"] {
        let mut modem = Modem::play(model, &["--pin", "1234"]).with_pin("1234");
        sends(&mut modem).await;
    }
}

/// It refuses every command but the PIN until it has it, `AT` too.
#[tokio::test]
async fn a_modem_that_knows_only_the_pin_until_it_has_it() {
    for model in ["QualcommM6280", "ZteK3565Z"] {
        let mut modem = Modem::play(model, &["--pin", "1234"]).with_pin("1234");
        sends(&mut modem).await;
    }
}

/// A SIM card is busy for a while after the start, and says so to a question about itself.
#[tokio::test]
async fn a_busy_sim_card_is_waited_for() {
    sends(&mut Modem::play("QualcommM6280", &["--sim-busy", "3"])).await;
}
