//! `<Call>`: place a new call that runs its own script.

use ozml_engine::{
    CallAddress, Contexts, Fields, Kind, LineText, Param, Rules, ScriptText, Seconds, VerbSpec,
};
use ozml_parser::Diagnostic;
use ozml_session::HttpUrl;

const DIALED: Param<CallAddress> = Param::new("Dialed", "the number to call")
    .mandatory()
    .content()
    .alias("Dialled");
const URL: Param<HttpUrl> = Param::new(
    "Url",
    "is asked for the script of the new call when it is answered",
);
const SCRIPT: Param<ScriptText> = Param::new(
    "ResponseOzML",
    "the script of the new call, escaped or in CDATA, instead of asking Url",
);
const API_EXTENSION: Param<CallAddress> = Param::new(
    "ApiExtension",
    "the extension that calls; the script's own when it is left out",
)
.mandatory_in(Contexts::H);
const CALLER_ID: Param<LineText> = Param::new(
    "CallerId",
    "the number shown; that of ApiExtension when it is left out",
);
const CALLER_NAME: Param<LineText> = Param::new(
    "CallerDisplayName",
    "the name shown; that of ApiExtension when it is left out",
);
const RING_TIME: Param<Seconds> = Param::new("RingTime", "how long it rings at most");
const ERROR: Param<HttpUrl> = Param::new("ErrorUrl", "is told of an error during that call");
const FINISHED: Param<HttpUrl> =
    Param::new("FinishedUrl", "is told when that call is completed").alias("FinishedURL");

/// The description of `Call`.
pub(crate) static CALL: VerbSpec = VerbSpec::new(
    "Call",
    "Place a new call that runs its own script",
    r#"<Response><Call Url="http://app.example/song">2710</Call></Response>"#,
)
.contexts(Contexts::E.and(Contexts::H))
.kind(Kind::Effect)
.params(&[
    DIALED.spec(),
    URL.spec(),
    SCRIPT.spec(),
    API_EXTENSION.spec(),
    CALLER_ID.spec(),
    CALLER_NAME.spec(),
    RING_TIME.spec(),
    ERROR.spec(),
    FINISHED.spec(),
])
.rules(a_script_for_the_new_call)
.notes(&[
    "It is a call of its own: the script goes on at once and the two do not hear each other.",
    "When its script cannot be fetched, the new call is hung up.",
])
.readings(&[
    "Url or ResponseOzML must be given; with both, ResponseOzML runs and Url is not asked.",
    "Variables in ResponseOzML belong to the new call.",
]);

fn a_script_for_the_new_call(fields: &Fields<'_>, rules: &mut Rules<'_>) {
    if fields.has(&URL) || fields.has(&SCRIPT) {
        return;
    }
    let span = fields.name_span();
    let fault = Diagnostic::error(
        "missing-parameter",
        302,
        span,
        "`Call` needs `Url` or `ResponseOzML`",
    );
    rules.report(
        fault
            .label(span, "the new call has no script")
            .help("add `Url=\"…\"`, the address that answers with the script of the new call"),
    );
}
