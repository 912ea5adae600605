//! The files of a store, and connections to them.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::super::Mode;
use super::fault::Fault;
use super::schema;

pub(super) const PAGE_BYTES: i64 = 4096;

/// A file beside another one, with a longer name.
pub(super) fn sibling(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

/// Files that this opens are their owner's alone when it makes them.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// The one name of a store, however it is written: what is beside it is beside the file itself.
pub(super) fn real_path(path: &Path) -> Result<PathBuf, Fault> {
    if let Ok(real) = fs::canonicalize(path) {
        return Ok(real);
    }
    let name = path
        .file_name()
        .ok_or_else(|| Fault::Failed("it names no file".to_owned()))?;
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    Ok(fs::canonicalize(folder)?.join(name))
}

/// Unix time in seconds.
pub(super) fn seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO)
        .as_secs()
}

/// Makes an empty store where there is nothing. It gets its name when it is complete, so an empty file
/// is never one.
pub(super) fn create_if_missing(path: &Path) -> Result<(), Fault> {
    if path.exists() {
        return Ok(());
    }
    if sibling(path, "-wal").exists() {
        return Err(Fault::Damaged(
            "its write-ahead log is there, it is not".to_owned(),
        ));
    }
    let begun = sibling(path, ".new");
    private(OpenOptions::new().write(true).create(true).truncate(true)).open(&begun)?;
    let mut connection = Connection::open_with_flags(&begun, flags(OpenFlags::SQLITE_OPEN_READ_WRITE))?;
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    schema::create(&mut connection)?;
    drop(connection);
    fs::rename(&begun, path)?;
    match path.parent() {
        Some(folder) => Ok(File::open(folder)?.sync_all()?),
        None => Ok(()),
    }
}

/// Renames what cannot be used, so that a new store can take its place. Gives the new name.
pub(super) fn set_file_aside(path: &Path) -> Result<PathBuf, Fault> {
    let mut second = seconds();
    let mut aside = sibling(path, &format!(".damaged-{second}"));
    while aside.exists() {
        second = second.saturating_add(1);
        aside = sibling(path, &format!(".damaged-{second}"));
    }
    for ending in ["", "-wal", "-shm"] {
        let from = sibling(path, ending);
        if from.exists() {
            fs::rename(from, sibling(&aside, ending))?;
        }
    }
    Ok(aside)
}

fn flags(access: OpenFlags) -> OpenFlags {
    access | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// The connection that writes. Commits are flushed where the mode says so; it copies nothing from the log by
/// itself, since that would hold commits up.
pub(super) fn open_writer(path: &Path, mode: Mode, max_bytes: Option<u64>) -> Result<Connection, Fault> {
    let connection = Connection::open_with_flags(path, flags(OpenFlags::SQLITE_OPEN_READ_WRITE))?;
    // A file that turns out to be damaged stays as it is.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    careful(&connection)?;
    schema::check(&connection)?;
    let journal: String =
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if journal != "wal" {
        return Err(Fault::Failed(format!(
            "the folder allows no write-ahead log, only `{journal}`"
        )));
    }
    let flush = if mode == Mode::Sync { "FULL" } else { "NORMAL" };
    connection.pragma_update(None, "synchronous", flush)?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "cache_size", -16 * 1024)?;
    if let Some(bytes) = max_bytes {
        let pages = (i64::try_from(bytes).unwrap_or(i64::MAX) / PAGE_BYTES).max(1);
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    Ok(connection)
}

/// A connection beside the one that writes. It changes nothing, but it can copy from the log.
pub(super) fn open_reader(path: &Path) -> Result<Connection, Fault> {
    let connection = Connection::open_with_flags(path, flags(OpenFlags::SQLITE_OPEN_READ_WRITE))?;
    careful(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// A connection of somebody who is not the owner.
pub(super) fn open_read_only(path: &Path) -> Result<Connection, Fault> {
    let connection = Connection::open_with_flags(path, flags(OpenFlags::SQLITE_OPEN_READ_ONLY))?;
    careful(&connection)?;
    if schema::check(&connection)? {
        Ok(connection)
    } else {
        Err(Fault::Damaged(
            "an older program wrote it, and reading alone does not change it".to_owned(),
        ))
    }
}

/// What is in the file is not trusted.
fn careful(connection: &Connection) -> Result<(), Fault> {
    connection.set_prepared_statement_cache_capacity(32);
    // Another connection may be about to open or close the file.
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(())
}

/// SQLite's own check of the structure of a file.
pub(super) fn quick_check(connection: &Connection) -> Result<(), Fault> {
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" {
        Ok(())
    } else {
        Err(Fault::Damaged(found))
    }
}

/// Copies from the log what is in no reader's way; what it cannot do now it does the next time.
pub(super) fn checkpoint(connection: &Connection) -> Result<(), Fault> {
    match connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
        Ok(()) => Ok(()),
        // The log is as good as before.
        Err(error) => match Fault::from(error) {
            Fault::Full => Ok(()),
            fault => Err(fault),
        },
    }
}

/// A writer whose file is found to be good waits for nobody, and when it closes one file is left.
pub(super) fn trust(writer: &Connection) -> Result<(), Fault> {
    writer.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    writer.busy_timeout(Duration::ZERO)?;
    Ok(())
}
