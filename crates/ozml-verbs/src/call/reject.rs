//! `<Reject>`: refuse the call before it is answered.

use ozml_engine::{Contexts, Fields, Kind, Outcome, Place, RunCx, Verb, VerbFuture, VerbSpec};
use ozml_session::{Cause, Rejection};

/// The description of `Reject`.
pub(crate) static REJECT: VerbSpec = VerbSpec::new(
    "Reject",
    "Refuse the call before it is answered",
    "<Response><Reject/></Response>",
)
.contexts(Contexts::E)
.kind(Kind::Call)
.unanswered()
.place(Place::First)
.ends(Contexts::E)
.notes(&["It must be the first verb of the script. The call is not answered and nothing after it runs."])
.readings(&["The caller hears that the call was declined (SIP 603)."])
.compile(|_: &Fields<'_>| Some(Box::new(Reject)));

struct Reject;

impl Verb for Reject {
    fn run<'a>(&'a self, cx: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(async move {
            cx.reject(Rejection::Declined, Cause::Rejected).await?;
            Ok(Outcome::exit())
        })
    }
}
