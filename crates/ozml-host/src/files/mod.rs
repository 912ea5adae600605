//! Files under named roots.

#[cfg(unix)]
mod open;
#[cfg(not(unix))]
#[path = "open_elsewhere.rs"]
mod open;
#[cfg(test)]
#[cfg(unix)]
mod tests;
mod wav;

use std::collections::BTreeMap;
use std::fs::File;
use std::future::ready;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ozml_session::{EffectKey, FileError, FileInfo, FileName, Files, PortFuture};

/// The port [`Files`] over named folders: nothing else exists for a script.
///
/// A name is `folder/file` in the root `static`, `root:folder/file`, or an absolute path that lies in a root.
/// Links are not followed, and only a regular file with one link is a file. Roots can be read; moving and
/// deleting is refused.
///
/// The port answers at once: it takes as long as the disk takes to read the head of a file. A clone has the
/// same roots.
#[derive(Debug, Clone, Default)]
pub struct FileRoots(Arc<BTreeMap<String, Root>>);

#[derive(Debug)]
struct Root {
    /// As it is without links, for absolute names.
    path: PathBuf,
    /// Opened once: what is put in its place later is not the root.
    folder: open::Folder,
}

/// Why a folder cannot be a root.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RootError {
    /// Its name.
    #[error("`{name}` names no root: 1 to 64 letters, digits, `_` and `-` were expected")]
    Name {
        /// As it was given.
        name: String,
    },
    /// A second folder of that name.
    #[error("there are two folders for `{name}`: give it one")]
    Twice {
        /// The name.
        name: String,
    },
    /// The folder.
    #[error("the folder `{}` cannot be opened: {fault}", folder.display())]
    Folder {
        /// As it was given.
        folder: PathBuf,
        /// What the system says.
        fault: std::io::Error,
    },
}

impl FileRoots {
    /// The root that a name without a root lies in.
    pub const STATIC: &str = "static";

    /// No root: every name is refused.
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens named folders.
    pub fn open<N: Into<String>, P: AsRef<Path>>(
        folders: impl IntoIterator<Item = (N, P)>,
    ) -> Result<Self, RootError> {
        let mut roots = BTreeMap::new();
        for (name, folder) in folders {
            let (name, folder) = (name.into(), folder.as_ref());
            let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            if !(1..=64).contains(&name.len()) || !name.chars().all(known) {
                return Err(RootError::Name { name });
            }
            if roots.contains_key(&name) {
                return Err(RootError::Twice { name });
            }
            roots.insert(name, Root::open(folder)?);
        }
        Ok(Self(Arc::new(roots)))
    }

    /// Whether there is a root of that name.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A whole file; one of more than `max` bytes is refused.
    pub fn read(&self, file: &FileName, max: u64) -> Result<Vec<u8>, FileError> {
        let file = self.file(file)?;
        let mut bytes = Vec::new();
        let read = file.take(max.saturating_add(1)).read_to_end(&mut bytes);
        let read = read.map_err(|fault| FileError::Disk(fault.to_string()))?;
        match u64::try_from(read) {
            Ok(read) if read <= max => Ok(bytes),
            _ => Err(FileError::Forbidden(format!(
                "the file has more than {max} bytes"
            ))),
        }
    }

    fn file(&self, name: &FileName) -> Result<File, FileError> {
        let (root, path) = self.place(name.as_str())?;
        let parts: Vec<&str> = parts(path).collect();
        match parts.split_last() {
            Some((file, folders)) if !path.ends_with('/') => root.folder.file(folders, file),
            _ => Err(FileError::Forbidden("the path names a folder".to_owned())),
        }
    }

    /// The root a name lies in, and the path from there.
    fn place<'n>(&self, name: &'n str) -> Result<(&Root, &'n str), FileError> {
        if name.starts_with('/') {
            let of_all = self
                .0
                .values()
                .filter_map(|root| Some((root, root.within(name)?)));
            // Of roots within roots the innermost.
            let innermost = of_all.min_by_key(|(_, path)| path.len());
            return innermost.ok_or_else(|| FileError::Forbidden("the path lies in no root".to_owned()));
        }
        let (root, path) = match name.split_once(':') {
            Some((root, path)) if !root.contains('/') => (root, path),
            _ => (Self::STATIC, name),
        };
        match self.0.get(root) {
            Some(_) if path.starts_with('/') => Err(FileError::Forbidden(format!(
                "a path in the root `{root}` does not begin with `/`"
            ))),
            Some(known) => Ok((known, path)),
            None => Err(FileError::Forbidden(format!("there is no root `{root}`"))),
        }
    }

    fn look_up(&self, name: &FileName) -> Result<FileInfo, FileError> {
        let disk = |fault: std::io::Error| FileError::Disk(fault.to_string());
        let mut file = self.file(name)?;
        let bytes = file.metadata().map_err(disk)?.len();
        let ms = wav::playing_time(&mut file, bytes).map_err(disk)?;
        Ok(FileInfo::new(bytes, ms))
    }
}

impl Root {
    fn open(path: &Path) -> Result<Self, RootError> {
        let cannot = |fault| RootError::Folder {
            folder: path.to_path_buf(),
            fault,
        };
        let real = path.canonicalize().map_err(cannot)?;
        let folder = open::Folder::open(&real).map_err(cannot)?;
        Ok(Self { path: real, folder })
    }

    /// The path from here, for an absolute one that lies here.
    fn within<'n>(&self, name: &'n str) -> Option<&'n str> {
        let root = self.path.to_str()?;
        let rest = name.strip_prefix(root)?;
        let inside = rest.starts_with('/') || root.ends_with('/');
        inside.then_some(rest)
    }
}

impl Files for FileRoots {
    fn info<'a>(&'a self, file: &'a FileName) -> PortFuture<'a, FileInfo, FileError> {
        Box::pin(ready(self.look_up(file)))
    }

    fn move_to<'a>(
        &'a self,
        _: &'a EffectKey,
        _: &'a FileName,
        _: &'a FileName,
    ) -> PortFuture<'a, (), FileError> {
        read_only()
    }

    fn delete<'a>(&'a self, _: &'a EffectKey, _: &'a FileName) -> PortFuture<'a, (), FileError> {
        read_only()
    }
}

fn read_only<'a>() -> PortFuture<'a, (), FileError> {
    Box::pin(ready(Err(FileError::Forbidden(
        "files here can be read, not moved or deleted".to_owned(),
    ))))
}

/// The parts of a path; `.` and doubled slashes mean nothing.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !matches!(*part, "" | "."))
}
