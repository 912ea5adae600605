use std::fmt;
use std::future::ready;
use std::sync::Arc;

use crate::{EffectKey, Invalid, PortFuture};

/// The port to the files a script may touch. Everything lies under named roots; how they are opened
/// safely is the implementation's matter.
pub trait Files: Send + Sync {
    /// Looks a file up for playing.
    fn info<'a>(&'a self, file: &'a FileName) -> PortFuture<'a, FileInfo, FileError>;
    /// Moves a file into a folder; never over an existing one. The key names the effect. Not available where
    /// files are for playing only.
    fn move_to<'a>(
        &'a self,
        key: &'a EffectKey,
        file: &'a FileName,
        folder: &'a FileName,
    ) -> PortFuture<'a, (), FileError> {
        let _ = (key, file, folder);
        Box::pin(ready(Err(FileError::Unavailable)))
    }
    /// Deletes one file. The key names the effect. Not available where files are for playing only.
    fn delete<'a>(&'a self, key: &'a EffectKey, file: &'a FileName) -> PortFuture<'a, (), FileError> {
        let _ = (key, file);
        Box::pin(ready(Err(FileError::Unavailable)))
    }
}

/// A path as a script writes it: `name`, `folder/name`, `root:folder/name` or absolute. Checked for
/// form; whether it lies in a root is found when it is opened.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FileName(Arc<str>);

impl FileName {
    /// Longest path and longest component, in bytes.
    pub const MAX_BYTES: usize = 1024;
    const MAX_COMPONENT: usize = 255;

    /// Refuses what no root may hold: `..`, controls, backslashes, wildcards, over-long names.
    pub fn new(path: &str) -> Result<Self, Invalid> {
        let fault = if path.is_empty() {
            "a file needs a name"
        } else if path.len() > Self::MAX_BYTES || path.split('/').any(|part| part.len() > Self::MAX_COMPONENT)
        {
            "a path has at most 1,024 bytes and 255 in each part"
        } else if path.chars().any(char::is_control) {
            "a path has no control characters"
        } else if path.split('/').any(|part| part == "..") {
            "a path does not lead upwards with `..`"
        } else if path.contains(['\\', '*', '?']) {
            "a path has no backslashes and no wildcards"
        } else {
            return Ok(Self(path.into()));
        };
        Err(Invalid::new(fault))
    }

    /// The path as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileName({})", self.0)
    }
}

/// What is known of a file before it is played.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileInfo {
    /// Its size.
    pub bytes: u64,
    /// Its playing time in milliseconds, where the format tells.
    pub ms: Option<u64>,
}

impl FileInfo {
    /// A file.
    pub fn new(bytes: u64, ms: Option<u64>) -> Self {
        Self { bytes, ms }
    }
}

/// Why a file operation was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// No files here.
    #[error("files are not available here")]
    Unavailable,
    /// No such file.
    #[error("the file is not there")]
    Missing,
    /// The path lies in no root, or the root does not allow this.
    #[error("no root allows this: {0}")]
    Forbidden(String),
    /// The target has a file of this name.
    #[error("the target holds a file of this name already")]
    Exists,
    /// The disk failed or is full; a later try may succeed.
    #[error("the disk failed: {0}")]
    Disk(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_cannot_climb() {
        for good in ["hold.wav", "a/b.wav", "voicemail:new/1.wav", "/srv/audio/x.mp3"] {
            assert!(FileName::new(good).is_ok(), "{good}");
        }
        for wrong in [
            "",
            "../x",
            "a/../../x",
            "C:\\x",
            "*.wav",
            "a\0b",
            &"x".repeat(256),
        ] {
            assert!(FileName::new(wrong).is_err(), "{wrong}");
        }
    }
}
