//! `[[sms.route]]`, `[[sms.table]]`, `[[time_profile]]` and `[destinations]`: the dial plan checks them, here its
//! faults get their places.

use std::borrow::Cow;

use ozml_dialplan::{
    ConfigFault, DestinationPolicy, DestinationsSection, PathStep, RouteSection, Router, RouterConfig,
    TableSection, TimeProfileSection,
};
use ozml_parser::{Diagnostic, Span};
use ozml_session::ConnectionName;
use serde::de::DeserializeOwned;
use toml::de::DeValue;

use super::read::{Entry, Reader, key, wrong};

/// What a router is built from; nothing when it has faults.
pub(super) fn router(reader: &mut Reader<'_>) -> Option<RouterConfig> {
    let mut config = RouterConfig::default();
    let (routes, faulty_routes) = sections(reader, "sms.route", |_: &mut RouteSection, _| {});
    let (tables, faulty_tables) = sections(reader, "sms.table", |table: &mut TableSection, name| {
        table.name = name
    });
    let (profiles, faulty_profiles) = sections(
        reader,
        "time_profile",
        |profile: &mut TimeProfileSection, name| profile.name = name,
    );
    config.routes = routes;
    config.tables = tables;
    config.time_profiles = profiles;
    let connections = names(reader, "sms.connection", "name");
    config.connections = connections
        .filter_map(|name| ConnectionName::new(name).ok())
        .collect();
    let users = names(reader, "http.user", "name");
    let extensions = names(reader, "extension", "number");
    config.sources = users.chain(extensions).map(str::to_owned).collect();

    let faulty = [
        ("route", faulty_routes),
        ("table", faulty_tables),
        ("time_profile", faulty_profiles),
    ];
    let told_before = |fault: &ConfigFault| {
        faulty.iter().any(|(list, faulty)| {
            let inside = fault.section.windows(2);
            let mut inside = inside.filter(|pair| pair.first() == Some(&PathStep::Key(list)));
            inside.any(|pair| matches!(pair.last(), Some(PathStep::Index(index)) if faulty.contains(index)))
        })
    };
    if let Err(faults) = Router::new(&config) {
        let new = faults.iter().filter(|fault| !told_before(fault));
        new.for_each(|fault| report(reader, fault));
        return None;
    }
    let clean = faulty.iter().all(|(_, faulty)| faulty.is_empty());
    clean.then_some(config)
}

/// What `[destinations]` says, if it is there. The outer `None` is a section with faults.
pub(super) fn destinations(reader: &mut Reader<'_>) -> Option<Option<DestinationsSection>> {
    let section: DestinationsSection = reader.section("destinations")?;
    if let Err(faults) = DestinationPolicy::new(&section) {
        faults.iter().for_each(|fault| report(reader, fault));
        return None;
    }
    Some(reader.known("destinations").map(|_| section))
}

/// The sections of a list, and the places of those with faults. These are replaced by empty ones that keep
/// their name, so that the others can be checked.
fn sections<T: DeserializeOwned + Default>(
    reader: &mut Reader<'_>,
    path: &'static str,
    set_name: impl Fn(&mut T, String),
) -> (Vec<T>, Vec<usize>) {
    let entries = reader.entries(path).unwrap_or_default();
    let mut faulty = Vec::new();
    let read = entries.iter().enumerate().map(|(index, entry)| {
        reader
            .read(entry, &format!("[[{path}]]"), None)
            .unwrap_or_else(|| {
                faulty.push(index);
                let mut section = T::default();
                set_name(&mut section, text(entry, "name").unwrap_or_default().to_owned());
                section
            })
    });
    (read.collect(), faulty)
}

/// What the entries of a list say under `name`.
fn names<'t>(
    reader: &mut Reader<'t>,
    path: &'static str,
    name: &'static str,
) -> impl Iterator<Item = &'t str> + use<'t> {
    let entries = reader.entry(path).and_then(|entry| entry.get_ref().as_array());
    entries
        .into_iter()
        .flatten()
        .filter_map(move |entry| text(entry, name))
}

fn text<'t>(entry: Entry<'t>, name: &str) -> Option<&'t str> {
    key(entry, name).and_then(|(_, value)| value.get_ref().as_str())
}

fn report(reader: &mut Reader<'_>, fault: &ConfigFault) {
    let steps: Vec<Cow<'_, str>> = fault
        .section
        .iter()
        .map(|step| match step {
            PathStep::Key(key) => Cow::from(*key),
            PathStep::Index(index) => Cow::from(index.to_string()),
            _ => Cow::from(""),
        })
        .collect();
    let (place, found) = reader.nearest_to(&steps);
    let name = match fault.section.last() {
        Some(PathStep::Key(name)) => *name,
        _ => "",
    };
    let told = if found {
        wrong(
            name,
            place.map_or_else(Span::default, |entry| narrowed(entry, &fault.text)),
            &fault.text,
        )
    } else {
        let span = place.map_or_else(Span::default, |entry| entry.span().into());
        Diagnostic::error(
            "missing-key",
            302,
            span,
            format!("`{name}` is missing: {}", fault.text),
        )
    };
    reader.report(match &fault.suggestion {
        Some(near) => told.help(format!("write `{near}`")),
        None => told,
    });
}

/// The place of a value; of a list the item that the message names, where that is one.
fn narrowed(entry: Entry<'_>, text: &str) -> Span {
    let named = |item: &&toml::Spanned<DeValue<'_>>| {
        let written = item.get_ref().as_str().unwrap_or_default();
        text.contains(&format!("`{}`", written.escape_debug()))
    };
    let items = entry.get_ref().as_array();
    let mut named = items.into_iter().flatten().filter(named);
    match (named.next(), named.next()) {
        (Some(item), None) => item.span().into(),
        _ => entry.span().into(),
    }
}
