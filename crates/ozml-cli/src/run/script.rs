//! Reading and checking the script of a run.

use std::io::Read;
use std::sync::Arc;

use ozml::engine::{Checked, Profile};
use ozml::parser::{Diagnostic, Source, Style, render};
use ozml::{CheckOptions, Engine, Program};

use crate::args::RunArgs;
use crate::exit::{Exit, Stop};
use crate::output::{Output, complain};

/// The program, or the exit code when there is none; faults and warnings are shown.
pub(crate) fn check(
    engine: &Engine,
    args: &RunArgs,
    output: Output,
) -> Result<Result<Arc<Program>, Exit>, Stop> {
    let bytes = read(&args.script, engine.limits().reading.script_bytes)?;
    let source = match Source::from_bytes(name(&args.script), &bytes) {
        Ok(source) => source,
        Err(unreadable) => {
            show(&[unreadable.diagnostic], &unreadable.source, output);
            return Ok(Err(Exit::Unreadable));
        }
    };
    let profile = if args.lenient {
        Profile::Lenient
    } else {
        Profile::Strict
    };
    let checked = engine.check(&source, CheckOptions::default().profile(profile));
    if checked.has_errors() || !output.quiet {
        show(&checked.diagnostics, &source, output);
    }
    let exit = exit_of(&checked);
    Ok(checked.program.ok_or(exit))
}

/// A document that cannot be read, over a reading limit too, is 2; a limit that the script alone shows is 4.
fn exit_of(checked: &Checked) -> Exit {
    let of_one = |fault: &Diagnostic| {
        if fault.limit.is_some() {
            Exit::Limit
        } else {
            Exit::Wrong
        }
    };
    if !checked.is_readable() {
        return Exit::Unreadable;
    }
    checked
        .diagnostics
        .iter()
        .filter(|fault| fault.is_error())
        .map(of_one)
        .max()
        .unwrap_or(Exit::Wrong)
}

fn show(diagnostics: &[Diagnostic], source: &Source, output: Output) {
    if !diagnostics.is_empty() {
        let style = if output.color_stderr {
            Style::Ansi
        } else {
            Style::Plain
        };
        complain(&render(diagnostics, source, style));
    }
}

fn name(script: &str) -> &str {
    if script == "-" { "<standard input>" } else { script }
}

/// At most one byte more than the limit is read: enough for the reader to say that it is exceeded.
fn read(script: &str, limit: usize) -> Result<Vec<u8>, Stop> {
    let cannot = |error: std::io::Error| Stop::usage(format!("cannot read `{script}`: {error}"));
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    if script == "-" {
        std::io::stdin()
            .lock()
            .take(most)
            .read_to_end(&mut bytes)
            .map_err(cannot)?;
    } else {
        std::fs::File::open(script)
            .map_err(cannot)?
            .take(most)
            .read_to_end(&mut bytes)
            .map_err(cannot)?;
    }
    Ok(bytes)
}
