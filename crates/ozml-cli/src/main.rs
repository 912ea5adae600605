//! The `ozml` command.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the command line is where files, threads and the terminal are"
)]

mod args;
mod behaviour_args;
mod exit;
mod output;
mod run;
mod sms_via;
mod smsc;
mod verbs;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::args::{Cli, Command};
use crate::exit::{Exit, Stop};
use crate::output::{Output, complain, print, shown};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let output = Output::new(&cli);
    let ended = match cli.command {
        Command::Run(args) => run::run(&args, output),
        Command::Verbs(args) => verbs::verbs(&args),
        Command::Smsc(args) => smsc::smsc(&args, output),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "ozml", &mut script);
            let _ = print(&String::from_utf8_lossy(&script));
            Ok(Exit::Done)
        }
        Command::Serve(_) => Err(Stop::not_yet("`ozml serve`")),
        Command::Sms(_) => Err(Stop::not_yet("`ozml sms`")),
        Command::Check(_) => Err(Stop::not_yet("`ozml check`")),
        Command::Fmt(_) => Err(Stop::not_yet("`ozml fmt`")),
        Command::Test(_) => Err(Stop::not_yet("`ozml test`")),
        Command::Explain(_) => Err(Stop::not_yet("`ozml explain`")),
        Command::ModemSim(_) => Err(Stop::not_yet("`ozml modem-sim`")),
        Command::User(_) => Err(Stop::not_yet("`ozml user`")),
    };
    match ended {
        Ok(exit) => exit.into(),
        Err(stop) => {
            complain(&format!("error: {}\n", shown(&stop.text)));
            stop.exit.into()
        }
    }
}

/// clap ends wrong usage with 2, which means something else here.
fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() {
        Exit::Usage.into()
    } else {
        Exit::Done.into()
    }
}
