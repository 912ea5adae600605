//! The messenger on loopback: against the test centre, and against a peer played by hand.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of a test fail the test"
)]

mod support;

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroU64};
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use ozml_session::{Messenger, SmsRefusal, SmsState};
use ozml_sms::smpp::frame::{self, Framer};
use ozml_sms::smpp::{
    Bind, BindMode, Closed, ConnectError, Password, SmppConfig, SmppMessenger, SmppUrl, Status, SystemId,
    TlsRoots, Window,
};
use ozml_sms::smsc::{Answers, Behaviour, FinalState, ReceiptForm, ReceiptId, TestSmsc};
use rusmpp::pdus::{BindTransceiverResp, DeliverSm};
use rusmpp::{CommandId, Pdu};
use support::{CountedIds, GUARD, config, connect, next_state, next_status, sms};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

async fn connect_as(mode: BindMode, addr: SocketAddr) -> SmppMessenger {
    let mut config = config(addr);
    config.bind = Bind::new(
        mode,
        SystemId::new("shop").unwrap(),
        Password::new("secret").unwrap(),
    );
    SmppMessenger::connect(config, CountedIds::default())
        .await
        .unwrap()
}

async fn smsc(behaviour: Behaviour) -> TestSmsc {
    TestSmsc::listen("127.0.0.1:0".parse().unwrap(), behaviour)
        .await
        .unwrap()
}

#[test]
fn the_contract_is_kept() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let smsc = runtime.block_on(smsc(Behaviour::new()));
    ozml_session::contract::messenger(
        || runtime.block_on(connect(smsc.addr())),
        |case| runtime.block_on(case),
    );
    assert_eq!(smsc.received().len(), 3, "a message, and one of two parts");
}

#[tokio::test]
async fn a_message_is_delivered_and_arrives_as_written() {
    let smsc = smsc(
        Behaviour::new()
            .system_id(SystemId::new("shop").unwrap())
            .password(Password::new("secret").unwrap()),
    )
    .await;
    let messenger = connect(smsc.addr()).await;
    let mut states = messenger.states();
    let accepted = messenger.send(&sms(1, "Árvíztűrő")).await.unwrap();
    assert_eq!(next_state(&mut states).await, Some(SmsState::Sent));
    let delivered = next_status(&mut states).await.unwrap();
    assert_eq!(
        (delivered.id, delivered.state),
        (accepted.id, SmsState::Delivered)
    );
    let received = smsc.received();
    assert_eq!(
        (received[0].to(), received[0].text().as_deref()),
        ("36301234567", Some("Árvíztűrő"))
    );
    assert_eq!(
        (received[0].from_number(), received[0].to_number().as_str()),
        (None, "+36301234567")
    );
    assert_eq!(messenger.close().await, Closed::Unbound);
    assert_eq!(next_state(&mut states).await, None);
    let refusal = messenger.send(&sms(2, "too late")).await.unwrap_err();
    assert_eq!(
        refusal,
        SmsRefusal::NoRoute("the connection is closed".to_owned())
    );
}

#[tokio::test]
async fn parts_arrive_in_order_and_are_delivered_together() {
    let smsc = smsc(Behaviour::new().receipt_form(ReceiptForm::Text)).await;
    let messenger = connect(smsc.addr()).await;
    let mut states = messenger.states();
    let text = "0123456789".repeat(40);
    assert_eq!(messenger.send(&sms(1, &text)).await.unwrap().segments, 3);
    assert_eq!(next_state(&mut states).await, Some(SmsState::Sent));
    assert_eq!(next_state(&mut states).await, Some(SmsState::Delivered));
    let received = smsc.received();
    let numbers: Vec<_> = received
        .iter()
        .map(|part| part.segment().unwrap().number)
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
    let texts: String = received.iter().filter_map(|part| part.text()).collect();
    assert_eq!(texts, text);
}

#[tokio::test]
async fn receipts_in_another_base_are_found() {
    for form in [ReceiptId::RespHex, ReceiptId::RespDecReceiptHex, ReceiptId::Text] {
        let behaviour = Behaviour::new()
            .receipt_id(form)
            .receipts(Some(FinalState::Rejected));
        let smsc = smsc(behaviour).await;
        let messenger = connect(smsc.addr()).await;
        let mut states = messenger.states();
        for number in 0..50 {
            messenger.send(&sms(number, "hi")).await.unwrap();
        }
        let mut failed = 0;
        while failed < 50 {
            let status = next_status(&mut states).await.unwrap();
            if status.state == SmsState::Failed {
                assert_eq!(status.reason.as_deref(), Some("rejected, error 001"));
                failed += 1;
            }
        }
        assert_eq!(messenger.counters().uncorrelated_receipts, 0, "{form:?}");
    }
}

#[tokio::test]
async fn refusals_are_told_with_their_status() {
    let behaviour = Behaviour::new()
        .error_every(NonZeroU64::new(2).unwrap())
        .error_status(0x0B);
    let smsc = smsc(behaviour).await;
    let messenger = connect(smsc.addr()).await;
    let refusal = messenger.send(&sms(1, &"x".repeat(161))).await.unwrap_err();
    let text = "the message centre refused: RINVDSTADR (0x0000000B); 1 of 2 parts had been accepted";
    assert_eq!(refusal, SmsRefusal::Centre(text.to_owned()));
}

#[tokio::test]
async fn answers_may_be_reversed_or_doubled() {
    for (answers, unmatched) in [
        (Answers::Reversed(NonZeroU32::new(10).unwrap()), 0),
        (Answers::TwiceEvery(NonZeroU64::new(2).unwrap()), 50),
    ] {
        let smsc = smsc(Behaviour::new().answers(answers).receipts(None)).await;
        let messenger = Arc::new(connect(smsc.addr()).await);
        let mut sends = tokio::task::JoinSet::new();
        for number in 0..100 {
            let messenger = Arc::clone(&messenger);
            sends.spawn(async move { messenger.send(&sms(number, "hi")).await });
        }
        let accepted = sends.join_all().await.into_iter().filter(Result::is_ok).count();
        messenger.close().await;
        assert_eq!(
            (accepted, messenger.counters().unmatched_answers),
            (100, unmatched)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_missing_answer_is_an_unknown_outcome() {
    let answers = Answers::MissingEvery(NonZeroU64::MIN);
    let smsc = smsc(Behaviour::new().answers(answers)).await;
    let mut config = config(smsc.addr());
    config.timers.response = Duration::from_secs(3);
    let messenger = SmppMessenger::connect(config, CountedIds::default())
        .await
        .unwrap();
    let mut states = messenger.states();
    messenger.send(&sms(1, "hi")).await.unwrap();
    let status = next_status(&mut states).await.unwrap();
    assert_eq!(status.state, SmsState::Unknown);
    assert_eq!(
        status.reason.as_deref(),
        Some("the message centre gave no answer in time")
    );
}

#[tokio::test]
async fn a_receiver_refuses_at_once() {
    let smsc = smsc(Behaviour::new()).await;
    let messenger = connect_as(BindMode::Receiver, smsc.addr()).await;
    let refusal = messenger.send(&sms(1, "hi")).await.unwrap_err();
    assert!(
        matches!(&refusal, SmsRefusal::NoRoute(reason) if reason.contains("bound as a receiver")),
        "{refusal}"
    );
}

#[tokio::test]
async fn a_transmitter_asks_for_no_receipts() {
    let smsc = smsc(Behaviour::new()).await;
    let messenger = connect_as(BindMode::Transmitter, smsc.addr()).await;
    messenger.send(&sms(1, "hi")).await.unwrap();
    assert_eq!(smsc.received()[0].registered_delivery(), 0);
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_ever_in_the_queue() {
    // More than the window, the queue and the channel before it take.
    const SENDERS: u64 = 1_100;
    let answers = Answers::MissingEvery(NonZeroU64::MIN);
    let smsc = smsc(Behaviour::new().answers(answers)).await;
    let mut config = config(smsc.addr());
    config.window = Window::new(1).unwrap();
    config.timers.response = Duration::from_secs(600);
    let messenger = SmppMessenger::connect(config, CountedIds::default())
        .await
        .unwrap();
    let messenger = Arc::new(messenger);
    let begun = tokio::time::Instant::now();
    let mut sends = tokio::task::JoinSet::new();
    for number in 0..SENDERS {
        let messenger = Arc::clone(&messenger);
        sends.spawn(async move { messenger.send(&sms(number, "hi")).await });
    }
    for _ in 1..SENDERS {
        let refused = sends.join_next().await.unwrap().unwrap();
        assert_eq!(refused, Err(SmsRefusal::QueueFull));
    }
    let took = begun.elapsed();
    assert!(
        (Duration::from_secs(60)..Duration::from_secs(61)).contains(&took),
        "{took:?} of virtual time"
    );
    assert_eq!(smsc.received().len(), 1);
}

#[tokio::test]
async fn a_dropped_send_still_has_its_outcome() {
    let smsc = smsc(Behaviour::new().answer_delay(Duration::from_millis(20))).await;
    let mut config = config(smsc.addr());
    config.window = Window::new(1).unwrap();
    let messenger = SmppMessenger::connect(config, CountedIds::default())
        .await
        .unwrap();
    let mut states = messenger.states();
    let message = sms(1, "hi");
    let mut send = messenger.send(&message);
    assert!(
        send.as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
    drop(send);
    // The slot of the window is taken until the answer has come: the second send waits for it.
    messenger.send(&sms(2, "hi")).await.unwrap();
    let first = next_status(&mut states).await.unwrap();
    assert_eq!(first.state, SmsState::Sent);
    let again = messenger.send(&message).await.unwrap();
    assert_eq!((again.id, smsc.received().len()), (first.id, 2));
}

#[tokio::test]
async fn a_dropped_send_that_is_refused_is_a_failed_message() {
    let behaviour = Behaviour::new()
        .error_every(NonZeroU64::MIN)
        .answer_delay(Duration::from_millis(20));
    let smsc = smsc(behaviour).await;
    let messenger = connect(smsc.addr()).await;
    let mut states = messenger.states();
    let message = sms(1, "hi");
    let mut send = messenger.send(&message);
    assert!(
        send.as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
    drop(send);
    let status = next_status(&mut states).await.unwrap();
    assert_eq!(status.state, SmsState::Failed);
    assert_eq!(
        status.reason.as_deref(),
        Some("the message centre refused: RSYSERR (0x00000008)")
    );
}

#[tokio::test]
async fn an_orderly_end_takes_what_was_begun_along() {
    let smsc = smsc(Behaviour::new().answer_delay(Duration::from_millis(20))).await;
    let messenger = Arc::new(connect(smsc.addr()).await);
    let sends: Vec<_> = (0..30)
        .map(|number| {
            let messenger = Arc::clone(&messenger);
            tokio::spawn(async move { messenger.send(&sms(number, "hi")).await })
        })
        .collect();
    while smsc.received().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(messenger.close().await, Closed::Unbound);
    for send in sends {
        assert!(send.await.unwrap().is_ok());
    }
    assert_eq!(smsc.received().len(), 30);
}

#[tokio::test(start_paused = true)]
async fn an_orderly_end_does_not_wait_for_ever() {
    let answers = Answers::MissingEvery(NonZeroU64::MIN);
    let smsc = smsc(Behaviour::new().answers(answers)).await;
    let mut config = config(smsc.addr());
    config.window = Window::new(1).unwrap();
    let messenger = Arc::new(
        SmppMessenger::connect(config, CountedIds::default())
            .await
            .unwrap(),
    );
    let sends = [1, 2].map(|number| {
        let messenger = Arc::clone(&messenger);
        tokio::spawn(async move { messenger.send(&sms(number, "hi")).await })
    });
    while smsc.received().is_empty() {
        tokio::task::yield_now().await;
    }
    let begun = tokio::time::Instant::now();
    assert_eq!(messenger.close().await, Closed::Unbound);
    let took = begun.elapsed();
    assert!(
        (Duration::from_secs(10)..Duration::from_secs(16)).contains(&took),
        "{took:?} of virtual time"
    );
    let [first, second] = sends;
    assert!(first.await.unwrap().is_ok(), "its outcome is unknown");
    let refusal = second.await.unwrap().unwrap_err().to_string();
    assert_eq!(
        refusal,
        "the connection was closed before the message could be sent"
    );
}

#[tokio::test]
async fn a_refused_bind_says_why() {
    let smsc = smsc(Behaviour::new().password(Password::new("other").unwrap())).await;
    let fault = SmppMessenger::connect(config(smsc.addr()), CountedIds::default())
        .await
        .unwrap_err();
    assert!(
        matches!(fault, ConnectError::Bind(Closed::BindRefused(Status(0x0E)))),
        "{fault}"
    );
    assert_eq!(
        fault.to_string(),
        "the message centre refused the bind: RINVPASWD (0x0000000E)"
    );
}

#[tokio::test]
async fn nobody_listening_says_where() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    drop(listener);
    let fault = SmppMessenger::connect(config(addr), CountedIds::default())
        .await
        .unwrap_err();
    assert!(
        fault
            .to_string()
            .starts_with(&format!("no connection to {addr}: ")),
        "{fault}"
    );
}

/// The centre's end of a connection, played by hand.
struct Peer {
    stream: TcpStream,
    framer: Framer,
}

impl Peer {
    /// Takes a connection and its bind; gives the sequence number of the bind too.
    async fn accept(listener: &TcpListener) -> (Self, u32) {
        let (stream, _) = listener.accept().await.unwrap();
        let mut peer = Self {
            stream,
            framer: Framer::default(),
        };
        let bind = peer.next().await;
        assert_eq!(bind.id, CommandId::BindTransceiver);
        let mut answer = Vec::new();
        frame::write(
            &mut answer,
            0,
            bind.sequence,
            &Pdu::BindTransceiverResp(BindTransceiverResp::default()),
        );
        peer.stream.write_all(&answer).await.unwrap();
        (peer, bind.sequence)
    }

    async fn next(&mut self) -> frame::Header {
        loop {
            if let Some(frame) = self.framer.next_frame().unwrap() {
                return frame.header;
            }
            let mut bytes = [0; 4_096];
            let count = tokio::time::timeout(GUARD, self.stream.read(&mut bytes))
                .await
                .unwrap()
                .unwrap();
            assert_ne!(count, 0, "the connection ended");
            self.framer.push(&bytes[..count]);
        }
    }
}

#[tokio::test]
async fn a_cut_link_leaves_the_window_unknown_and_the_next_session_begins_at_1() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (messenger, (mut peer, first)) = tokio::join!(connect(addr), Peer::accept(&listener));
    let messenger = Arc::new(messenger);
    let mut states = messenger.states();
    let sends: Vec<_> = (0..12)
        .map(|number| {
            let messenger = Arc::clone(&messenger);
            tokio::spawn(async move { messenger.send(&sms(number, "hi")).await })
        })
        .collect();
    for sequence in 2..12 {
        let submit = peer.next().await;
        assert_eq!((submit.id, submit.sequence), (CommandId::SubmitSm, sequence));
    }
    drop(peer);
    let mut outcomes = Vec::new();
    for send in sends {
        outcomes.push(send.await.unwrap().map_err(|refusal| refusal.to_string()));
    }
    assert!(outcomes[..10].iter().all(Result::is_ok), "{outcomes:?}");
    let lost = Err("the connection to the message centre was cut".to_owned());
    assert_eq!(outcomes[10..], [lost.clone(), lost]);
    for _ in 0..10 {
        assert_eq!(next_state(&mut states).await, Some(SmsState::Unknown));
    }
    assert_eq!(
        (next_state(&mut states).await, messenger.closed().await),
        (None, Closed::LinkLost)
    );
    let (_next, (_peer, second)) = tokio::join!(connect(addr), Peer::accept(&listener));
    assert_eq!((first, second), (1, 1));
}

#[tokio::test]
async fn a_message_that_comes_in_stays_with_the_centre() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (messenger, (mut peer, _)) = tokio::join!(connect(addr), Peer::accept(&listener));
    let mut deliver = Vec::new();
    frame::write(&mut deliver, 0, 7, &Pdu::DeliverSm(DeliverSm::default()));
    peer.stream.write_all(&deliver).await.unwrap();
    let answer = peer.next().await;
    assert_eq!((answer.id, answer.sequence), (CommandId::DeliverSmResp, 7));
    assert_eq!(Status(answer.status), Status::RECEIVER_TEMPORARY_ERROR);
    assert_eq!(messenger.counters().incoming, 1);
}

#[test]
fn a_task_that_is_stopped_leaves_what_is_out_unknown() {
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().unwrap()
    };
    let (stopped, runtime) = (runtime(), runtime());
    let (messenger, mut peer, mut states) = stopped.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut config = config(listener.local_addr().unwrap());
        config.window = Window::new(1).unwrap();
        let connect = SmppMessenger::connect(config, CountedIds::default());
        let (messenger, (peer, _)) = tokio::join!(connect, Peer::accept(&listener));
        let messenger = messenger.unwrap();
        let states = messenger.states();
        (messenger, peer, states)
    });
    let [out, waiting, late] = [1, 2, 3].map(|number| sms(number, "hi"));
    let [mut out, mut waiting] = [&out, &waiting].map(|sms| messenger.send(sms));
    stopped.block_on(async {
        for send in [&mut out, &mut waiting] {
            assert!(
                send.as_mut()
                    .poll(&mut Context::from_waker(Waker::noop()))
                    .is_pending()
            );
        }
        assert_eq!(peer.next().await.id, CommandId::SubmitSm);
    });
    drop(stopped);
    runtime.block_on(async {
        let unknown = next_status(&mut states).await.unwrap();
        assert_eq!(unknown.state, SmsState::Unknown);
        assert_eq!(out.await.unwrap().id, unknown.id);
        let cut = SmsRefusal::NoRoute("the connection to the message centre was cut".to_owned());
        assert_eq!(waiting.await.unwrap_err(), cut);
        assert!(messenger.send(&late).await.is_err());
        assert_eq!(next_state(&mut states).await, None);
        assert_eq!(messenger.closed().await, Closed::LinkLost);
    });
}

#[tokio::test]
async fn dropping_the_messenger_unbinds() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (messenger, (mut peer, _)) = tokio::join!(connect(addr), Peer::accept(&listener));
    drop(messenger);
    assert_eq!(peer.next().await.id, CommandId::Unbind);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_is_never_silent_does_not_stop_the_clock() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = config(listener.local_addr().unwrap());
    let short = Duration::from_millis(200);
    (config.timers.response, config.timers.drain, config.timers.unbind) = (short, short, short);
    let connect = SmppMessenger::connect(config, CountedIds::default());
    let (messenger, (peer, _)) = tokio::join!(connect, Peer::accept(&listener));
    let messenger = messenger.unwrap();
    let (mut reader, mut writer) = peer.stream.into_split();
    let flood = tokio::spawn(async move {
        let mut octets = Vec::new();
        for sequence in 0..65_536 {
            frame::write_bare(&mut octets, CommandId::EnquireLinkResp, 0, 900_000 + sequence);
        }
        while writer.write_all(&octets).await.is_ok() {}
    });
    let sink = tokio::spawn(async move { tokio::io::copy(&mut reader, &mut tokio::io::sink()).await });
    let send = tokio::time::timeout(GUARD, async { messenger.send(&sms(1, "hi")).await });
    assert!(send.await.unwrap().is_ok(), "its outcome is unknown");
    let closed = tokio::time::timeout(GUARD, messenger.close()).await;
    assert_eq!(closed, Ok(Closed::Unbound));
    flood.await.unwrap();
    sink.abort();
}

/// A TLS server on loopback before a test centre, and the certificate it shows.
async fn tls_smsc(smsc: &TestSmsc) -> (u16, String) {
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(signed.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![signed.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(tls));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let centre = smsc.addr();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut outside) = acceptor.accept(stream).await else {
                continue;
            };
            let mut inside = TcpStream::connect(centre).await.unwrap();
            tokio::spawn(async move { copy_bidirectional(&mut outside, &mut inside).await });
        }
    });
    (port, signed.cert.pem())
}

#[tokio::test]
async fn tls_is_spoken_with_trusted_centres_only() {
    let smsc = smsc(Behaviour::new()).await;
    let (port, certificate) = tls_smsc(&smsc).await;
    let url: SmppUrl = format!("smpps://shop:secret@localhost:{port}").parse().unwrap();
    let mut config = SmppConfig::new(&url);
    config.host = "localhost".to_owned();
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()])
        .unwrap()
        .cert
        .pem();
    config.tls = Some(TlsRoots::Pem(other.into_bytes()));
    let fault = SmppMessenger::connect(config.clone(), CountedIds::default())
        .await
        .unwrap_err();
    assert!(matches!(fault, ConnectError::Tls { .. }), "{fault}");
    config.tls = Some(TlsRoots::Pem(b"no certificate".to_vec()));
    let fault = SmppMessenger::connect(config.clone(), CountedIds::default())
        .await
        .unwrap_err();
    assert_eq!(
        fault.to_string(),
        "no trusted certificates for smpps: none were found"
    );
    config.tls = Some(TlsRoots::Pem(certificate.into_bytes()));
    let messenger = SmppMessenger::connect(config, CountedIds::default())
        .await
        .unwrap();
    let mut states = messenger.states();
    messenger.send(&sms(1, "hi")).await.unwrap();
    assert_eq!(next_state(&mut states).await, Some(SmsState::Sent));
    assert_eq!(next_state(&mut states).await, Some(SmsState::Delivered));
    assert_eq!(messenger.close().await, Closed::Unbound);
}

#[tokio::test]
async fn no_password_shows() {
    let smsc = smsc(Behaviour::new().password(Password::new("other").unwrap())).await;
    let mut config = config(smsc.addr());
    let password = Password::new("marker42").unwrap();
    config.bind = Bind::new(BindMode::Transceiver, SystemId::new("shop").unwrap(), password);
    let shown = format!("{config:?}");
    let fault = SmppMessenger::connect(config, CountedIds::default())
        .await
        .unwrap_err();
    let shown = format!("{shown} {fault} {fault:?}");
    assert!(shown.contains("***") && !shown.contains("marker42"), "{shown}");
}
