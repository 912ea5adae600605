//! `ozml serve`: the gateway as a process.

use ozml::server::log::LEVEL_VARIABLE;
use ozml::server::serve::{ServeEnd, ServeError, ServeOptions, serve as run};

use crate::args::{CheckArgs, ReportFormat, ServeArgs};
use crate::check::check;
use crate::configuration::unusable;
use crate::exit::{Exit, Stop};
use crate::output::Output;

/// Runs until TERM or Ctrl-C, a second of which ends the process at once.
pub(crate) fn serve(args: &ServeArgs, output: Output) -> Result<Exit, Stop> {
    if args.check {
        return check(&of_check(args), output);
    }
    let mut options = ServeOptions::new(args.config.clone());
    options.new_store = args.new_store;
    options.log_level = level(output);
    match crate::run::runtime()?.block_on(run(options)) {
        Ok(ServeEnd::InOrder) => Ok(Exit::Done),
        // Nothing is waited for: something may hang.
        Ok(_) => std::process::exit(Exit::Failed as i32),
        Err(ServeError::Config(fault)) => Err(unusable(fault, output)),
        Err(fault) => Err(Stop {
            exit: Exit::Failed,
            text: fault.to_string(),
        }),
    }
}

fn of_check(args: &ServeArgs) -> CheckArgs {
    CheckArgs {
        paths: vec![args.config.to_string_lossy().into_owned()],
        format: ReportFormat::Text,
        lenient: false,
        deny_warnings: false,
    }
}

/// The level of the log, where the environment or a flag says one.
fn level(output: Output) -> Option<String> {
    let of_flags = || match output {
        Output { quiet: true, .. } => Some("warn".to_owned()),
        Output { verbose: true, .. } => Some("debug".to_owned()),
        _ => None,
    };
    std::env::var(LEVEL_VARIABLE).ok().or_else(of_flags)
}
