//! Whether the indexes say what the rows say. SQLite's quick check does not compare them, and through an index
//! that lost an entry a message is not found, nor its key known.

use rusqlite::Connection;

use super::fault::Fault;
use super::row::octets;

/// What one row adds to the sum of its index.
fn entry(row: &rusqlite::Row<'_>) -> Result<u64, Fault> {
    let number: i64 = row.get(0)?;
    let value = octets(row, 1).unwrap_or_default();
    let crc = crc32c::crc32c_append(crc32c::crc32c(&number.to_le_bytes()), value);
    Ok(u64::from(crc))
}

/// Sums that do not depend on the order of rows.
fn sum(connection: &Connection, sql: &str) -> Result<(u64, u64), Fault> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let (mut count, mut sum) = (0_u64, 0_u64);
    while let Some(row) = rows.next()? {
        count = count.wrapping_add(1);
        sum = sum.wrapping_add(entry(row)?);
    }
    Ok((count, sum))
}

/// Compares each index with its table. Each index has all that its query wants, so only it is read.
pub(super) fn agree(connection: &Connection) -> Result<bool, Fault> {
    let pairs = [
        (
            "SELECT number, id FROM message NOT INDEXED",
            "SELECT number, id FROM message ORDER BY id",
        ),
        (
            "SELECT number, key FROM message NOT INDEXED",
            "SELECT number, key FROM message ORDER BY key",
        ),
        (
            "SELECT number, '' FROM progress NOT INDEXED WHERE open",
            "SELECT number, '' FROM progress INDEXED BY unfinished WHERE open",
        ),
    ];
    for (table, index) in pairs {
        if sum(connection, table)? != sum(connection, index)? {
            return Ok(false);
        }
    }
    Ok(true)
}
