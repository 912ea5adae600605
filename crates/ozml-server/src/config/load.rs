//! A configuration from a file.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ozml_parser::{Diagnostic, Source, Unreadable};

use super::secrets::open_regular;
use super::{Config, hide_secrets};

/// A configuration that can be used.
#[derive(Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// What it says; paths are as they are seen from the folder of the file.
    pub config: Config,
    /// Its text without secrets, for messages.
    pub source: Source,
    /// What was noticed and is no fault.
    pub warnings: Vec<Diagnostic>,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file cannot be read.
    #[error("cannot read `{}`: {fault}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        fault: io::Error,
    },
    /// What was read is no text. Its source has no secrets.
    #[error("{0}")]
    Text(Box<Unreadable>),
    /// What was read is no configuration.
    #[error("`{}` has faults", text.name())]
    Faults {
        /// Its text without secrets, for messages.
        text: Source,
        /// Faults and warnings.
        faults: Vec<Diagnostic>,
    },
}

impl Config {
    /// Most bytes of a file: room for long tables of prefixes.
    pub const MOST_BYTES: usize = 16 << 20;

    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or has faults.
    pub fn load(path: &Path) -> Result<Loaded, LoadError> {
        let most = u64::try_from(Self::MOST_BYTES)
            .unwrap_or(u64::MAX)
            .saturating_add(1);
        let mut bytes = Vec::new();
        let read = open_regular(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
        read.map_err(|fault| LoadError::File {
            path: path.to_path_buf(),
            fault,
        })?;
        let source = Source::from_bytes(path.to_string_lossy(), &bytes).map_err(|mut unreadable| {
            unreadable.source = hide_secrets(&unreadable.source);
            LoadError::Text(unreadable)
        })?;
        let (config, faults) = Self::read(&source);
        let source = hide_secrets(&source);
        match config {
            None => Err(LoadError::Faults { text: source, faults }),
            Some(config) => Ok(Loaded {
                config: config.seen_from(path.parent().unwrap_or(Path::new(""))),
                source,
                warnings: faults,
            }),
        }
    }
}
