//! Opening files from a folder that is open already, one component after the other, without following a link:
//! what a path means cannot be changed between looking and opening.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use ozml_session::FileError;
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat, fstat, openat, statat};
use rustix::io::Errno;

/// An open folder.
#[derive(Debug)]
pub(super) struct Folder(OwnedFd);

const FOLDER: OFlags = OFlags::DIRECTORY.union(OFlags::CLOEXEC);

/// A pipe must not block, a terminal not become ours.
const FILE: OFlags = OFlags::NOFOLLOW
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

impl Folder {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(openat(CWD, path, FOLDER, Mode::empty())?))
    }

    /// Opens a regular file with one link below `folders`. No part is `..`.
    pub(super) fn file(&self, folders: &[&str], name: &str) -> Result<File, FileError> {
        let mut below: Option<OwnedFd> = None;
        for folder in folders {
            let from = below.as_ref().unwrap_or(&self.0);
            let flags = FOLDER | OFlags::NOFOLLOW;
            below = Some(openat(from, *folder, flags, Mode::empty()).map_err(fault)?);
        }
        let folder = below.as_ref().unwrap_or(&self.0);
        // Opening a device may do something already: it is looked at before, and once more when it is open.
        plain(&statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).map_err(fault)?)?;
        let file = openat(folder, name, FILE, Mode::empty()).map_err(fault)?;
        plain(&fstat(&file).map_err(fault)?)?;
        Ok(File::from(file))
    }
}

fn plain(found: &Stat) -> Result<(), FileError> {
    let forbidden = |why: &str| Err(FileError::Forbidden(why.to_owned()));
    match FileType::from_raw_mode(found.st_mode) {
        FileType::RegularFile if found.st_nlink == 1 => Ok(()),
        FileType::RegularFile => forbidden("the file has a second name"),
        FileType::Symlink => forbidden("the path leads over a link"),
        FileType::Directory => forbidden("the path names a folder"),
        _ => forbidden("the path names a device or a pipe"),
    }
}

fn fault(errno: Errno) -> FileError {
    match errno {
        Errno::NOENT => FileError::Missing,
        Errno::ACCESS | Errno::PERM => FileError::Forbidden("the system does not let it be read".to_owned()),
        // What is no folder, or a link where a folder was expected.
        Errno::LOOP | Errno::NOTDIR => {
            FileError::Forbidden("the path leads over a link or a file".to_owned())
        }
        errno => FileError::Disk(io::Error::from(errno).to_string()),
    }
}
