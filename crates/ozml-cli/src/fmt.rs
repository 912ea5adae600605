//! `ozml fmt`: scripts in the one layout.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use ozml::engine::Limits;
use ozml::parser::{Diagnostic, Source, format, render};

use crate::args::FmtArgs;
use crate::exit::{Exit, Stop};
use crate::output::{Output, complain, print, shown};
use crate::own_fault::caught;
use crate::scripts::{Found, Kind, Place, find};

/// Formats every script; those that cannot be formatted are reported and left as they are.
pub(crate) fn fmt(args: &FmtArgs, output: Output) -> Result<Exit, Stop> {
    let Found { places, faults } = find(&args.paths, Kind::All);
    let mut exit = Exit::Done;
    for fault in &faults {
        exit = exit.max(cannot(fault));
    }
    for place in &places {
        let ended = caught(|| one(place, args.check, output)).unwrap_or_else(|fault| cannot(&fault));
        exit = exit.max(ended);
    }
    Ok(exit)
}

fn cannot(fault: &str) -> Exit {
    complain(&format!("error: {}\n", shown(fault)));
    Exit::Usage
}

fn one(place: &Place, only_check: bool, output: Output) -> Result<Exit, String> {
    let limits = Limits::default().reading;
    let source = match place.read(limits.script_bytes)? {
        Ok(source) => source,
        Err(unreadable) => return Ok(refused(&unreadable.diagnostic, &unreadable.source, output)),
    };
    let formatted = match format(&source, &limits) {
        Ok(formatted) => formatted,
        Err(fault) => return Ok(refused(&fault, &source, output)),
    };
    let changed = formatted != source.text();
    match place {
        _ if only_check => {
            if changed {
                let _ = print(&format!("{}\n", shown(&place.name())));
                return Ok(Exit::Failed);
            }
        }
        Place::StandardInput => {
            let _ = print(&formatted);
        }
        Place::File(path) if changed => {
            replace(path, &formatted).map_err(|fault| format!("cannot write `{}`: {fault}", place.name()))?;
        }
        Place::File(_) => {}
    }
    Ok(Exit::Done)
}

fn refused(fault: &Diagnostic, source: &Source, output: Output) -> Exit {
    complain(&render(
        std::slice::from_ref(fault),
        source,
        output.stderr_style(),
    ));
    Exit::Unreadable
}

/// Puts a text in the place of a file: whoever reads it sees the old one or the new one, whole. The mode stays,
/// and so does a link to the file.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let path = fs::canonicalize(path)?;
    let beside = beside(&path);
    let written = write(&beside, text, &path).and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write(beside: &Path, text: &str, original: &Path) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(beside)?;
    file.write_all(text.as_bytes())?;
    file.set_permissions(fs::metadata(original)?.permissions())?;
    file.sync_all()
}

/// A hidden name in the same folder that no other process takes.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}
