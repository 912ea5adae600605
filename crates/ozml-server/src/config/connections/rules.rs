//! What holds between the keys of a connection.

use std::collections::BTreeMap;
use std::time::Duration;

use ozml_dialplan::DestinationsSection;
use ozml_parser::{Diagnostic, Span};
use ozml_sms::config::{ModemSection, SmppSection};
use toml::de::DeValue;

use super::{Connection, SECTION};
use crate::config::place::Places;
use crate::config::read::{Entry, Reader, conflict, key};

pub(super) fn smpp(reader: &mut Reader<'_>, smpp: &SmppSection, places: &Places) {
    let keys = ["password", "password_env", "password_file"];
    let address = smpp.url.password.is_some().then_some("url");
    given_once(reader, keys.into_iter().chain(address), places, "the password");
    let written = places.has("password").then_some("password").or(address);
    if let Some(key) = written.filter(|_| !smpp.url.is_loopback()) {
        written_down(reader, places.of(key), "a password", "password");
    }
    if places.has("ca") && !smpp.url.tls {
        let message = "`ca` is for `smpps://`, and this connection has no TLS";
        let fault = Diagnostic::error("conflicting-keys", 302, places.of("ca"), message);
        reader.report(
            fault
                .label(places.of("url"), "no TLS")
                .help("write `smpps://`, or take `ca` out"),
        );
    }
    burst(reader, smpp.rate, places);
}

pub(super) fn modem(reader: &mut Reader<'_>, modem: &ModemSection, places: &Places) {
    match (places.has("port"), places.has("ports")) {
        (true, true) => {
            let (one, several) = (places.of("port"), places.of("ports"));
            reader.report(conflict(one, several, "`port` and `ports` exclude each other"));
        }
        (false, false) => {
            let span = places.of("port");
            let fault = Diagnostic::error(
                "missing-key",
                302,
                span,
                format!("`port` is missing in {SECTION}"),
            );
            reader.report(
                fault.label(span, "has no `port`").help(
                    "name the serial device, such as `port = \"/dev/ttyUSB0\"`, or several with `ports`",
                ),
            );
        }
        _ => {}
    }
    given_once(reader, ["pin", "pin_env", "pin_file"], places, "the PIN");
    if places.has("pin") {
        written_down(reader, places.of("pin"), "a PIN", "pin");
    }
    burst(reader, modem.rate, places);
}

/// What is shorter ends while networks still work on a message.
const LEAST_SEND_TIME: Duration = Duration::from_secs(5);

/// Nobody is told the outcome of a message that takes longer than a modem is waited for.
pub(super) fn send_timer(reader: &mut Reader<'_>, entry: Entry<'_>, modem: &ModemSection) {
    let place = key(entry, "timers").and_then(|(_, timers)| key(timers, "send"));
    let (Some(time), Some((_, place))) = (modem.timers.send, place) else {
        return;
    };
    if time < LEAST_SEND_TIME {
        let message =
            "`timers.send` ends while the network still works on messages: their outcomes become unknown";
        reader.report(
            Diagnostic::warning("short-timer", 302, place.span().into(), message)
                .help("write 5 seconds or more, or take it out: it is 2 minutes then"),
        );
    }
}

/// Connections that lead beyond this machine, and no number that may be reached.
pub(in super::super) fn destinations(
    reader: &mut Reader<'_>,
    connections: &[Connection],
    destinations: Option<&DestinationsSection>,
) {
    if destinations.is_some_and(|section| !section.allow.is_empty() || section.internal.is_some()) {
        return;
    }
    let leaves = |connection: &&Connection| {
        let section = &connection.section;
        section.enabled() && section.sends() && !section.stays_here()
    };
    for connection in connections.iter().filter(leaves) {
        let message = format!(
            "nothing can be sent over `{}`: no number may be reached",
            connection.name().as_str().escape_debug()
        );
        reader.report(
            Diagnostic::warning("no-destinations", 302, connection.places.of("name"), message)
                .help("write `[destinations]` and in the next line the beginnings of the numbers, such as `allow = [\"+36\"]`"),
        );
    }
}

/// Ports by name, with the place of the first modem on each.
pub(super) type Ports<'t> = BTreeMap<&'t str, Span>;

/// A port has one modem, in the whole file. Ports are looked at whatever else is wrong.
pub(super) fn doubled_ports<'t>(reader: &mut Reader<'_>, entry: Entry<'t>, ports: &mut Ports<'t>) {
    let one = key(entry, "port").map(|(_, port)| port);
    let several = key(entry, "ports").and_then(|(_, ports)| ports.get_ref().as_array());
    for port in one.into_iter().chain(several.into_iter().flatten()) {
        let DeValue::String(name) = port.get_ref() else {
            continue;
        };
        let span = port.span().into();
        let Some(first) = ports.insert(name, span) else {
            continue;
        };
        ports.insert(name, first);
        let message = format!("a second modem on `{}`", name.escape_debug());
        reader.report(
            Diagnostic::error("doubled-port", 302, span, message)
                .label(first, "the first one")
                .help("give each modem a port of its own"),
        );
    }
}

fn burst(reader: &mut Reader<'_>, rate: u32, places: &Places) {
    if rate == 0 && places.has("burst") {
        let message = "`burst` is for a connection with a `rate`";
        let fault = Diagnostic::error("conflicting-keys", 302, places.of("burst"), message);
        reader.report(fault.help("give a `rate`, or take `burst` out"));
    }
}

/// A secret stands in one place only.
fn given_once<'k>(
    reader: &mut Reader<'_>,
    keys: impl IntoIterator<Item = &'k str>,
    places: &Places,
    secret: &str,
) {
    let mut given = keys.into_iter().filter(|key| places.has(key));
    if let (Some(first), Some(second)) = (given.next(), given.next()) {
        let message = format!("{secret} is given twice");
        reader.report(conflict(places.of(first), places.of(second), message));
    }
}

/// A secret stands in the file itself.
fn written_down(reader: &mut Reader<'_>, place: Span, secret: &str, key: &str) {
    let message = format!("{secret} in the configuration is read by whoever reads the configuration");
    reader.report(
        Diagnostic::warning("secret-in-file", 302, place, message).help(format!(
            "take it from the environment with `{key}_env`, or from a file with `{key}_file`"
        )),
    );
}
