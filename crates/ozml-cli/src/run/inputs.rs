//! What the flags and standard input make the caller do.

use std::io::{IsTerminal, Read};

use ozml::sim::Inputs;

use crate::args::RunArgs;
use crate::exit::Stop;

/// Most bytes of keys that are read from standard input.
const MOST_KEYS: u64 = 64 * 1024;

/// What the caller does by itself. Standard input that is no terminal is read to its end and used like
/// `--keys`; its end is silence, not a hang-up.
pub(crate) fn inputs(args: &RunArgs) -> Result<Inputs, Stop> {
    let mut inputs = Inputs::new();
    if let Some(keys) = &args.keys {
        inputs = inputs
            .read(keys)
            .map_err(|fault| Stop::usage(format!("--keys: {fault}")))?;
    }
    if args.script != "-" && !std::io::stdin().is_terminal() {
        inputs = inputs
            .read(&keys_on_stdin()?)
            .map_err(|fault| Stop::usage(format!("keys on standard input: {fault}")))?;
    }
    Ok(match args.hang_up_at {
        Some(time) => inputs.hang_up_at(time),
        None => inputs,
    })
}

fn keys_on_stdin() -> Result<String, Stop> {
    let mut keys = String::new();
    let cannot = |error| Stop::usage(format!("cannot read keys from standard input: {error}"));
    let mut stdin = std::io::stdin().lock().take(MOST_KEYS.saturating_add(1));
    let read = stdin.read_to_string(&mut keys).map_err(cannot)?;
    if u64::try_from(read).is_ok_and(|read| read <= MOST_KEYS) {
        Ok(keys)
    } else {
        Err(Stop::usage(format!(
            "standard input holds more than {MOST_KEYS} bytes of keys"
        )))
    }
}
