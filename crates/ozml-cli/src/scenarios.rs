//! Scenario files on disk: the scenario, its script and the answers it names.

use std::path::{Path, PathBuf};

use ozml::parser::Diagnostic;
use ozml::sim::scenario::Scenario;
use ozml::{Engine, Source};

use crate::exit::Exit;
use crate::scripts::{Place, cannot_read};

/// What the name of a scenario file ends with.
const ENDING: &str = ".test.xml";

/// Whether a file is named like a scenario.
pub(crate) fn is_scenario(name: &str) -> bool {
    name.ends_with(ENDING)
}

/// A scenario with everything that belongs to it.
pub(crate) struct Opened {
    pub(crate) scenario: Scenario,
    pub(crate) script: Place,
}

/// Why a scenario cannot be used: what is wrong, and in which text.
pub(crate) struct Faulty {
    pub(crate) source: Source,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) exit: Exit,
}

impl Faulty {
    pub(crate) fn new(source: Source, diagnostics: Vec<Diagnostic>, exit: Exit) -> Box<Self> {
        Box::new(Self {
            source,
            diagnostics,
            exit,
        })
    }
}

/// Reads a scenario and what it names. The outer error says why nothing can be read.
pub(crate) fn open(place: &Place, engine: &Engine) -> Result<Result<Opened, Box<Faulty>>, String> {
    let source = match place.read(engine.limits().reading.script_bytes)? {
        Ok(source) => source,
        Err(fault) => {
            return Ok(Err(Faulty::new(
                fault.source,
                vec![fault.diagnostic],
                Exit::Unreadable,
            )));
        }
    };
    Ok(with_files(place, source, engine))
}

fn with_files(place: &Place, source: Source, engine: &Engine) -> Result<Opened, Box<Faulty>> {
    let mut scenario = Scenario::read(&source).map_err(|faults| {
        let exit = if faults.readable {
            Exit::Wrong
        } else {
            Exit::Unreadable
        };
        Faulty::new(source.clone(), faults.diagnostics, exit)
    })?;
    let most = engine.limits().fetch_bytes;
    let mut faults = match scenario.load(|name| read_file(&beside(place, name), most)) {
        Ok(()) => Vec::new(),
        Err(faults) => faults,
    };
    let script = script_of(place, &scenario);
    let missing = match &script {
        Err(fault) => Some(fault.clone()),
        Ok(path) => std::fs::metadata(path)
            .err()
            .map(|fault| cannot_read(&path.to_string_lossy(), &fault)),
    };
    faults.extend(missing.map(|fault| scenario.script_fault(&fault)));
    match script {
        Ok(script) if faults.is_empty() => Ok(Opened {
            scenario,
            script: Place::File(script),
        }),
        _ => Err(Faulty::new(source, faults, Exit::Wrong)),
    }
}

/// The script of a scenario: the one it names, or the one that has its name.
fn script_of(place: &Place, scenario: &Scenario) -> Result<PathBuf, String> {
    if let Some(script) = scenario.script() {
        return Ok(beside(place, script));
    }
    let name = place.name();
    match (place, name.strip_suffix(ENDING)) {
        (Place::File(_), Some(stem)) => Ok(PathBuf::from(format!("{stem}.xml"))),
        _ => Err(format!(
            "`{name}` names no script, and its own name does not end with `{ENDING}`"
        )),
    }
}

/// A path as it is seen from the folder of the scenario.
fn beside(place: &Place, path: &str) -> PathBuf {
    let folder = match place {
        Place::File(scenario) => scenario.parent().unwrap_or(Path::new("")),
        Place::StandardInput => Path::new(""),
    };
    folder.join(path)
}

/// A file, of at most one byte more than `limit`: enough to see that it is exceeded.
fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path);
    let read = file.and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(bytes),
        Err(fault) => Err(cannot_read(&path.to_string_lossy(), &fault)),
    }
}
