//! `<Beep>`: play a short tone.

use ozml_engine::{Contexts, Hertz, Kind, Milliseconds, Param, VerbSpec};

use crate::params::{CALL_ID, PARTY};

const FREQUENCY: Param<Hertz> = Param::new("Frequency", "the pitch").default("1000").ours();
const DURATION: Param<Milliseconds> = Param::new("Duration", "how long it sounds").default("200").ours();

/// The description of `Beep`.
pub(crate) static BEEP: VerbSpec = VerbSpec::new("Beep", "Play a short tone", "<Response><Beep/></Response>")
    .contexts(Contexts::E.and(Contexts::T))
    .kind(Kind::Call)
    .params(&[
        FREQUENCY.spec(),
        DURATION.spec(),
        PARTY.mandatory_in(Contexts::NONE).default("all").ours().spec(),
        CALL_ID.ours().spec(),
    ])
    .readings(&["No page of the vendor's describes it beyond one line: its parameters are ours."]);
