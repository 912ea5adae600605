//! The tables, and the steps that lead from each version to the next one.

use rusqlite::{Connection, TransactionBehavior};

use super::fault::Fault;

/// Marks the file as a store of ours: `OzML`.
const APPLICATION_ID: i64 = 0x4f7a_4d4c;

/// Step n leads from version n to version n + 1. Never change one that was released.
const STEPS: &[&str] = &["
    -- What was accepted. It never changes, so its pages are written once.
    CREATE TABLE message (
        number INTEGER PRIMARY KEY,
        accepted_at INTEGER NOT NULL,
        id TEXT NOT NULL UNIQUE,
        key TEXT NOT NULL UNIQUE,
        record BLOB NOT NULL,
        crc INTEGER NOT NULL
    ) STRICT;
    -- How far it is: small rows, since they are written again with every change.
    CREATE TABLE progress (
        number INTEGER PRIMARY KEY,
        open INTEGER NOT NULL,
        state TEXT NOT NULL,
        progress BLOB NOT NULL,
        crc INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX unfinished ON progress (number) WHERE open;
    CREATE TABLE note (
        row INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        value BLOB NOT NULL,
        crc INTEGER NOT NULL,
        UNIQUE (kind, key)
    ) STRICT;
    -- Damaged rows as they were found.
    CREATE TABLE set_aside (
        at INTEGER NOT NULL,
        reason TEXT NOT NULL,
        number, id, key, accepted_at, record, record_crc,
        open, state, progress, progress_crc
    );
"];

/// The version this program writes.
fn current() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

fn pragma(connection: &Connection, name: &str) -> Result<i64, Fault> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}

/// Makes the tables in an empty file.
pub(super) fn create(connection: &mut Connection) -> Result<(), Fault> {
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    migrate(connection)
}

/// Whether the file is a store that this program can read; `Ok(false)` when it must be migrated first.
pub(super) fn check(connection: &Connection) -> Result<bool, Fault> {
    if pragma(connection, "application_id")? != APPLICATION_ID {
        return Err(Fault::Damaged("it is no store of this program".to_owned()));
    }
    let version = pragma(connection, "user_version")?;
    if version > current() {
        let newer = format!(
            "it has version {version}, which a newer program wrote; this one reads {}",
            current()
        );
        return Err(Fault::Damaged(newer));
    }
    Ok(version == current())
}

/// Takes the steps that are missing, all or none.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), Fault> {
    let version = usize::try_from(pragma(connection, "user_version")?).unwrap_or(usize::MAX);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in STEPS.iter().skip(version) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", current())?;
    Ok(transaction.commit()?)
}

/// Whether every table and index is as we make it. Others beside them do no harm.
pub(super) fn compare(connection: &Connection) -> Result<(), Fault> {
    let mut ours = Connection::open_in_memory()?;
    create(&mut ours)?;
    for made in definitions(&ours)? {
        if !definitions(connection)?.contains(&made) {
            return Err(Fault::Damaged("its tables are not those of a store".to_owned()));
        }
    }
    Ok(())
}

type Definition = (String, String, String, Option<String>);

fn definitions(connection: &Connection) -> Result<Vec<Definition>, Fault> {
    let mut statement = connection.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
