//! `<GoTo>`: continue with a script from a web application.

use ozml_engine::{
    Contexts, Failure, Kind, Outcome, Param, RunCx, ScriptAddress, ScriptRequest, Value, Verb, VerbFuture,
    VerbSpec,
};

use crate::params::address_that_can_be_reached;

const URL: Param<ScriptAddress> = Param::new("Url", "where the script is fetched from")
    .mandatory()
    .content()
    .leads_on();

/// The description of `GoTo`.
pub(crate) static GO_TO: VerbSpec = VerbSpec::new(
    "GoTo",
    "Continue with a script from a web application",
    "<Response><GoTo>http://app.example/menu2</GoTo></Response>",
)
.contexts(Contexts::E.and(Contexts::M))
.kind(Kind::Wait)
.params(&[URL.spec()])
.rules(|fields, rules| address_that_can_be_reached(fields, &URL, rules))
.notes(&["The rest of this script is dropped. The new one is asked for with a POST, notification GoTo."])
.readings(&[
    "When the script cannot be fetched or has faults, the verbs after the GoTo run.",
    "A relative URL is resolved against that of the document; in a file given by hand it is an error.",
    "An answer without a script is code 300; one whose root holds nothing is a script that is over.",
    "The limits `goto_per_call` and `goto_without_wait` bound circles.",
])
.compile(|p| Some(Box::new(GoTo { url: p.get(&URL)? })));

struct GoTo {
    url: Value<ScriptAddress>,
}

impl Verb for GoTo {
    fn run<'a>(&'a self, cx: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(async move {
            let address = self.url.eval(cx)?;
            let url = cx.script_url(&address, URL.name())?;
            let request = ScriptRequest::new("GoTo", URL.name(), url.clone());
            match cx.fetch_script(request).await? {
                Some(script) => Ok(Outcome::flow(script.replace())),
                None => Err(Failure::new(300, format!("{url} answered without a script")).into()),
            }
        })
    }
}
