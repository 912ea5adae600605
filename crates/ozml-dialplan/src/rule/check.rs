use std::time::Duration;

use ozml_session::{Invalid, SenderId, parse_duration};

use super::conditions::{Conditions, TimeCondition};
use super::section::{Mode, PartsSection, ReplaceSection, RouteSection};
use super::targets::{To, read_to};
use super::{Action, Overrides, Rule};
use crate::NumberPattern;
use crate::connections::KnownConnections;
use crate::fault::Scope;
use crate::prefix::read_prefix;
use crate::regular_expression::{anywhere, between_slashes, whole};
use crate::rewrite::{Rewrite, Template};

/// What rules may name.
pub(crate) struct Known<'c> {
    pub(crate) connections: &'c KnownConnections,
    pub(crate) sources: &'c [String],
    pub(crate) tables: Vec<&'c str>,
    pub(crate) profiles: Vec<&'c str>,
}

/// The checked form of a section, or `None` when a fault was noted that leaves nothing to go on with. The
/// caller throws the rule away when any fault was noted.
pub(crate) fn check(
    section: &RouteSection,
    name: &str,
    known: &Known<'_>,
    scope: &mut Scope<'_>,
) -> Option<Rule> {
    if name.is_empty() {
        scope.fault("name", "a name was expected, this is empty");
    }
    let conditions = conditions(section, known, scope);
    let rewrite = rewrite(section, scope);
    let set_caller = scope.optional("set_caller", section.set_caller.as_deref(), SenderId::new);
    let overrides = overrides(section, scope);
    let to = read_to(section, known, scope);
    Some(Rule {
        name: name.into(),
        priority: section.priority,
        conditions,
        rewrite: rewrite?,
        set_caller,
        action: action(section.mode, to?, scope)?,
        overrides,
    })
}

fn conditions(section: &RouteSection, known: &Known<'_>, scope: &mut Scope<'_>) -> Conditions {
    sources(section, known, scope);
    let pattern = |written: &str| NumberPattern::new(written);
    let restricts = |pattern: &NumberPattern| !pattern.takes_everything();
    Conditions {
        enabled: section.enabled,
        from: names(&section.from),
        user: names(&section.user),
        caller: scope
            .optional("caller", section.caller.as_deref(), pattern)
            .filter(restricts),
        called: scope
            .optional("called", section.called.as_deref(), pattern)
            .filter(restricts),
        keyword: keywords(&section.keyword, scope),
        text: scope.optional("text", section.text.as_deref(), |written| {
            anywhere(between_slashes(written).unwrap_or(written))
        }),
        parts: section.parts.filter(|parts| parts_are_possible(*parts, scope)),
        alphabet: section.alphabet,
        time: section
            .time
            .as_deref()
            .and_then(|time| time_condition(time, known, scope)),
    }
}

/// Names to choose from; none when any will do.
fn names(written: &[String]) -> Box<[Box<str>]> {
    if written.iter().any(|name| name == "*") {
        return Box::default();
    }
    written.iter().map(|name| name.as_str().into()).collect()
}

fn sources(section: &RouteSection, known: &Known<'_>, scope: &mut Scope<'_>) {
    let is_known = |name: &str| {
        name == "*" || known.connections.get(name).is_some() || known.sources.iter().any(|s| s == name)
    };
    for name in section.from.iter().filter(|name| !is_known(name)) {
        let names = known
            .connections
            .names()
            .chain(known.sources.iter().map(String::as_str));
        scope.unknown("from", "source", name, names);
    }
}

fn keywords(written: &[String], scope: &mut Scope<'_>) -> Box<[Box<str>]> {
    let is_word = |word: &str| word.split_whitespace().eq([word]);
    for word in written.iter().filter(|word| !is_word(word)) {
        let word = word.escape_debug();
        scope.fault(
            "keyword",
            format_args!("one word without blanks was expected, not `{word}`"),
        );
    }
    written.iter().map(|word| word.as_str().into()).collect()
}

fn parts_are_possible(parts: PartsSection, scope: &mut Scope<'_>) -> bool {
    let possible = 1 <= parts.min && parts.min <= parts.max;
    if !possible {
        scope.fault("parts", "`min` is 1 or more and not above `max`");
    }
    possible
}

fn time_condition(written: &str, known: &Known<'_>, scope: &mut Scope<'_>) -> Option<TimeCondition> {
    let name = written.strip_prefix('!').unwrap_or(written);
    let profile = known.profiles.iter().position(|profile| *profile == name);
    if profile.is_none() {
        scope.unknown("time", "time profile", name, known.profiles.iter().copied());
    }
    Some(TimeCondition {
        profile: profile?,
        negated: written.starts_with('!'),
    })
}

fn rewrite(section: &RouteSection, scope: &mut Scope<'_>) -> Option<Rewrite> {
    let prepend = scope.value(
        "prepend",
        read_prefix(section.prepend.as_deref().unwrap_or_default()),
    );
    let Some(replace) = &section.replace else {
        let (strip, prepend) = (section.strip, prepend?);
        return Some(Rewrite::Beginning { strip, prepend });
    };
    if section.strip != 0 || section.prepend.is_some() {
        scope.fault("replace", "`replace` stands without `strip` and `prepend`");
    }
    scope.value("replace", read_replace(replace))
}

fn read_replace(section: &ReplaceSection) -> Result<Rewrite, Invalid> {
    let expression = between_slashes(&section.pattern).unwrap_or(&section.pattern);
    let pattern = whole(expression).map_err(|fault| Invalid::new(fault.to_string()))?;
    let template = Template::new(&section.with, pattern.captures_len())?;
    Ok(Rewrite::Replace { pattern, template })
}

fn overrides(section: &RouteSection, scope: &mut Scope<'_>) -> Overrides {
    let validity = scope.optional("validity", section.validity.as_deref(), parse_duration);
    if validity == Some(Duration::ZERO) {
        scope.fault(
            "validity",
            "a message that is worth nothing is not sent: `mode = \"drop\"` says so",
        );
    }
    if section.message_priority.is_some_and(|priority| priority > 3) {
        scope.fault("message_priority", "a priority is 0 to 3");
    }
    Overrides {
        when_down: section.when_down,
        validity,
        message_priority: section.message_priority,
        on_unknown: section.on_unknown,
    }
}

fn action(mode: Mode, to: To, scope: &mut Scope<'_>) -> Option<Action> {
    match (mode, to) {
        (Mode::Drop, To::Nothing | To::Drop) | (Mode::Move, To::Drop) => Some(Action::Drop),
        (Mode::Move, To::Reject) => Some(Action::Reject),
        (Mode::Move, To::Target(target)) => Some(Action::Move(target)),
        (Mode::Copy, To::Target(target)) => Some(Action::Copy(target)),
        (Mode::Copy, To::Reject | To::Drop) => {
            scope.fault("to", "a copy goes to connections or a table");
            None
        }
        (Mode::Drop, _) => {
            scope.fault("to", "a rule that drops has no other target");
            None
        }
        (Mode::Move | Mode::Copy, To::Nothing) => {
            scope.fault(
                "to",
                "a connection, `reject`, `drop` or `table:NAME` was expected",
            );
            None
        }
    }
}
