use super::super::database::{PurgeSlice, Purged};
use super::super::fault::Fault;
use super::SqliteDatabase;

/// Messages looked at in one transaction, which takes some milliseconds.
const MESSAGES: i64 = 500;
/// Pages given back in one.
const PAGES: i64 = 100;

impl SqliteDatabase {
    pub(super) fn purge_slice(&self, slice: PurgeSlice) -> Result<Purged, Fault> {
        let PurgeSlice {
            accepted_before,
            after,
        } = slice;
        let Some(last) = self.last_of_slice(after)? else {
            self.execute("DELETE FROM set_aside WHERE at < ?1", [accepted_before])?;
            return Ok(Purged {
                messages: 0,
                after: None,
            });
        };
        let messages = self.execute(
            "DELETE FROM message WHERE number > ?1 AND number <= ?2 AND accepted_at < ?3 AND number IN
             (SELECT number FROM progress WHERE number > ?1 AND number <= ?2 AND NOT open)",
            (after, last, accepted_before),
        )?;
        self.execute(
            "DELETE FROM progress WHERE number > ?1 AND number <= ?2 AND NOT EXISTS
             (SELECT 1 FROM message WHERE message.number = progress.number)",
            (after, last),
        )?;
        Ok(Purged {
            messages: messages as u64,
            after: Some(last),
        })
    }

    fn last_of_slice(&self, after: i64) -> Result<Option<i64>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT max(number) FROM (SELECT number FROM message WHERE number > ?1 ORDER BY number LIMIT ?2)",
        )?;
        Ok(statement.query_row((after, MESSAGES), |row| row.get(0))?)
    }

    /// A quarter of the file may stay unused: new messages take that place.
    pub(super) fn shrink_slice(&self) -> Result<bool, Fault> {
        let pages = |name: &str| {
            self.connection
                .pragma_query_value(None, name, |row| row.get::<_, i64>(0))
        };
        let unused = pages("freelist_count")?;
        if unused.saturating_mul(4) <= pages("page_count")? {
            return Ok(false);
        }
        let mut statement = self
            .connection
            .prepare_cached(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() {}
        drop(rows);
        Ok(pages("freelist_count")? < unused)
    }
}
