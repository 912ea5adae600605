//! `<Reject>`: refuse the call before it is answered.

use ozml_engine::{Contexts, Kind, Place, VerbSpec};

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
.notes(&["It must be the first verb of the script. The call is not answered and nothing after it runs."]);
