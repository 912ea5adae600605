//! `<Exit>`: end the script.

use ozml_engine::{Contexts, Fields, Kind, Outcome, RunCx, Verb, VerbFuture, VerbSpec};

/// The description of `Exit`.
pub(crate) static EXIT: VerbSpec = VerbSpec::new(
    "Exit",
    "End the script",
    "<Response><Speak>Goodbye.</Speak><Exit/></Response>",
)
.contexts(Contexts::SCRIPTS)
.kind(Kind::Control)
.ends(Contexts::SCRIPTS)
.notes(&["The verbs after it are not run."])
.readings(&[
    "It ends the whole script from any depth; on a call of an API extension (context E) the call is hung up, as at the end of a script.",
])
.compile(|_: &Fields<'_>| Some(Box::new(Exit)));

struct Exit;

impl Verb for Exit {
    fn run<'a>(&'a self, _: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(std::future::ready(Ok(Outcome::exit())))
    }
}
