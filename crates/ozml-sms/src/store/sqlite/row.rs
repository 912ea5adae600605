//! Rows as they are read: nothing of them is believed before it was checked.

use std::sync::Arc;

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::super::{MessageNumber, SmsRecord, StoredSms};
use super::checksum::Checksum;
use super::encoding::{RecordColumns, decode_progress, decode_record};
use super::fault::{Damage, Fault};

/// The columns of a message, as [`MessageRow`] reads them.
pub(super) const MESSAGE: &str = "message.number, message.accepted_at, message.id, message.key, \
     message.record, message.crc";

/// Those and the columns of its progress, as [`StoredRow`] reads them.
pub(super) const STORED: &str = "message.number, message.accepted_at, message.id, message.key, \
     message.record, message.crc, progress.open, progress.state, progress.progress, progress.crc";

/// A row of the table `message`.
pub(super) struct MessageRow<'r> {
    pub(super) number: i64,
    accepted_at: i64,
    id: &'r [u8],
    key: &'r [u8],
    record: &'r [u8],
}

impl<'r> MessageRow<'r> {
    /// The number, which is the one thing every row has.
    pub(super) fn number(row: &Row<'_>) -> Result<i64, Fault> {
        Ok(row.get(0)?)
    }

    /// Reads [`MESSAGE`], which stands first, and compares its checksum.
    pub(super) fn read(row: &'r Row<'_>) -> Result<Self, Damage> {
        let read = Self {
            number: integer(row, 0)?,
            accepted_at: integer(row, 1)?,
            id: octets(row, 2)?,
            key: octets(row, 3)?,
            record: octets(row, 4)?,
        };
        let crc = Checksum::of_message(read.number, read.accepted_at, read.id, read.key, read.record);
        if integer(row, 5)? == crc {
            Ok(read)
        } else {
            Err(Damage("the checksum of its record does not agree"))
        }
    }

    pub(super) fn decode(&self) -> Result<SmsRecord, Damage> {
        let number = u64::try_from(self.number).map_err(|_| Damage("its number is negative"))?;
        let columns = RecordColumns {
            number: MessageNumber(number),
            accepted_at: self.accepted_at,
            id: text(self.id)?,
            key: text(self.key)?,
        };
        decode_record(&columns, self.record)
    }
}

/// A row of the tables `message` and `progress` together.
pub(super) struct StoredRow<'r> {
    message: MessageRow<'r>,
    pub(super) open: bool,
    state: &'r [u8],
    progress: &'r [u8],
}

impl<'r> StoredRow<'r> {
    /// Reads [`STORED`] and compares both checksums.
    pub(super) fn read(row: &'r Row<'_>) -> Result<Self, Damage> {
        let message = MessageRow::read(row)?;
        let open = integer(row, 6).map_err(|_| Damage("it has no progress"))?;
        let read = Self {
            message,
            open: open == 1,
            state: octets(row, 7)?,
            progress: octets(row, 8)?,
        };
        let crc = Checksum::of_progress(read.message.number, read.open, read.state, read.progress);
        if integer(row, 9)? == crc && open == i64::from(read.open) {
            Ok(read)
        } else {
            Err(Damage("the checksum of its progress does not agree"))
        }
    }

    pub(super) fn decode(&self) -> Result<StoredSms, Damage> {
        Ok(StoredSms {
            record: Arc::new(self.message.decode()?),
            progress: decode_progress(text(self.state)?, self.progress)?,
        })
    }
}

fn integer(row: &Row<'_>, column: usize) -> Result<i64, Damage> {
    match row.get_ref(column) {
        Ok(ValueRef::Integer(number)) => Ok(number),
        _ => Err(Damage("a column holds no number")),
    }
}

pub(super) fn octets<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r [u8], Damage> {
    match row.get_ref(column) {
        Ok(ValueRef::Text(octets) | ValueRef::Blob(octets)) => Ok(octets),
        _ => Err(Damage("a column holds no text")),
    }
}

pub(super) fn text(octets: &[u8]) -> Result<&str, Damage> {
    std::str::from_utf8(octets).map_err(|_| Damage("a text in it is no UTF-8"))
}
