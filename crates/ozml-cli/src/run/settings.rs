//! What the flags of a run set before it begins.

use ozml::engine::{Limits, Variable, Variables};

use crate::args::RunArgs;
use crate::exit::Stop;
use crate::sms_via::SmsVia;

/// Names what this version does not have.
pub(super) fn not_yet(args: &RunArgs, via: &SmsVia) -> Result<(), Stop> {
    let first = [
        (!args.allow_url.is_empty()).then_some("--allow-url"),
        args.config.as_ref().map(|_| "--config"),
        match via {
            SmsVia::NotYet(what) => Some(*what),
            _ => None,
        },
    ];
    match first.into_iter().flatten().next() {
        Some(what) => Err(Stop::not_yet(&format!("`{what}`"))),
        None => Ok(()),
    }
}

/// `--limit`.
pub(super) fn limits(args: &RunArgs) -> Result<Limits, Stop> {
    let mut limits = Limits::default();
    for (name, value) in &args.limit {
        limits
            .set(name, value)
            .map_err(|fault| Stop::usage(format!("--limit: {fault}")))?;
    }
    Ok(limits)
}

/// `--var`.
pub(super) fn variables(args: &RunArgs, limits: &Limits) -> Result<Variables, Stop> {
    let mut variables = Variables::default();
    for (name, value) in &args.var {
        let fault = |why: String| Stop::usage(format!("--var {name}: {why}"));
        if !ozml::engine::is_variable_name(name) {
            return Err(fault(
                "a name begins with a letter or `_` and goes on with letters, digits and `_`".to_owned(),
            ));
        }
        variables
            .set(name, Variable::text(value), limits)
            .map_err(|limit| fault(format!("limit `{}` of {} is reached", limit.name, limit.value)))?;
    }
    Ok(variables)
}
