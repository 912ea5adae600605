//! `ozml modem unlock`: a person gives the PIN, once.

use std::fmt::Display;

use clap::Args;
use ozml::sms::gsm::{
    OpenError, Pin, ProbeError, ProbeOptions, SerialPort, SimState, UnlockError, probe, unlock,
};

use crate::configuration::failed;
use crate::exit::{Exit, Stop};
use crate::modem::{baud, pin};
use crate::output::{print, shown};

#[derive(Debug, Args)]
pub(super) struct UnlockArgs {
    /// The serial device, such as /dev/ttyUSB0
    port: SerialPort,

    /// Bits a second; modems on USB take any
    #[arg(long, value_name = "N", default_value_t = 115_200, value_parser = baud)]
    baud: u32,
}

/// Gives the PIN if the SIM card wants it.
pub(super) async fn run(args: &UnlockArgs) -> Result<Exit, Stop> {
    let options = ProbeOptions::default().baud(args.baud);
    let report = probe(&args.port, options).await.map_err(|fault| match fault {
        ProbeError::Open(fault) => not_open(&fault),
        fault => cannot(&fault),
    })?;
    if let Some(fault) = UnlockError::of(&report.sim) {
        return Err(cannot(&fault));
    }
    if report.sim == SimState::Ready {
        let _ = print("READY: the SIM card wants no PIN\n");
        return Ok(Exit::Done);
    }
    let pin = ask(&args.port).await?;
    unlock(&args.port, options, &pin)
        .await
        .map_err(|fault| match fault {
            UnlockError::Open(fault) => not_open(&fault),
            fault => cannot(&fault),
        })?;
    let _ = print("READY: the SIM card is open\n");
    Ok(Exit::Done)
}

/// Who is at the terminal decides: what the environment holds may be what was refused before.
async fn ask(port: &SerialPort) -> Result<Pin, Stop> {
    let pin = match pin::from_terminal(port).await? {
        Some(pin) => Some(pin),
        None => pin::from_environment()?,
    };
    pin.ok_or_else(|| failed(&pin::missing()))
}

fn cannot(fault: &dyn Display) -> Stop {
    failed(&shown(&fault.to_string()))
}

fn not_open(fault: &OpenError) -> Stop {
    let hint = match fault {
        OpenError::Busy(_) => "; `ozml serve` lets go of it for a minute at a time: try again, or stop it",
        _ => "",
    };
    cannot(&format_args!("{fault}{hint}"))
}
