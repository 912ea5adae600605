use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;

use super::super::super::contract::{self, Again, accept, accepted};
use super::super::super::{Mode, Store};
use super::{Folder, SqliteOptions, SqliteStore, block_on, opened};

/// Plays the suite with a folder for each store.
fn keeps_the_contract(mode: Mode) {
    let options = SqliteOptions {
        mode,
        ..SqliteOptions::new()
    };
    let folders = RefCell::new(VecDeque::new());
    let make = || {
        let folder = Folder::new();
        let store = SqliteStore::open(folder.store(), options).unwrap();
        folders.borrow_mut().push_back(folder);
        store
    };
    let again = |store: SqliteStore| {
        drop(store);
        Again::Opened(SqliteStore::open(folders.borrow().back().unwrap().store(), options).unwrap())
    };
    contract::store(make, again, |case| block_on(case));
}

#[test]
fn it_keeps_the_contract_when_it_flushes() {
    keeps_the_contract(Mode::Sync);
}

#[test]
fn it_keeps_the_contract_when_it_does_not() {
    keeps_the_contract(Mode::Async);
}

#[test]
fn commits_of_many_tasks_share_flushes_and_are_all_answered() {
    let folder = Folder::new();
    let store = Arc::new(folder.open());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        for number in 1..=2_000 {
            let store = Arc::clone(&store);
            tasks.spawn(async move { store.commit(vec![accept(&accepted(number))]).await });
        }
        for committed in tasks.join_all().await {
            committed.unwrap();
        }
    });
    let stats = store.stats();
    assert_eq!((stats.commits, stats.changes), (2_000, 2_000));
    assert!(stats.flushes < 2_000, "{stats:?}");
    assert_eq!(stats.flush_counts.iter().sum::<u64>(), stats.flushes);
    assert_eq!(opened(&store).unfinished.len(), 2_000);
}
