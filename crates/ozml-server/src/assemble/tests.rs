//! From the text of a configuration to what runs.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::Duration;

use ozml_dialplan::OnUnknown;
use ozml_host::web::NotificationJournal;
use ozml_session::{Clock, ClockTime, Messenger, WallTime};
use ozml_sms::store::StoreError;

use super::journal::StoreJournal;
use super::open_store::OpenStore;
use super::retention::purge_hourly;
use super::*;
use crate::testing::{CONSOLE, IN_MEMORY, TO_CONSOLE, assembled, config, delivered, open, sms};

const REMOTE: &str =
    "[[sms.connection]]\nname = 'far'\ntype = 'smpp'\nurl = 'smpp://shop@centre.example:2775'\n";

const MODEM: &str = "[[sms.connection]]\nname = 'gsm1'\ntype = 'modem'\nport = '/dev/ttyUSB99'\n";

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("ozml-assemble-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn in_a_file(&self) -> String {
        format!("[store]\npath = '{}'\n", self.0.join("sms.db").display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_message_for_the_console_is_delivered() {
    let running = open(&[IN_MEMORY, CONSOLE, TO_CONSOLE]).await;
    let mut states = running.gateway().states();
    running.gateway().send(&sms(1)).await.unwrap();
    delivered(&mut states).await;
    running.close().await;
}

#[test]
fn without_destinations_only_this_machine_is_open() {
    assert_eq!(assembled(&[CONSOLE]).destinations(), Destinations::All);
    let loopback = REMOTE.replace("centre.example", "127.0.0.1");
    assert_eq!(assembled(&[CONSOLE, &loopback]).destinations(), Destinations::All);
    assert!(matches!(
        assembled(&[CONSOLE, REMOTE]).destinations(),
        Destinations::Internal(_)
    ));
    let away = format!("{REMOTE}enabled = false\n");
    assert_eq!(assembled(&[CONSOLE, &away]).destinations(), Destinations::All);
    assert!(matches!(
        assembled(&[CONSOLE, MODEM]).destinations(),
        Destinations::Internal(_)
    ));
    let section = assembled(&["[destinations]\nallow = ['+36']\n", CONSOLE]).destinations();
    assert!(matches!(section, Destinations::Section(_)));
}

#[test]
fn a_connection_takes_what_its_section_says() {
    let assembled = assembled(&[
        REMOTE,
        "rate = 20\nsessions = 3\nmax_segments = 2\nvalidity = '1h'\n",
    ]);
    let [Planned::Gateway(connection)] = assembled.connections.as_slice() else {
        panic!("one connection");
    };
    assert_eq!(
        (connection.rate, connection.burst, connection.sessions),
        (Some(20.0), 20.0, 3)
    );
    assert_eq!(connection.max_segments, Some(2));
    assert_eq!(connection.validity, Some(Duration::from_secs(3_600)));
    let usual = crate::testing::assembled(&["[limits]\nmessage_life = '2h'\n", REMOTE]);
    assert!(matches!(usual.connections.as_slice(), [Planned::Gateway(one)] if one.validity.is_none()));
    assert_eq!(usual.rules().unwrap().validity, Duration::from_secs(7_200));
}

#[test]
fn a_modem_takes_what_its_section_says() {
    let assembled = assembled(&[MODEM, "rate = 2\nwindow = 1\non_unknown = 'hold'\n"]);
    let [Planned::Gateway(connection)] = assembled.connections.as_slice() else {
        panic!("one connection");
    };
    let Transport::Modem(modem) = &connection.transport else {
        panic!("{connection:?}");
    };
    assert_eq!((modem.ports.len(), modem.window), (1, 1));
    assert_eq!(
        (connection.rate, connection.on_unknown),
        (Some(2.0), OnUnknown::Hold)
    );
}

#[tokio::test]
async fn no_number_is_reached_by_a_modem_unless_destinations_say_so() {
    let to_modem = "[[sms.route]]\nto = ['gsm1']\n";
    let running = open(&[IN_MEMORY, MODEM, to_modem]).await;
    assert_eq!(running.gateway().send(&sms(1)).await.unwrap_err().code(), 901);
    running.close().await;
    let allowed = "[destinations]\nallow = ['+36']\n";
    let running = open(&[IN_MEMORY, MODEM, to_modem, allowed]).await;
    running.gateway().send(&sms(1)).await.unwrap();
    running.close().await;
}

#[test]
fn the_store_lies_beside_the_configuration() {
    let seen = config(&[]).seen_from(Path::new("/etc/ozml"));
    assert_eq!(seen.store_file(), Some(Path::new("/etc/ozml/ozml.db")));
    assert_eq!(config(&[IN_MEMORY]).store_file(), None);
}

#[tokio::test]
async fn a_store_has_one_owner() {
    let folder = Folder::new("owner");
    let store = folder.in_a_file();
    let first = open(&[&store]).await;
    let second = assembled(&[&store]).open(OpenOptions::default()).await;
    let Err(StartError::Store(StoreError::Owned { owner, .. })) = second else {
        panic!("{second:?}");
    };
    assert_eq!(owner, std::process::id().to_string());
    first.close().await;
    open(&[&store]).await.close().await;
}

#[tokio::test]
async fn a_damaged_store_names_the_way_out_and_is_set_aside_on_demand() {
    let folder = Folder::new("damaged");
    std::fs::write(folder.0.join("sms.db"), "no store at all").unwrap();
    let store = folder.in_a_file();
    let fault = assembled(&[&store])
        .open(OpenOptions::default())
        .await
        .unwrap_err();
    assert!(
        fault
            .to_string()
            .ends_with("; `ozml serve --new-store` sets the file aside and begins a new one"),
        "{fault}"
    );
    let options = OpenOptions::default().new_store(true);
    assembled(&[&store]).open(options).await.unwrap().close().await;
}

#[tokio::test]
async fn a_new_configuration_changes_routes_and_leaves_consoles_alone() {
    let running = open(&[IN_MEMORY, CONSOLE, TO_CONSOLE]).await;
    let rejecting = "[[sms.route]]\nname = 'none'\nto = 'reject'\n";
    let changed = running.reconfigure(assembled(&[IN_MEMORY, CONSOLE, rejecting]));
    let changed = changed.await.unwrap();
    assert_eq!((changed.is_new, changed.needs_restart), (true, vec![]));
    let refused = running.gateway().send(&sms(1)).await.unwrap_err();
    assert_eq!(refused.code(), 901);
    assert_eq!(running.gateway().status().await.unwrap().reconnects, 0);

    let same = running.reconfigure(assembled(&[IN_MEMORY, CONSOLE, rejecting]));
    assert!(!same.await.unwrap().is_new);
    running.close().await;
}

#[tokio::test]
async fn what_needs_a_restart_is_told() {
    let running = open(&[IN_MEMORY]).await;
    let other = "[store]\nmode = 'memory'\nkeep = '1d'\n[admin]\nlisten = '127.0.0.1:0'\n[log]\nlevel = 'debug'\n\
                 [privacy]\ntexts = 'shown'\n[fetch]\nallow = ['http://127.0.0.1:1']\n[limits]\nqueue_messages = 5\n\
                 webhook_tries = 2\n";
    let done = running.reconfigure(assembled(&[other])).await.unwrap();
    assert_eq!(
        done.needs_restart,
        [
            "[store]",
            "[admin]",
            "[log]",
            "[privacy]",
            "[fetch]",
            "the limits of the queue",
            "the limits of web requests"
        ]
    );
}

#[tokio::test]
async fn budgets_go_on_counting_where_destinations_stay() {
    let destinations = "[destinations]\nallow = ['+36']\nsms_per_recipient = { minute = 1, hour = 1 }\n";
    let running = open(&[IN_MEMORY, destinations, CONSOLE, TO_CONSOLE]).await;
    running.gateway().send(&sms(1)).await.unwrap();
    let renamed = "[[sms.route]]\nname = 'other'\nto = ['shown']\n";
    let same = assembled(&[IN_MEMORY, destinations, CONSOLE, renamed]);
    running.reconfigure(same).await.unwrap();
    assert_eq!(running.gateway().send(&sms(2)).await.unwrap_err().code(), 902);
    running.close().await;
}

#[tokio::test]
async fn reports_are_kept_in_the_store() {
    let folder = Folder::new("journal");
    let config = config(&[&folder.in_a_file()]);
    let journal = async || {
        let store = OpenStore::open(&config, OpenOptions::default()).await.unwrap();
        (StoreJournal(store.port()), store)
    };
    let (kept, store) = journal().await;
    kept.keep("run/1 SMSDeliveryReport", b"{}").await.unwrap();
    kept.keep("run/2 SMSDeliveryReport", b"{}").await.unwrap();
    kept.done("run/1 SMSDeliveryReport").await.unwrap();
    store.close().await;
    drop((kept, store));
    let (kept, _store) = journal().await;
    let left = vec![("run/2 SMSDeliveryReport".to_owned(), b"{}".to_vec())];
    assert_eq!(kept.load().await, Ok(left));
}

/// A clock on which two days have passed.
struct Later;

impl Clock for Later {
    fn now(&self) -> ClockTime {
        ClockTime::ZERO
    }

    fn wall(&self) -> WallTime {
        let now = ozml_host::SystemClock::new().wall().as_unix_millis();
        WallTime::from_unix_millis(now + 2 * 86_400_000)
    }

    fn sleep_until(&self, _: ClockTime) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn what_ended_is_forgotten_every_hour() {
    let running = open(&[IN_MEMORY, "[[sms.route]]\nname = 'none'\nto = 'drop'\n"]).await;
    let day = Duration::from_secs(86_400);
    let purging = purge_hourly(running.gateway().clone(), Later, day);
    let purging = crate::task::Task::spawn(purging);
    tokio::time::sleep(Duration::from_secs(60)).await;
    let id = running.gateway().send(&sms(1)).await.unwrap().id;
    tokio::time::sleep(Duration::from_secs(3_500)).await;
    assert!(running.gateway().find(&id).await.unwrap().is_some());
    tokio::time::sleep(Duration::from_secs(100)).await;
    assert!(running.gateway().find(&id).await.unwrap().is_none());
    drop(purging);
}
