use rusqlite::types::Value;

use super::super::super::contract::{accept, accepted, full, in_state};
use super::super::super::{Change, ListFilter, Note, Store, StoredSms};
use super::{Folder, block_on, commit, opened};

/// Every table and column of a message.
const COLUMNS: &[(&str, &str)] = &[
    ("message", "number"),
    ("message", "accepted_at"),
    ("message", "id"),
    ("message", "key"),
    ("message", "record"),
    ("message", "crc"),
    ("progress", "number"),
    ("progress", "open"),
    ("progress", "state"),
    ("progress", "progress"),
    ("progress", "crc"),
];

/// The `at`th way to change one byte of a value.
fn flipped(value: &Value, at: u32) -> Option<Value> {
    let flip = |octets: &[u8]| {
        let mut octets = octets.to_vec();
        *octets.get_mut(at as usize)? ^= 0x40;
        Some(octets)
    };
    Some(match value {
        // From the second byte on, so that no number becomes that of another message.
        Value::Integer(number) => Value::Integer(number ^ 1_i64.checked_shl(at + 10)?),
        Value::Text(text) => Value::Text(String::from_utf8(flip(text.as_bytes())?).unwrap()),
        Value::Blob(blob) => Value::Blob(flip(blob)?),
        other => panic!("no column holds {other:?}"),
    })
}

/// Changes a column of each message at another byte, until there are no more; gives how many were changed.
fn flip_each(folder: &Folder, table: &str, column: &str) -> u32 {
    let mut sql = folder.sql();
    let transaction = sql.transaction().unwrap();
    let query = format!("SELECT {column} FROM {table} WHERE number = ?1");
    let update = format!("UPDATE {table} SET {column} = ?2 WHERE number = ?1");
    let mut at = 0;
    loop {
        let value = transaction.query_row(&query, [at + 1], |row| row.get(0)).unwrap();
        let Some(changed) = flipped(&value, at) else { break };
        transaction.execute(&update, (at + 1, changed)).unwrap();
        at += 1;
    }
    transaction.commit().unwrap();
    at
}

#[test]
fn a_flip_of_any_byte_is_noticed_whether_the_message_ended_or_not() {
    let ended = |number| StoredSms {
        progress: in_state(number, ozml_session::SmsState::Delivered),
        ..full(number)
    };
    for message in [full as fn(u64) -> StoredSms, ended] {
        let messages: Vec<_> = (1..=600).map(message).collect();
        for (table, column) in COLUMNS {
            let folder = Folder::with(&messages);
            let changed = flip_each(&folder, table, column) as usize;
            let store = folder.open();
            let filter = ListFilter {
                rows: 1_000,
                ..ListFilter::default()
            };
            let mut listed = block_on(store.list(filter)).unwrap().messages;
            listed.reverse();
            assert!(
                listed == messages[changed..],
                "{changed} of {table}.{column}: no others are shown"
            );
            let damaged = opened(&store).damaged;
            assert!(damaged.len() >= changed, "{table}.{column}: all are named");
            drop(store);
            assert_eq!(opened(&folder.open()).damaged, damaged, "they are named again");
        }
    }
}

#[test]
fn the_blob_of_another_row_does_not_pass() {
    for (table, blob) in [("message", "record"), ("progress", "progress")] {
        let folder = Folder::with(&[accepted(1), accepted(2), full(3)]);
        let swap = format!(
            "UPDATE {table} SET ({blob}, crc) = (SELECT {blob}, crc FROM {table} WHERE number = 3) WHERE number = 1"
        );
        folder.sql().execute(&swap, []).unwrap();
        let found = opened(&folder.open());
        assert_eq!(found.unfinished, [accepted(2), full(3)]);
        assert_eq!(found.damaged[0].number, 1);
        assert_eq!(found.damaged[0].id, accepted(1).record.id.as_str());
    }
}

#[test]
fn a_row_that_lost_its_half_is_damaged() {
    for (table, named) in [("progress", 1), ("message", 1)] {
        let folder = Folder::with(&[accepted(1), accepted(2)]);
        folder
            .sql()
            .execute(&format!("DELETE FROM {table} WHERE number = 1"), [])
            .unwrap();
        let found = opened(&folder.open());
        assert_eq!(found.unfinished, [accepted(2)]);
        assert_eq!((found.damaged.len(), found.damaged[0].number), (1, named));
    }
}

#[test]
fn a_value_that_is_none_is_damage() {
    // With a checksum that agrees, as a wrong program would write it.
    let folder = Folder::with(&[accepted(1)]);
    let sql = folder.sql();
    let message = accepted(1);
    let (id, key) = (message.record.id.to_string(), message.record.key.to_string());
    for json in [
        r#"{"to":"x","text":"t","exp":1,"n":1}"#,
        r#"{"to":"1","text":"","exp":1,"n":1}"#,
        "{",
        "",
    ] {
        let at = message.record.accepted_at.as_unix_millis();
        let crc = super::super::checksum::Checksum::of_message(
            1,
            at,
            id.as_bytes(),
            key.as_bytes(),
            json.as_bytes(),
        );
        sql.execute("UPDATE message SET record = ?1, crc = ?2", (json.as_bytes(), crc))
            .unwrap();
        let copy = Folder::new();
        sql.execute("VACUUM INTO ?1", [copy.store().to_str().unwrap()])
            .unwrap();
        let found = opened(&copy.open());
        assert_eq!((found.unfinished.len(), found.damaged.len()), (0, 1), "{json}");
    }
}

#[test]
fn damage_that_comes_later_is_met_and_moved() {
    let folder = Folder::new();
    let store = folder.open();
    commit(&store, vec![accept(&accepted(1)), accept(&accepted(2))]).unwrap();
    folder
        .sql()
        .execute("UPDATE message SET record = x'7b7d' WHERE number = 1", [])
        .unwrap();
    assert_eq!(block_on(store.find(&accepted(1).record.id)), Ok(None));
    commit(&store, Vec::new()).unwrap();
    assert_eq!(opened(&store).damaged.len(), 1);
    assert_eq!(store.stats().damaged, 1);
    let known = commit(&store, vec![accept(&accepted(1))]).unwrap().known;
    assert_eq!(known, [], "what is set aside holds no key");
}

#[test]
fn a_damaged_message_keeps_no_key() {
    let folder = Folder::new();
    let store = folder.open();
    commit(&store, vec![accept(&accepted(1))]).unwrap();
    folder
        .sql()
        .execute("UPDATE progress SET state = 'sent'", [])
        .unwrap();
    assert_eq!(commit(&store, vec![accept(&accepted(1))]).unwrap().known, []);
    assert_eq!(opened(&store).unfinished, [accepted(1)]);
}

#[test]
fn a_damaged_note_is_set_aside() {
    let folder = Folder::new();
    for column in ["kind", "key", "value", "crc"] {
        let store = folder.open();
        let note = Note {
            kind: "report",
            key: "a".to_owned(),
            value: b"1".to_vec(),
        };
        commit(&store, vec![Change::PutNote(note)]).unwrap();
        drop(store);
        let other = if column == "crc" {
            "1"
        } else if column == "value" {
            "x'32'"
        } else {
            "'b'"
        };
        let update = format!("UPDATE note SET {column} = {other} WHERE kind = 'report'");
        folder.sql().execute(&update, []).unwrap();
        let store = folder.open();
        assert_eq!(block_on(store.notes("report")), Ok(Vec::new()), "{column}");
        assert_eq!(block_on(store.notes("b")), Ok(Vec::new()), "{column}");
    }
    assert_eq!(opened(&folder.open()).damaged.len(), 4);
}

#[test]
fn an_index_with_a_wrong_entry_is_made_again() {
    let message = accepted(1);
    let (id, key) = (message.record.id.to_string(), message.record.key.to_string());
    for (index, entry) in [
        ("sqlite_autoindex_message_1", id),
        ("sqlite_autoindex_message_2", key),
    ] {
        let folder = Folder::with(&[message.clone(), accepted(2)]);
        let page: u32 = folder
            .sql()
            .query_row(
                "SELECT rootpage FROM sqlite_schema WHERE name = ?1",
                [index],
                |row| row.get(0),
            )
            .unwrap();
        let mut file = std::fs::read(folder.store()).unwrap();
        let page = &mut file[(page as usize - 1) * 4096..][..4096];
        let at = page
            .windows(entry.len())
            .position(|window| window == entry.as_bytes())
            .unwrap();
        // Still in its order.
        page[at + entry.len() - 1] -= 1;
        std::fs::write(folder.store(), file).unwrap();
        let store = folder.open();
        assert_eq!(
            block_on(store.find(&message.record.id)),
            Ok(Some(message.clone())),
            "{index}"
        );
        assert_eq!(
            commit(&store, vec![accept(&message)]).unwrap().known.len(),
            1,
            "{index}"
        );
    }
}
