use std::collections::BTreeSet;

use ozml_session::ConnectionName;

use super::Router;
use crate::connections::KnownConnections;
use crate::fault::{PathStep, Scope};
use crate::rule::{Known, Rule, check};
use crate::table::PrefixTable;
use crate::time_profile::TimeProfile;
use crate::{ConfigFault, RouteSection, TableSection, TimeProfileSection};

/// What a [`Router`] is built from.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct RouterConfig {
    /// `[[sms.route]]`, in the order of the file.
    pub routes: Vec<RouteSection>,
    /// `[[sms.table]]`, in the order of the file.
    pub tables: Vec<TableSection>,
    /// `[[time_profile]]`, in the order of the file.
    pub time_profiles: Vec<TimeProfileSection>,
    /// The names of all connections: what `to` may name, and `from` too.
    pub connections: Vec<ConnectionName>,
    /// What `from` may name besides: extensions, HTTP users.
    pub sources: Vec<String>,
}

impl Router {
    /// The router, to be thrown away when there are faults.
    pub(super) fn build(config: &RouterConfig, faults: &mut Vec<ConfigFault>) -> Self {
        let connections = KnownConnections::new(&config.connections);
        let profiles = config.time_profiles.iter().enumerate();
        let profiles = profiles
            .filter_map(|(index, section)| TimeProfile::new(section, &mut profile_scope(index, faults)))
            .collect();
        let tables = config.tables.iter().enumerate();
        let tables = tables
            .map(|(index, section)| {
                PrefixTable::new(
                    section,
                    &connections,
                    &mut sms_scope(faults).entry("table", index),
                )
            })
            .collect();
        let known = Known {
            connections: &connections,
            sources: &config.sources,
            tables: config.tables.iter().map(|table| table.name.as_str()).collect(),
            profiles: config
                .time_profiles
                .iter()
                .map(|profile| profile.name.as_str())
                .collect(),
        };
        unique(&known.tables, |index| sms_entry("table", index), faults);
        unique(
            &known.profiles,
            |index| vec![PathStep::Key("time_profile"), PathStep::Index(index)],
            faults,
        );
        Self {
            rules: rules(&config.routes, &known, faults),
            tables,
            profiles,
        }
    }
}

fn rules(sections: &[RouteSection], known: &Known<'_>, faults: &mut Vec<ConfigFault>) -> Box<[Rule]> {
    let names: Vec<String> = sections
        .iter()
        .enumerate()
        .map(|(index, section)| rule_name(index, section))
        .collect();
    unique(&names, |index| sms_entry("route", index), faults);
    let mut rules: Vec<Rule> = Vec::new();
    for (index, (section, name)) in sections.iter().zip(&names).enumerate() {
        rules.extend(check(
            section,
            name,
            known,
            &mut sms_scope(faults).entry("route", index),
        ));
    }
    rules.sort_by_key(|rule| rule.priority);
    rules.into()
}

fn rule_name(index: usize, section: &RouteSection) -> String {
    section
        .name
        .clone()
        .unwrap_or_else(|| format!("route-{}", index.saturating_add(1)))
}

fn sms_scope(faults: &mut Vec<ConfigFault>) -> Scope<'_> {
    Scope::new(&[PathStep::Key("sms")], faults)
}

fn sms_entry(key: &'static str, index: usize) -> Vec<PathStep> {
    vec![PathStep::Key("sms"), PathStep::Key(key), PathStep::Index(index)]
}

fn profile_scope(index: usize, faults: &mut Vec<ConfigFault>) -> Scope<'_> {
    Scope::new(&[PathStep::Key("time_profile"), PathStep::Index(index)], faults)
}

/// Notes names that are empty or stand twice.
fn unique(names: &[impl AsRef<str>], path: impl Fn(usize) -> Vec<PathStep>, faults: &mut Vec<ConfigFault>) {
    let mut seen = BTreeSet::new();
    for (index, name) in names.iter().map(AsRef::as_ref).enumerate() {
        let mut scope = Scope::new(&path(index), faults);
        if name.is_empty() {
            scope.fault("name", "a name was expected, this is empty");
        } else if !seen.insert(name) {
            scope.fault(
                "name",
                format_args!("`{}` stands here twice", name.escape_debug()),
            );
        }
    }
}
