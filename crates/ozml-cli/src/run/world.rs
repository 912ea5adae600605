//! What a run meets besides its call and its SMS: the files it may play, and a web that answers what it was
//! told, then as the real one where that was allowed.

use std::fs::File;
use std::future::ready;
use std::io::Read;
use std::path::Path;

use ozml::host::FileRoots;
use ozml::host::web::{WebConfig, WebFetcher};
use ozml::server::config::SystemSecrets;
use ozml::session::{
    FetchAnswer, FetchError, FetchRequest, Fetcher, FileName, HttpUrl, PortFuture, PortsBuilder,
};
use ozml::sim::{Held, SimAnswer, SimClock, SimFetcher};

use crate::args::RunArgs;
use crate::configuration::{Loaded, failed};
use crate::exit::Stop;
use crate::output::Output;
use crate::run::settings;

/// Most bytes of one answer that are read; the limits of a run are lower.
const MOST: u64 = 64 * 1024 * 1024;

/// What refuses a request to an origin that was not allowed.
const ALLOW_URL: &str = "--allow-url";

/// What answers for a folder of answers.
const INDEX: &str = "index.xml";

/// The world of one run. No request leaves this machine but to the origins of `--allow-url` and of `[fetch]`.
#[derive(Debug, Clone)]
pub(crate) struct World {
    files: FileRoots,
    told: SimFetcher,
    real: Option<WebFetcher>,
}

/// The time a run lives in.
#[derive(Clone, Copy)]
pub(crate) enum Time<'c> {
    Real,
    /// It stands still while the real web is waited for.
    Virtual(&'c SimClock),
}

impl World {
    /// From `--root`, `--answer` and `--allow-url`, and from a configuration: every folder is opened and every
    /// file read before the call.
    pub(crate) fn new(args: &RunArgs, loaded: Option<&Loaded>, output: Output) -> Result<Self, Stop> {
        let files = roots(args, loaded)?;
        let told = answers(&args.answer).map_err(|fault| Stop::usage(format!("--answer: {fault}")))?;
        let real = real_web(args, loaded, output)?;
        Ok(Self { files, told, real })
    }

    /// Whether a run waits for more than this process.
    pub(crate) fn is_real(&self) -> bool {
        self.real.is_some()
    }

    /// The ports with this world in them.
    pub(crate) fn fill(&self, ports: PortsBuilder, time: Time<'_>) -> PortsBuilder {
        let real: Box<dyn Fetcher> = match (&self.real, time) {
            (None, _) => Box::new(NoWeb),
            (Some(web), Time::Real) => Box::new(web.clone()),
            (Some(web), Time::Virtual(clock)) => Box::new(Held::new(clock.clone(), web.clone())),
        };
        let told = self.told.clone();
        ports.files(self.files.clone()).fetcher(Web { told, real })
    }
}

/// The client for the origins of `--allow-url` and of `[fetch]`; none where neither names one.
fn real_web(args: &RunArgs, loaded: Option<&Loaded>, output: Output) -> Result<Option<WebFetcher>, Stop> {
    let of_file = loaded.filter(|loaded| !loaded.config.fetch.section.allow.is_empty());
    if args.allow_url.is_empty() && of_file.is_none() {
        return Ok(None);
    }
    let mut config = match of_file {
        Some(loaded) => of_configuration(loaded, output)?,
        None => WebConfig::default(),
    };
    let rules = config.rules.allow(args.allow_url.iter().cloned());
    config.rules = rules.only_allowed(ALLOW_URL);
    config.limits = settings::web_limits(args, loaded)?;
    let web = WebFetcher::new(config).map_err(|fault| failed(&format!("--allow-url: {fault}")))?;
    Ok(Some(web))
}

/// What `[fetch]` says, with its secrets.
fn of_configuration(loaded: &Loaded, output: Output) -> Result<WebConfig, Stop> {
    let resolved = loaded.config.resolve_web(&SystemSecrets);
    let (web, warnings) = resolved.map_err(|faults| loaded.faulty(&faults, output))?;
    loaded.warn(&warnings, output);
    Ok(web)
}

/// The folders of `--root` and `[files]`; the folder of the script is `static` unless another is given.
fn roots(args: &RunArgs, loaded: Option<&Loaded>) -> Result<FileRoots, Stop> {
    let mut folders = args.root.clone();
    for (name, folder) in loaded.iter().flat_map(|loaded| &loaded.config.files.0) {
        if !args.root.iter().any(|(given, _)| given == name.as_str()) {
            folders.push((name.as_str().to_owned(), folder.to_string_lossy().into_owned()));
        }
    }
    let of_script = match Path::new(&args.script).parent() {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => Path::new("/"),
    };
    let is_given = folders.iter().any(|(name, _)| name == FileRoots::STATIC);
    // A script that is not there is reported when it is read.
    if args.script != "-" && !is_given && of_script.is_dir() {
        folders.push((
            FileRoots::STATIC.to_owned(),
            of_script.to_string_lossy().into_owned(),
        ));
    }
    FileRoots::open(folders).map_err(|fault| Stop::usage(format!("--root: {fault}")))
}

/// `URL=FILE`, split at the last `=`.
fn answers(written: &[String]) -> Result<SimFetcher, String> {
    let add = |web: SimFetcher, written: &String| {
        let (url, file) = written
            .rsplit_once('=')
            .filter(|(url, file)| !url.is_empty() && !file.is_empty())
            .ok_or_else(|| format!("`URL=FILE` was expected, not `{written}`"))?;
        let url = HttpUrl::new(url).map_err(|fault| format!("`{url}`: {fault}"))?;
        if Path::new(file).is_dir() {
            tree(web, &url, file)
        } else {
            let page = read(file).map_err(|fault| format!("cannot read `{file}`: {fault}"))?;
            Ok(web.answer(&url, SimAnswer::page(page)))
        }
    };
    let elsewhere = SimAnswer::Fails(FetchError::Unavailable);
    written
        .iter()
        .try_fold(SimFetcher::new().otherwise(elsewhere), add)
}

/// Files below a folder answer for everything that begins with a URL.
fn tree(web: SimFetcher, url: &HttpUrl, folder: &str) -> Result<SimFetcher, String> {
    if !url.as_str().ends_with('/') {
        return Err(format!(
            "`{folder}` is a folder, so it answers for all addresses that begin with `{url}`: end that with `/`"
        ));
    }
    let files = FileRoots::open([(FileRoots::STATIC, folder)]).map_err(|fault| fault.to_string())?;
    Ok(web.tree(url, move |path| page(&files, path)))
}

/// The file that a path names, as it is written: nothing is decoded.
fn page(files: &FileRoots, path: &str) -> Option<Vec<u8>> {
    let index = if path.is_empty() || path.ends_with('/') {
        INDEX
    } else {
        ""
    };
    let name = format!("{}:{path}{index}", FileRoots::STATIC);
    files.read(&FileName::new(&name).ok()?, MOST).ok()
}

fn read(file: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|file| file.take(MOST.saturating_add(1)).read_to_end(&mut bytes));
    match u64::try_from(read.map_err(|fault| fault.to_string())?) {
        Ok(read) if read <= MOST => Ok(bytes),
        _ => Err(format!("it has more than {MOST} bytes")),
    }
}

/// What was told is answered first.
struct Web {
    told: SimFetcher,
    real: Box<dyn Fetcher>,
}

impl Fetcher for Web {
    fn fetch<'a>(&'a self, request: &'a FetchRequest) -> PortFuture<'a, FetchAnswer, FetchError> {
        Box::pin(async move {
            match self.told.fetch(request).await {
                Err(FetchError::Unavailable) => self.real.fetch(request).await,
                told => told,
            }
        })
    }
}

/// Refuses every request: none was allowed.
struct NoWeb;

impl Fetcher for NoWeb {
    fn fetch<'a>(&'a self, _: &'a FetchRequest) -> PortFuture<'a, FetchAnswer, FetchError> {
        let rule = ALLOW_URL.to_owned();
        Box::pin(ready(Err(FetchError::Forbidden { rule })))
    }
}
