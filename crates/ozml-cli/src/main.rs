//! The `ozml` command.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the command line is where files, threads and the terminal are"
)]

mod args;
mod behaviour_args;
mod check;
mod configuration;
mod exit;
mod explain;
mod fmt;
mod modem;
mod modem_sim;
mod new;
mod output;
mod own_fault;
mod run;
mod scenarios;
mod scripts;
mod serve;
mod sms;
mod sms_via;
mod smsc;
mod test;
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
    own_fault::announce();
    match own_fault::caught(|| command(cli.command, output)) {
        Ok(exit) => exit.into(),
        Err(stop) => {
            complain(&format!("error: {}\n", shown(&stop.text)));
            stop.exit.into()
        }
    }
}

fn command(command: Command, output: Output) -> Result<Exit, Stop> {
    match command {
        Command::Run(args) => run::run(&args, output),
        Command::Check(args) => check::check(&args, output),
        Command::Fmt(args) => fmt::fmt(&args, output),
        Command::Test(args) => test::test(&args, output),
        Command::New(args) => new::new(&args, output),
        Command::Explain(args) => explain::explain(&args),
        Command::Verbs(args) => verbs::verbs(&args),
        Command::Smsc(args) => smsc::smsc(&args, output),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "ozml", &mut script);
            let _ = print(&String::from_utf8_lossy(&script));
            Ok(Exit::Done)
        }
        Command::Serve(args) => serve::serve(&args, output),
        Command::Sms(args) => sms::sms(&args, output),
        Command::Modem(args) => modem::modem(&args),
        Command::ModemSim(args) => modem_sim::modem_sim(&args, output),
        Command::User(_) => Err(Stop::not_yet("`ozml user`")),
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
