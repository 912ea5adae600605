//! The check of all rows when a store is opened. What does not agree with its checksum is moved to the table
//! `set_aside` as it is, where nothing is sent from.

use rusqlite::{Connection, Row, TransactionBehavior};

use super::checksum::Checksum;
use super::fault::{Damage, Fault};
use super::file;
use super::row::{MessageRow, STORED, StoredRow, octets};

/// Rows to be set aside, by number.
type Found = Vec<(i64, Damage)>;

/// Checks everything.
pub(super) fn set_damaged_aside(connection: &mut Connection) -> Result<(), Fault> {
    let messages = damaged_messages(connection)?;
    let progress = progress_alone(connection)?;
    let notes = damaged_notes(connection)?;
    let indexes_agree = super::indexes::agree(connection)?;
    if indexes_agree && messages.is_empty() && progress.is_empty() && notes.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // The rows are what is checked, so the indexes follow them; with others nothing could be moved.
    transaction.execute_batch("REINDEX")?;
    for (number, damage) in messages {
        set_message_aside(&transaction, number, damage)?;
    }
    for (number, damage) in progress {
        set_progress_aside(&transaction, number, damage)?;
    }
    for (row, damage) in notes {
        set_note_aside(&transaction, row, damage)?;
    }
    Ok(transaction.commit()?)
}

/// All checksums, and the values too of what has not ended, as that is what is sent.
fn damaged_messages(connection: &Connection) -> Result<Found, Fault> {
    let sql = format!("SELECT {STORED} FROM message LEFT JOIN progress USING (number) ORDER BY number");
    let check = |row: &Row<'_>| {
        let stored = StoredRow::read(row)?;
        if stored.open {
            stored.decode().map(|_| ())
        } else {
            Ok(())
        }
    };
    damaged(connection, &sql, check)
}

fn progress_alone(connection: &Connection) -> Result<Found, Fault> {
    let sql = "SELECT number FROM progress WHERE NOT EXISTS
               (SELECT 1 FROM message WHERE message.number = progress.number)";
    damaged(connection, sql, |_| Err(Damage("its record is missing")))
}

fn damaged_notes(connection: &Connection) -> Result<Found, Fault> {
    damaged(connection, "SELECT row, kind, key, value, crc FROM note", |row| {
        note_value(row, 1).map(|_| ())
    })
}

/// The value of a note; its kind is in the given column, its key, its value and its checksum behind it.
pub(super) fn note_value<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r [u8], Damage> {
    let [kind, key, value] = [column, column + 1, column + 2].map(|column| octets(row, column));
    let value = value?;
    match row.get::<_, i64>(column + 3) {
        Ok(crc) if crc == Checksum::of_note(kind?, key?, value) => Ok(value),
        _ => Err(Damage("the checksum of a note does not agree")),
    }
}

fn damaged(
    connection: &Connection,
    sql: &str,
    check: impl Fn(&Row<'_>) -> Result<(), Damage>,
) -> Result<Found, Fault> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if let Err(damage) = check(row) {
            found.push((MessageRow::number(row)?, damage));
        }
    }
    Ok(found)
}

/// Moves a message and its progress.
pub(super) fn set_message_aside(connection: &Connection, number: i64, damage: Damage) -> Result<(), Fault> {
    let moved =
        "INSERT INTO set_aside SELECT ?2, ?3, message.number, id, key, accepted_at, record, message.crc,
                 open, state, progress, progress.crc
                 FROM message LEFT JOIN progress USING (number) WHERE number = ?1";
    set_aside(connection, moved, number, damage)?;
    connection.execute("DELETE FROM message WHERE number = ?1", [number])?;
    connection.execute("DELETE FROM progress WHERE number = ?1", [number])?;
    Ok(())
}

fn set_progress_aside(connection: &Connection, number: i64, damage: Damage) -> Result<(), Fault> {
    let moved = "INSERT INTO set_aside SELECT ?2, ?3, number, NULL, NULL, NULL, NULL, NULL,
                 open, state, progress, crc FROM progress WHERE number = ?1";
    set_aside(connection, moved, number, damage)?;
    connection.execute("DELETE FROM progress WHERE number = ?1", [number])?;
    Ok(())
}

fn set_note_aside(connection: &Connection, row: i64, damage: Damage) -> Result<(), Fault> {
    let moved = "INSERT INTO set_aside SELECT ?2, ?3, 0, kind, key, NULL, value, crc, NULL, NULL, NULL, NULL
                 FROM note WHERE row = ?1";
    set_aside(connection, moved, row, damage)?;
    connection.execute("DELETE FROM note WHERE row = ?1", [row])?;
    Ok(())
}

fn set_aside(connection: &Connection, moved: &str, row: i64, Damage(reason): Damage) -> Result<(), Fault> {
    let at = i64::try_from(file::seconds())
        .unwrap_or(i64::MAX)
        .saturating_mul(1_000);
    connection.execute(moved, (row, at, reason))?;
    Ok(())
}
