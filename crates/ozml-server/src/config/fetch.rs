//! `[fetch]`: the web client checks it, here its faults get their places.

use std::borrow::Cow;

use ozml_host::web::FetchSection;
use ozml_parser::{Diagnostic, Span};
use ozml_sms::config::EnvironmentVariable;

use super::place::Places;
use super::read::{Reader, conflict, wrong};

/// What the web may be asked for, and where the file says so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Fetch {
    /// What the file says.
    pub section: FetchSection,
    /// Where it says so.
    pub places: Places,
}

/// Reads the section; nothing when it has faults.
pub(super) fn fetch(reader: &mut Reader<'_>) -> Option<Fetch> {
    let section: FetchSection = reader.section("fetch")?;
    let places = reader.known("fetch").map(Places::new).unwrap_or_default();
    for fault in section.config().err().unwrap_or_default() {
        let mut steps = vec![Cow::from("fetch"), Cow::from(fault.key)];
        steps.extend(fault.index.map(|index| Cow::from(index.to_string())));
        let (place, _) = reader.nearest_to(&steps);
        let span = place.map_or_else(Span::default, |entry| entry.span().into());
        reader.report(wrong(fault.key, span, &fault.fault.to_string()));
    }
    for key in ["secret_env", "previous_secret_env"] {
        let name = if key == "secret_env" {
            &section.secret_env
        } else {
            &section.previous_secret_env
        };
        if let Some(Err(fault)) = name.as_deref().map(EnvironmentVariable::new) {
            reader.report(wrong(key, places.of(key), &fault.to_string()));
        }
    }
    secret_rules(reader, &places);
    Some(Fetch { section, places })
}

fn secret_rules(reader: &mut Reader<'_>, places: &Places) {
    for (variable, file) in [
        ("secret_env", "secret_file"),
        ("previous_secret_env", "previous_secret_file"),
    ] {
        if places.has(variable) && places.has(file) {
            let (first, second) = (places.of(variable), places.of(file));
            reader.report(conflict(first, second, "the secret is given twice"));
        }
    }
    let current = places.has("secret_env") || places.has("secret_file");
    let previous = ["previous_secret_env", "previous_secret_file"];
    if let Some(key) = previous.into_iter().find(|key| places.has(key) && !current) {
        let message = "there is a previous secret and none that is in use";
        let fault = Diagnostic::error("missing-key", 302, places.of(key), message);
        reader.report(fault.help("name the secret in use with `secret_env` or `secret_file`"));
    }
}
