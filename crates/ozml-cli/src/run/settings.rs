//! What the flags of a run set before it begins.

use ozml::engine::{Limits, Variable, Variables};
use ozml::host::web::WebLimits;

use crate::args::RunArgs;
use crate::exit::Stop;
use crate::sms_via::SmsVia;

/// Names what this version does not have.
pub(super) fn not_yet(args: &RunArgs, via: &SmsVia) -> Result<(), Stop> {
    let first = [
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
    for (name, value) in args.limit.iter().filter(|(name, _)| !is_of_web(name)) {
        limits
            .set(name, value)
            .map_err(|fault| Stop::usage(format!("--limit: {fault}")))?;
    }
    Ok(limits)
}

/// `--limit`, what is about the web.
pub(super) fn web_limits(args: &RunArgs) -> Result<WebLimits, Stop> {
    let mut limits = WebLimits::default();
    for (name, value) in args.limit.iter().filter(|(name, _)| is_of_web(name)) {
        limits
            .set(name, value)
            .map_err(|fault| Stop::usage(format!("--limit: limit `{name}`: {fault}")))?;
    }
    Ok(limits)
}

/// Reports are not made by a run of the command line, so their limits are none of it.
fn is_of_web(name: &str) -> bool {
    WebLimits::NAMES.contains(&name) && !name.starts_with("webhook_")
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
