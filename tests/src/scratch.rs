//! Folders in which cases may write.

use std::fs;
use std::path::{Path, PathBuf};

use crate::markdown::Case;
use crate::repository;

/// The folder a case runs in: one of its own below `scratch`, with its files (blocks that have a name behind
/// their language), or the root of the repository when it has none.
///
/// # Panics
/// When the folder cannot be made.
pub fn folder(scratch: &Path, name: &str, case: &Case) -> PathBuf {
    let files: Vec<_> = case
        .blocks
        .iter()
        .filter(|block| !block.argument.is_empty())
        .collect();
    if files.is_empty() {
        return repository::root().to_path_buf();
    }
    let folder = scratch.join(name.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let _from_an_earlier_run = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the case");
    for file in files {
        let path = folder.join(&file.argument);
        fs::create_dir_all(path.parent().expect("a folder of the file")).expect("a folder of the case");
        fs::write(path, &file.text).expect("a file of the case");
    }
    folder
}
