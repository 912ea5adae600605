use proptest::prelude::*;

use super::*;
use crate::gateway::outbox::testing::CountedIds;
use crate::link::Arrival;
use crate::smpp::{Deliver, arrival, deliver_body};
use crate::text::{DefaultCharset, Reference, data_coding, segment};

const DAY: u64 = 24 * 60 * 60 * 1_000;

pub(super) fn connection() -> ConnectionName {
    ConnectionName::new("smsc1").unwrap()
}

/// Where a message centre's messages come in.
pub(super) fn centre(connection: &ConnectionName) -> Place<'_> {
    Place {
        connection,
        port: None,
    }
}

pub(super) fn deliver(from: &str, text: &[u8]) -> Deliver {
    let mut deliver = Deliver::read(&deliver_body(from.as_bytes(), 0, b"", &[])).unwrap();
    deliver.message = text.to_vec();
    deliver
}

/// What its session makes of it.
pub(super) fn sms(deliver: &Deliver) -> IncomingPart {
    match arrival(deliver.clone(), DefaultCharset::Gsm7) {
        Arrival::Sms(part) => part,
        receipt => panic!("{receipt:?}"),
    }
}

/// A part with a user data header.
fn part(from: &str, reference: u8, total: u8, number: u8, text: &str) -> Deliver {
    let mut octets = vec![5, 0, 3, reference, total, number];
    octets.extend(text.as_bytes());
    let mut deliver = deliver(from, &octets);
    deliver.esm_class = 0x40;
    deliver
}

fn at(ms: u64) -> WallTime {
    WallTime::from_unix_millis(1_768_989_600_000 + i64::try_from(ms).unwrap())
}

/// A store, and what was handed on.
#[derive(Default)]
struct Kept {
    ids: Arc<CountedIds>,
    notes: BTreeMap<(&'static str, String), Note>,
    heard: Vec<ReceivedSms>,
}

impl Kept {
    fn take(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::PutNote(note) => {
                    self.notes.insert((note.kind, note.key.clone()), note);
                }
                Change::ForgetNote { kind, key } => {
                    self.notes.remove(&(kind, key)).unwrap();
                }
                other => panic!("{other:?}"),
            }
        }
    }

    fn count(&self, kind: &str) -> usize {
        self.notes.keys().filter(|(found, _)| *found == kind).count()
    }

    fn open(&self) -> Incoming {
        Incoming::new(self.notes.values().cloned().collect(), self.ids.clone())
    }

    /// Gives whether it was kept.
    fn deliver(&mut self, incoming: &mut Incoming, ms: u64, deliver: &Deliver) -> bool {
        match incoming.on_part(ms, at(ms), centre(&connection()), sms(deliver)) {
            IncomingStep::Duplicate => false,
            IncomingStep::Keep { changes, whole } => {
                self.take(changes);
                self.heard.extend(whole);
                true
            }
        }
    }

    fn tick(&mut self, incoming: &mut Incoming, ms: u64) {
        let (changes, messages) = incoming.on_tick(ms, at(ms));
        self.take(changes);
        self.heard.extend(messages);
    }

    fn texts(&self) -> Vec<(&str, bool)> {
        self.heard
            .iter()
            .map(|sms| (sms.text.as_str(), sms.complete))
            .collect()
    }
}

fn begin() -> (Kept, Incoming) {
    let kept = Kept::default();
    let incoming = kept.open();
    (kept, incoming)
}

#[test]
fn a_message_is_kept_until_it_is_handed_on() {
    let (mut kept, mut incoming) = begin();
    assert!(kept.deliver(&mut incoming, 5, &deliver("36301234567", b"hello @")));
    let sms = kept.heard[0].clone();
    assert_eq!((sms.from.as_str(), sms.to.as_str()), ("+36301234567", "shop"));
    assert_eq!(
        (sms.text.as_str(), sms.received_at, sms.complete),
        ("hello ¡", at(5), true)
    );
    assert_eq!(kept.open().waiting(), kept.heard);
    assert!(
        !kept.deliver(&mut incoming, 6, &deliver("36301234567", b"hello @")),
        "a repeat"
    );
    let mut after_stop = kept.open();
    kept.take(vec![after_stop.handed(&sms.id)]);
    assert!(after_stop.waiting().is_empty() && kept.notes.is_empty());
}

#[test]
fn texts_are_read_by_their_alphabet() {
    let (mut kept, mut incoming) = begin();
    let mut ucs2 = deliver("1", &[0x01, 0x71, 0xD8]);
    ucs2.data_coding = 8;
    let mut binary = deliver("2", &[1, 2, 3]);
    binary.data_coding = 4;
    let mut no_header = deliver("3", b"\x7Fhi");
    no_header.esm_class = 0x40;
    for deliver in [&ucs2, &binary, &no_header] {
        assert!(kept.deliver(&mut incoming, 0, deliver));
    }
    assert_eq!(kept.heard[0].text, "ű\u{fffd}");
    assert_eq!(
        (kept.heard[1].text.as_str(), kept.heard[1].data.as_deref()),
        ("", Some(&[1, 2, 3][..]))
    );
    assert_eq!(kept.heard[2].text, "àhi");
    assert_eq!(kept.open().waiting().len(), 3, "all of them are read again");
}

#[test]
fn parts_come_in_any_order_and_more_than_once() {
    let (mut kept, mut incoming) = begin();
    for (ms, number, text, is_new) in [
        (0, 2, "two ", true),
        (1, 2, "two ", false),
        (400_000, 2, "two ", false),
        (400_001, 3, "three", true),
    ] {
        assert_eq!(
            kept.deliver(&mut incoming, ms, &part("1", 7, 3, number, text)),
            is_new
        );
    }
    assert_eq!((kept.count(PART), kept.heard.len()), (2, 0));
    kept.deliver(&mut incoming, 400_002, &part("1", 7, 3, 1, "one "));
    assert_eq!(kept.texts(), [("one two three", true)]);
    assert_eq!((kept.count(PART), kept.count(WHOLE)), (0, 1));
}

/// TLVs that number the parts of a message.
const SAR: [u16; 3] = [0x020C, 0x020E, 0x020F];

/// The network repeated a part with another date, so the modem has it twice, and deletes neither before a stop.
#[test]
fn a_part_that_came_twice_begins_no_message_after_a_stop() {
    let (mut kept, mut incoming) = begin();
    let connection = connection();
    let show = |kept: &mut Kept, incoming: &mut Incoming, number, fingerprint| {
        let mut part = sms(&part("36301234567", 1, 2, number, "x"));
        part.fingerprint = Some([fingerprint; 16]);
        match incoming.on_part(0, at(0), centre(&connection), part) {
            IncomingStep::Duplicate => {}
            IncomingStep::Keep { changes, whole } => {
                kept.take(changes);
                kept.heard.extend(whole);
            }
        }
    };
    for (number, fingerprint) in [(1, 1), (1, 2), (2, 3)] {
        show(&mut kept, &mut incoming, number, fingerprint);
    }
    assert_eq!(kept.texts(), [("xx", true)]);
    let mut incoming = kept.open();
    show(&mut kept, &mut incoming, 1, 2);
    kept.tick(&mut incoming, 2 * DAY);
    assert_eq!(kept.texts(), [("xx", true)]);
}

#[test]
fn parts_may_be_numbered_by_tlvs() {
    let (mut kept, mut incoming) = begin();
    for number in 1..=2 {
        let mut same = deliver("1", b"ha");
        same.tlvs = SAR
            .into_iter()
            .zip([vec![0x12, 0x34], vec![2], vec![number]])
            .collect();
        assert!(kept.deliver(&mut incoming, 0, &same));
    }
    assert_eq!(kept.texts(), [("haha", true)]);
}

#[test]
fn a_stop_between_parts_loses_nothing() {
    let (mut kept, mut incoming) = begin();
    kept.deliver(&mut incoming, 1_000, &part("1", 7, 3, 1, "one "));
    kept.deliver(&mut incoming, 2_000, &part("1", 7, 3, 2, "two "));
    let mut incoming = kept.open();
    assert_eq!(incoming.next_wake_up(), Some(0));
    // The clock for waiting begins anew, the date went on.
    let (changes, messages) = incoming.on_tick(0, at(3_000));
    assert_eq!((changes, messages), (vec![], vec![]));
    assert_eq!(incoming.next_wake_up(), Some(DAY - 2_000));
    let step = incoming.on_part(
        10,
        at(3_010),
        centre(&connection()),
        sms(&part("1", 7, 3, 3, "three")),
    );
    let IncomingStep::Keep { changes, whole } = step else {
        panic!("{step:?}")
    };
    kept.take(changes);
    assert_eq!(whole.unwrap().text, "one two three");
    assert_eq!((kept.count(PART), kept.count(WHOLE)), (0, 1));
}

#[test]
fn after_a_day_what_is_there_is_handed_on() {
    for stops in [false, true] {
        let (mut kept, mut incoming) = begin();
        kept.deliver(&mut incoming, 5, &part("1", 7, 3, 1, "one "));
        kept.deliver(&mut incoming, 9, &part("1", 7, 3, 3, "three"));
        if stops {
            incoming = kept.open();
        }
        kept.tick(&mut incoming, DAY + 4);
        assert_eq!((kept.texts(), incoming.next_wake_up()), (vec![], Some(DAY + 5)));
        kept.tick(&mut incoming, DAY + 5);
        assert_eq!(kept.texts(), [("one three", false)]);
        assert_eq!((kept.count(PART), kept.count(WHOLE)), (0, 1));
        assert_eq!(
            (kept.heard[0].received_at, incoming.next_wake_up()),
            (at(9), None)
        );
    }
}

#[test]
fn a_reference_that_comes_round_begins_a_new_message() {
    let (mut kept, mut incoming) = begin();
    kept.deliver(&mut incoming, 0, &part("1", 7, 2, 1, "old"));
    kept.deliver(&mut incoming, 1, &part("1", 7, 2, 1, "new "));
    assert_eq!(incoming.next_wake_up(), Some(0));
    kept.tick(&mut incoming, 1);
    assert_eq!((kept.texts(), kept.count(PART)), (vec![("old", false)], 1));
    let mut incoming = kept.open();
    kept.deliver(&mut incoming, 2, &part("1", 7, 2, 2, "text"));
    assert_eq!(kept.texts()[1], ("new text", true));
    assert_eq!((kept.count(PART), kept.count(WHOLE)), (0, 2));
}

#[test]
fn parts_that_never_become_whole_have_bounded_memory() {
    let (mut kept, mut incoming) = begin();
    let limit = ReassemblyLimits::default().messages;
    for number in 0..=limit {
        kept.deliver(&mut incoming, 0, &part(&number.to_string(), 7, 2, 1, "half"));
    }
    kept.tick(&mut incoming, 0);
    assert_eq!((kept.heard.len(), kept.heard[0].from.as_str()), (1, "+0"));
    assert_eq!((kept.count(PART), incoming.stored.len()), (limit, limit));
}

#[test]
fn notes_that_cannot_be_read_are_left_alone() {
    let note = |kind, value: &str| Note {
        kind,
        key: "m1".to_owned(),
        value: value.as_bytes().to_vec(),
    };
    let notes = vec![note(PART, "{}"), note(WHOLE, "no JSON"), note("report", "{}")];
    let incoming = Incoming::new(notes, Arc::new(CountedIds::default()));
    assert_eq!((incoming.waiting(), incoming.next_wake_up()), (vec![], None));
}

proptest! {
    #[test]
    fn what_is_sent_in_parts_arrives(text in "[a-zű€]{1,400}", shift in 0usize..4) {
        let segments = segment(&text, Reference::Bits8(1)).unwrap();
        let (mut kept, mut incoming) = begin();
        let mut parts: Vec<_> = segments.parts.iter().map(|part| {
            let octets = part.short_message(DefaultCharset::Gsm7).unwrap();
            let mut deliver = deliver("1", &octets);
            deliver.data_coding = data_coding(segments.encoding, false);
            deliver.esm_class = if part.concatenation.is_some() { 0x40 } else { 0 };
            deliver
        }).collect();
        let shift = shift % parts.len();
        parts.rotate_left(shift);
        for part in &parts {
            prop_assert!(kept.deliver(&mut incoming, 0, part));
            // A stop at any moment.
            incoming = kept.open();
        }
        prop_assert_eq!(kept.texts(), [(text.as_str(), true)]);
    }

    #[test]
    fn nothing_that_comes_in_makes_it_panic(
        octets in proptest::collection::vec(any::<u8>(), 0..40), esm_class: u8, data_coding: u8, ton: u8,
        sar in proptest::collection::vec(any::<u8>(), 0..4),
    ) {
        let (mut kept, mut incoming) = begin();
        let mut deliver = deliver("1", &octets);
        // All but what would make it a receipt.
        deliver.esm_class = esm_class & !0x3C;
        (deliver.data_coding, deliver.source_ton) = (data_coding, ton);
        deliver.tlvs = SAR.map(|tag| (tag, sar.clone())).to_vec();
        prop_assert!(kept.deliver(&mut incoming, 0, &deliver));
        kept.tick(&mut incoming, DAY);
        prop_assert_eq!(kept.heard.len(), 1);
        prop_assert_eq!(kept.open().waiting(), kept.heard);
    }
}

#[tokio::test]
async fn what_came_in_long_ago_and_nobody_took_is_forgotten() {
    let ids = Arc::new(CountedIds::default());
    let mut incoming = Incoming::new(Vec::new(), ids);
    let store = crate::store::MemoryStore::new();
    for (ms, from) in [(0, "36301111111"), (DAY, "36302222222")] {
        let step = incoming.on_part(ms, at(ms), centre(&connection()), sms(&deliver(from, b"Hello")));
        let IncomingStep::Keep { changes, .. } = step else {
            panic!("it is new");
        };
        store.commit(changes).await.unwrap();
    }
    assert_eq!(purge_received(&store, at(DAY)).await, Ok(1));
    let left = received(&store).await.unwrap();
    let from: Vec<_> = left.iter().map(|sms| sms.from.as_str().to_owned()).collect();
    assert_eq!(from, ["+36302222222"]);
}
