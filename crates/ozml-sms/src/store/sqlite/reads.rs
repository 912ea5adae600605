//! What is asked of a store. Rows that do not agree with their checksums are left out and named.

use rusqlite::{Connection, OptionalExtension as _, Params};

use super::super::{DamagedRow, ListFilter, Listed, Note, Opened, SmsRecord, StoredSms};
use super::fault::{Damage, Fault};
use super::row::{MESSAGE, MessageRow, STORED, StoredRow, octets, text};
use super::sqlite_database::{LAST_NUMBER, OWN};
use super::verify::note_value;

/// Most damaged rows that are named.
const DAMAGED: u32 = 10_000;

/// An answer, and the numbers of damaged messages that were met on the way.
#[derive(Debug)]
pub(super) struct Read<T> {
    pub(super) answer: T,
    pub(super) damaged: Vec<i64>,
}

/// The message with this in a column that is unique.
pub(super) fn find(
    connection: &Connection,
    column: &'static str,
    value: &str,
) -> Result<Read<Option<StoredSms>>, Fault> {
    let sql = format!("SELECT {STORED} FROM message LEFT JOIN progress USING (number) WHERE {column} = ?1");
    let mut found = None;
    let damaged = stored(connection, &sql, [value], |message| {
        found = Some(message);
        false
    })?;
    Ok(Read {
        answer: found,
        damaged,
    })
}

pub(super) fn list(connection: &Connection, filter: &ListFilter) -> Result<Read<Listed>, Fault> {
    // `INDEXED BY` would refuse the general case, so this condition has to be written out.
    let unfinished = if filter.unfinished {
        "AND progress.open"
    } else {
        ""
    };
    let sql = format!(
        "SELECT {STORED} FROM progress CROSS JOIN message USING (number)
         WHERE progress.number <= ?1 AND (?2 IS NULL OR state = ?2) {unfinished}
         ORDER BY progress.number DESC"
    );
    let highest = match filter.below {
        Some(below) => i64::try_from(below).map_or(i64::MAX, |below| below.saturating_sub(1)),
        None => i64::MAX,
    };
    let rows = usize::try_from(filter.rows).unwrap_or(usize::MAX);
    let mut listed = Listed::default();
    let state = filter.state.map(|state| state.as_str());
    let damaged = stored(connection, &sql, (highest, state), |message| {
        if filter.takes(&message) {
            listed.more = listed.messages.len() == rows;
            if !listed.more {
                listed.messages.push(message);
            }
        }
        !listed.more
    })?;
    Ok(Read {
        answer: listed,
        damaged,
    })
}

pub(super) fn accepted_since(connection: &Connection, since: i64) -> Result<Read<Vec<SmsRecord>>, Fault> {
    let sql = format!("SELECT {MESSAGE} FROM message WHERE accepted_at >= ?1 ORDER BY number");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([since])?;
    let (mut records, mut damaged) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        match MessageRow::read(row).and_then(|message| message.decode()) {
            Ok(record) => records.push(record),
            Err(_) => damaged.push(MessageRow::number(row)?),
        }
    }
    Ok(Read {
        answer: records,
        damaged,
    })
}

pub(super) fn opened(connection: &Connection) -> Result<Read<Opened>, Fault> {
    let sql = format!(
        "SELECT {STORED} FROM progress CROSS JOIN message USING (number)
         WHERE progress.open ORDER BY progress.number"
    );
    let mut unfinished = Vec::new();
    let damaged = stored(connection, &sql, [], |message| {
        unfinished.push(message);
        true
    })?;
    let opened = Opened {
        unfinished,
        last_number: u64::try_from(last_number(connection)?).unwrap_or(0),
        damaged: set_aside(connection)?,
    };
    Ok(Read {
        answer: opened,
        damaged,
    })
}

pub(super) fn notes(connection: &Connection, kind: &'static str) -> Result<Vec<Note>, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT kind, key, value, crc FROM note WHERE kind = ?1 ORDER BY key")?;
    let mut rows = statement.query([kind])?;
    let mut notes = Vec::new();
    while let Some(row) = rows.next()? {
        let note = |row| {
            let value = note_value(row, 0)?.to_vec();
            let key = text(octets(row, 1)?)?.to_owned();
            Ok::<_, Damage>(Note { kind, key, value })
        };
        notes.extend(note(row).ok());
    }
    Ok(notes)
}

/// The highest number ever given, as its note and the messages that are there show it.
pub(super) fn last_number(connection: &Connection) -> Result<i64, Fault> {
    let there: Option<i64> = connection.query_row("SELECT max(number) FROM message", [], |row| row.get(0))?;
    let sql = "SELECT kind, key, value, crc FROM note WHERE kind = ?1 AND key = ?2";
    let noted = connection.query_row(sql, [OWN, LAST_NUMBER], |row| {
        Ok(note_value(row, 0)
            .ok()
            .and_then(|value| text(value).ok()?.parse::<i64>().ok()))
    });
    Ok(there.max(noted.optional()?.flatten()).unwrap_or(0).max(0))
}

fn set_aside(connection: &Connection) -> Result<Vec<DamagedRow>, Fault> {
    let mut statement = connection.prepare_cached("SELECT number, id, reason FROM set_aside LIMIT ?1")?;
    let rows = statement.query_map([DAMAGED], |row| {
        Ok(DamagedRow {
            number: row.get::<_, i64>(0)?.try_into().unwrap_or(0),
            id: String::from_utf8_lossy(octets(row, 1).unwrap_or_default()).into_owned(),
            reason: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Gives [`STORED`] rows to `take` until it has enough.
fn stored(
    connection: &Connection,
    sql: &str,
    values: impl Params,
    mut take: impl FnMut(StoredSms) -> bool,
) -> Result<Vec<i64>, Fault> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut damaged = Vec::new();
    while let Some(row) = rows.next()? {
        match StoredRow::read(row).and_then(|row| row.decode()) {
            Ok(message) => {
                if !take(message) {
                    break;
                }
            }
            Err(_) => damaged.push(MessageRow::number(row)?),
        }
    }
    Ok(damaged)
}
