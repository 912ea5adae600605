//! What stands in the blobs of a row: JSON with short names. Fields that are not known are passed over and
//! those that are missing have defaults, so that older and newer programs read each other's rows.
//!
//! A value that is none of its type's is a fault of the row.

mod progress;
mod record;
mod words;

use serde::{Deserialize, Serialize};

pub(super) use progress::{decode_progress, encode_progress};
pub(super) use record::{RecordColumns, decode_record, encode_record};

use super::fault::Damage;

fn write(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut json = Vec::with_capacity(512);
    serde_json::to_writer(&mut json, value)?;
    Ok(json)
}

fn read<'r, T: Deserialize<'r>>(json: &'r [u8]) -> Result<T, Damage> {
    serde_json::from_slice(json).map_err(|_| Damage("its content cannot be read"))
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
