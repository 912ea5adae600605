//! `<Play>`: play a sound file.

use ozml_engine::{
    Contexts, Flag, Kind, Outcome, Param, RunCx, Seconds, SoundSource, Value, Verb, VerbFuture, VerbSpec,
};

use crate::params::{CALL_ID, PARTY};

const FILE: Param<SoundSource> = Param::new("AudioFile", "the wav or mp3 file, or its URL")
    .mandatory()
    .content();
const REPEAT: Param<Flag> = Param::new("Repeat", "whether it begins again at its end").default("false");
const TIMEOUT: Param<Seconds> = Param::new("Timeout", "stops it after so long");

/// The description of `Play`.
pub(crate) static PLAY: VerbSpec = VerbSpec::new(
    "Play",
    "Play a sound file",
    "<Response><Play>hold.wav</Play></Response>",
)
.contexts(Contexts::E.and(Contexts::T).and(Contexts::H))
.kind(Kind::Call)
.params(&[
    FILE.spec(),
    REPEAT.spec(),
    TIMEOUT.spec(),
    PARTY.mandatory_in(Contexts::T.and(Contexts::H)).spec(),
    CALL_ID.spec(),
])
.notes(&[
    "A relative path lies in the folder of static content. A URL is fetched and kept as its web server allows.",
    "With Repeat and without Timeout it ends with the call, or when a key ends InitialCommands.",
])
.readings(&[
    "A file that is not there or cannot be decoded fails the verb with code 302; the script goes on.",
    "On a call of an API extension (context E) Party and CallId have no effect.",
])
.compile(|p| {
    Some(Box::new(Play {
        file: p.get(&FILE)?,
        repeat: p.get(&REPEAT)?,
        timeout: p.opt(&TIMEOUT),
    }))
});

struct Play {
    file: Value<SoundSource>,
    repeat: Value<Flag>,
    timeout: Option<Value<Seconds>>,
}

impl Verb for Play {
    fn run<'a>(&'a self, cx: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(async move {
            let file = self.file.eval(cx)?;
            let repeat = self.repeat.eval(cx)?.get();
            let timeout = Value::eval_opt(self.timeout.as_ref(), cx)?.map(Seconds::duration);
            let sound = cx.sound(&file, FILE.name()).await?;
            cx.play_for(&sound, timeout, repeat).await?;
            Ok(Outcome::next())
        })
    }
}
