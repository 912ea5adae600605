use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::super::super::contract::{accept, accepted};
use super::super::super::{Change, Committed, Mode, Store, StoreError};
use super::super::database::{Database, PurgeSlice, Purged};
use super::super::fault::Fault;
use super::super::owner::Owner;
use super::super::sqlite_database::SqliteDatabase;
use super::super::{SqliteStore, file};
use super::{Folder, block_on, commit, opened};

/// A database whose flushes fail while `failing` is not 0, before anything is written.
struct Flaky {
    database: SqliteDatabase,
    failing: Arc<AtomicU32>,
    flushes: Arc<AtomicU32>,
}

impl Database for Flaky {
    fn begin(&mut self) -> Result<(), Fault> {
        self.database.begin()
    }

    fn apply(&mut self, change: &Change, committed: &mut Committed) -> Result<(), Fault> {
        self.database.apply(change, committed)
    }

    fn commit(&mut self) -> Result<(), Fault> {
        self.flushes.fetch_add(1, Ordering::Relaxed);
        match self.failing.load(Ordering::Relaxed) {
            0 => self.database.commit(),
            _ => Err(Fault::Failed("input/output error".to_owned())),
        }
    }

    fn rollback(&mut self) -> Result<(), Fault> {
        self.database.rollback()
    }

    fn set_aside(&mut self, number: i64) -> Result<(), Fault> {
        self.database.set_aside(number)
    }

    fn purge(&mut self, slice: PurgeSlice) -> Result<Purged, Fault> {
        self.database.purge(slice)
    }

    fn shrink(&mut self) -> Result<bool, Fault> {
        self.database.shrink()
    }

    fn log_pages(&mut self) -> Result<u64, Fault> {
        self.database.log_pages()
    }

    fn checkpoint(&mut self) -> Result<(), Fault> {
        self.database.checkpoint()
    }
}

/// A store on such a database, its switch and the count of its flushes.
fn flaky(folder: &Folder) -> (SqliteStore, Arc<AtomicU32>, Arc<AtomicU32>) {
    let path = folder.store();
    file::create_if_missing(&path).unwrap();
    let (failing, flushes) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let (switch, count) = (Arc::clone(&failing), Arc::clone(&flushes));
    let owner = Owner::of(&path).unwrap();
    let file = path.clone();
    let open = move || -> Result<Box<dyn Database>, Fault> {
        let database = SqliteDatabase::open(&file, Mode::Sync, None)?;
        let (failing, flushes) = (Arc::clone(&switch), Arc::clone(&count));
        Ok(Box::new(Flaky {
            database,
            failing,
            flushes,
        }))
    };
    (
        SqliteStore::start(path, Mode::Sync, Box::new(open), owner).unwrap(),
        failing,
        flushes,
    )
}

#[test]
fn after_a_failed_flush_nothing_is_accepted_until_it_is_open_again() {
    let folder = Folder::new();
    let (store, failing, flushes) = flaky(&folder);
    commit(&store, vec![accept(&accepted(1))]).unwrap();
    failing.store(1, Ordering::Relaxed);
    for number in 2..5 {
        let refused = commit(&store, vec![accept(&accepted(number))]).unwrap_err();
        assert_eq!(refused.error, StoreError::Failed("input/output error".to_owned()));
        assert_eq!(refused.changes, [accept(&accepted(number))]);
    }
    assert_eq!(
        flushes.load(Ordering::Relaxed),
        2,
        "a failed flush is not tried again"
    );
    failing.store(0, Ordering::Relaxed);
    commit(&store, vec![accept(&accepted(5))]).unwrap_err();
    assert!(block_on(store.purge(ozml_session::WallTime::from_unix_millis(0))).is_err());

    block_on(store.reopen()).unwrap();
    commit(&store, vec![accept(&accepted(2))]).unwrap();
    assert_eq!(opened(&store).unfinished, [accepted(1), accepted(2)]);
    drop(store);
    assert_eq!(opened(&folder.open()).unfinished, [accepted(1), accepted(2)]);
}

#[test]
fn reading_goes_on_when_writing_failed() {
    let folder = Folder::new();
    let (store, failing, _) = flaky(&folder);
    commit(&store, vec![accept(&accepted(1))]).unwrap();
    failing.store(1, Ordering::Relaxed);
    commit(&store, vec![accept(&accepted(2))]).unwrap_err();
    assert_eq!(
        block_on(store.find(&accepted(1).record.id)),
        Ok(Some(accepted(1)))
    );
    block_on(store.close()).unwrap();
}

#[test]
fn a_store_that_cannot_be_opened_again_stays_failed() {
    let folder = Folder::new();
    let (store, failing, _) = flaky(&folder);
    failing.store(1, Ordering::Relaxed);
    commit(&store, vec![accept(&accepted(1))]).unwrap_err();
    std::fs::write(folder.store(), "not any more").unwrap();
    assert!(matches!(
        block_on(store.reopen()),
        Err(StoreError::Damaged { .. })
    ));
    let refused = commit(&store, vec![accept(&accepted(1))]).unwrap_err();
    assert!(matches!(refused.error, StoreError::Failed(_)));
}
