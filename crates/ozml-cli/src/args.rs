//! The command line, as a contract: names here are never changed.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use ozml::host::web::OriginPattern;
use ozml::session::{PhoneNumber, parse_duration};
use ozml::sms::{modem_sim, smsc};

use crate::behaviour_args::BehaviourArgs;
use crate::modem::ModemArgs;
use crate::new::NewArgs;
use crate::sms::args::SmsArgs;
use crate::sms_via::AllowTo;
use crate::test::TestArgs;

/// Run, check and format OzML, the XML call-control language of the Ozeki phone system.
#[derive(Debug, Parser)]
#[command(
    name = "ozml",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    /// Whether output is coloured
    #[arg(long, global = true, help_heading = "Global options", value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub(crate) color: ColorChoice,

    /// Show only what was asked for, no progress and no warnings
    #[arg(long, short, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,

    /// Show each verb as it starts (also: OZML_LOG=debug)
    #[arg(long, short, global = true, help_heading = "Global options")]
    pub(crate) verbose: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "one value in the life of the process")]
pub(crate) enum Command {
    /// Run a script as one incoming call on this terminal
    Run(Box<RunArgs>),
    /// Show every fault of scripts
    Check(CheckArgs),
    /// Lay scripts out: one element a line, two spaces an element around it
    Fmt(FmtArgs),
    /// Run scenarios: calls with a caller who does what a file says
    Test(TestArgs),
    /// Write a small script and a scenario for it
    New(NewArgs),
    /// Explain a code that a message shows, such as `unknown-verb`
    Explain(ExplainArgs),
    /// Show the verbs, or the manual page of one
    Verbs(VerbsArgs),
    /// Run a test message centre (SMSC) that speaks SMPP
    Smsc(SmscArgs),
    /// Print completions for a shell
    Completions {
        /// Which shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Run the SMS gateway until TERM or Ctrl-C
    Serve(ServeArgs),
    /// SMS of the gateway: send, list, retry, drain …
    Sms(SmsArgs),
    /// GSM modems on serial ports: what one is and can; unlock its SIM card
    Modem(ModemArgs),
    /// Run a test modem (GSM) on a pseudo-terminal
    ModemSim(ModemSimArgs),
    /// Users of the HTTP API (not available yet)
    User(NotYetArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// The configuration; HUP reads it again
    #[arg(long, value_name = "FILE", default_value = "ozml.toml")]
    pub(crate) config: PathBuf,

    /// Set a store aside that cannot be used, and begin a new one
    #[arg(long)]
    pub(crate) new_store: bool,

    /// Only look for faults in the configuration, as `ozml check` does
    #[arg(long)]
    pub(crate) check: bool,
}

/// Whatever follows a command that is not available yet.
#[derive(Debug, Args)]
pub(crate) struct NotYetArgs {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    pub(crate) rest: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// The script, or `-` for standard input
    pub(crate) script: String,

    /// The calling number; left out, it is withheld
    #[arg(long, value_name = "NUMBER", value_parser = number)]
    pub(crate) caller: Option<PhoneNumber>,

    /// The number that was dialled
    #[arg(long, value_name = "NUMBER", value_parser = number, default_value = "100")]
    pub(crate) called: PhoneNumber,

    /// Virtual time: hours in milliseconds (default when standard input is not a terminal)
    #[arg(long)]
    pub(crate) fast: bool,

    /// Keys the caller presses: `1,42#` each group when the script listens, `1@2.5s` a time after the answer
    #[arg(long, value_name = "KEYS")]
    pub(crate) keys: Option<String>,

    /// The caller hangs up at this time after the answer
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) hang_up_at: Option<Duration>,

    /// Set a variable before the first verb
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub(crate) var: Vec<(String, String)>,

    /// Set a limit
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub(crate) limit: Vec<(String, String)>,

    /// Where SMS go: `console:`, `smsc:` (a test centre in this process), `smpp://ID[:PASSWORD]@HOST:PORT`,
    /// `smpps://…` (the password is better given in the variable OZML_SMPP_PASSWORD),
    /// `modem:/dev/ttyUSB0[?baud=N&smsc=NUMBER]` (a PIN comes from OZML_MODEM_PIN), `config:` (the gateway of
    /// `--config`, whose store no server may have)
    #[arg(long, value_name = "URL", default_value = "console:")]
    pub(crate) sms_via: String,

    /// A PEM file with the authorities that `smpps://` trusts, instead of the system's
    #[arg(long, value_name = "FILE")]
    pub(crate) sms_ca: Option<PathBuf>,

    /// Numbers a real transport may be given: those with this prefix, or `any`; a modem and a message centre
    /// on another machine need at least one
    #[arg(long, value_name = "PREFIX", value_parser = AllowTo::read)]
    pub(crate) allow_to: Vec<AllowTo>,

    /// How long to wait, after the call, for what becomes of the SMS
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "5s")]
    pub(crate) wait: Duration,

    /// What `console:` answers to every SMS instead of taking it
    #[arg(long, value_enum, value_name = "RESULT")]
    pub(crate) sms_result: Option<SmsResult>,

    /// Write the trace, as JSON Lines; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,

    /// Record the answers of all ports in the trace too
    #[arg(long, requires = "trace")]
    pub(crate) trace_full: bool,

    /// Report unknown attributes and stray text as warnings
    #[arg(long)]
    pub(crate) lenient: bool,

    /// A named folder for sound files; without one, `static` is the script's folder
    #[arg(long, value_name = "NAME=DIR", value_parser = named_folder)]
    pub(crate) root: Vec<(String, String)>,

    /// What a web application would answer: the same URL again gives its next answer, `PREFIX/=FOLDER` a whole
    /// tree; comes before `--allow-url`, without that no request leaves the machine
    #[arg(long, value_name = "URL=FILE")]
    pub(crate) answer: Vec<String>,

    /// Make real web requests to this origin: `https://app.example`, `http://127.0.0.1:8080`, or all below a
    /// name, `https://*.app.example`
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    pub(crate) allow_url: Vec<OriginPattern>,

    /// A configuration: its `[files]`, the origins of its `[fetch]`, its limits and destinations, and the
    /// gateway of `--sms-via config:`; flags win
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SmsResult {
    /// Every SMS is refused
    Refused,
    /// Every SMS is taken, and then nobody knows
    Unknown,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Scripts, folders with scripts (`*.xml`), or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<String>,

    /// How what is found is shown
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, value_name = "FORMAT")]
    pub(crate) format: ReportFormat,

    /// Report unknown attributes and stray text as warnings
    #[arg(long)]
    pub(crate) lenient: bool,

    /// End with 3 where there are warnings alone, too
    #[arg(long)]
    pub(crate) deny_warnings: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    Text,
    /// For programs: an array with one object a message
    Json,
    /// For code scanners: SARIF 2.1.0
    Sarif,
}

#[derive(Debug, Args)]
pub(crate) struct FmtArgs {
    /// Scripts, folders with scripts (`*.xml`), or `-`: from standard input to standard output
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<String>,

    /// Change nothing: print the names of what would change, and end with 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The code; without it, all codes are listed
    pub(crate) code: Option<String>,

    /// How it is shown
    #[arg(long, value_enum, default_value_t = PageFormat::Text, value_name = "FORMAT")]
    pub(crate) format: PageFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct VerbsArgs {
    /// The verb whose page is shown
    pub(crate) name: Option<String>,

    /// How it is shown
    #[arg(long, value_enum, default_value_t = VerbsFormat::Text, value_name = "FORMAT")]
    pub(crate) format: VerbsFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VerbsFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// For editors: an XML Schema of all scripts
    Xsd,
}

#[derive(Debug, Args)]
pub(crate) struct SmscArgs {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:2775")]
    pub(crate) listen: std::net::SocketAddr,

    /// Listen on an address that other machines reach
    #[arg(long)]
    pub(crate) allow_remote: bool,

    #[command(flatten)]
    pub(crate) behaviour: BehaviourArgs<smsc::Behaviour>,
}

/// Lines of standard input such as `+36201234567 Hello` come in as messages. `--verbose` shows each command.
#[derive(Debug, Args)]
pub(crate) struct ModemSimArgs {
    /// Make a symbolic link to the pseudo-terminal, so that it has always the same path
    #[arg(long, value_name = "PATH")]
    pub(crate) link: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) behaviour: BehaviourArgs<modem_sim::Behaviour>,
}

pub(crate) fn number(written: &str) -> Result<PhoneNumber, String> {
    PhoneNumber::new(written).map_err(|fault| fault.to_string())
}

fn origin(written: &str) -> Result<OriginPattern, String> {
    OriginPattern::new(written).map_err(|fault| fault.to_string())
}

pub(crate) fn time(written: &str) -> Result<Duration, String> {
    parse_duration(written).map_err(|fault| fault.to_string())
}

fn named_folder(written: &str) -> Result<(String, String), String> {
    pair(written).map_err(|_| "NAME=DIR was expected".to_owned())
}

fn pair(written: &str) -> Result<(String, String), String> {
    match written.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("NAME=VALUE was expected".to_owned()),
    }
}
