use std::sync::Arc;

use ozml_session::PhoneNumber;

use super::numbering::{NumberingPlan, SHORTEST_INTERNATIONAL};
use super::{DestinationsSection, STARTER_DENY};
use crate::NumberPattern;
use crate::fault::Scope;
use crate::prefix::read_prefix;
use crate::prefix_map::PrefixMap;

/// Which numbers may be reached.
#[derive(Debug)]
pub(super) struct DestinationRules {
    numbering: NumberingPlan,
    internal: Option<NumberPattern>,
    allow: PrefixMap<Arc<str>>,
    deny: PrefixMap<Arc<str>>,
}

/// A number and what the rules say to it.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    /// As it is counted: normalised, internal numbers as written.
    pub(super) number: PhoneNumber,
    pub(super) standing: Standing,
}

/// What the rules say, with the rule as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    Internal(Arc<str>),
    Allowed(Arc<str>),
    Denied(Arc<str>),
    Unlisted,
}

impl DestinationRules {
    pub(super) fn new(section: &DestinationsSection, scope: &mut Scope<'_>) -> Self {
        let numbering = NumberingPlan::new(section, scope);
        let internal = scope.optional("internal", section.internal.as_deref(), NumberPattern::new);
        let allow = prefixes("allow", &section.allow, &numbering, scope);
        let mut deny = prefixes("deny", &section.deny, &numbering, scope);
        if section.starter_deny {
            deny.extend(starter(section.home.as_deref()));
        }
        Self {
            numbering,
            internal,
            allow: PrefixMap::new(allow),
            deny: PrefixMap::new(deny),
        }
    }

    pub(super) fn judge(&self, written: &PhoneNumber) -> Judged {
        let number = self.numbering.normalise(written);
        if let Some(rule) = self.denied_in_any_form(written.as_str()) {
            return Judged {
                number,
                standing: Standing::Denied(rule),
            };
        }
        if let Some(pattern) = self.internal.as_ref().filter(|pattern| pattern.matches(written)) {
            return Judged {
                number: written.clone(),
                standing: Standing::Internal(format!("internal {pattern}").into()),
            };
        }
        let standing = match (
            self.denied_with_plus(&number),
            self.allow.longest(number.as_str()),
        ) {
            (Some(rule), _) => Standing::Denied(rule),
            (None, [(_, rule), ..]) => Standing::Allowed(Arc::clone(rule)),
            (None, []) => Standing::Unlisted,
        };
        Judged { number, standing }
    }

    /// Looks at what stands for the number whether it is one of E.164 or not: a digit too many is no way
    /// around.
    fn denied_in_any_form(&self, written: &str) -> Option<Arc<str>> {
        let international = || self.numbering.international(written);
        self.denied(written).or_else(|| self.denied(&international()?))
    }

    /// Message centres take a long number without `+` for an international one, so leaving the `+` out must
    /// not be a way around a denied prefix.
    fn denied_with_plus(&self, number: &PhoneNumber) -> Option<Arc<str>> {
        let digits = number.digits();
        let is_long = digits.len() >= SHORTEST_INTERNATIONAL;
        is_long.then(|| self.denied(&format!("+{digits}")))?
    }

    fn denied(&self, number: &str) -> Option<Arc<str>> {
        self.deny
            .longest(number)
            .first()
            .map(|(_, rule)| Arc::clone(rule))
    }
}

/// The prefixes as written, and in international form where that is another.
fn prefixes(
    field: &'static str,
    written: &[String],
    numbering: &NumberingPlan,
    scope: &mut Scope<'_>,
) -> Vec<(Box<str>, Arc<str>)> {
    let mut prefixes = Vec::new();
    for written in written {
        let rule: Arc<str> = format!("{field} {written}").into();
        let read = if written == "any" {
            Ok(Box::default())
        } else {
            read_prefix(written)
        };
        match scope.value(field, read) {
            Some(prefix) if prefix.is_empty() && written != "any" => {
                scope.fault(
                    field,
                    "the beginning of a number was expected, this is empty; all numbers are `any`",
                );
            }
            Some(prefix) => {
                let international = numbering.international(&prefix);
                prefixes.extend(international.map(|prefix| (prefix.into(), Arc::clone(&rule))));
                prefixes.push((prefix, rule));
            }
            None => {}
        }
    }
    prefixes
}

fn starter(home: Option<&str>) -> impl Iterator<Item = (Box<str>, Arc<str>)> {
    let here = move |country: Option<&str>| country.is_none() || country == home;
    STARTER_DENY
        .iter()
        .filter(move |entry| here(entry.home))
        .map(|entry| {
            let rule = format!("starter_deny {} ({})", entry.prefix, entry.kind);
            (entry.prefix.into(), rule.into())
        })
}
