//! `<Delay>`: wait before the next verb.

use ozml_engine::{Contexts, DelayTime, Kind, Outcome, Param, RunCx, Value, Verb, VerbFuture, VerbSpec};

const TIME: Param<DelayTime> = Param::new("Time", "how long").mandatory().content();

/// The description of `Delay`.
pub(crate) static DELAY: VerbSpec = VerbSpec::new(
    "Delay",
    "Wait before the next verb",
    "<Response><Delay>2</Delay><Speak>Two seconds later.</Speak></Response>",
)
.contexts(Contexts::E.and(Contexts::M).and(Contexts::T))
.kind(Kind::Wait)
.params(&[TIME.spec()])
.readings(&[
    "0 is allowed, and so are up to three decimals.",
    "The limit `wait` bounds a single wait.",
])
.compile(|p| Some(Box::new(Delay { time: p.get(&TIME)? })));

struct Delay {
    time: Value<DelayTime>,
}

impl Verb for Delay {
    fn run<'a>(&'a self, cx: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(async move {
            let time = self.time.eval(cx)?.duration();
            cx.wait(time).await?;
            Ok(Outcome::next())
        })
    }
}
