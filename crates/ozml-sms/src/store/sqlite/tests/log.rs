//! What is left of the log after a power cut: SQLite trusts frames up to the last commit whose checksums agree.

use std::fs;

use super::super::super::contract::{accept, accepted, full};
use super::super::super::{Change, Mode, Note};
use super::files::never_a_wrong_message;
use super::{Folder, commit};
use super::{SqliteOptions, SqliteStore};

/// Bytes of the head of a log, and of a frame in it.
const HEAD: usize = 32;
const FRAME: usize = 24 + 4096;

/// The files of a store that was not closed, after each commit: the database and its log.
fn crashed() -> (Vec<u8>, Vec<Vec<u8>>) {
    let folder = Folder::with(&[accepted(1)]);
    let store = folder.open();
    let logs = (2..=5).map(|number| {
        commit(&store, vec![accept(&full(number))]).unwrap();
        fs::read(folder.0.join("ozml.db-wal")).unwrap()
    });
    let logs = logs.collect();
    (fs::read(folder.store()).unwrap(), logs)
}

/// A folder in which those files were left.
fn left(database: &[u8], log: &[u8]) -> Folder {
    let folder = Folder::new();
    fs::write(folder.store(), database).unwrap();
    fs::write(folder.0.join("ozml.db-wal"), log).unwrap();
    folder
}

#[test]
fn after_every_flush_the_commits_before_it_are_there() {
    let (database, logs) = crashed();
    for (commits, log) in logs.iter().enumerate() {
        let folder = left(&database, log);
        assert_eq!(never_a_wrong_message(&folder, "whole"), Some((commits + 2, 0)));
    }
}

#[test]
fn writes_after_a_flush_may_be_there_in_any_part() {
    let (database, logs) = crashed();
    for (commits, (flushed, log)) in logs.iter().zip(&logs[1..]).enumerate() {
        let frames = (flushed.len() - HEAD) / FRAME..(log.len() - HEAD) / FRAME;
        let later = frames.len();
        assert!((1..=8).contains(&later), "the subsets are few: {later}");
        for subset in 0..1_u32 << later {
            let mut partly = log.clone();
            for (bit, frame) in frames.clone().enumerate() {
                if subset >> bit & 1 == 0 {
                    // Not written: what a file has there that was made longer.
                    partly[HEAD + frame * FRAME..HEAD + (frame + 1) * FRAME].fill(0);
                }
            }
            let (there, _) = never_a_wrong_message(&left(&database, &partly), "partly").unwrap();
            let all = subset + 1 == 1 << later;
            assert_eq!(there, commits + 2 + usize::from(all), "subset {subset:b}");
        }
    }
}

#[test]
fn a_log_cut_or_spoilt_behind_the_last_flush_loses_nothing_before_it() {
    let (database, logs) = crashed();
    let (flushed, log) = (&logs[2], &logs[3]);
    for length in (flushed.len()..log.len()).step_by(997) {
        let there = never_a_wrong_message(&left(&database, &log[..length]), "cut");
        assert_eq!(there, Some((4, 0)), "{length} bytes");
    }
    for at in (flushed.len()..log.len()).step_by(499) {
        let mut spoilt = log.clone();
        spoilt[at] ^= 1;
        let there = never_a_wrong_message(&left(&database, &spoilt), "spoilt");
        assert_eq!(there, Some((4, 0)), "byte {at}");
    }
}

#[test]
fn the_log_does_not_grow_without_end() {
    let folder = Folder::new();
    let options = SqliteOptions {
        mode: Mode::Async,
        ..SqliteOptions::new()
    };
    let store = SqliteStore::open(folder.store(), options).unwrap();
    let mib = 1024 * 1024;
    for round in 0..20 {
        let note = Note {
            kind: "large",
            key: "a".to_owned(),
            value: vec![round; 8 * mib],
        };
        commit(&store, vec![Change::PutNote(note)]).unwrap();
        assert!(store.stats().log_bytes <= 80 * mib as u64, "{:?}", store.stats());
    }
    let bytes = fs::metadata(folder.0.join("ozml.db-wal")).unwrap().len();
    assert!(
        bytes <= 80 * mib as u64,
        "{bytes} bytes of 160 MiB that were written"
    );
}
