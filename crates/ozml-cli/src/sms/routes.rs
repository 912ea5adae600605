//! `ozml sms routes` and `ozml sms route-explain`.

use ozml::dialplan::{Mode, RouteSection, Spread};
use ozml::host::SystemClock;
use ozml::server::control::{self, Answer, ExplainRequest, Explained, Request, Routes};
use ozml::session::{Clock as _, SmsText};

use crate::configuration::{Loaded, failed};
use crate::exit::{Exit, Stop};
use crate::output::shown;
use crate::sms::args::{ExplainArgs, SourceArgs};
use crate::sms::server::Server;
use crate::sms::table::table;
use crate::sms::{Desk, unexpected};

/// Shows the rules of the server, or those of the configuration.
pub(super) fn routes(desk: Desk, loaded: &Loaded, source: &SourceArgs) -> Result<Exit, Stop> {
    let routes = match server(loaded, source)? {
        Some(mut server) => match server.ask(&Request::Routes {})? {
            Answer::Routes(routes) => routes,
            other => return Err(unexpected(other)),
        },
        None => Routes::of(loaded.config.routes()),
    };
    desk.show(&routes, || listed(&routes));
    Ok(Exit::Done)
}

/// Shows what each rule and the policy would say to a message.
pub(super) fn explain(desk: Desk, loaded: &Loaded, args: &ExplainArgs) -> Result<Exit, Stop> {
    let request = request(args)?;
    let explained = match server(loaded, &args.source)? {
        Some(mut server) => match server.ask(&Request::RouteExplain(Box::new(request)))? {
            Answer::Explanation(explained) => *explained,
            other => return Err(unexpected(other)),
        },
        None => {
            let rules = loaded.config.gateway_rules();
            let rules = rules.map_err(|fault| failed(&fault.to_string()))?;
            control::explain(&rules, SystemClock::new().wall(), &request)
        }
    };
    desk.show(&explained, || text(&explained));
    Ok(if explained.admitted {
        Exit::Done
    } else {
        Exit::Failed
    })
}

fn server(loaded: &Loaded, source: &SourceArgs) -> Result<Option<Server>, Stop> {
    match source.no_server {
        true => Ok(None),
        false => Server::connect(&loaded.config),
    }
}

fn request(args: &ExplainArgs) -> Result<ExplainRequest, Stop> {
    let text = args.text.as_deref().map(SmsText::new).transpose();
    let mut request = ExplainRequest::new(args.to.clone());
    request.text = text.map_err(|fault| Stop::usage(fault.to_string()))?;
    request.from.clone_from(&args.from);
    request.account.clone_from(&args.account);
    request.at = args.at;
    Ok(request)
}

fn text(explained: &Explained) -> String {
    explained
        .text
        .lines()
        .map(|line| format!("{}\n", shown(line)))
        .collect()
}

fn listed(routes: &Routes) -> String {
    if routes.rules.is_empty() {
        return "no rules: nothing is sent\n".to_owned();
    }
    table(["PRIORITY", "RULE", "TAKES", "TO"], routes.rules.iter().map(row))
}

fn row(rule: &RouteSection) -> [String; 4] {
    [
        rule.priority.to_string(),
        rule.name.clone().unwrap_or_default(),
        conditions(rule),
        destination(rule),
    ]
}

/// Which messages a rule takes.
fn conditions(rule: &RouteSection) -> String {
    let list = |name: &str, values: &[String]| {
        let is_any = values.is_empty() || values.iter().any(|value| value == "*");
        (!is_any).then(|| format!("{name} {}", values.join(" or ")))
    };
    let one = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name} {value}"));
    let parts = rule.parts.map(|parts| match parts.max {
        u8::MAX => format!("parts from {}", parts.min),
        max if max == parts.min => format!("parts {max}"),
        max => format!("parts {} to {max}", parts.min),
    });
    let alphabet = rule
        .alphabet
        .map(|alphabet| format!("alphabet {}", alphabet.as_str()));
    let conditions = [
        (!rule.enabled).then(|| "(disabled)".to_owned()),
        list("from", &rule.from),
        list("user", &rule.user),
        one("caller", &rule.caller),
        one("called", &rule.called),
        list("keyword", &rule.keyword),
        one("text", &rule.text),
        parts,
        alphabet,
        one("time", &rule.time),
    ];
    let conditions: Vec<_> = conditions.into_iter().flatten().collect();
    match conditions.is_empty() {
        true => "everything".to_owned(),
        false => conditions.join(", "),
    }
}

/// Where its messages go.
fn destination(rule: &RouteSection) -> String {
    let to = rule.to.join(", ");
    let spread = match rule.spread {
        Spread::RoundRobin => " (in turns)",
        Spread::Weighted => " (by weight)",
        Spread::Sticky => " (by recipient)",
        _ => "",
    };
    match rule.mode {
        Mode::Copy => format!("a copy to {to}{spread}"),
        Mode::Drop => "drop".to_owned(),
        _ => format!("{to}{spread}"),
    }
}
