use std::collections::BTreeSet;

use ozml_session::ConnectionName;

use super::check::Known;
use super::section::{RouteSection, Spread};
use crate::fault::Scope;
use crate::spread::Order;

/// Most turns of one round of a weighted spread.
const MOST_TURNS: u32 = 10_000;

/// Where the messages of a rule go.
#[derive(Debug)]
pub(crate) enum Target {
    Connections {
        list: Box<[ConnectionName]>,
        order: Order,
    },
    /// A table, by its place in the router's list.
    Table(usize),
}

/// What stands in `to`.
pub(super) enum To {
    Target(Target),
    Reject,
    Drop,
    Nothing,
}

pub(super) fn read_to(section: &RouteSection, known: &Known<'_>, scope: &mut Scope<'_>) -> Option<To> {
    match section.to.as_slice() {
        [] => Some(To::Nothing),
        [word] if word == "reject" => Some(To::Reject),
        [word] if word == "drop" => Some(To::Drop),
        [word] if let Some(name) = word.strip_prefix("table:") => table(name, section, known, scope),
        names => connections(names, section, known, scope),
    }
}

fn table(name: &str, section: &RouteSection, known: &Known<'_>, scope: &mut Scope<'_>) -> Option<To> {
    if section.spread != Spread::Failover {
        scope.fault(
            "spread",
            "a table gives the order itself: the cheapest row comes first",
        );
    }
    no_weights(section, scope);
    let place = known.tables.iter().position(|table| *table == name);
    if place.is_none() {
        scope.unknown("to", "table", name, known.tables.iter().copied());
    }
    Some(To::Target(Target::Table(place?)))
}

fn connections(
    names: &[String],
    section: &RouteSection,
    known: &Known<'_>,
    scope: &mut Scope<'_>,
) -> Option<To> {
    let mut seen = BTreeSet::new();
    let mut list = Vec::new();
    for name in names {
        if matches!(name.as_str(), "reject" | "drop") || name.starts_with("table:") {
            scope.fault("to", format_args!("`{name}` stands alone"));
        } else if seen.insert(name) {
            list.extend(known.connections.find("to", name, scope));
        } else {
            scope.fault("to", format_args!("`{name}` stands here twice"));
        }
    }
    let order = match section.spread {
        Spread::Weighted => Order::weighted(&weights(section, scope)?),
        other => {
            no_weights(section, scope);
            Order::unweighted(other)
        }
    };
    let list = list.into();
    Some(To::Target(Target::Connections { list, order }))
}

fn no_weights(section: &RouteSection, scope: &mut Scope<'_>) {
    if !section.weights.is_empty() {
        scope.fault("weights", "weights belong to `spread = \"weighted\"`");
    }
}

fn weights(section: &RouteSection, scope: &mut Scope<'_>) -> Option<Vec<u16>> {
    let (weights, wanted) = (&section.weights, section.to.len());
    let sum: u32 = weights.iter().map(|weight| u32::from(*weight)).sum();
    if weights.len() != wanted {
        scope.fault(
            "weights",
            format_args!("{wanted} weights were expected, one for each connection"),
        );
    } else if weights.iter().any(|weight| !(1..=1_000).contains(weight)) {
        scope.fault("weights", "a weight is 1 to 1,000");
    } else if sum > MOST_TURNS {
        scope.fault(
            "weights",
            format_args!("the sum of the weights is at most {MOST_TURNS}"),
        );
    } else {
        return Some(weights.clone());
    }
    None
}
