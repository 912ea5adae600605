//! Against an implementation that shares nothing with ours: the crate `smpp34` as a message centre for
//! our client, and as a client for our test centre.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of a test fail the test"
)]

mod support;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use ozml_session::{Messenger, SmsRefusal, SmsState};
use ozml_sms::smpp::{Closed, Password, SystemId};
use ozml_sms::smsc::{Behaviour, TestSmsc};
use smpp34::client::{BIND_TYPE, SMSC, SmppClient, SmppClientListener};
use smpp34::server::ESME;
use smpp34::{
    SmppConnectionInformation, SmppError, SmppServer, SmppServerListener, TlvTag, bind_transceiver,
    bind_transceiver_resp, deliver_sm, deliver_sm_resp, submit_sm, submit_sm_resp,
};
use support::{GUARD, connect, next_state, sms};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// A centre that accepts texts, refuses `refuse me`, and sends a receipt for each.
#[derive(Default)]
struct Centre {
    bound: Mutex<Option<Arc<ESME>>>,
    received: Mutex<Vec<submit_sm>>,
}

#[async_trait]
impl SmppServerListener for Centre {
    async fn on_bind_transceiver(
        &self,
        request: bind_transceiver,
        _: &SmppConnectionInformation,
        _: &String,
    ) -> bind_transceiver_resp {
        assert_eq!(
            (request.system_id.as_str(), request.password.as_str()),
            ("shop", "secret")
        );
        request.accept("smpp34".to_owned(), Some(0x34))
    }

    async fn on_esme_bound(&self, esme: ESME, _: &String) {
        *self.bound.lock().unwrap() = Some(Arc::new(esme));
    }

    async fn on_submit_sm(
        &self,
        request: submit_sm,
        _: &SmppConnectionInformation,
        _: &String,
    ) -> submit_sm_resp {
        if request.short_message == b"refuse me" {
            return request.reject(SmppError::ESME_RINVDSTADR);
        }
        let number = {
            let mut received = self.received.lock().unwrap();
            received.push(request.clone());
            received.len()
        };
        let esme = self.bound.lock().unwrap().clone().unwrap();
        let (source, destination) = (request.destination_addr.clone(), request.source_addr.clone());
        tokio::spawn(async move {
            let receipt = esme
                .deliver_sm()
                .source_addr(source)
                .destination_addr(destination)
                .esm_class(0x04)
                .short_message(format!("id:msg-{number} stat:DELIVRD err:000").into_bytes())
                .tlv(TlvTag::ReceiptedMessageId, format!("msg-{number}\0").into_bytes())
                .tlv(TlvTag::MessageStateTlv, [2]);
            receipt.send().await.unwrap();
        });
        request.accept(format!("msg-{number}"))
    }
}

#[tokio::test]
async fn our_client_speaks_with_its_centre() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = free.local_addr().unwrap();
    drop(free);
    let centre = Arc::new(Centre::default());
    let mut server = SmppServer::new(IpAddr::V4(Ipv4Addr::LOCALHOST), addr.port(), centre.clone());
    server.start().await;

    let messenger = connect(addr).await;
    let mut states = messenger.states();
    for (number, text, parts) in [
        (1, "hello".to_owned(), 1),
        (2, "ű".to_owned(), 1),
        (3, "x".repeat(161), 2),
    ] {
        assert_eq!(messenger.send(&sms(number, &text)).await.unwrap().segments, parts);
        assert_eq!(next_state(&mut states).await, Some(SmsState::Sent), "{text}");
        assert_eq!(next_state(&mut states).await, Some(SmsState::Delivered), "{text}");
    }
    let refusal = messenger.send(&sms(4, "refuse me")).await.unwrap_err();
    assert_eq!(
        refusal,
        SmsRefusal::Centre("the message centre refused: RINVDSTADR (0x0000000B)".to_owned())
    );
    assert_eq!(messenger.close().await, Closed::Unbound);
    assert_eq!(messenger.counters().uncorrelated_receipts, 0);

    let received = centre.received.lock().unwrap();
    let seen: Vec<_> = received
        .iter()
        .map(|submit| {
            (
                submit.esm_class,
                submit.data_coding,
                submit.registered_delivery,
                submit.short_message.as_slice(),
            )
        })
        .collect();
    let first_part = [&[5, 0, 3, 1, 2, 1][..], &[b'x'; 153]].concat();
    let second_part = [&[5, 0, 3, 1, 2, 2][..], &[b'x'; 8]].concat();
    assert_eq!(
        seen,
        [
            (0, 0, 1, &b"hello"[..]),
            (0, 8, 1, &[0x01, 0x71]),
            (0x40, 0, 1, first_part.as_slice()),
            (0x40, 0, 1, second_part.as_slice()),
        ]
    );
    assert!(
        received
            .iter()
            .all(|submit| submit.destination_addr == "36301234567")
    );
}

/// A client that hands on what it gets.
struct Client {
    bound: mpsc::UnboundedSender<SMSC>,
    delivered: mpsc::UnboundedSender<deliver_sm>,
}

#[async_trait]
impl SmppClientListener for Client {
    async fn on_smsc_bound(&self, smsc: SMSC, _: &String) {
        self.bound.send(smsc).unwrap();
    }

    async fn on_deliver_sm(
        &self,
        request: deliver_sm,
        _: &SmppConnectionInformation,
        _: &String,
    ) -> deliver_sm_resp {
        self.delivered.send(request.clone()).unwrap();
        request.accept()
    }
}

#[tokio::test]
async fn its_client_speaks_with_our_centre() {
    let behaviour = Behaviour::new()
        .system_id(SystemId::new("esme").unwrap())
        .password(Password::new("secret").unwrap())
        .first_id(77);
    let centre = TestSmsc::listen("127.0.0.1:0".parse().unwrap(), behaviour)
        .await
        .unwrap();
    let (bound, mut is_bound) = mpsc::unbounded_channel();
    let (delivered, mut deliveries) = mpsc::unbounded_channel();
    let mut client = SmppClient::new(
        "127.0.0.1".to_owned(),
        centre.addr().port(),
        false,
        BIND_TYPE::TRX,
        "esme".to_owned(),
        "secret".to_owned(),
        String::new(),
        0,
        0,
        String::new(),
        Arc::new(Client { bound, delivered }),
        10,
    );
    client.start().await;
    let smsc = timeout(GUARD, is_bound.recv()).await.unwrap().unwrap();
    let submit = smsc
        .submit_sm()
        .source_addr("12345")
        .destination_addr("36301234567")
        .registered_delivery(1)
        .short_message(b"hello from smpp34");
    let answer = submit.send().await.unwrap();
    assert_eq!(answer.message_id.as_deref(), Some("77"));
    let receipt = timeout(GUARD, deliveries.recv()).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&receipt.short_message).into_owned();
    assert_eq!(
        (receipt.esm_class, receipt.source_addr.as_str()),
        (0x04, "36301234567")
    );
    assert!(
        text.starts_with("id:77 ") && text.contains("stat:DELIVRD"),
        "{text}"
    );
    smsc.send_unbind().await.unwrap();
    let received = centre.received();
    assert_eq!(received[0].text().as_deref(), Some("hello from smpp34"));
    client.stop().await;
}
