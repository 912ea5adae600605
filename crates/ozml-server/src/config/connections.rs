//! `[[sms.connection]]`: which type each is, and what holds between its keys.

use std::collections::BTreeMap;

use ozml_parser::{Diagnostic, Span};
use ozml_session::ConnectionName;
use ozml_sms::config::{ConnectionSection, ConsoleSection, ModemSection, SmppSection};

use super::place::Places;
use super::read::{Entry, Reader, conflict, key, listed, suggest, wrong};

const SECTION: &str = "[[sms.connection]]";

/// A connection that messages go over, and where the file says what about it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connection {
    /// What the file says.
    pub section: ConnectionSection,
    /// Where it says so.
    pub places: Places,
}

impl Connection {
    /// What routes call it.
    pub fn name(&self) -> &ConnectionName {
        self.section.name()
    }
}

/// Reads all connections; nothing when one has faults.
pub(super) fn connections(reader: &mut Reader<'_>) -> Option<Vec<Connection>> {
    let entries = reader.entries("sms.connection")?;
    let read: Vec<_> = entries.iter().map(|entry| connection(reader, entry)).collect();
    let mut names = BTreeMap::new();
    for entry in entries {
        doubled(reader, entry, &mut names);
    }
    read.into_iter().collect()
}

fn connection(reader: &mut Reader<'_>, entry: Entry<'_>) -> Option<Connection> {
    let section = section(reader, entry)?;
    let connection = Connection {
        section,
        places: Places::new(entry),
    };
    match &connection.section {
        ConnectionSection::Smpp(smpp) => smpp_rules(reader, smpp, &connection.places),
        ConnectionSection::Modem(_) => {
            let span = connection.places.of("type");
            let message = "GSM modems are not available yet: `ozml serve` refuses this connection";
            reader.report(
                Diagnostic::warning("not-available", 302, span, message)
                    .help("take it out, or say `enabled = false`"),
            );
        }
        _ => {}
    }
    Some(connection)
}

fn section(reader: &mut Reader<'_>, entry: Entry<'_>) -> Option<ConnectionSection> {
    let Some((at, kind)) = key(entry, "type") else {
        let text = format!("`type` is missing in {SECTION}");
        let span: Span = entry.span().into();
        let fault = Diagnostic::error("missing-key", 302, span, text).label(span, "has no `type`");
        reader.report(fault.help(format!("it is one of {}", listed(ConnectionSection::TYPES))));
        return None;
    };
    let before = Some(at);
    match kind.get_ref().as_str() {
        Some("smpp") => {
            let smpp: SmppSection = reader.read(entry, SECTION, before)?;
            Some(ConnectionSection::Smpp(Box::new(smpp)))
        }
        Some("console") => {
            let console: ConsoleSection = reader.read(entry, SECTION, before)?;
            Some(ConnectionSection::Console(console))
        }
        Some("modem") => {
            let modem: ModemSection = reader.read(entry, SECTION, before)?;
            Some(ConnectionSection::Modem(modem))
        }
        other => {
            let types = ConnectionSection::TYPES;
            let span = kind.span().into();
            let fault = wrong("type", span, &format!("one of {} was expected", listed(types)));
            let word = |word| format!("\"{word}\"");
            reader.report(suggest(fault, other.unwrap_or_default(), span, types, word));
            None
        }
    }
}

/// Names are looked at whatever else is wrong, so that each fault is told.
fn doubled<'t>(reader: &mut Reader<'_>, entry: Entry<'t>, names: &mut BTreeMap<&'t str, Span>) {
    let name = key(entry, "name").and_then(|(_, name)| Some((name.get_ref().as_str()?, name.span().into())));
    let Some((name, span)) = name else {
        return;
    };
    match names.get(name) {
        None => drop(names.insert(name, span)),
        Some(first) => {
            let message = format!("a second connection `{}`", name.escape_debug());
            let fault = Diagnostic::error("doubled-name", 302, span, message);
            reader.report(
                fault
                    .label(*first, "the first one")
                    .help("give each connection a name of its own"),
            );
        }
    }
}

fn smpp_rules(reader: &mut Reader<'_>, smpp: &SmppSection, places: &Places) {
    password_rules(reader, smpp, places);
    if places.has("ca") && !smpp.url.tls {
        let message = "`ca` is for `smpps://`, and this connection has no TLS";
        let fault = Diagnostic::error("conflicting-keys", 302, places.of("ca"), message);
        reader.report(
            fault
                .label(places.of("url"), "no TLS")
                .help("write `smpps://`, or take `ca` out"),
        );
    }
    if smpp.rate == 0 && places.has("burst") {
        let message = "`burst` is for a connection with a `rate`";
        let fault = Diagnostic::error("conflicting-keys", 302, places.of("burst"), message);
        reader.report(fault.help("give a `rate`, or take `burst` out"));
    }
}

fn password_rules(reader: &mut Reader<'_>, smpp: &SmppSection, places: &Places) {
    let mut secrets: Vec<_> = ["password", "password_env", "password_file"]
        .into_iter()
        .filter(|key| places.has(key))
        .collect();
    if smpp.url.password.is_some() {
        secrets.push("url");
    }
    if let [first, second, ..] = secrets.as_slice() {
        let (first, second) = (places.of(first), places.of(second));
        reader.report(conflict(first, second, "the password is given twice"));
    }
    let written = ["password", "url"].iter().find(|key| secrets.contains(key));
    if let Some(key) = written.filter(|_| !smpp.url.is_loopback()) {
        let message = "a password in the configuration is read by whoever reads the configuration";
        reader.report(
            Diagnostic::warning("secret-in-file", 302, places.of(key), message).help(
                "take it from the environment with `password_env`, or from a file with `password_file`",
            ),
        );
    }
}
