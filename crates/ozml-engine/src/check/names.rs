//! The names of variables: which the script uses, which it sets, which the host provides.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ozml_parser::Span;

use super::faults::{self, NameFinder, NameHelp};
use super::{Checker, Provenance};
use crate::verb::{Fields, Kind, Naming, ParamSpec, Template, VerbSpec, is_variable_name};

/// Most uses that are looked into; the limit of elements is as high.
const MOST_USES: usize = 10_000;

/// Names of variables that a host or the notification that started the script provides (OzML reference:
/// variables; HTTP API: notifications), sorted.
const PROVIDED: &[&str] = &[
    "ApiExtension",
    "CallId",
    "CallState",
    "CallerDisplayName",
    "CallerExtension",
    "CallerID",
    "Code",
    "Connection",
    "Destination",
    "Dialed",
    "Direction",
    "DtmfDigits",
    "Duration",
    "Error",
    "ErrorCode",
    "Format",
    "LastCallState",
    "LastCalledExtension",
    "LastDialedNumber",
    "Message",
    "NotificationName",
    "OriginalDialedNumber",
    "Reason",
    "ReceivedTime",
    "Recipient",
    "RecordURL",
    "RingDuration",
    "Sender",
    "SmsId",
    "Source",
    "SourceNotification",
    "StartTime",
    "Status",
    "StatusText",
    "TalkDuration",
    "Timestamp",
    "oldmessagepath",
    "username",
];

/// Arrays that a host provides for voicemail scripts.
const PROVIDED_ARRAYS: &[&str] = &["oldvoicemails", "voicemails"];

/// What a script does with names.
#[derive(Default)]
pub(super) struct Names {
    uses: Vec<Use>,
    set: BTreeMap<String, Set>,
    /// Verbs whose answers set names.
    answering: Vec<&'static VerbSpec>,
    /// Whether another script follows for the same call, which may use every name.
    leads_on: bool,
}

struct Use {
    name: String,
    field: Span,
    as_array: bool,
}

/// Where and as what a name is set.
#[derive(Default)]
struct Set {
    as_text: bool,
    as_array: bool,
    /// The place that wants to be used: a verb that only sets does nothing else.
    only_set: Option<Span>,
    name: String,
    used: bool,
}

/// What is known of a name.
enum Verdict {
    Known,
    NotAnArray,
    NoText,
    Undefined,
}

impl Checker<'_> {
    pub(super) fn names_used(&mut self, template: &Template) {
        let mut seen = BTreeSet::new();
        for name in template
            .names()
            .filter(|name| seen.insert(name.to_ascii_lowercase()))
        {
            self.name_used(name, template.span, false);
        }
    }

    fn name_used(&mut self, name: &str, field: Span, as_array: bool) {
        let inner = self
            .inner_names
            .iter()
            .any(|inner| inner.eq_ignore_ascii_case(name));
        if !inner && self.names.uses.len() < MOST_USES {
            let name = name.to_owned();
            self.names.uses.push(Use {
                name,
                field,
                as_array,
            });
        }
    }

    /// Takes down what a verb does with names.
    pub(super) fn verb_sets(&mut self, spec: &'static VerbSpec, fields: &Fields<'_>) {
        let answers = !spec.answers.is_empty() || !spec.sets.is_empty();
        if answers && !self.names.answering.iter().any(|known| known.name == spec.name) {
            self.names.answering.push(spec);
        }
        if !spec.names {
            return;
        }
        for param in spec.params {
            let given = fields.given.iter().find(|given| given.spec.name == param.name);
            self.names.leads_on |= param.leads_on && given.is_some();
            let (name, span) = match given {
                Some(given) => (given.written.trim().trim_start_matches('$'), Some(given.span)),
                None => (param.default.unwrap_or_default(), None),
            };
            if is_variable_name(name) {
                self.named(spec, param, name, span);
            }
        }
    }

    fn named(&mut self, spec: &VerbSpec, param: &ParamSpec, name: &str, span: Option<Span>) {
        match param.naming {
            Naming::Sets { array, endings } => {
                let set = self.names.entry(name);
                set.as_array |= array;
                set.as_text |= !array;
                if spec.kind == Kind::Control && set.only_set.is_none() {
                    set.only_set = span;
                }
                for ending in endings {
                    self.names.entry(&format!("{name}{ending}")).as_text = true;
                }
            }
            Naming::ReadsArray => {
                if let Some(span) = span {
                    self.name_used(name, span, true);
                }
            }
            Naming::Nothing => {}
        }
    }

    /// Compares what is used with what is set. Scripts that are fetched may use what others have set.
    pub(super) fn settle_names(&mut self) {
        if self.options.provenance == Provenance::Fetched {
            return;
        }
        let answering = std::mem::take(&mut self.names.answering);
        for name in answering
            .iter()
            .flat_map(|verb| verb.answers.iter().chain(verb.sets))
        {
            self.names.entry(name).as_text = true;
        }
        let uses = std::mem::take(&mut self.names.uses);
        let all_seen = uses.len() < MOST_USES;
        let mut finder = NameFinder::default();
        for used in uses {
            let verdict = self.names.verdict(&used, self.known.host_names);
            let place = finder.find(self.source, used.field, &used.name);
            match verdict {
                Verdict::Known => {}
                Verdict::NotAnArray => self.report(faults::not_an_array(&used.name, used.field)),
                Verdict::NoText => self.report(faults::array_as_text(&used.name, place)),
                Verdict::Undefined => self.undefined(&used, place),
            }
        }
        if all_seen && !self.names.leads_on {
            self.unused();
        }
    }

    fn undefined(&mut self, used: &Use, place: faults::NamePlace) {
        if used.as_array {
            let known = self.names.known(true).chain(PROVIDED_ARRAYS.iter().copied());
            let near = self.suggestions.nearest(&used.name, known).map(str::to_owned);
            let fault = faults::undefined_array(self.source, &used.name, used.field, near.as_deref());
            self.report(fault);
            return;
        }
        let home = self.home_of(&used.name);
        let setter = self.setter_of(&used.name);
        let near = if home.is_none() && setter.is_none() {
            let hosts = self.known.host_names.iter().map(|name| &**name);
            let known = self
                .names
                .known(false)
                .chain(hosts)
                .chain(PROVIDED.iter().copied());
            self.suggestions.nearest(&used.name, known).map(str::to_owned)
        } else {
            None
        };
        let help = match (near.as_deref(), home, setter) {
            (Some(near), ..) => NameHelp::Write(near),
            (None, Some(home), _) => NameHelp::ExistsInside(home),
            (None, None, Some(verb)) => NameHelp::SetBy(verb),
            (None, None, None) => NameHelp::SetIt,
        };
        self.report(faults::undefined_name(&used.name, place, help));
    }

    /// The element inside which a name exists.
    fn home_of(&self, name: &str) -> Option<&'static str> {
        let is_it = |inner: &&str| inner.eq_ignore_ascii_case(name);
        self.known.registry.verbs().find_map(|verb| {
            let mut parts = verb.children.parts().iter();
            if verb.inner_names.iter().any(is_it) {
                return Some(verb.name);
            }
            let part = parts.find(|part| part.inner_names.iter().any(is_it));
            part.map(|part| part.name)
        })
    }

    /// The verb that would set a name.
    fn setter_of(&self, name: &str) -> Option<&'static str> {
        let is_it = |set: &&str| set.eq_ignore_ascii_case(name);
        let mut verbs = self.known.registry.verbs();
        let verb = verbs.find(|verb| verb.answers.iter().chain(verb.sets).any(is_it));
        verb.map(|verb| verb.name)
    }

    fn unused(&mut self) {
        let unused = self.names.set.values().filter(|set| !set.used);
        let faults: Vec<_> = unused
            .filter_map(|set| set.only_set.map(|place| faults::unused(&set.name, place)))
            .collect();
        faults.into_iter().for_each(|fault| self.report(fault));
    }
}

impl Names {
    fn entry(&mut self, name: &str) -> &mut Set {
        self.set.entry(name.to_ascii_lowercase()).or_insert_with(|| Set {
            name: name.to_owned(),
            ..Set::default()
        })
    }

    /// The names that the script sets as an array, or as a text.
    fn known(&self, as_array: bool) -> impl Iterator<Item = &str> {
        self.set
            .values()
            .filter(move |set| if as_array { set.as_array } else { set.as_text })
            .map(|set| &*set.name)
    }

    fn verdict(&mut self, used: &Use, host_names: &[Arc<str>]) -> Verdict {
        let is_it = |known: &str| known.eq_ignore_ascii_case(&used.name);
        let of_host = host_names.iter().any(|known| is_it(known));
        let provided = if used.as_array { PROVIDED_ARRAYS } else { PROVIDED };
        let known = of_host || provided.iter().any(|known| is_it(known));
        match self.set.get_mut(&used.name.to_ascii_lowercase()) {
            Some(set) => {
                set.used = true;
                match used.as_array {
                    true if !set.as_array && !known => Verdict::NotAnArray,
                    false if !set.as_text && !known => Verdict::NoText,
                    _ => Verdict::Known,
                }
            }
            None if known => Verdict::Known,
            None => Verdict::Undefined,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provided_names_are_sorted() {
        assert!(PROVIDED.is_sorted() && PROVIDED_ARRAYS.is_sorted());
    }
}
