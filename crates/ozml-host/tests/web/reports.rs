//! Reports: queued, sent, tried again, kept over a restart.

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ozml_host::web::{
    JournalError, NoJournal, NotificationJournal, SIGNATURE_HEADER, Secret, Secrets, WebFetcher, WebNotifier,
};
use ozml_session::{EffectKey, Notification, Notifier, NotifyError, PortFuture, RunId};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::server::{Names, Server, Step, allowing, answer, client_of, page, url};

/// Keeps in memory and tells what is taken out.
#[derive(Clone)]
struct Memory {
    kept: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    gone: mpsc::UnboundedSender<String>,
    is_full: bool,
}

impl Memory {
    fn new() -> (Self, mpsc::UnboundedReceiver<String>) {
        let (gone, taken_out) = mpsc::unbounded_channel();
        let memory = Self {
            kept: Arc::default(),
            gone,
            is_full: false,
        };
        (memory, taken_out)
    }

    fn put(&self, id: &str, written: &str) {
        let bytes = written.as_bytes().to_vec();
        self.kept.lock().unwrap().insert(id.to_owned(), bytes);
    }

    fn ids(&self) -> Vec<String> {
        self.kept.lock().unwrap().keys().cloned().collect()
    }
}

impl NotificationJournal for Memory {
    fn keep<'a>(&'a self, id: &'a str, report: &'a [u8]) -> PortFuture<'a, (), JournalError> {
        if self.is_full {
            return Box::pin(ready(Err(JournalError::new("the disk is full"))));
        }
        self.kept.lock().unwrap().insert(id.to_owned(), report.to_vec());
        Box::pin(ready(Ok(())))
    }

    fn done<'a>(&'a self, id: &'a str) -> PortFuture<'a, (), JournalError> {
        self.kept.lock().unwrap().remove(id);
        let _over = self.gone.send(id.to_owned());
        Box::pin(ready(Ok(())))
    }

    fn load(&self) -> PortFuture<'_, Vec<(String, Vec<u8>)>, JournalError> {
        let kept = self.kept.lock().unwrap().clone();
        Box::pin(ready(Ok(kept.into_iter().collect())))
    }
}

fn report(number: u64, address: &str) -> Notification {
    let key = EffectKey::new(RunId::new("r1").unwrap(), number);
    let fields = vec![
        ("SmsId".to_owned(), "a b".to_owned()),
        ("Status".to_owned(), "Delivered".to_owned()),
    ];
    Notification::new(key, "SMSDeliveryReport", url(address), fields)
}

fn address(server: &Server) -> String {
    format!("http://app.example:{}/dlr", server.port)
}

#[tokio::test]
async fn a_report_is_a_signed_form_and_leaves_the_journal_when_it_has_arrived() {
    let mut server = Server::always(page("")).await;
    let web = client_of(&server, |config| {
        config.secrets = Some(Secrets::new(Secret::new("sixteen letters.").unwrap()));
    });
    let (journal, mut gone) = Memory::new();
    let notifier = WebNotifier::start(&web, journal.clone()).await.unwrap();
    notifier.notify(&report(1, &address(&server))).await.unwrap();
    assert_eq!(
        journal.ids(),
        ["r1/1/SMSDeliveryReport"],
        "kept when notify resolves"
    );
    let request = server.next().await;
    assert_eq!(
        request.body,
        "NotificationName=SMSDeliveryReport&SmsId=a+b&Status=Delivered"
    );
    assert!(request.header(SIGNATURE_HEADER).is_some());
    assert_eq!(gone.recv().await.unwrap(), "r1/1/SMSDeliveryReport");
    assert_eq!((notifier.counts().queued, notifier.counts().delivered), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn what_fails_is_tried_again_later() {
    let tries = Arc::new(Mutex::new(0));
    let mut server = Server::answering(move |_| {
        let mut tries = tries.lock().unwrap();
        *tries += 1;
        match *tries {
            1 => answer("503 Service Unavailable", "", ""),
            2 => vec![Step::Reset],
            _ => page(""),
        }
    })
    .await;
    let (journal, mut gone) = Memory::new();
    let notifier = WebNotifier::start(&client_of(&server, |_| {}), journal)
        .await
        .unwrap();
    let begin = Instant::now();
    notifier.notify(&report(1, &address(&server))).await.unwrap();
    let mut seconds = Vec::new();
    for _ in 0..3 {
        server.next().await;
        seconds.push(begin.elapsed().as_secs());
    }
    assert_eq!(seconds, [0, 5, 35]);
    gone.recv().await.unwrap();
    assert_eq!((notifier.counts().delivered, notifier.counts().tries), (1, 3));
}

#[tokio::test(start_paused = true)]
async fn what_is_given_up_is_visible() {
    let server = Server::answering(|request| match request.path() {
        "/gone?pin=1234" => answer("410 Gone", "", ""),
        "/moved" => answer("304 Not Modified", "", ""),
        _ => answer("429 Too Many Requests", "", ""),
    })
    .await;
    let (journal, mut gone) = Memory::new();
    let web = client_of(&server, |config| config.limits.webhook_tries = 2);
    let notifier = WebNotifier::start(&web, journal.clone()).await.unwrap();
    let base = format!("http://app.example:{}", server.port);
    for (number, path) in [(1, "/gone?pin=1234"), (2, "/moved"), (3, "/busy")] {
        notifier
            .notify(&report(number, &format!("{base}{path}")))
            .await
            .unwrap();
        gone.recv().await.unwrap();
    }
    let given_up: Vec<_> = notifier
        .undelivered()
        .into_iter()
        .map(|report| (report.id, report.url, report.tries, report.reason))
        .collect();
    let expected = [
        ("r1/1", "/gone", 1, "status 410"),
        ("r1/2", "/moved", 1, "status 304"),
        ("r1/3", "/busy", 2, "status 429"),
    ]
    .map(|(id, path, tries, reason)| {
        let id = format!("{id}/SMSDeliveryReport");
        (id, format!("{base}{path}"), tries, reason.to_owned())
    });
    assert_eq!(given_up, expected);
    assert_eq!(journal.ids(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_hangs_holds_up_no_other() {
    let mut server = Server::answering(|request| match request.header("host") {
        Some(host) if host.starts_with("hangs.") => vec![Step::Stall],
        _ => page(""),
    })
    .await;
    let names = (0..100).map(|number| format!("r{number}.example"));
    let names: Vec<_> = names.chain(["hangs.example".to_owned()]).collect();
    let resolver = names
        .iter()
        .fold(Names::default(), |all, name| all.with(name, &[&["127.0.0.1"]]));
    let config = allowing(&[&format!("http://*.example:{}", server.port)]);
    let web = WebFetcher::with_resolver(config, resolver).unwrap();
    let notifier = WebNotifier::start(&web, NoJournal).await.unwrap();
    let begin = Instant::now();
    let to = |name: &str| format!("http://{name}:{}/", server.port);
    for number in 0..50 {
        notifier
            .notify(&report(1000 + number, &to("hangs.example")))
            .await
            .unwrap();
    }
    for (number, name) in (0..).zip(&names[..100]) {
        notifier.notify(&report(number, &to(name))).await.unwrap();
    }
    let mut others = 0;
    while others < 100 {
        let request = server.next().await;
        others += usize::from(!request.header("host").unwrap().starts_with("hangs."));
    }
    // The time of a head: the first to the one that hangs has not even failed.
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
}

#[tokio::test(start_paused = true)]
async fn reports_that_cannot_be_queued_are_refused() {
    let server = Server::always(vec![Step::Stall]).await;
    let web = client_of(&server, |config| config.limits.webhook_queue = 1);
    let notifier = WebNotifier::start(&web, NoJournal).await.unwrap();
    let internal = notifier.notify(&report(1, "http://127.1:22/")).await;
    let rule = "private-address".to_owned();
    assert_eq!(internal, Err(NotifyError::Forbidden { rule }));
    notifier.notify(&report(2, &address(&server))).await.unwrap();
    let same_again = notifier.notify(&report(2, &address(&server))).await;
    assert_eq!((same_again, notifier.counts().queued), (Ok(()), 1));
    let one_more = notifier.notify(&report(3, &address(&server))).await;
    assert_eq!(one_more, Err(NotifyError::QueueFull));
    notifier.close().await;
    let closed = notifier.notify(&report(4, &address(&server))).await;
    assert_eq!(closed, Err(NotifyError::Unavailable));
}

#[tokio::test]
async fn what_the_journal_does_not_keep_is_not_sent() {
    let mut server = Server::always(page("")).await;
    let (mut journal, _) = Memory::new();
    journal.is_full = true;
    let notifier = WebNotifier::start(&client_of(&server, |_| {}), journal)
        .await
        .unwrap();
    let refused = notifier.notify(&report(1, &address(&server))).await;
    assert_eq!(
        refused,
        Err(NotifyError::NotStored("the disk is full".to_owned()))
    );
    assert_eq!(notifier.counts().queued, 0);
    notifier.close().await;
    assert!(server.try_next().is_none());
}

#[tokio::test(start_paused = true)]
async fn what_was_queued_is_sent_after_a_restart() {
    let (journal, mut gone) = Memory::new();
    let ready = Arc::new(AtomicBool::new(false));
    let is_ready = ready.clone();
    let mut server = Server::answering(move |_| match is_ready.load(Ordering::SeqCst) {
        true => page(""),
        false => vec![Step::Stall],
    })
    .await;
    let web = client_of(&server, |_| {});
    let first = WebNotifier::start(&web, journal.clone()).await.unwrap();
    first.notify(&report(1, &address(&server))).await.unwrap();
    server.next().await;
    first.close().await;
    assert_eq!(journal.ids(), ["r1/1/SMSDeliveryReport"], "it has not arrived");

    ready.store(true, Ordering::SeqCst);
    journal.put("broken", "{");
    let second = WebNotifier::start(&web, journal.clone()).await.unwrap();
    let body = server.next().await.body;
    assert_eq!(
        body,
        "NotificationName=SMSDeliveryReport&SmsId=a+b&Status=Delivered"
    );
    gone.recv().await.unwrap();
    assert_eq!(journal.ids(), ["broken"]);
    assert_eq!(second.counts().unreadable, 1);
}

#[tokio::test(start_paused = true)]
async fn a_report_that_lay_too_long_is_given_up_after_a_restart() {
    let mut server = Server::always(page("")).await;
    let (journal, mut gone) = Memory::new();
    let old = format!(
        r#"{{"v":1,"id":"old","name":"Finished","url":"{}","body":"","queued_at":0}}"#,
        address(&server)
    );
    journal.put("old", &old);
    let notifier = WebNotifier::start(&client_of(&server, |_| {}), journal)
        .await
        .unwrap();
    gone.recv().await.unwrap();
    assert_eq!(notifier.counts().undelivered, 1);
    assert!(server.try_next().is_none());
}

#[tokio::test]
async fn a_closing_notifier_ends_what_it_has_begun() {
    let mut server = Server::always(page("")).await;
    let (journal, mut gone) = Memory::new();
    let notifier = WebNotifier::start(&client_of(&server, |_| {}), journal)
        .await
        .unwrap();
    notifier.notify(&report(1, &address(&server))).await.unwrap();
    server.next().await;
    notifier.close().await;
    assert_eq!(gone.try_recv().unwrap(), "r1/1/SMSDeliveryReport");
    assert_eq!(notifier.counts().delivered, 1);
}
