//! The elements of a scenario file: the one description that the reader, its faults and the manual share.

use ozml_engine::{Children, Flag, Param, PartSpec, VariableName};
use ozml_session::{Digits, FileName, HttpUrl, PhoneNumber, SenderId};

use super::types::{
    Body, DateTime, EndCause, Ender, FetchFault, Others, RefusalCode, RunEnd, SmsFate, SmsResult, Time,
    Version, Within, Words,
};

pub(super) const VERSION: Param<Version> = Param::new("Version", "the version of this format").mandatory();
pub(super) const SCRIPT: Param<Words> = Param::new(
    "Script",
    "the script, seen from the folder of this file; left out, it has the name of this file without `.test`",
);

pub(super) const NUMBER: Param<PhoneNumber> =
    Param::new("Number", "the calling number; left out, it is withheld").plain();
pub(super) const DIALS: Param<PhoneNumber> = Param::new("Dials", "the number that is dialled")
    .plain()
    .default("100");

pub(super) const START: Param<DateTime> =
    Param::new("At", "date and time of day at which the call comes in").mandatory();

pub(super) const AT: Param<Time> = Param::new("At", "a time after the answer");
pub(super) const AFTER: Param<Words> = Param::new(
    "After",
    "when a text with this in it was spoken to its end, or a file with this in its name was played",
);
pub(super) const KEYS: Param<Digits> = Param::new("Keys", "the keys, one after the other")
    .mandatory()
    .plain();

pub(super) const CHARACTERS: Param<Within<1, 1000>> = Param::new(
    "CharactersPerSecond",
    "how many characters are spoken in a second",
)
.mandatory();

pub(super) const NAME: Param<VariableName> = Param::new("Name", "its name, without `$`").mandatory();
pub(super) const VALUE: Param<Words> = Param::new("Value", "its value")
    .mandatory()
    .content()
    .may_be_empty();

pub(super) const LIMIT_NAME: Param<Words> =
    Param::new("Name", "the limit, as in `--limit NAME=VALUE`").mandatory();
pub(super) const LIMIT_VALUE: Param<Words> =
    Param::new("Value", "a number, or a time such as `5s`").mandatory();

pub(super) const FILE_NAME: Param<FileName> = Param::new("Name", "the file as the script writes it")
    .mandatory()
    .plain();
pub(super) const LENGTH: Param<Time> = Param::new("Length", "its playing time; left out, 2 s");
pub(super) const MISSING: Param<Flag> = Param::new("Missing", "whether there is no such file")
    .plain()
    .default("false");

pub(super) const TO: Param<PhoneNumber> = Param::new("To", "the recipient; left out, any").plain();
pub(super) const TAKES: Param<Time> = Param::new("Takes", "how long the answer takes").default("0");
pub(super) const FAILS: Param<Words> =
    Param::new("Fails", "the transport refuses the message with these words");
pub(super) const CODE: Param<RefusalCode> =
    Param::new("Code", "the status code of the refusal").default("501");
pub(super) const RESULT: Param<SmsResult> =
    Param::new("Result", "what the transport answers").default("accepted");
pub(super) const STATE: Param<SmsFate> = Param::new("State", "what becomes of the message later");
pub(super) const STATE_AFTER: Param<Time> =
    Param::new("After", "how long after the answer that is known").default("5s");

pub(super) const URL: Param<HttpUrl> = Param::new(
    "Url",
    "the address that is asked; without a query it stands for every query",
)
.mandatory()
.plain();
pub(super) const ANSWER_FILE: Param<Words> = Param::new(
    "File",
    "the file with the answer, seen from the folder of this file",
);
pub(super) const ANSWER_BODY: Param<Body> =
    Param::new("Body", "the answer itself: a script, or text in a CDATA section").content();
pub(super) const STATUS: Param<Within<100, 599>> = Param::new("Status", "the HTTP status").default("200");
pub(super) const FETCH_FAILS: Param<FetchFault> = Param::new("Fails", "why there is no answer");

pub(super) const OTHERS: Param<Others> =
    Param::new("Others", "whether effects may happen that are not named here").default("refused");

pub(super) const TEXT: Param<Words> = Param::new("Text", "the whole text").content();
pub(super) const CONTAINS: Param<Words> = Param::new("Contains", "a part of the text");
pub(super) const PLAYED_FILE: Param<Words> = Param::new("File", "the file or address").mandatory().content();
pub(super) const SMS_TEXT: Param<Body> = Param::new("Text", "the whole text").content();
pub(super) const FROM: Param<SenderId> = Param::new("From", "the sender that is shown").plain();
pub(super) const SMS_RESULT: Param<SmsResult> =
    Param::new("Result", "what the transport answered; left out, anything");
pub(super) const ANY_URL: Param<Words> = Param::new("Url", "the address").mandatory().content();
pub(super) const FETCH_STATUS: Param<Within<0, 599>> =
    Param::new("Status", "the HTTP status, 0 where there was no answer");
pub(super) const COLLECTED: Param<Words> = Param::new("Keys", "the keys").mandatory().content();
pub(super) const VERB: Param<Words> = Param::new("Verb", "the verb");
pub(super) const FAILURE_CODE: Param<Within<100, 999>> = Param::new("Code", "its status code");
pub(super) const FAILURE_TEXT: Param<Words> = Param::new("Contains", "a part of what was wrong");
pub(super) const BY: Param<Ender> = Param::new("By", "who ends the call");
pub(super) const CAUSE: Param<EndCause> = Param::new("Cause", "why");
pub(super) const WITHIN: Param<Time> = Param::new("Within", "at most this long after it came in");
pub(super) const OUTCOME: Param<RunEnd> = Param::new("Outcome", "how the run ends");

const EXPECTATIONS: &[PartSpec] = &[
    PartSpec::new("Spoken", "a text that is spoken; those between may be others")
        .params(&[TEXT.spec(), CONTAINS.spec()])
        .several(),
    PartSpec::new("NotSpoken", "a text that is never spoken")
        .params(&[TEXT.spec(), CONTAINS.spec()])
        .several(),
    PartSpec::new("Played", "a sound file that is played")
        .params(&[PLAYED_FILE.spec()])
        .several(),
    PartSpec::new(
        "Sms",
        "an SMS that is handed to the transport, whatever it answers",
    )
    .params(&[
        TO.spec(),
        SMS_TEXT.spec(),
        CONTAINS.spec(),
        FROM.spec(),
        SMS_RESULT.spec(),
    ])
    .several(),
    PartSpec::new("Fetched", "a web request; those between may be others")
        .params(&[ANY_URL.spec(), FETCH_STATUS.spec()])
        .several(),
    PartSpec::new("Collected", "the keys of an input")
        .params(&[COLLECTED.spec()])
        .several(),
    PartSpec::new("TimedOut", "an input for which no keys came in time").several(),
    PartSpec::new("Variable", "the value a variable has at the end")
        .params(&[NAME.spec(), VALUE.spec()])
        .several(),
    PartSpec::new("Failed", "a verb that fails")
        .params(&[VERB.spec(), FAILURE_CODE.spec(), FAILURE_TEXT.spec()])
        .several(),
    PartSpec::new("Limit", "a limit that is reached")
        .params(&[LIMIT_NAME.spec()])
        .several(),
    PartSpec::new("Ended", "the end of the call and of the run").params(&[
        BY.spec(),
        CAUSE.spec(),
        WITHIN.spec(),
        OUTCOME.spec(),
    ]),
];

const PARTS: &[PartSpec] = &[
    PartSpec::new("Caller", "who calls whom").params(&[NUMBER.spec(), DIALS.spec()]),
    PartSpec::new("Start", "when the call comes in").params(&[START.spec()]),
    PartSpec::new("Var", "a variable that the host sets before the first verb")
        .params(&[NAME.spec(), VALUE.spec()])
        .several(),
    PartSpec::new("Limit", "another value of a limit")
        .params(&[LIMIT_NAME.spec(), LIMIT_VALUE.spec()])
        .several(),
    PartSpec::new("Speech", "how fast is spoken; left out, 60 ms a character").params(&[CHARACTERS.spec()]),
    PartSpec::new("File", "a sound file: how long it plays, or that there is none")
        .params(&[FILE_NAME.spec(), LENGTH.spec(), MISSING.spec()])
        .several(),
    PartSpec::new(
        "Press",
        "the caller presses keys; without a time when the script next waits for some",
    )
    .params(&[KEYS.spec(), AT.spec(), AFTER.spec()])
    .several(),
    PartSpec::new(
        "HangUp",
        "the caller hangs up; without a time when the script next waits for keys",
    )
    .params(&[AT.spec(), AFTER.spec()])
    .several(),
    PartSpec::new("Hold", "the caller puts the call on hold")
        .params(&[AT.spec(), AFTER.spec()])
        .several(),
    PartSpec::new("Release", "the caller takes the call back")
        .params(&[AT.spec(), AFTER.spec()])
        .several(),
    PartSpec::new(
        "Sms",
        "what becomes of SMS; of several for one recipient each is for one, the last for all",
    )
    .params(&[
        TO.spec(),
        FAILS.spec(),
        CODE.spec(),
        RESULT.spec(),
        TAKES.spec(),
        STATE.spec(),
        STATE_AFTER.spec(),
    ])
    .several(),
    PartSpec::new(
        "Answer",
        "what the web application answers; of several for one address each is for one",
    )
    .params(&[
        URL.spec(),
        ANSWER_FILE.spec(),
        ANSWER_BODY.spec(),
        STATUS.spec(),
        FETCH_FAILS.spec(),
        TAKES.spec(),
    ])
    .children(Children::Markup)
    .several(),
    PartSpec::new("Expect", "what must happen")
        .params(&[OTHERS.spec()])
        .children(Children::Parts(EXPECTATIONS)),
];

/// The root of a scenario file.
pub static TEST: PartSpec = PartSpec::new("Test", "a call on a script, and what must come of it")
    .params(&[VERSION.spec(), SCRIPT.spec()])
    .children(Children::Parts(PARTS));
