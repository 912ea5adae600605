use std::fs;

use super::super::super::contract::{accept, accepted};
use super::super::super::{ListFilter, Store, StoreError};
use super::{Folder, SqliteStore, block_on, commit, opened};

#[test]
fn a_store_has_one_owner() {
    let folder = Folder::new();
    let store = folder.open();
    let StoreError::Owned { path, owner } = folder.refused() else {
        panic!("it has an owner")
    };
    assert!(path.ends_with("ozml.db"), "{path}");
    assert_eq!(owner, std::process::id().to_string());
    block_on(store.close()).unwrap();
    folder.open();
}

#[test]
fn one_store_is_one_under_all_its_names() {
    let folder = Folder::new();
    let _store = folder.open();
    let link = folder.0.join("link.db");
    std::os::unix::fs::symlink(folder.store(), &link).unwrap();
    assert!(matches!(
        SqliteStore::open(&link, super::SqliteOptions::new()),
        Err(StoreError::Owned { .. })
    ));
}

#[test]
fn the_file_of_an_owner_that_ended_is_no_obstacle() {
    let folder = Folder::new();
    fs::write(folder.0.join("ozml.db.owner"), "4194304\n").unwrap();
    folder.open();
}

#[test]
fn nobody_else_may_read_its_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let store = folder.open();
    commit(&store, vec![accept(&accepted(1))]).unwrap();
    for name in ["ozml.db", "ozml.db-wal", "ozml.db-shm", "ozml.db.owner"] {
        let mode = fs::metadata(folder.0.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn it_can_be_looked_at_while_it_is_open_and_when_it_is_not() {
    let folder = Folder::new();
    let store = folder.open();
    commit(&store, vec![accept(&accepted(1))]).unwrap();
    let looked_at = |numbers: usize| {
        let seen = SqliteStore::read_only(folder.store()).unwrap();
        assert_eq!(
            block_on(seen.list(ListFilter::default())).unwrap().messages.len(),
            numbers
        );
        assert_eq!(opened(&seen).last_number, numbers as u64);
        let refused = commit(&seen, vec![accept(&accepted(9))]).unwrap_err();
        assert_eq!(refused.error, StoreError::ReadOnly);
        assert_eq!(refused.changes, [accept(&accepted(9))]);
        assert_eq!(block_on(seen.reopen()), Err(StoreError::ReadOnly));
    };
    looked_at(1);
    commit(&store, vec![accept(&accepted(2))]).unwrap();
    looked_at(2);
    drop(store);
    looked_at(2);
    assert_eq!(opened(&folder.open()).unfinished, [accepted(1), accepted(2)]);
}

#[test]
fn what_is_asked_of_a_closed_store_is_answered() {
    let folder = Folder::new();
    let store = folder.open();
    let waits = store.commit(vec![accept(&accepted(1))]);
    block_on(store.close()).unwrap();
    block_on(waits).unwrap();
    let refused = commit(&store, vec![accept(&accepted(2))]).unwrap_err();
    assert_eq!(refused.error, StoreError::Closed);
    assert_eq!(refused.changes, [accept(&accepted(2))]);
    assert_eq!(block_on(store.opened()), Err(StoreError::Closed));
    assert_eq!(block_on(store.close()), Err(StoreError::Closed));
    assert!(!folder.0.join("ozml.db-wal").exists(), "one file is left");
}
