//! Who has a store: a lock beside it, which the kernel takes back from a process that ended.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use super::super::StoreError;
use super::file::{private, sibling};

/// Held while the store is open.
#[derive(Debug)]
pub(super) struct Owner(#[allow(dead_code, reason = "the lock ends with the file")] File);

impl Owner {
    /// Takes a store for this process, or names the process that has it.
    pub(super) fn of(store: &Path) -> Result<Self, StoreError> {
        let path = sibling(store, ".owner");
        let failed = |error: std::io::Error| StoreError::Failed(format!("`{}`: {error}", path.display()));
        let mut file = private(OpenOptions::new().read(true).write(true).create(true))
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Self::sign(&mut file).map_err(failed)?,
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::Owned {
                    path: store.display().to_string(),
                    owner: signature(&mut file),
                });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        Ok(Self(file))
    }

    fn sign(file: &mut File) -> std::io::Result<()> {
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())
    }
}

fn signature(file: &mut File) -> String {
    let mut signed = String::new();
    match file.take(20).read_to_string(&mut signed) {
        Ok(_) if !signed.trim().is_empty() => signed.trim().to_owned(),
        _ => "unknown".to_owned(),
    }
}
