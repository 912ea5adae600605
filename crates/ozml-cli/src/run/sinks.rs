//! Where the trace of a run goes: the console, a file, the ledger of its SMS.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use ozml::engine::{JsonLines, TraceEvent, TraceSink};

use crate::args::RunArgs;
use crate::exit::{Exit, Stop};
use crate::output::Output;
use crate::run::console::Console;
use crate::run::follow::Ledger;

/// Everything that listens to the trace of a run.
pub(crate) struct Sinks(Arc<Inner>);

struct Inner {
    ledger: Ledger,
    console: Console,
    file: Option<JsonLines<Box<dyn Write + Send>>>,
}

impl Sinks {
    /// The console goes to standard output, unless the trace does: then to standard error.
    pub(crate) fn new(args: &RunArgs, output: Output, raw: bool) -> Result<Self, Stop> {
        let to_stdout = args.trace.as_deref() == Some(Path::new("-"));
        let file = match &args.trace {
            None => None,
            Some(_) if to_stdout => Some(JsonLines::new(
                Box::new(std::io::stdout()) as Box<dyn Write + Send>
            )),
            Some(path) => Some(JsonLines::new(Box::new(create(path)?) as Box<dyn Write + Send>)),
        };
        let console = Console::new(output, to_stdout, raw);
        Ok(Self(Arc::new(Inner {
            ledger: Ledger::default(),
            console,
            file,
        })))
    }

    /// All of them as one.
    pub(crate) fn as_sink(&self) -> Arc<dyn TraceSink> {
        self.0.clone()
    }

    /// What is known of the SMS.
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    /// Flushes the trace file.
    pub(crate) fn finish(&self) -> Result<(), Stop> {
        let Some(file) = &self.0.file else { return Ok(()) };
        file.finish().map_err(|error| Stop {
            exit: Exit::Internal,
            text: format!("the trace was not written: {error}"),
        })
    }
}

impl TraceSink for Inner {
    fn record(&self, event: &TraceEvent<'_>) {
        self.ledger.record(event);
        self.console.record(event);
        if let Some(file) = &self.file {
            file.record(event);
        }
    }
}

/// A trace may hold numbers and texts of people: only its owner reads it.
fn create(path: &Path) -> Result<BufWriter<File>, Stop> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let cannot = |error: std::io::Error| Stop::usage(format!("cannot write `{}`: {error}", path.display()));
    let file = options.open(path).map_err(cannot)?;
    #[cfg(unix)]
    {
        let owner_only = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        file.set_permissions(owner_only).map_err(cannot)?;
    }
    Ok(BufWriter::new(file))
}
