//! `<Request>`: place a call and run verbs for each of its states.

use ozml_engine::{
    CallAddress, Children, Contexts, Kind, LineText, Param, PartSpec, ScriptText, Seconds, VerbSpec,
};

const DIALED: Param<CallAddress> = Param::new("DialedAddress", "who is called").mandatory();
const EXTENSION: Param<CallAddress> = Param::new("ExtensionAddress", "the API extension that calls");
const CALLER_NUMBER: Param<LineText> = Param::new("CallerPhoneNumber", "the number shown");
const CALLER_NAME: Param<LineText> = Param::new("CallerDisplayName", "the name shown");
const RING_TIME: Param<Seconds> =
    Param::new("RingTime", "after so long without an answer the call is closed");
const SCRIPT: Param<ScriptText> = Param::new("RequestOzML", "the whole script").http_only();

/// The states of a call in the order they can come; sound is possible in two of them.
const STATES: &[PartSpec] = &[
    PartSpec::of_verbs("OnSetup", "the call was started"),
    PartSpec::of_verbs("OnRinging", "it rings"),
    PartSpec::of_verbs("OnAnswered", "it was answered").adds(Contexts::E),
    PartSpec::of_verbs("OnInCall", "both can hear each other").adds(Contexts::E),
    PartSpec::of_verbs("OnHold", "it is on hold"),
    PartSpec::of_verbs("OnTransferred", "it was transferred"),
    PartSpec::of_verbs("OnBusy", "the other one is busy"),
    PartSpec::of_verbs("OnNoAnswer", "nobody answered"),
    PartSpec::of_verbs("OnNotFound", "there is no such number"),
    PartSpec::of_verbs("OnRejected", "it was refused"),
    PartSpec::of_verbs("OnCancelled", "it was given up while ringing"),
    PartSpec::of_verbs("OnCompleted", "it is over"),
    PartSpec::of_verbs("OnError", "it failed"),
];

/// The description of `Request`.
pub(crate) static REQUEST: VerbSpec = VerbSpec::new(
    "Request",
    "Place a call and run verbs for each of its states",
    r#"<Request DialedAddress="2205"><OnInCall><Speak>Too warm.</Speak></OnInCall></Request>"#,
)
.contexts(Contexts::M.and(Contexts::H))
.kind(Kind::Call)
.params(&[
    DIALED.spec(),
    EXTENSION.spec(),
    CALLER_NUMBER.spec(),
    CALLER_NAME.spec(),
    RING_TIME.spec(),
    SCRIPT.spec(),
])
.children(Children::States(STATES))
.notes(&[
    "It may be the root of a script. OnSetup and OnError are documented; the page of the others was cut off.",
])
.readings(&[
    "Each state runs its verbs at most once each time the call enters it.",
    "Verbs that are heard may stand in OnAnswered and OnInCall only.",
    "A state that is not known is never run: a warning.",
]);
