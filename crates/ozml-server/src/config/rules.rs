//! What holds between the keys of a section, and sections that are for later.

use std::collections::BTreeMap;

use ozml_parser::{Diagnostic, Span};
use ozml_sms::config::StoreSection;
use serde::de::IgnoredAny;

use super::limits::{BudgetLimits, is_for_later};
use super::read::{Reader, conflict, key};
use super::sections::AdminSection;

/// Sections that are known, and used by later versions: single ones and lists.
const LATER: [&str; 2] = ["http", "phone"];
const LATER_LISTS: [&str; 2] = ["http.user", "extension"];

/// Limits that have a place in their own section, too.
const SET_ELSEWHERE: [(&str, &[&str]); 2] = [
    ("store", &["queue_messages", "queue_bytes"]),
    ("destinations", &BudgetLimits::NAMES),
];

/// A section of a later version, whatever stands in it.
type Anything = BTreeMap<String, IgnoredAny>;

/// Takes sections of later versions as they are, if they have the right form.
pub(super) fn later(reader: &mut Reader<'_>) {
    for path in LATER {
        let read = reader.section::<Anything>(path);
        if let (Some(_), Some(entry)) = (read, reader.known(path)) {
            reader.report(unused(entry.span().into(), &format!("[{path}]")));
        }
    }
    for path in LATER_LISTS {
        let read = reader.list::<Anything>(path);
        let first = read.and_then(|_| reader.entries(path)?.first());
        if let Some(first) = first {
            reader.report(unused(first.span().into(), &format!("[[{path}]]")));
        }
    }
}

fn unused(span: Span, section: &str) -> Diagnostic {
    let message = format!("`{section}` is not used by this version yet");
    Diagnostic::warning("not-used-yet", 302, span, message)
}

pub(super) fn store(reader: &mut Reader<'_>, store: Option<&StoreSection>) {
    let Some((entry, store)) = reader.known("store").zip(store) else {
        return;
    };
    let place = |name| key(entry, name).map_or(entry.span(), |(_, value)| value.span());
    if store.url.is_none() {
        return;
    }
    let span = place("url").into();
    let message = "a store for several nodes is not available yet";
    let fault = Diagnostic::error("not-available", 302, span, message);
    reader.report(fault.help("keep messages in a file with `path`"));
    if store.path.is_some() {
        let path = place("path").into();
        reader.report(conflict(path, span, "`path` and `url` exclude each other"));
    }
}

pub(super) fn admin(reader: &mut Reader<'_>, admin: Option<&AdminSection>) {
    let Some((entry, admin)) = reader.known("admin").zip(admin) else {
        return;
    };
    if admin.listen.ip().is_loopback() || admin.allow_remote {
        return;
    }
    let span = key(entry, "listen").map_or(entry.span(), |(_, value)| value.span());
    let message = format!("`listen`: {} is reached from other machines", admin.listen.ip());
    let fault = Diagnostic::error("open-listener", 302, span.into(), message);
    reader.report(fault.help("listen on 127.0.0.1, or say `allow_remote = true`: there is no log-in"));
}

/// Limits without a use yet, and those that other sections set as well.
pub(super) fn limits(reader: &mut Reader<'_>) {
    let Some(entry) = reader.known("limits") else {
        return;
    };
    for (name, value) in entry.get_ref().as_table().into_iter().flatten() {
        if is_for_later(name.get_ref()) {
            reader.report(unused(name.span().into(), name.get_ref()));
        }
        for (section, limits) in SET_ELSEWHERE {
            let other = reader.known(section).and_then(|entry| key(entry, name.get_ref()));
            if let Some((_, other)) = other.filter(|_| limits.contains(&name.get_ref().as_ref())) {
                let message = format!("`{}` is given in `[{section}]`, too", name.get_ref());
                reader.report(conflict(other.span().into(), value.span().into(), message));
            }
        }
    }
}
