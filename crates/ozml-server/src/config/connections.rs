//! `[[sms.connection]]`: which type each is, and what holds between its keys.

pub(super) mod rules;

use std::collections::BTreeMap;

use ozml_parser::{Diagnostic, Span};
use ozml_session::ConnectionName;
use ozml_sms::config::{ConnectionSection, ConsoleSection, ModemSection, SmppSection};

use super::place::Places;
use super::read::{Entry, Reader, key, listed, suggest, wrong};

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
    let (mut names, mut ports) = (BTreeMap::new(), rules::Ports::new());
    for entry in entries {
        doubled(reader, entry, &mut names);
        rules::doubled_ports(reader, entry, &mut ports);
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
        ConnectionSection::Smpp(smpp) => rules::smpp(reader, smpp, &connection.places),
        ConnectionSection::Modem(modem) => {
            rules::modem(reader, modem, &connection.places);
            rules::send_timer(reader, entry, modem);
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
            Some(ConnectionSection::Modem(Box::new(modem)))
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
