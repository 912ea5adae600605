//! The scripts that a command line names: files, folders, standard input.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use ozml::Source;
use ozml::parser::Unreadable;

use crate::scenarios::is_scenario;

/// Where a script is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// `-`.
    StandardInput,
    /// A file.
    File(PathBuf),
}

impl Place {
    /// As it is written on the command line.
    pub(crate) fn named(written: &str) -> Self {
        match written {
            "-" => Self::StandardInput,
            path => Self::File(PathBuf::from(path)),
        }
    }

    /// The name that messages show.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::StandardInput => "<standard input>".to_owned(),
            Self::File(path) => path.to_string_lossy().into_owned(),
        }
    }

    /// What is the same for all ways to write one place.
    fn identity(&self) -> Option<PathBuf> {
        match self {
            Self::StandardInput => None,
            Self::File(path) => Some(std::fs::canonicalize(path).unwrap_or_else(|_| path.clone())),
        }
    }

    /// Reads the script, at most one byte more than `limit`: enough for the reader to say that it is exceeded.
    /// The outer error says why nothing can be read, the inner one why what was read is no text.
    pub(crate) fn read(&self, limit: usize) -> Result<Result<Source, Box<Unreadable>>, String> {
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        let read = match self {
            Self::StandardInput => std::io::stdin().lock().take(most).read_to_end(&mut bytes),
            Self::File(path) => File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)),
        };
        match read {
            Ok(_) => Ok(Source::from_bytes(self.name(), &bytes)),
            Err(fault) => Err(cannot_read(&self.name(), &fault)),
        }
    }
}

/// What a list of paths stands for.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The scripts, each once.
    pub(crate) places: Vec<Place>,
    /// Why some paths stand for nothing.
    pub(crate) faults: Vec<String>,
}

/// What is looked for in folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `*.xml`, scenarios too.
    All,
    /// `*.test.xml`.
    Scenarios,
}

impl Kind {
    fn takes(self, name: &str) -> bool {
        match self {
            Self::All => name.ends_with(".xml"),
            Self::Scenarios => is_scenario(name),
        }
    }

    fn described(self) -> &'static str {
        match self {
            Self::All => "script (`*.xml`)",
            Self::Scenarios => "scenario (`*.test.xml`)",
        }
    }
}

/// Looks the paths up: a file and `-` stand for themselves, a folder for all files of a kind in it and below it,
/// sorted, without what is hidden or linked from elsewhere.
pub(crate) fn find(paths: &[String], kind: Kind) -> Found {
    let mut found = Found::default();
    let mut known = BTreeSet::new();
    for written in paths {
        let place = Place::named(written);
        let places = match &place {
            Place::File(path) if path.is_dir() => match below(path, kind) {
                Ok(scripts) if scripts.is_empty() => {
                    found
                        .faults
                        .push(format!("there is no {} in `{written}`", kind.described()));
                    continue;
                }
                Ok(scripts) => scripts,
                Err(fault) => {
                    found.faults.push(fault);
                    continue;
                }
            },
            _ => vec![place],
        };
        let new = places.into_iter().filter(|place| known.insert(place.identity()));
        found.places.extend(new);
    }
    found
}

fn below(folder: &Path, wanted: Kind) -> Result<Vec<Place>, String> {
    let mut scripts = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let cannot = |fault| cannot_read(&folder.to_string_lossy(), &fault);
        for entry in std::fs::read_dir(&folder).map_err(cannot)? {
            let entry = entry.map_err(cannot)?;
            let kind = entry.file_type().map_err(cannot)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            } else if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && wanted.takes(&name) {
                scripts.push(entry.path());
            }
        }
    }
    scripts.sort();
    Ok(scripts.into_iter().map(Place::File).collect())
}

pub(crate) fn cannot_read(name: &str, fault: &std::io::Error) -> String {
    format!("cannot read `{name}`: {fault}")
}
