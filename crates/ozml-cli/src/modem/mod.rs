//! `ozml modem`: GSM modems on serial ports.

mod config;
mod json;
mod page;
pub(crate) mod pin;
mod unlock;

use std::time::Duration;

use clap::{Args, Subcommand};
use ozml::sms::gsm::{ProbeOptions, ProbeReport, SerialPort, probe};

use crate::args::{PageFormat, time};
use crate::configuration::failed;
use crate::exit::{Exit, Stop};
use crate::output::{pretty, print};
use crate::sms_via::BAUD;
use unlock::UnlockArgs;

#[derive(Debug, Args)]
pub(crate) struct ModemArgs {
    #[command(subcommand)]
    command: ModemCommand,
}

#[derive(Debug, Subcommand)]
enum ModemCommand {
    /// Ask a modem what it is and can, and whether the gateway could use it; nothing is sent, no PIN is given
    Probe(ProbeArgs),
    /// Give a SIM card its PIN by hand, once
    ///
    /// The PIN is asked for on the terminal; without one it comes from the variable OZML_MODEM_PIN. It is given only to
    /// a SIM card that wants it: three wrong ones lock a card. Afterwards `ozml serve` goes on with the modem by itself.
    Unlock(UnlockArgs),
}

#[derive(Debug, Args)]
struct ProbeArgs {
    /// The serial device, such as /dev/ttyUSB0
    port: SerialPort,

    /// Bits a second; modems on USB take any
    #[arg(long, value_name = "N", default_value_t = 115_200, value_parser = baud)]
    baud: u32,

    /// How long to wait for one answer
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "5s")]
    timeout: Duration,

    /// Show the serial number whole
    #[arg(long)]
    show_ids: bool,

    /// How it is shown
    #[arg(long, value_enum, default_value_t = PageFormat::Text, value_name = "FORMAT")]
    format: PageFormat,
}

fn baud(written: &str) -> Result<u32, String> {
    let baud = written.parse().ok().filter(|baud| BAUD.contains(baud));
    baud.ok_or_else(|| format!("a number from {} to {} was expected", BAUD.start(), BAUD.end()))
}

/// A modem that answered, and how it was asked.
struct Probed {
    port: SerialPort,
    baud: u32,
    show_ids: bool,
    report: ProbeReport,
}

/// Does one command.
pub(crate) fn modem(args: &ModemArgs) -> Result<Exit, Stop> {
    let runtime = crate::run::runtime()?;
    match &args.command {
        ModemCommand::Probe(args) => runtime.block_on(show(args)),
        ModemCommand::Unlock(args) => runtime.block_on(unlock::run(args)),
    }
}

/// Shows what a modem is and can.
async fn show(args: &ProbeArgs) -> Result<Exit, Stop> {
    let options = ProbeOptions::default().baud(args.baud).timeout(args.timeout);
    let report = probe(&args.port, options).await;
    let probed = Probed {
        port: args.port.clone(),
        baud: args.baud,
        show_ids: args.show_ids,
        report: report.map_err(|fault| failed(&fault.to_string()))?,
    };
    let _ = print(&match args.format {
        PageFormat::Text => page::page(&probed),
        PageFormat::Json => pretty(&json::json(&probed)),
    });
    match probed.report.judgement().is_usable() {
        true => Ok(Exit::Done),
        false => Ok(Exit::Failed),
    }
}

impl Probed {
    /// The serial number as it is shown: the last four digits tell modems apart.
    fn serial_number(&self) -> String {
        const SHOWN: usize = 4;
        let number = &self.report.serial_number;
        let hidden = number.chars().count().saturating_sub(SHOWN);
        let mask = |(place, character)| match self.show_ids || place >= hidden {
            true => character,
            false => '*',
        };
        number.chars().enumerate().map(mask).collect()
    }
}

#[cfg(test)]
mod tests;
