//! Where the trace of a run goes: the console, a file, the ledger of its SMS.

use std::fs::{File, OpenOptions};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;

use ozml::engine::{JsonLines, TraceEvent, TraceSink};

use crate::args::RunArgs;
use crate::exit::{Exit, Stop};
use crate::output::Output;
use crate::run::console::Console;
use crate::run::follow::Ledger;
use crate::run::telephone::Telephone;

/// Everything that listens to the trace of a run.
pub(crate) struct Sinks(Arc<Inner>);

/// How the call is shown.
#[derive(Clone)]
pub(crate) enum Shown {
    /// Line by line.
    Lines(Arc<Console>),
    /// As a picture that goes with time.
    Picture(Arc<Telephone>),
}

impl Shown {
    /// To standard error when standard output carries the trace. `raw`: in real time on a terminal.
    fn new(output: Output, trace_on_stdout: bool, raw: bool) -> Self {
        let (stdout, stderr) = (std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
        let (color, drawable) = match trace_on_stdout {
            true => (output.color_stderr, stderr && !stdout),
            false => (output.color_stdout, stdout),
        };
        if raw && drawable && !is_dumb() {
            return Self::Picture(Arc::new(Telephone::new(output, color, trace_on_stdout)));
        }
        Self::Lines(Arc::new(Console::new(output, color, trace_on_stdout, raw)))
    }

    /// The picture, where it is one.
    pub(crate) fn telephone(&self) -> Option<&Arc<Telephone>> {
        match self {
            Self::Picture(telephone) => Some(telephone),
            Self::Lines(_) => None,
        }
    }

    /// Shows that the call is being ended from outside.
    pub(crate) fn hanging_up(&self) {
        let text = "what has begun is finished, Ctrl-C ends at once";
        match self {
            Self::Picture(telephone) => telephone.hanging_up(text),
            Self::Lines(console) => console.note(&format!("hanging up; {text}")),
        }
    }
}

impl TraceSink for Shown {
    fn record(&self, event: &TraceEvent<'_>) {
        match self {
            Self::Picture(telephone) => telephone.record(event),
            Self::Lines(console) => console.record(event),
        }
    }
}

/// Whether the terminal cannot go back in a row.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb")
}

struct Inner {
    ledger: Ledger,
    shown: Shown,
    file: Option<JsonLines<Box<dyn Write + Send>>>,
}

impl Sinks {
    /// The call is shown on standard output, unless the trace goes there: then on standard error. `raw`:
    /// in real time on a terminal.
    pub(crate) fn new(args: &RunArgs, output: Output, raw: bool) -> Result<Self, Stop> {
        let to_stdout = args.trace.as_deref() == Some(Path::new("-"));
        let file = match &args.trace {
            None => None,
            Some(_) if to_stdout => Some(JsonLines::new(stdout(raw))),
            Some(path) => Some(JsonLines::new(
                Box::new(create(path, &args.script)?) as Box<dyn Write + Send>
            )),
        };
        let shown = Shown::new(output, to_stdout, raw);
        Ok(Self(Arc::new(Inner {
            ledger: Ledger::default(),
            shown,
            file,
        })))
    }

    /// All of them as one.
    pub(crate) fn as_sink(&self) -> Arc<dyn TraceSink> {
        self.0.clone()
    }

    /// How the call is shown.
    pub(crate) fn shown(&self) -> &Shown {
        &self.0.shown
    }

    /// What is known of the SMS.
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    /// Whether the trace was written. Who closes a pipe has read enough.
    pub(crate) fn finish(&self) -> Result<(), Stop> {
        let Some(file) = &self.0.file else { return Ok(()) };
        match file.finish() {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Stop {
                exit: Exit::Failed,
                text: format!("the trace is not complete: {error}"),
            }),
            _ => Ok(()),
        }
    }
}

impl TraceSink for Inner {
    fn record(&self, event: &TraceEvent<'_>) {
        self.ledger.record(event);
        self.shown.record(event);
        if let Some(file) = &self.file {
            file.record(event);
        }
    }
}

/// A trace may hold numbers and texts of people: only its owner reads it. Every event is one write, so
/// that nothing is missing when the process is ended.
fn create(path: &Path, script: &str) -> Result<File, Stop> {
    let cannot = |error: std::io::Error| Stop::usage(format!("cannot write `{}`: {error}", path.display()));
    let same = |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if same(path, Path::new(script)) {
        return Err(Stop::usage("`--trace` would overwrite the script"));
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(cannot)?;
    #[cfg(unix)]
    if file.metadata().map_err(cannot)?.is_file() {
        let owner_only = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        file.set_permissions(owner_only).map_err(cannot)?;
    }
    Ok(file)
}

fn stdout(raw: bool) -> Box<dyn Write + Send> {
    let stdout = std::io::stdout();
    if raw && stdout.is_terminal() {
        Box::new(RawTerminal(stdout))
    } else {
        Box::new(stdout)
    }
}

/// Ends lines as a raw terminal wants them.
struct RawTerminal<W>(W);

impl<W: Write> Write for RawTerminal<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            match piece.strip_suffix(b"\n") {
                Some(line) => {
                    self.0.write_all(line)?;
                    self.0.write_all(b"\r\n")?;
                }
                None => self.0.write_all(piece)?,
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}
