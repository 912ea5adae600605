//! The database in SQLite.

mod apply;
mod purge;

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, Params};

use super::super::{Change, Committed, Mode};
use super::checksum::Checksum;
use super::database::{Database, PurgeSlice, Purged};
use super::fault::Fault;
use super::reads;
use super::{file, schema, verify};

/// The kind of our own notes.
pub(super) const OWN: &str = "";
/// The note with the highest number ever given.
pub(super) const LAST_NUMBER: &str = "last_number";

/// The connection that writes.
pub(super) struct SqliteDatabase {
    connection: Connection,
    /// The highest number ever given.
    last_number: i64,
    /// The one that its note shows.
    last_noted: i64,
}

impl SqliteDatabase {
    /// Opens a store that is there, brings it to our version and checks all of it. Damaged rows are set aside.
    pub(super) fn open(path: &Path, mode: Mode, max_bytes: Option<u64>) -> Result<Self, Fault> {
        let mut connection = file::open_writer(path, mode, max_bytes)?;
        file::quick_check(&connection)?;
        if !schema::check(&connection)? {
            schema::migrate(&mut connection)?;
        }
        schema::compare(&connection)?;
        verify::set_damaged_aside(&mut connection)?;
        let last_number = reads::last_number(&connection)?;
        let mut database = Self {
            connection,
            last_number,
            last_noted: -1,
        };
        // Written even when nothing changes: over what a failed commit may have left at the end of the log,
        // and to see that the store can be written.
        database.begin()?;
        database.commit()?;
        file::trust(&database.connection)?;
        Ok(database)
    }

    /// Executes a statement that is prepared once.
    fn execute(&self, sql: &str, values: impl Params) -> rusqlite::Result<usize> {
        self.connection.prepare_cached(sql)?.execute(values)
    }

    fn put_note(&self, kind: &str, key: &str, value: &[u8]) -> Result<(), Fault> {
        let crc = Checksum::of_note(kind.as_bytes(), key.as_bytes(), value);
        self.execute(
            "INSERT INTO note (kind, key, value, crc) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, crc = excluded.crc",
            (kind, key, value, crc),
        )?;
        Ok(())
    }
}

impl Database for SqliteDatabase {
    fn begin(&mut self) -> Result<(), Fault> {
        self.execute("BEGIN IMMEDIATE", [])?;
        Ok(())
    }

    fn apply(&mut self, change: &Change, committed: &mut Committed) -> Result<(), Fault> {
        match change {
            Change::Accept(record, progress) => self.accept(record, progress, committed),
            Change::Progress(number, progress) => self.progress(*number, progress),
            Change::PutNote(note) => self.put_note(note.kind, &note.key, &note.value),
            Change::ForgetNote { kind, key } => {
                self.execute("DELETE FROM note WHERE kind = ?1 AND key = ?2", (kind, key))?;
                Ok(())
            }
        }
    }

    fn commit(&mut self) -> Result<(), Fault> {
        if self.last_number != self.last_noted {
            self.put_note(OWN, LAST_NUMBER, self.last_number.to_string().as_bytes())?;
        }
        self.execute("COMMIT", [])?;
        self.last_noted = self.last_number;
        Ok(())
    }

    fn rollback(&mut self) -> Result<(), Fault> {
        self.last_number = self.last_noted;
        if !self.connection.is_autocommit() {
            self.execute("ROLLBACK", [])?;
        }
        Ok(())
    }

    fn set_aside(&mut self, number: i64) -> Result<(), Fault> {
        match self.damage_of(number)? {
            Some(damage) => verify::set_message_aside(&self.connection, number, damage),
            None => Ok(()),
        }
    }

    fn purge(&mut self, slice: PurgeSlice) -> Result<Purged, Fault> {
        self.purge_slice(slice)
    }

    fn shrink(&mut self) -> Result<bool, Fault> {
        self.shrink_slice()
    }

    fn log_pages(&mut self) -> Result<u64, Fault> {
        let mut statement = self.connection.prepare_cached("PRAGMA wal_checkpoint(NOOP)")?;
        let pages: Option<i64> = statement.query_row([], |row| row.get(1)).optional()?;
        Ok(pages.and_then(|pages| u64::try_from(pages).ok()).unwrap_or(0))
    }

    fn checkpoint(&mut self) -> Result<(), Fault> {
        file::checkpoint(&self.connection)
    }
}
