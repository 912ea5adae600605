//! `<Beep>`: play a short tone.

use ozml_engine::{
    Contexts, Hertz, Kind, Milliseconds, Outcome, Param, RunCx, Value, Verb, VerbFuture, VerbSpec,
};
use ozml_session::{Prompt, Tone};

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
    .readings(&["No page of the vendor's describes it beyond one line: its parameters are ours."])
    .compile(|p| {
        Some(Box::new(Beep {
            frequency: p.get(&FREQUENCY)?,
            duration: p.get(&DURATION)?,
        }))
    });

struct Beep {
    frequency: Value<Hertz>,
    duration: Value<Milliseconds>,
}

impl Verb for Beep {
    fn run<'a>(&'a self, cx: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(async move {
            let frequency = self.frequency.eval(cx)?.get();
            let length = self.duration.eval(cx)?.duration();
            cx.play(&Prompt::Tone(Tone::new(frequency, length))).await?;
            Ok(Outcome::next())
        })
    }
}
