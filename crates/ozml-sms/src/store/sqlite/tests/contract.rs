use std::cell::RefCell;
use std::collections::VecDeque;

use super::super::super::Mode;
use super::super::super::contract::{self, Again};
use super::{Folder, SqliteOptions, SqliteStore, block_on};

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
