//! The call as the example shows it, and the contract of a call session.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use ozml::host::{RandomIds, SystemClock};
use ozml::session::contract::{CallDriver, Case, FarEnd, OfferedCall, Step, call_session};
use ozml::session::{CallInfo, Ids, Key, PhoneNumber};
use tokio::sync::watch;

use crate::phone::{Lines, Person, ring};

#[tokio::test]
async fn a_call_goes_as_it_is_shown() {
    let lines = [
        "phone:  answers",
        "phone:  says Hello +36209998877! For the weather press 1.",
        "person: key 1",
        "phone:  stops",
        "phone:  says Sunny.",
        "person: heard",
        "phone:  beeps",
        "person: heard",
        "phone:  says Good bye.",
        "person: heard",
        "phone:  hangs up",
    ];
    assert_eq!(crate::call().await.unwrap(), lines);
}

/// What has been heard so far.
#[derive(Clone, Copy, Default)]
struct Seen {
    plays: bool,
    begun: u64,
    over: bool,
}

/// Listens, and has heard short prompts at once.
async fn listen(person: Person, mut lines: Lines, seen: watch::Sender<Seen>) {
    while let Some(line) = lines.recv().await {
        let short = line == "says Hi";
        seen.send_modify(|seen| {
            seen.plays = line.starts_with("says ") && !short;
            seen.begun += u64::from(line.starts_with("says "));
            seen.over |= matches!(line.as_str(), "hangs up" | "is busy");
        });
        if short {
            // A moment passes, or nothing of it would be heard.
            tokio::time::sleep(Duration::from_millis(2)).await;
            person.does("heard");
        }
    }
}

struct Driver;

struct Caller {
    person: Person,
    seen: watch::Receiver<Seen>,
    heard: Cell<u64>,
}

impl CallDriver for Driver {
    fn offer(&self) -> Step<'_, OfferedCall> {
        let info = CallInfo::incoming(RandomIds.call(), PhoneNumber::new("9994").unwrap());
        let (phone, person, lines) = ring(info, Arc::new(SystemClock::new()));
        let (sender, seen) = watch::channel(Seen::default());
        tokio::spawn(listen(person.clone(), lines, sender));
        let heard = Cell::default();
        let far = Box::new(Caller { person, seen, heard });
        let session = Box::new(phone);
        Box::pin(std::future::ready(OfferedCall { session, far }))
    }

    fn left(&self) -> Step<'_, usize> {
        Box::pin(async {
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            tokio::runtime::Handle::current().metrics().num_alive_tasks()
        })
    }
}

impl Caller {
    async fn sees(&self, wanted: impl FnMut(&Seen) -> bool) -> u64 {
        self.seen.clone().wait_for(wanted).await.unwrap().begun
    }
}

impl FarEnd for Caller {
    fn press(&self, key: Key) -> Step<'_> {
        self.person.does(&format!("key {key}"));
        Box::pin(std::future::ready(()))
    }

    fn hang_up(&self) -> Step<'_> {
        self.person.does("hang up");
        Box::pin(std::future::ready(()))
    }

    fn hears(&self) -> Step<'_> {
        Box::pin(async {
            let heard = self.heard.get();
            let begun = self.sees(|seen| seen.plays || seen.begun > heard).await;
            self.heard.set(begun);
        })
    }

    fn hears_nothing(&self) -> Step<'_> {
        Box::pin(async {
            self.sees(|seen| !seen.plays).await;
        })
    }

    fn is_over(&self) -> Step<'_> {
        Box::pin(async {
            self.sees(|seen| seen.over).await;
        })
    }
}

fn block_on(case: Case<'_>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let limited = async { tokio::time::timeout(Duration::from_secs(60), case).await };
    runtime.block_on(limited).expect("no case waits for ever");
}

#[test]
fn the_contract_is_kept() {
    let report = call_session(|| Driver, block_on);
    assert_eq!((report.run.len(), report.skipped), (23, Vec::new()));
}
