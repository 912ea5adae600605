use rusqlite::{ErrorCode, OptionalExtension as _};

use super::super::super::{Committed, MessageNumber, Progress, SmsRecord, StoredSms};
use super::super::checksum::Checksum;
use super::super::encoding::{encode_progress, encode_record};
use super::super::fault::{Damage, Fault};
use super::super::row::{MessageRow, STORED, StoredRow};
use super::super::verify;
use super::SqliteDatabase;

/// What became of an insert.
enum Inserted {
    Yes,
    /// Its key is that of another message.
    KeyKnown,
}

impl SqliteDatabase {
    pub(super) fn accept(
        &mut self,
        record: &SmsRecord,
        progress: &Progress,
        committed: &mut Committed,
    ) -> Result<(), Fault> {
        let number = i64::try_from(record.number.0).map_err(|_| Fault::Taken(record.number))?;
        let key = record.key.to_string();
        if let Inserted::KeyKnown = self.insert_message(number, &key, record)? {
            if let Some(known) = self.known(&key)? {
                committed.known.push((record.number, known));
                return Ok(());
            }
            // The one that had the key was damaged and is out of the way now.
            self.insert_message(number, &key, record)?;
        }
        self.last_number = self.last_number.max(number);
        self.insert_progress(number, progress)
    }

    fn insert_message(&self, number: i64, key: &str, record: &SmsRecord) -> Result<Inserted, Fault> {
        let json = encode_record(record)?;
        let accepted_at = record.accepted_at.as_unix_millis();
        let id = record.id.as_str();
        let crc = Checksum::of_message(number, accepted_at, id.as_bytes(), key.as_bytes(), &json);
        let inserted = self.execute(
            "INSERT INTO message (number, accepted_at, id, key, record, crc) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (key) DO NOTHING",
            (number, accepted_at, id, key, json, crc),
        );
        match inserted {
            Ok(0) => Ok(Inserted::KeyKnown),
            Ok(_) => Ok(Inserted::Yes),
            // Which rule is looked at first is SQLite's matter; for us the key is.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                if self.has_key(key)? {
                    Ok(Inserted::KeyKnown)
                } else {
                    Err(Fault::Taken(record.number))
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    fn has_key(&self, key: &str) -> Result<bool, Fault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT 1 FROM message WHERE key = ?1")?;
        Ok(statement.exists([key])?)
    }

    /// The message with a key; one that is damaged is set aside.
    fn known(&self, key: &str) -> Result<Option<StoredSms>, Fault> {
        let sql = format!("SELECT {STORED} FROM message LEFT JOIN progress USING (number) WHERE key = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([key])?;
        let Some(row) = rows.next()? else {
            return Err(Fault::Failed(
                "an index names a message that is not there".to_owned(),
            ));
        };
        let number = MessageRow::number(row)?;
        match StoredRow::read(row).and_then(|row| row.decode()) {
            Ok(known) => Ok(Some(known)),
            Err(damage) => {
                drop(rows);
                verify::set_message_aside(&self.connection, number, damage)?;
                Ok(None)
            }
        }
    }

    fn insert_progress(&self, number: i64, progress: &Progress) -> Result<(), Fault> {
        let json = encode_progress(progress)?;
        let (open, state) = (!progress.is_ended(), progress.state.as_str());
        let crc = Checksum::of_progress(number, open, state.as_bytes(), &json);
        // What is there already is left of a message whose own row is gone.
        self.execute(
            "INSERT OR REPLACE INTO progress (number, open, state, progress, crc) VALUES (?1, ?2, ?3, ?4, ?5)",
            (number, open, state, json, crc),
        )?;
        Ok(())
    }

    pub(super) fn progress(&self, number: MessageNumber, progress: &Progress) -> Result<(), Fault> {
        let Ok(number) = i64::try_from(number.0) else {
            return Ok(());
        };
        let json = encode_progress(progress)?;
        let (open, state) = (!progress.is_ended(), progress.state.as_str());
        let crc = Checksum::of_progress(number, open, state.as_bytes(), &json);
        // Most messages stay open or come to their end; only the latter is the index's concern.
        let stayed = open
            && self.execute(
                "UPDATE progress SET state = ?2, progress = ?3, crc = ?4 WHERE number = ?1 AND open",
                (number, state, &json, crc),
            )? > 0;
        if !stayed {
            self.execute(
                "UPDATE progress SET open = ?2, state = ?3, progress = ?4, crc = ?5 WHERE number = ?1",
                (number, open, state, json, crc),
            )?;
        }
        Ok(())
    }

    /// What is wrong with a message, if anything still is.
    pub(super) fn damage_of(&self, number: i64) -> Result<Option<Damage>, Fault> {
        let sql = format!("SELECT {STORED} FROM message LEFT JOIN progress USING (number) WHERE number = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let check = |row: &rusqlite::Row<'_>| Ok(StoredRow::read(row).and_then(|row| row.decode()).err());
        Ok(statement.query_row([number], check).optional()?.flatten())
    }
}
