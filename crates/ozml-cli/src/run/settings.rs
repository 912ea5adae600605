//! What the flags of a run set before it begins.

use ozml::engine::{Limits, Variable, Variables};
use ozml::host::web::WebLimits;

use crate::args::RunArgs;
use crate::configuration::Loaded;
use crate::exit::Stop;
use crate::output::Output;
use crate::sms_via::SmsVia;

/// Refuses flags that do not go together.
pub(super) fn transport(args: &RunArgs, via: &SmsVia) -> Result<(), Stop> {
    match via {
        SmsVia::Config if args.config.is_none() => Err(Stop::usage(
            "`--sms-via config:` is the gateway of a configuration: name it with `--config`",
        )),
        SmsVia::Console => Ok(()),
        _ if args.sms_result.is_some() => Err(Stop::usage("`--sms-result` belongs to `--sms-via console:`")),
        _ => Ok(()),
    }
}

/// `--config`.
pub(super) fn configuration(args: &RunArgs, output: Output) -> Result<Option<Loaded>, Stop> {
    let path = args.config.as_deref();
    path.map(|path| Loaded::read(path, output)).transpose()
}

/// `--limit`, over those of the configuration.
pub(super) fn limits(args: &RunArgs, loaded: Option<&Loaded>) -> Result<Limits, Stop> {
    let mut limits = loaded.map_or_else(Limits::default, |loaded| loaded.config.limits.scripts.clone());
    for (name, value) in args.limit.iter().filter(|(name, _)| !is_of_web(name)) {
        limits
            .set(name, value)
            .map_err(|fault| Stop::usage(format!("--limit: {fault}")))?;
    }
    Ok(limits)
}

/// `--limit`, what is about the web, over those of the configuration.
pub(super) fn web_limits(args: &RunArgs, loaded: Option<&Loaded>) -> Result<WebLimits, Stop> {
    let mut limits = loaded.map_or_else(WebLimits::default, |loaded| loaded.config.limits.web.clone());
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
