//! `<Route>`: decide where a call goes.

use ozml_engine::{Contexts, Kind, LineText, Param, Place, RouteTarget, Seconds, VerbSpec};
use ozml_session::PhoneNumber;

const DESTINATION: Param<RouteTarget> = Param::new(
    "Destination",
    "the extension or outside line; empty refuses the caller, left out the dial plan decides",
)
.content()
.may_be_empty();
const RING_TIME: Param<Seconds> = Param::new("RingTime", "how long it rings").default("90");
const CALLER_ID: Param<LineText> = Param::new(
    "CallerId",
    "what is shown as the caller; unchanged when it is left out",
);
const DIALED: Param<PhoneNumber> = Param::new(
    "DialedNumber",
    "the number sent on the outside line; the dialled one when it is left out",
);

/// The description of `Route`.
pub(crate) static ROUTE: VerbSpec = VerbSpec::new(
    "Route",
    "Decide where a call goes",
    r#"<Response><Route Destination="trunk2" RingTime="25"/></Response>"#,
)
.contexts(Contexts::R.and(Contexts::T))
.kind(Kind::Control)
.params(&[
    DESTINATION.spec(),
    RING_TIME.spec(),
    CALLER_ID.spec(),
    DIALED.spec(),
])
.place(Place::TopLevel)
.once()
.notes(&[
    "An empty Destination refuses the caller.",
    "When the attempt fails, the decision is asked for again with the state of the attempt.",
])
.readings(&["Of several Routes in one answer the first counts."]);
