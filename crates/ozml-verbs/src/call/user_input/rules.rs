//! What can be said of the Inputs from the script alone.

use ozml_engine::{Fields, Rules};
use ozml_parser::{Diagnostic, Span};
use ozml_session::{Digits, Key};

use crate::params::{address_that_can_be_reached, no_sql_source};

use super::{BACK_KEY, DIGITS, EXECUTE_SQL, FORWARD, KEY, MAX_DIGITS, MIN_DIGITS, SENSITIVE};

/// An Input whose Key is known.
struct Choice {
    keys: Digits,
    span: Span,
}

pub(super) fn own_rules(fields: &Fields<'_>, rules: &mut Rules<'_>) {
    let open = fields.literal(&SENSITIVE).is_some_and(|(flag, _)| !flag.get());
    if fields.has(&SENSITIVE) && !open {
        rules.hide_keys();
    }
    address_that_can_be_reached(fields, &FORWARD, rules);
    if let Some((_, span)) = fields.literal(&EXECUTE_SQL) {
        rules.report(no_sql_source(span));
    }
    keys_that_can_be_entered(fields, rules);
}

fn keys_that_can_be_entered(fields: &Fields<'_>, rules: &mut Rules<'_>) {
    let choices: Vec<Choice> = fields
        .parts("Inputs")
        .flat_map(|inputs| inputs.parts("Input"))
        .filter_map(|input| input.literal(&KEY))
        .filter(|(keys, _)| !keys.keys().is_empty())
        .map(|(keys, span)| Choice { keys, span })
        .collect();
    doubles(&choices, rules);
    for choice in &choices {
        if let Some((back, span)) = fields.literal(&BACK_KEY)
            && choice.keys.keys().first() == Some(&back)
        {
            rules.report(taken_by_back_key(choice, back, span));
        } else if let Some(fault) = length_fault(fields, choice) {
            rules.report(fault);
        }
    }
}

/// Two Inputs with the same keys: the first wins.
fn doubles(choices: &[Choice], rules: &mut Rules<'_>) {
    let mut sorted: Vec<&Choice> = choices.iter().collect();
    sorted.sort_by_key(|choice| (&choice.keys, choice.span));
    let same = sorted.chunk_by(|one, other| one.keys == other.keys);
    for (first, doubles) in same.filter_map(<[&Choice]>::split_first) {
        for double in doubles {
            rules.report(
                Diagnostic::warning(
                    "doubled-key",
                    302,
                    double.span,
                    format!("two Inputs have the Key `{}`; the first one runs", double.keys),
                )
                .label(double.span, "this one is never run")
                .label(first.span, "this one runs")
                .help("give it another Key, or take it out"),
            );
        }
    }
}

fn taken_by_back_key(choice: &Choice, back: Key, place: Span) -> Diagnostic {
    let message = format!("the Key `{}` begins with the BackKey `{back}`", choice.keys);
    Diagnostic::warning("unreachable-key", 302, choice.span, message)
        .label(choice.span, "this Input is never run: its first key leads back")
        .label(place, "the BackKey")
        .help("give the Input or BackKey another key")
}

/// Longer than what is awaited, which is MinDigits at least, or shorter than MinDigits. What a variable
/// gives is not known.
fn length_fault(fields: &Fields<'_>, choice: &Choice) -> Option<Diagnostic> {
    let length = choice.keys.keys().len();
    let warning = |message: String, place: Span| {
        Diagnostic::warning("unreachable-key", 302, choice.span, message)
            .label(choice.span, "this Input is never run")
            .label(place, "")
            .help("change the Key or the number of keys that are awaited")
    };
    let least = fields.literal(&MIN_DIGITS);
    if let Some((least, place)) = least
        && length < least.get()
    {
        let message = format!(
            "the Key `{}` is shorter than MinDigits, {}",
            choice.keys,
            least.get()
        );
        return Some(warning(message, place));
    }
    let unknown = |param| fields.has(param) && fields.literal(param).is_none();
    if unknown(&DIGITS) || unknown(&MAX_DIGITS) || unknown(&MIN_DIGITS) {
        return None;
    }
    let given = [fields.literal(&DIGITS), fields.literal(&MAX_DIGITS)];
    let stated = given.into_iter().flatten().max_by_key(|(count, _)| *count)?;
    let (most, place) = least.map_or(stated, |least| {
        std::cmp::max_by_key(stated, least, |(count, _)| *count)
    });
    (length > most.get()).then(|| {
        let message = format!(
            "the Key `{}` is longer than the number of keys that are awaited, {}",
            choice.keys,
            most.get()
        );
        warning(message, place)
    })
}
