//! `<UserInput>`: ask the caller for keys.

mod choices;
mod listener;
mod rules;

use ozml_engine::{
    Children, Contexts, Flag, KeyCount, Kind, Param, PartSpec, ScriptAddress, Seconds, SqlQuery, VerbSpec,
};
use ozml_session::{Digits, Key};

use self::listener::UserInput;

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
const FORWARD: Param<ScriptAddress> = Param::new(
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
    "whether the keys, and what is made of them, are shown as `•` wherever they are recorded",
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
.rules(rules::own_rules)
.sets(&["DtmfDigits"])
.notes(&[
    "Keys are awaited from the beginning of InitialCommands on.",
    "ForwardToUrl gets a POST, notification DtmfEntered, with the keys in the field DtmfDigits; the script it answers is run.",
    "A UserInput may stand in an Input; BackKey leads back to the outer one.",
])
.readings(&[
    "The first key stops the prompt and skips the rest of InitialCommands.",
    "After each key the time starts again: Timeout, or 3 seconds when it is 0.",
    "Keys that fit no Input, without ForwardToUrl, and too few keys are as none.",
    "When an Input is through, the UserInput is finished and the next verb runs.",
    "Awaited are as many keys as the greater one of Digits and MaxDigits says. They are enough when all are there, or when they are the Key of an Input and no longer Key begins with them. When the time of the next key is over, a whole Key is enough, or MinDigits keys (Digits, where it is not given).",
    "Timeout 0 waits for no key after the prompts. `Digits=\"0\"` is an error.",
    "BackKey is looked for in the first key only.",
    "A Key shorter than a given MinDigits never counts. Where ForwardToUrl and Digits or MaxDigits are given, a Key with fewer keys than are awaited counts when the time of the next key is over.",
    "`$DtmfDigits` holds the keys afterwards. The answer of ForwardToUrl is run like an Input.",
    "In a script with a Sensitive UserInput, keys that no other UserInput awaits are shown as `•`, too. Keys that are typed before such a script is fetched are not hidden.",
    "The limit `menu_repeats` bounds Repeat; from one repeat to the next it takes at least 0.1 seconds.",
])
.compile(|p| UserInput::new(p).map(|verb| Box::new(verb) as _));
