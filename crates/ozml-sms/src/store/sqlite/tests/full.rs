use super::super::super::StoreError;
use super::super::super::contract::{accept, accepted, full};
use super::{Folder, SqliteOptions, SqliteStore, commit, opened};

#[test]
fn a_full_store_refuses_and_goes_on_when_there_is_room() {
    let folder = Folder::new();
    let options = SqliteOptions {
        max_bytes: Some(200_000),
        ..SqliteOptions::new()
    };
    let store = SqliteStore::open(folder.store(), options).unwrap();
    let many = |from: u64| {
        (from..from + 1_000)
            .map(|number| accept(&full(number)))
            .collect::<Vec<_>>()
    };
    let refused = commit(&store, many(1)).unwrap_err();
    assert_eq!(refused.error, StoreError::Full);
    assert_eq!(refused.changes, many(1), "the changes come back");
    assert_eq!(opened(&store).unfinished, [], "nothing of it is kept");
    assert_eq!(opened(&store).last_number, 0);
    commit(&store, vec![accept(&accepted(1))]).unwrap();
    assert_eq!(opened(&store).unfinished, [accepted(1)]);
    drop(store);
    assert_eq!(opened(&folder.open()).unfinished, [accepted(1)]);
}
