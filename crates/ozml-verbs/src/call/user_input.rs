//! `<UserInput>`: ask the caller for keys.

use ozml_engine::{
    Children, Contexts, Fields, Flag, KeyCount, Kind, Param, PartSpec, Rules, Seconds, SqlQuery, VerbSpec,
};
use ozml_parser::{Diagnostic, Span};
use ozml_session::{Digits, HttpUrl, Key};

const REPEAT: Param<Flag> =
    Param::new("Repeat", "whether the prompts are repeated while no key comes").default("false");
const TIMEOUT: Param<Seconds> =
    Param::new("Timeout", "how long to wait for a key after the prompts").default("0");
const DIGITS: Param<KeyCount> = Param::new(
    "Digits",
    "how many keys are awaited; as many as the longest Key has when neither it nor MaxDigits is given",
);
const MIN_DIGITS: Param<KeyCount> = Param::new("MinDigits", "with fewer keys the input is as none");
const MAX_DIGITS: Param<KeyCount> = Param::new("MaxDigits", "the most keys that are awaited");
const FORWARD: Param<HttpUrl> = Param::new(
    "ForwardToUrl",
    "is asked for a script when no Input has the keys that came",
)
.alias("enteredUrl")
.leads_on();
const EXECUTE_SQL: Param<SqlQuery> = Param::new(
    "ExecuteSQL",
    "the query of an SQL extension that is run with the keys",
);
const SENSITIVE: Param<Flag> = Param::new(
    "Sensitive",
    "whether the keys are shown as `•` wherever they are recorded",
)
.default("false")
.ours();
const BACK_KEY: Param<Key> = Param::new(
    "BackKey",
    "the key that leads back to the outer UserInput, or out of this one",
);
const KEY: Param<Digits> = Param::new("Key", "the keys that choose it").mandatory();

const INPUTS: PartSpec =
    PartSpec::new("Inputs", "what can be chosen").children(Children::Parts(&[PartSpec::of_verbs(
        "Input",
        "runs when its keys were entered",
    )
    .params(&[KEY.spec()])
    .several()]));
const PROMPTS: PartSpec =
    PartSpec::of_verbs("InitialCommands", "runs while keys are awaited").bars(&["UserInput"]);

/// The description of `UserInput`.
pub(crate) static USER_INPUT: VerbSpec = VerbSpec::new(
    "UserInput",
    "Ask the caller for keys",
    r#"<Response><UserInput><InitialCommands><Speak>Press 1.</Speak></InitialCommands><Inputs><Input Key="1"><Speak>One.</Speak></Input></Inputs></UserInput></Response>"#,
)
.contexts(Contexts::E)
.kind(Kind::Call)
.params(&[
    REPEAT.spec(),
    TIMEOUT.spec(),
    DIGITS.spec(),
    MIN_DIGITS.spec(),
    MAX_DIGITS.spec(),
    FORWARD.spec(),
    EXECUTE_SQL.spec(),
    SENSITIVE.spec(),
    BACK_KEY.spec(),
])
.children(Children::Parts(&[PROMPTS, INPUTS]))
.rules(keys_that_can_be_entered)
.notes(&[
    "Keys are awaited from the beginning of InitialCommands on.",
    "A UserInput may stand in an Input; BackKey leads back to the outer one.",
])
.readings(&[
    "The first key stops the prompt and skips the rest of InitialCommands.",
    "After each key the time starts again: Timeout, or 3 seconds when it is 0.",
    "Keys that fit no Input, without ForwardToUrl, and too few keys are as none.",
    "When an Input is through, the UserInput is finished and the next verb runs.",
    "The limit `menu_repeats` bounds Repeat.",
]);

/// What can be said of an Input from the script alone.
struct Choice {
    keys: Digits,
    span: Span,
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

/// Longer than what is awaited, or shorter than MinDigits. What a variable gives is not known.
fn length_fault(fields: &Fields<'_>, choice: &Choice) -> Option<Diagnostic> {
    let length = choice.keys.keys().len();
    let warning = |message: String, place: Span| {
        Diagnostic::warning("unreachable-key", 302, choice.span, message)
            .label(choice.span, "this Input is never run")
            .label(place, "")
            .help("change the Key or the number of keys that are awaited")
    };
    if let Some((least, place)) = fields.literal(&MIN_DIGITS)
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
    if unknown(&DIGITS) || unknown(&MAX_DIGITS) {
        return None;
    }
    let given = [fields.literal(&DIGITS), fields.literal(&MAX_DIGITS)];
    let (most, place) = given.into_iter().flatten().max_by_key(|(count, _)| *count)?;
    (length > most.get()).then(|| {
        let message = format!(
            "the Key `{}` is longer than the number of keys that are awaited, {}",
            choice.keys,
            most.get()
        );
        warning(message, place)
    })
}
