//! Submits a second through the Messenger port, one session, no store, both ends in one thread.
//! Run it on one core: `taskset -c 0 cargo bench -p ozml-sms --bench smpp_submit`.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark takes the time, prints and may fail"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ozml_session::{CallId, EffectKey, Ids, MessageId, Messenger, OutgoingSms, PhoneNumber, RunId, SmsText};
use ozml_sms::smpp::frame::{self, Framer};
use ozml_sms::smpp::{SmppConfig, SmppMessenger, SmppUrl, SubmitOptions, Window};
use ozml_sms::smsc::{Behaviour, TestSmsc};
use rusmpp::pdus::{BindTransceiverResp, SubmitSmResp};
use rusmpp::{CommandId, Pdu};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

const TEXT: &str = "Your code is 123456. It is valid for five minutes.";
/// How long each figure is measured.
const MEASURED: Duration = Duration::from_secs(2);

struct CountedIds(AtomicU64);

impl CountedIds {
    fn text(&self) -> String {
        format!("m{}", self.0.fetch_add(1, Ordering::Relaxed))
    }
}

impl Ids for CountedIds {
    fn run(&self) -> RunId {
        RunId::new(&self.text()).unwrap()
    }

    fn call(&self) -> CallId {
        CallId::new(&self.text()).unwrap()
    }

    fn message(&self) -> MessageId {
        MessageId::new(&self.text()).unwrap()
    }
}

fn sms(run: &RunId, number: u64) -> OutgoingSms {
    OutgoingSms::new(
        EffectKey::new(run.clone(), number),
        PhoneNumber::new("+36301234567").unwrap(),
        SmsText::new(TEXT).unwrap(),
    )
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let size = submit_size();
        println!("one session, {size} octets a submit_sm, one part, no receipts asked for, one thread");
        println!("raw socket, one write for each submit_sm: {:>9.0}/s", raw_rate(size, 1).await);
        println!("raw socket, one write for 100:            {:>9.0}/s", raw_rate(size, 100).await);
        for window in [1, 10, 100] {
            let smsc = TestSmsc::listen("127.0.0.1:0".parse().unwrap(), Behaviour::new().receipts(None));
            let smsc = smsc.await.unwrap();
            let rate = messenger_rate(smsc.addr().port(), window).await;
            let minimal = messenger_rate(minimal_centre().await, window).await;
            println!("window {window:>3}: {rate:>9.0}/s with the test centre, {minimal:>9.0}/s with a bare responder");
        }
    });
    println!("bar: 100,000/s at window 100; aim 300,000/s");
}

fn submit_size() -> usize {
    let message = sms(&RunId::new("r").unwrap(), 1);
    let submits = SubmitOptions::default().submits(&message, || 0).unwrap();
    let mut octets = Vec::new();
    for part in &submits.parts {
        frame::write_as(&mut octets, CommandId::SubmitSm, 0, 1, part);
    }
    octets.len()
}

/// As many senders as the window has places, each sends its next message when it has its answer.
async fn messenger_rate(port: u16, window: u16) -> f64 {
    let url: SmppUrl = format!("smpp://bench:bench@127.0.0.1:{port}").parse().unwrap();
    let mut config = SmppConfig::new(&url);
    config.window = Window::new(window).unwrap();
    config.submit.receipts = false;
    let messenger = SmppMessenger::connect(config, CountedIds(AtomicU64::new(0)))
        .await
        .unwrap();
    let messenger = Arc::new(messenger);
    let begun = Instant::now();
    let mut senders = JoinSet::new();
    for sender in 0..window {
        let messenger = Arc::clone(&messenger);
        senders.spawn(async move {
            let run = RunId::new(&format!("run{sender}")).unwrap();
            let mut sent = 0;
            while begun.elapsed() < MEASURED {
                messenger.send(&sms(&run, sent)).await.unwrap();
                sent += 1;
            }
            sent
        });
    }
    let sent: u64 = senders.join_all().await.into_iter().sum();
    let took = begun.elapsed();
    messenger.close().await;
    sent as f64 / took.as_secs_f64()
}

/// Octets of the size of a submit from one socket to another, nothing done with them.
async fn raw_rate(size: usize, at_once: usize) -> f64 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (sender, receiver) = tokio::join!(
        TcpStream::connect(listener.local_addr().unwrap()),
        listener.accept()
    );
    let (mut sender, mut receiver) = (sender.unwrap(), receiver.unwrap().0);
    sender.set_nodelay(true).unwrap();
    let begun = Instant::now();
    let writing = tokio::spawn(async move {
        let octets = vec![0; size * at_once];
        while begun.elapsed() < MEASURED {
            sender.write_all(&octets).await.unwrap();
        }
    });
    let mut octets = vec![0; 64 * 1024];
    let mut received = 0;
    loop {
        match receiver.read(&mut octets).await.unwrap() {
            0 => break,
            count => received += count,
        }
    }
    writing.await.unwrap();
    (received / size) as f64 / begun.elapsed().as_secs_f64()
}

/// A centre that reads headers only and answers every submit with the same id.
async fn minimal_centre() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let accepted = SubmitSmResp::builder()
            .message_id("1000000001".parse().unwrap())
            .build();
        let (mut framer, mut octets, mut out) = (Framer::default(), vec![0; 64 * 1024], Vec::new());
        loop {
            let count = stream.read(&mut octets).await.unwrap();
            if count == 0 {
                break;
            }
            framer.push(octets.get(..count).unwrap());
            while let Some(frame) = framer.next_frame().unwrap() {
                let sequence = frame.header.sequence;
                match frame.header.id {
                    CommandId::SubmitSm => {
                        frame::write_as(&mut out, CommandId::SubmitSmResp, 0, sequence, &accepted)
                    }
                    CommandId::BindTransceiver => {
                        frame::write(
                            &mut out,
                            0,
                            sequence,
                            &Pdu::BindTransceiverResp(BindTransceiverResp::default()),
                        );
                    }
                    _ => frame::write_bare(&mut out, CommandId::UnbindResp, 0, sequence),
                }
            }
            stream.write_all(&out).await.unwrap();
            out.clear();
        }
    });
    port
}
