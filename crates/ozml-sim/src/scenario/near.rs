//! What did not happen, in words, and what happened instead.

use ozml_engine::{TraceEvent, TraceKind};

use super::expect::Rule;
use super::transcript::shown;

/// An event that may be what was expected.
pub(super) struct Candidate<'e> {
    pub(super) event: &'e TraceEvent<'static>,
    /// Whether nothing else expects it.
    pub(super) free: bool,
}

/// What was expected, as something that did not happen.
pub(super) fn not_happened(rule: &Rule) -> String {
    match rule {
        Rule::Spoken(text) => format!("nobody heard {}", text.told()),
        Rule::Played(file) => format!("nobody heard the file {file:?}"),
        Rule::Sms(sms) => {
            let to = sms.to.as_ref().map_or("anybody", |to| to.as_str());
            let from = sms
                .from
                .as_ref()
                .map_or_else(String::new, |from| format!("from {from} "));
            format!("no SMS {from}{}went to {to}", sms.text.told_with())
        }
        Rule::Fetched { url, .. } => format!("nothing asked {url}"),
        Rule::Collected(keys) => format!("no input collected {keys:?}"),
        Rule::TimedOut => "no input went without keys".to_owned(),
        Rule::Failed { verb, code, .. } => {
            let verb = verb.as_deref().unwrap_or("verb");
            let code = code.map_or_else(String::new, |code| format!(" with code {code}"));
            format!("no {verb} failed{code}")
        }
        Rule::Limit(name) => format!("limit `{name}` was not reached"),
    }
}

/// The event that is most like what was expected; of those that nothing else expects, if there are any.
pub(super) fn nearest<'e>(rule: &Rule, candidates: &[Candidate<'e>]) -> Option<&'e TraceEvent<'static>> {
    let rank = |known: &&Candidate<'_>| {
        let text = shown(&known.event.kind).unwrap_or_default();
        (
            known.free,
            likeness(&rule.told(), &text),
            std::cmp::Reverse(known.event.seq),
        )
    };
    candidates.iter().max_by_key(rank).map(|known| known.event)
}

/// How many words of one text the other has, too, and how alike they are letter by letter in thousandths.
fn likeness(wanted: &str, found: &str) -> (usize, u64) {
    let (wanted, found) = (clipped(wanted), clipped(found));
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .map(str::to_lowercase)
            .collect()
    };
    let there = words(&found);
    let common = words(&wanted)
        .iter()
        .filter(|word| !word.is_empty() && there.contains(word))
        .count();
    (
        common,
        (strsim::normalized_levenshtein(&wanted, &found) * 1000.0) as u64,
    )
}

/// Comparing costs the product of the lengths.
fn clipped(text: &str) -> String {
    text.chars().take(200).collect()
}

/// How an expectation of an event is written.
pub(super) fn how_to_expect(kind: &TraceKind<'_>) -> String {
    let written = match kind {
        TraceKind::SmsAccepted { to, .. } | TraceKind::SmsRefused { to, .. } => format!("<Sms To=\"{to}\"/>"),
        TraceKind::VerbFailed { verb, code, .. } => format!("<Failed Verb=\"{verb}\" Code=\"{code}\"/>"),
        TraceKind::Limit { name, .. } => format!("<Limit Name=\"{name}\"/>"),
        TraceKind::Policy { .. } => return "the destination policy refused it: change the script".to_owned(),
        _ => return "allow other effects with `<Expect Others=\"allowed\">`".to_owned(),
    };
    format!("if that is meant, say so in `<Expect>`: `{written}`")
}
