use std::fs;

use super::super::super::contract::{accept, accepted, full};
use super::super::super::{Store, StoreError};
use super::{Folder, SqliteOptions, SqliteStore, block_on, commit, opened};

/// A store that is refused, and a file that is as it was.
fn refused_as_it_is(folder: &Folder, reason: &str) {
    let before = fs::read(folder.store()).unwrap();
    let StoreError::Damaged { reason: found, .. } = folder.refused() else {
        panic!("it is refused")
    };
    assert!(found.contains(reason), "{found}");
    assert_eq!(fs::read(folder.store()).unwrap(), before, "it was left as it was");
}

#[test]
fn what_is_no_store_is_refused() {
    let folder = Folder::new();
    fs::write(
        folder.store(),
        "a letter, much longer than the head of a database would have to be. ".repeat(9),
    )
    .unwrap();
    refused_as_it_is(&folder, "not a database");
    fs::write(folder.store(), "").unwrap();
    refused_as_it_is(&folder, "no store");
    fs::remove_file(folder.store()).unwrap();
    folder
        .sql()
        .execute_batch("CREATE TABLE message (number)")
        .unwrap();
    refused_as_it_is(&folder, "no store of this program");
}

#[test]
fn a_store_of_a_newer_program_is_refused() {
    let folder = Folder::with(&[accepted(1)]);
    folder.sql().pragma_update(None, "user_version", 2).unwrap();
    refused_as_it_is(&folder, "version 2");
    let seen = SqliteStore::read_only(folder.store());
    assert!(matches!(seen, Err(StoreError::Damaged { .. })));
}

#[test]
fn a_log_without_its_store_is_refused() {
    let folder = Folder::new();
    fs::write(folder.0.join("ozml.db-wal"), "x").unwrap();
    assert!(matches!(folder.refused(), StoreError::Damaged { .. }));
}

#[test]
fn a_folder_that_is_not_there_is_no_damage() {
    let nowhere = Folder::new().0.join("nowhere").join("ozml.db");
    let opened = SqliteStore::open(&nowhere, SqliteOptions::new());
    assert!(matches!(opened, Err(StoreError::Failed(_))));
}

#[test]
fn a_damaged_store_makes_room_for_a_new_one_when_it_may() {
    let folder = Folder::new();
    let options = SqliteOptions {
        new_store: true,
        ..SqliteOptions::new()
    };
    fs::write(folder.store(), "no store").unwrap();
    let store = SqliteStore::open(folder.store(), options).unwrap();
    let aside = store.set_aside().unwrap().to_owned();
    assert!(aside.to_str().unwrap().contains("ozml.db.damaged-"));
    assert_eq!(fs::read(&aside).unwrap(), b"no store");
    commit(&store, vec![accept(&accepted(1))]).unwrap();
    drop(store);

    let store = SqliteStore::open(folder.store(), options).unwrap();
    assert_eq!(store.set_aside(), None, "one that can be used is never renamed");
    assert_eq!(opened(&store).unfinished, [accepted(1)]);
}

/// Opens what may be a damaged file: it is refused, or everything it shows is as it was written. Gives how many
/// messages there are, and how many rows were set aside.
pub(super) fn never_a_wrong_message(folder: &Folder, what: &str) -> Option<(usize, usize)> {
    let store = match SqliteStore::open(folder.store(), SqliteOptions::new()) {
        Ok(store) => store,
        // One wrong byte in the head lets SQLite take the file for one that cannot be written.
        Err(StoreError::Damaged { .. } | StoreError::Failed(_)) => return None,
        Err(other) => panic!("{what}: {other}"),
    };
    let found = opened(&store);
    for message in &found.unfinished {
        let number = message.record.number.0;
        assert!(
            *message == full(number) || *message == accepted(number),
            "{what}: {message:?}"
        );
    }
    block_on(store.list(super::super::super::ListFilter::default())).unwrap();
    Some((found.unfinished.len(), found.damaged.len()))
}

#[test]
fn a_file_cut_at_any_page_never_shows_a_wrong_message() {
    let messages: Vec<_> = (1..=60).map(full).collect();
    let folder = Folder::with(&messages);
    let whole = fs::read(folder.store()).unwrap();
    assert!(whole.len() > 10 * 4096);
    for length in (0..whole.len())
        .step_by(4096)
        .flat_map(|length| [length, length + 1, length + 2048])
    {
        fs::write(folder.store(), &whole[..length.min(whole.len())]).unwrap();
        for ending in ["-wal", "-shm"] {
            let _ = fs::remove_file(folder.0.join(format!("ozml.db{ending}")));
        }
        never_a_wrong_message(&folder, &format!("{length} bytes"));
    }
}

#[test]
fn a_file_with_a_wrong_byte_never_shows_a_wrong_message() {
    let folder = Folder::with(&[accepted(1), full(2), accepted(3)]);
    let whole = fs::read(folder.store()).unwrap();
    // Every byte would take minutes; this meets all fields over the pages.
    for at in (0..whole.len()).step_by(61) {
        let mut changed = whole.clone();
        changed[at] ^= 0x11;
        fs::write(folder.store(), changed).unwrap();
        for ending in ["-wal", "-shm"] {
            let _ = fs::remove_file(folder.0.join(format!("ozml.db{ending}")));
        }
        if let Some((there, set_aside)) = never_a_wrong_message(&folder, &format!("byte {at}")) {
            assert!(there + set_aside >= 3, "byte {at}: none is lost without a word");
        }
    }
}
