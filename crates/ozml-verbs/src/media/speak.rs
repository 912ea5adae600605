//! `<Speak>`: say a text.

use ozml_engine::{
    Contexts, Kind, Outcome, Param, RunCx, SpokenText, Stop, Value, Verb, VerbFuture, VerbSpec,
};
use ozml_session::{LanguageTag, Prompt, Speech, VoiceName};

use crate::params::{CALL_ID, PARTY};

const TEXT: Param<SpokenText> = Param::new("Text", "what is said")
    .mandatory()
    .content()
    .may_be_empty();
const LANGUAGE: Param<LanguageTag> = Param::new(
    "Language",
    "in which language, such as `en-UK`; the system's own when it is left out",
);
const VOICE: Param<VoiceName> = Param::new(
    "Voice",
    "with which voice of the speech engine; its own choice when it is left out",
);

/// The description of `Speak`.
pub(crate) static SPEAK: VerbSpec = VerbSpec::new(
    "Speak",
    "Say a text",
    r#"<Response><Speak Language="pt-BR">Bem-vindo.</Speak></Response>"#,
)
.contexts(Contexts::E.and(Contexts::T).and(Contexts::H))
.kind(Kind::Call)
.params(&[
    TEXT.spec(),
    LANGUAGE.spec(),
    VOICE.spec(),
    PARTY.spec(),
    CALL_ID.spec(),
])
.notes(&["The text may be in any script. The next verb runs when it has been said."])
.readings(&[
    "White space is squeezed: line breaks and indentation are one space.",
    "An empty text says nothing and is no error, also when it is empty after its variables are replaced.",
    "The text is plain: markup inside is an error.",
    "On a call of an API extension (context E) Party and CallId have no effect.",
])
.compile(|p| {
    Some(Box::new(Speak {
        text: p.get(&TEXT).unwrap_or_else(silence),
        language: p.opt(&LANGUAGE),
        voice: p.opt(&VOICE),
    }))
});

/// `<Speak/>` says nothing.
fn silence() -> Value<SpokenText> {
    Value::fixed(SpokenText::default())
}

struct Speak {
    text: Value<SpokenText>,
    language: Option<Value<LanguageTag>>,
    voice: Option<Value<VoiceName>>,
}

impl Speak {
    fn prompt(&self, cx: &mut RunCx<'_>) -> Result<Option<Prompt>, Stop> {
        let text = self.text.eval(cx)?;
        if text.as_arc().is_empty() {
            return Ok(None);
        }
        let mut speech = Speech::new(text.as_arc().clone());
        speech.language = Value::eval_opt(self.language.as_ref(), cx)?;
        speech.voice = Value::eval_opt(self.voice.as_ref(), cx)?;
        Ok(Some(Prompt::Speech(speech)))
    }
}

impl Verb for Speak {
    fn run<'a>(&'a self, cx: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(async move {
            let Some(prompt) = self.prompt(cx)? else {
                return Ok(Outcome::next());
            };
            cx.play(&prompt).await?;
            Ok(Outcome::next())
        })
    }
}
