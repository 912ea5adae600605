//! Final results: the line that ends the answer to a command.

use super::super::ModemError;

/// How a command went.
pub(crate) type CommandResult = Result<(), ModemError>;

/// Reads a final result, `None` for any other line.
///
/// What ends calls (`NO CARRIER`, `BUSY`, `NO ANSWER`) is none here: we never dial, and a modem says so as well when a
/// caller whom nobody answered hangs up, in the middle of the answer to something else.
pub(crate) fn final_result(line: &str) -> Option<CommandResult> {
    match line {
        "OK" => return Some(Ok(())),
        "ERROR" | "COMMAND NOT SUPPORT" | "COMMAND NOT SUPPORTED" | "TOO MANY PARAMETERS" => {
            return Some(Err(ModemError::Plain));
        }
        _ => {}
    }
    if let Some(reason) = line.strip_prefix("+CMS ERROR:") {
        return Some(Err(coded(reason, ModemError::Cms)));
    }
    let reason = line.strip_prefix("+CME ERROR:")?;
    Some(Err(coded(reason, ModemError::Cme)))
}

/// Short results of `ATV0`, which may be in force until we have set `ATV1` (ITU-T V.250 5.7.1).
pub(crate) fn numeric_result(line: &str) -> Option<CommandResult> {
    match line {
        "0" => Some(Ok(())),
        "4" => Some(Err(ModemError::Plain)),
        _ => None,
    }
}

/// An error with its number; one that is written as a text has no reason that we know.
fn coded(reason: &str, kind: fn(u16) -> ModemError) -> ModemError {
    let digits = Some(reason.trim()).filter(|reason| reason.bytes().all(|octet| octet.is_ascii_digit()));
    let code = digits.and_then(|digits| digits.parse().ok());
    code.map_or(ModemError::Plain, kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn final_results_are_told_from_other_lines() {
        for (line, expected) in [
            ("OK", Ok(())),
            ("ERROR", Err(ModemError::Plain)),
            ("COMMAND NOT SUPPORT", Err(ModemError::Plain)),
            ("+CMS ERROR: 38", Err(ModemError::Cms(38))),
            ("+CME ERROR:10", Err(ModemError::Cme(10))),
            ("+CMS ERROR: SIM busy", Err(ModemError::Plain)),
            ("+CMS ERROR: +38", Err(ModemError::Plain)),
            ("+CMS ERROR: 65536", Err(ModemError::Plain)),
        ] {
            assert_eq!(final_result(line), Some(expected), "{line}");
        }
        for other in ["OKAY", "ok", "+CMGS: 1", "NO CARRIER", "RING", "0"] {
            assert_eq!(final_result(other), None, "{other}");
        }
        assert_eq!(numeric_result("0"), Some(Ok(())));
    }
}
