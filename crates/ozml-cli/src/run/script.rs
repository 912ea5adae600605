//! Reading and checking the script of a run.

use std::sync::Arc;

use ozml::parser::{Diagnostic, Source, render};
use ozml::{CheckOptions, Engine, Program};

use crate::args::RunArgs;
use crate::check::profile;
use crate::exit::{Exit, Stop};
use crate::output::{Output, complain};
use crate::scripts::Place;

/// The program, or the exit code when there is none; faults and warnings are shown.
pub(crate) fn check(
    engine: &Engine,
    args: &RunArgs,
    output: Output,
) -> Result<Result<Arc<Program>, Exit>, Stop> {
    let read = Place::named(&args.script).read(engine.limits().reading.script_bytes);
    let source = match read.map_err(Stop::usage)? {
        Ok(source) => source,
        Err(unreadable) => {
            show(&[unreadable.diagnostic], &unreadable.source, output);
            return Ok(Err(Exit::Unreadable));
        }
    };
    let profile = profile(args.lenient);
    let checked = engine.check(&source, CheckOptions::default().profile(profile));
    if checked.has_errors() || !output.quiet {
        show(&checked.diagnostics, &source, output);
    }
    let exit = Exit::of_check(&checked);
    Ok(checked.program.ok_or(exit))
}

fn show(diagnostics: &[Diagnostic], source: &Source, output: Output) {
    if !diagnostics.is_empty() {
        complain(&render(diagnostics, source, output.stderr_style()));
    }
}
