//! `<Hangup>`: end the call.

use ozml_engine::{Contexts, Failure, Kind, Outcome, Param, RunCx, Value, Verb, VerbFuture, VerbSpec};
use ozml_session::{CallId, Cause};

const CALL_ID: Param<CallId> = Param::new("CallId", "the call to end, the own one when it is left out")
    .content()
    .mandatory_in(Contexts::H);

/// The description of `Hangup`.
pub(crate) static HANGUP: VerbSpec = VerbSpec::new(
    "Hangup",
    "End the call",
    "<Response><Speak>Goodbye.</Speak><Hangup/></Response>",
)
.contexts(Contexts::E.and(Contexts::T).and(Contexts::H))
.kind(Kind::Call)
.params(&[CALL_ID.spec()])
.ends(Contexts::E)
.notes(&[
    "At the end of a script the call is hung up anyway, so a last Hangup may be left out.",
    "The verbs after it are not run.",
])
.readings(&[
    "On a call of an API extension (context E) a script ends its own call only; another CallId is not found (601).",
])
.compile(|p| {
        Some(Box::new(Hangup {
            call: p.opt(&CALL_ID),
        }))
    });

struct Hangup {
    call: Option<Value<CallId>>,
}

impl Verb for Hangup {
    fn run<'a>(&'a self, cx: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(async move {
            let other = Value::eval_opt(self.call.as_ref(), cx)?;
            if let Some(other) = other.filter(|id| cx.call().is_some_and(|own| own.id != *id)) {
                return Err(Failure::new(601, format!("call not found with ID `{other}`")).into());
            }
            cx.hang_up(Cause::Normal).await?;
            Ok(Outcome::exit())
        })
    }
}
