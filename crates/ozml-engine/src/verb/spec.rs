use crate::run::{RunCx, VerbFuture};
use crate::verb::{Children, Contexts, Fields, Naming, ParamSpec, Place, Rules};

/// A verb of a program, ready to run. Any number of runs share it.
pub trait Verb: Send + Sync {
    /// Runs the verb to its outcome. Everything it does to the world goes through `cx`, whose wrappers
    /// apply the hang-up rules and write the trace.
    fn run<'a>(&'a self, cx: &'a mut RunCx<'_>) -> VerbFuture<'a>;
}

/// What `compile` gives: the verb, or nothing when a parameter it needs is missing (the checker has said
/// so by then).
pub type Compiled = Option<Box<dyn Verb>>;

/// How a verb meets the end of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Works on the call: the session ends it when the call ends.
    Call,
    /// Waits: dropped at once when the call ends.
    Wait,
    /// Acts on the world: once begun it runs to its outcome, also after the end of the call.
    Effect,
    /// Decides what runs next.
    Control,
}

impl Kind {
    /// The word the manual uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Wait => "wait",
            Self::Effect => "effect",
            Self::Control => "control",
        }
    }
}

/// A whole script that shows the verb, run by a test.
pub type Example = &'static str;

/// The description of a verb: what the checker checks, the manual prints and the executor runs.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct VerbSpec {
    /// Its name in the vendor's spelling.
    pub name: &'static str,
    /// What it does, in a few words that begin with a verb.
    pub summary: &'static str,
    /// A script that shows it.
    pub example: Example,
    /// Further names it is known by.
    pub aliases: &'static [&'static str],
    /// Where it may be used.
    pub contexts: Contexts,
    /// How it meets the end of the call.
    pub kind: Kind,
    /// Whether it works on a call that is not answered yet, as the first verb of a script.
    pub unanswered: bool,
    /// Its parameters.
    pub params: &'static [ParamSpec],
    /// Whether a parameter names a variable, or leads on to a script that may use all of them.
    pub(crate) names: bool,
    /// What may stand inside it.
    pub children: Children,
    /// Where among the other verbs it may stand.
    pub place: Place,
    /// Whether a second one in a script does nothing.
    pub once: bool,
    /// The contexts in which no verb after it runs, whatever its outcome.
    pub ends: Contexts,
    /// Whether what stands inside it may run again and again; the limit `foreach_nesting` counts these.
    pub repeats: bool,
    /// Names that exist inside it only.
    pub inner_names: &'static [&'static str],
    /// Names it sets in a script besides those of its answer.
    pub sets: &'static [&'static str],
    /// Rules about several parameters or children, checked with all the others.
    pub rules: Option<fn(&Fields<'_>, &mut Rules<'_>)>,
    /// The names its answer sets: `$name` in a script, elements in an HTTP answer.
    pub answers: &'static [&'static str],
    /// What the manual adds, sentence by sentence, as the vendor documents it.
    pub notes: &'static [&'static str],
    /// What the manual adds where the documentation is silent: our reading.
    pub readings: &'static [&'static str],
    /// Makes the verb out of a checked element; none while it is not available.
    pub compile: Option<for<'f> fn(&Fields<'f>) -> Compiled>,
}

impl VerbSpec {
    /// What nobody may forget. The verb is not available until it has [`compile`](Self::compile).
    pub const fn new(name: &'static str, summary: &'static str, example: Example) -> Self {
        Self {
            name,
            summary,
            example,
            aliases: &[],
            contexts: Contexts::NONE,
            kind: Kind::Control,
            unanswered: false,
            params: &[],
            names: false,
            children: Children::None,
            place: Place::Anywhere,
            once: false,
            ends: Contexts::NONE,
            repeats: false,
            inner_names: &[],
            sets: &[],
            rules: None,
            answers: &[],
            notes: &[],
            readings: &[],
            compile: None,
        }
    }

    /// Further names it is known by.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Where it may be used.
    #[must_use]
    pub const fn contexts(mut self, contexts: Contexts) -> Self {
        self.contexts = contexts;
        self
    }

    /// How it meets the end of the call.
    #[must_use]
    pub const fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// It works on a call that is not answered yet: as the first verb it keeps the call from being answered.
    #[must_use]
    pub const fn unanswered(mut self) -> Self {
        self.unanswered = true;
        self
    }

    /// Its parameters, the mandatory ones first.
    #[must_use]
    pub const fn params(mut self, params: &'static [ParamSpec]) -> Self {
        self.params = params;
        let mut rest = params;
        while let [param, others @ ..] = rest {
            self.names = self.names || param.leads_on || !matches!(param.naming, Naming::Nothing);
            rest = others;
        }
        self
    }

    /// What may stand inside it.
    #[must_use]
    pub const fn children(mut self, children: Children) -> Self {
        self.children = children;
        self
    }

    /// Where among the other verbs it may stand.
    #[must_use]
    pub const fn place(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// A second one in a script does nothing.
    #[must_use]
    pub const fn once(mut self) -> Self {
        self.once = true;
        self
    }

    /// In these contexts no verb after it runs, whatever its outcome, where it is given no value to fail on.
    #[must_use]
    pub const fn ends(mut self, contexts: Contexts) -> Self {
        self.ends = contexts;
        self
    }

    /// What stands inside it may run again and again.
    #[must_use]
    pub const fn repeats(mut self) -> Self {
        self.repeats = true;
        self
    }

    /// Names that exist inside it only.
    #[must_use]
    pub const fn inner_names(mut self, names: &'static [&'static str]) -> Self {
        self.inner_names = names;
        self
    }

    /// Names it sets in a script besides those of its answer.
    #[must_use]
    pub const fn sets(mut self, names: &'static [&'static str]) -> Self {
        self.sets = names;
        self
    }

    /// Rules about several parameters or children.
    #[must_use]
    pub const fn rules(mut self, rules: fn(&Fields<'_>, &mut Rules<'_>)) -> Self {
        self.rules = Some(rules);
        self
    }

    /// The names its answer sets.
    #[must_use]
    pub const fn answers(mut self, answers: &'static [&'static str]) -> Self {
        self.answers = answers;
        self
    }

    /// Sentences for the manual, as documented by the vendor.
    #[must_use]
    pub const fn notes(mut self, notes: &'static [&'static str]) -> Self {
        self.notes = notes;
        self
    }

    /// Sentences for the manual, marked there as our reading.
    #[must_use]
    pub const fn readings(mut self, readings: &'static [&'static str]) -> Self {
        self.readings = readings;
        self
    }

    /// Makes the verb out of a checked element.
    #[must_use]
    pub const fn compile(mut self, compile: for<'f> fn(&Fields<'f>) -> Compiled) -> Self {
        self.compile = Some(compile);
        self
    }

    /// Whether the verb can run; otherwise it is only known by name.
    pub const fn is_available(&self) -> bool {
        self.compile.is_some()
    }

    /// The parameter that the text between the tags gives.
    pub fn content(&self) -> Option<&ParamSpec> {
        self.params.iter().find(|param| param.content)
    }

    /// Whether `written` names this verb, in any case.
    pub fn is_named(&self, written: &str) -> bool {
        self.name.eq_ignore_ascii_case(written)
            || self
                .aliases
                .iter()
                .any(|alias| alias.eq_ignore_ascii_case(written))
    }
}
