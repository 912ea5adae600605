/// CRC-32C over fields. Each counts with its length, so that nothing moves from one to the next unnoticed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Checksum(u32);

impl Checksum {
    pub(super) fn of_message(number: i64, accepted_at: i64, id: &[u8], key: &[u8], record: &[u8]) -> i64 {
        Self(0)
            .number(number)
            .number(accepted_at)
            .field(id)
            .field(key)
            .field(record)
            .get()
    }

    pub(super) fn of_progress(number: i64, open: bool, state: &[u8], progress: &[u8]) -> i64 {
        Self(1)
            .number(number)
            .number(i64::from(open))
            .field(state)
            .field(progress)
            .get()
    }

    pub(super) fn of_note(kind: &[u8], key: &[u8], value: &[u8]) -> i64 {
        Self(2).field(kind).field(key).field(value).get()
    }

    fn number(self, number: i64) -> Self {
        Self(crc32c::crc32c_append(self.0, &number.to_le_bytes()))
    }

    fn field(self, field: &[u8]) -> Self {
        let length = (field.len() as u64).to_le_bytes();
        Self(crc32c::crc32c_append(
            crc32c::crc32c_append(self.0, &length),
            field,
        ))
    }

    /// As it stands in a column.
    fn get(self) -> i64 {
        i64::from(self.0)
    }
}
