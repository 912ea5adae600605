use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use ozml_session::{
    CallError, CallInfo, CallSession, Cause, ClockTime, EffectKey, EndedBy, Key, Played, Ports, Prompt,
    StopOn,
};

use super::control::Control;
use super::documents::Document;
use super::executor::Start;
use super::leg::Leg;
use super::messenger::MessengerCx;
use super::outcome::{Failure, Flow, LimitReached, Stop};
use super::port_answers;
use super::secrets::Secrets;
use super::sound::until;
use crate::check::Known;
use crate::limits::Limits;
use crate::program::Block;
use crate::trace::{Place, Trace, TraceKind};
use crate::variables::{Scope, Variable, Variables, dots};
use crate::verb::{Contexts, Template};

/// What a running verb sees of the world. A verb never holds a port: the methods here apply the hang-up
/// rules, count against the limits and write the trace.
pub struct RunCx<'p> {
    pub(super) leg: Option<Leg<'p>>,
    pub(super) ports: &'p Ports,
    pub(super) trace: &'p Trace,
    pub(super) limits: &'p Limits,
    pub(super) deadline: Option<Pin<Box<dyn Future<Output = ()> + Send + 'p>>>,
    pub(super) control: Option<&'p Control>,
    pub(super) ended_by_limit: bool,
    pub(super) stopped: bool,
    pub(super) rejected: Option<Cause>,
    pub(super) failures: u32,
    pub(super) limits_reached: u32,
    pub(super) place: Option<Place>,
    pub(super) context: Contexts,
    pub(super) known: Known<'p>,
    pub(super) document: Document,
    pub(super) documents: u32,
    pub(super) answers: usize,
    pub(super) menus: u32,
    pub(super) keys_to_show: usize,
    pub(super) hides_around: bool,
    pub(super) secrets: Secrets,
    pub(super) stop_on: StopOn,
    variables: Variables,
    loops: u64,
    verbs: u64,
    verbs_without_wait: u64,
    gotos: u64,
    gotos_without_wait: u64,
    effects: u64,
    sms: u64,
}

impl<'p> RunCx<'p> {
    pub(super) fn new(start: Start<'p>) -> Self {
        let clock = start.ports.clock();
        Self {
            leg: start.session.map(|session| Leg::new(session, clock)),
            ports: start.ports,
            trace: start.trace,
            limits: start.known.limits,
            deadline: Some(clock.sleep_until(clock.now().after(start.known.limits.call_duration))),
            control: start.control,
            ended_by_limit: false,
            stopped: false,
            rejected: None,
            failures: 0,
            limits_reached: 0,
            place: None,
            context: start.context,
            known: start.known,
            document: Document {
                program: start.program,
                number: 1,
            },
            documents: 1,
            answers: 0,
            menus: 0,
            keys_to_show: 0,
            hides_around: false,
            secrets: Secrets::default(),
            stop_on: StopOn::NONE,
            variables: start.variables,
            loops: 0,
            verbs: 0,
            verbs_without_wait: 0,
            gotos: 0,
            gotos_without_wait: 0,
            effects: 0,
            sms: 0,
        }
    }

    /// Plays a prompt to its end. A key that a menu listens for stops it ([`Stop::Cut`]); one that waits
    /// in the buffer already keeps it from starting.
    pub fn play(&mut self, prompt: &Prompt) -> impl Future<Output = Result<Played, Stop>> + Send {
        self.play_until(prompt, None)
    }

    /// The same, stopped at `end`.
    pub(super) async fn play_until(
        &mut self,
        prompt: &Prompt,
        end: Option<ClockTime>,
    ) -> Result<Played, Stop> {
        if self.key_waits() {
            return Err(Stop::Cut);
        }
        let session = self.session()?;
        match prompt {
            Prompt::Speech(speech) => self.record_leg(TraceKind::PromptSpoken {
                text: Cow::Borrowed(&speech.text),
                language: speech
                    .language
                    .as_ref()
                    .map(|language| Cow::Borrowed(language.as_str())),
            }),
            Prompt::File(file) => self.record_leg(TraceKind::PromptPlayed {
                file: Cow::Borrowed(file.name.as_str()),
            }),
            Prompt::Fetched(sound) => self.record_leg(TraceKind::PromptPlayed {
                file: Cow::Borrowed(sound.url.as_str()),
            }),
            _ => self.record_leg(TraceKind::Beep),
        }
        let begin = self.ports.clock().now();
        let operation = until(self.ports.clock(), session.play(prompt, self.stop_on), end);
        let played = self
            .call_operation("session.play", operation, Self::played, |_| {})
            .await?;
        let passed = self.ports.clock().now().millis_since(begin);
        self.call_time_passed(played.ms.max(passed));
        match played.by.filter(|key| self.stop_on.contains(*key)) {
            None => Ok(played),
            Some(key) => {
                self.record_leg(TraceKind::PromptCut { key: self.shown(key) });
                Err(Stop::Cut)
            }
        }
    }

    fn played(&self, answer: &Result<Played, CallError>) -> serde_json::Value {
        port_answers::played(answer, |key| self.shown(key))
    }

    /// How the trace shows a key that is in the buffer.
    fn shown(&self, key: Key) -> char {
        self.leg.as_ref().map_or(key.as_char(), |leg| leg.keys.shown(key))
    }

    /// Lets time pass. Ends early when the call ends, or when a key comes that a menu listens for.
    pub async fn wait(&mut self, time: Duration) -> Result<(), Stop> {
        let begin = self.ports.clock().now();
        let result = self.sleep(time).await;
        let ms = self.ports.clock().now().millis_since(begin);
        self.call_time_passed(ms);
        self.record(TraceKind::Waited { ms });
        result
    }

    /// Ends the own call; resolves when the far end has been told.
    pub async fn hang_up(&mut self, cause: Cause) -> Result<(), Stop> {
        self.session()?;
        if let Some(leg) = &mut self.leg {
            leg.begin_hang_up(EndedBy::Script, cause);
        }
        self.await_hang_up().await;
        Ok(())
    }

    /// The SMS transport.
    pub fn messenger(&mut self) -> MessengerCx<'_, 'p> {
        MessengerCx::new(self)
    }

    /// The key of the effect that starts now. Effects are counted over the whole run.
    pub fn effect_key(&mut self) -> EffectKey {
        self.effects = self.effects.saturating_add(1);
        EffectKey::new(self.trace.run().clone(), self.effects)
    }

    /// Who calls whom, in a run on a call.
    pub fn call(&self) -> Option<&'p CallInfo> {
        self.leg.as_ref().map(|leg| leg.session.info())
    }

    /// The engine's clock.
    pub fn now(&self) -> ClockTime {
        self.ports.clock().now()
    }

    /// The limits of the run.
    pub fn limits(&self) -> &'p Limits {
        self.limits
    }

    /// Sets a name that the engine provides, such as `$SmsStatus`; not traced.
    pub fn provide(&mut self, name: &str, value: Variable) -> Result<(), Stop> {
        self.variables.set(name, value, self.limits).map_err(Stop::Limit)
    }

    /// Sets a variable as a script does: traced. What is made of a secret is one.
    pub fn set_variable(&mut self, name: &str, value: &str) -> Result<(), Stop> {
        let value = if self.secrets.are_used() {
            Variable::Secret(value.into())
        } else {
            Variable::text(value)
        };
        self.provide(name, value.clone())?;
        let value = match &value {
            Variable::Text(text) => Cow::Borrowed(&**text),
            Variable::Secret(secret) => Cow::Owned(dots(secret)),
            _ => Cow::Borrowed(""),
        };
        self.record(TraceKind::Var {
            name: name.into(),
            value,
        });
        Ok(())
    }

    /// Defines an array of texts as a script does: traced.
    pub fn set_array(&mut self, name: &str, items: &[String]) -> Result<(), Stop> {
        let items: Arc<[Variable]> = items.iter().map(|item| self.variable(item)).collect();
        let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
        self.provide(name, Variable::Array(items))?;
        self.record(TraceKind::List {
            name: name.into(),
            count,
        });
        Ok(())
    }

    /// A text as a variable: what has a secret in it is one.
    fn variable(&self, text: &str) -> Variable {
        if self.secrets.are_in(text) {
            Variable::Secret(text.into())
        } else {
            Variable::text(text)
        }
    }

    /// The array of this name, if there is one.
    pub fn array(&self, name: &str) -> Option<Arc<[Variable]>> {
        match self.variables.get(name) {
            Some(Variable::Array(items)) => Some(items.clone()),
            _ => None,
        }
    }

    /// Runs the verbs of a loop once for each item, which has the given name meanwhile. The limit
    /// `foreach_nesting` holds over all scripts of the run.
    pub async fn for_each(
        &mut self,
        item_name: &'static str,
        items: &[Variable],
        body: &Block,
    ) -> Result<Flow, Stop> {
        self.loops = self.loops.saturating_add(1);
        self.within("foreach_nesting", self.loops, self.limits.foreach_nesting)?;
        let outer = self.variables.remove(item_name);
        let mut flow = Ok(Flow::Next);
        for item in items {
            self.provide(item_name, item.clone())?;
            flow = self.run_block(body).await;
            if !matches!(flow, Ok(Flow::Next)) {
                break;
            }
        }
        self.variables.remove(item_name);
        if let Some(outer) = outer {
            self.provide(item_name, outer)?;
        }
        self.loops = self.loops.saturating_sub(1);
        flow
    }

    /// Records something worth knowing that is no failure.
    pub fn warn(&mut self, code: &'static str, text: &str) {
        self.record(TraceKind::Warning {
            code: code.into(),
            text: text.into(),
        });
    }

    /// Replaces the references of a value, at most to the size of a variable; names that have no value stay
    /// as written and are reported.
    pub(crate) fn expand(&mut self, template: &Template, percent_encoded: bool) -> Result<String, Stop> {
        let limit = self.limits.variable_bytes;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let scope = Scope::new(&self.variables, self.call());
        let expanded = template.expand(&scope, percent_encoded, most);
        for secret in &expanded.secrets {
            self.secrets.use_one(secret);
        }
        for path in &expanded.undefined {
            let text = format!(
                "`${path}` is not defined, it stays as written in `{}`",
                template.param
            );
            self.warn("undefined-variable", &text);
        }
        match expanded.text {
            Some(text) => Ok(text),
            None => Err(LimitReached::new("variable_bytes", limit).into()),
        }
    }

    /// Records the variables that were set before the first verb.
    pub(super) fn record_variables(&self) {
        for (name, value) in self.variables.texts() {
            self.record(TraceKind::Var {
                name: name.into(),
                value,
            });
        }
    }

    /// Counts a verb that is about to start.
    pub(super) fn count_verb(&mut self) -> Result<(), Stop> {
        self.verbs = self.verbs.saturating_add(1);
        self.verbs_without_wait = self.verbs_without_wait.saturating_add(1);
        self.within("verbs_per_call", self.verbs, self.limits.verbs_per_call)?;
        let without_wait = self.verbs_without_wait;
        self.within("verbs_without_wait", without_wait, self.limits.verbs_without_wait)
    }

    /// Counts a script that is about to be fetched.
    pub(super) fn count_fetched_script(&mut self) -> Result<(), Stop> {
        self.gotos = self.gotos.saturating_add(1);
        self.gotos_without_wait = self.gotos_without_wait.saturating_add(1);
        self.within("goto_per_call", self.gotos, self.limits.goto_per_call)?;
        let without_wait = self.gotos_without_wait;
        self.within("goto_without_wait", without_wait, self.limits.goto_without_wait)
    }

    /// Whether a count is within a limit that guards the run.
    pub(super) fn within(&self, name: &'static str, count: u64, limit: u64) -> Result<(), Stop> {
        if count > limit {
            return Err(LimitReached::new(name, limit).into());
        }
        Ok(())
    }

    /// Counts an SMS that is about to be sent.
    pub(super) fn count_sms(&mut self) -> Result<(), LimitReached> {
        self.sms = self.sms.saturating_add(1);
        if self.sms > self.limits.sms_per_call {
            return Err(LimitReached::new("sms_per_call", self.limits.sms_per_call));
        }
        Ok(())
    }

    /// What a script sees of a failed verb: `$Error` and `$ErrorCode`.
    pub(super) fn provide_failure(&mut self, failure: &Failure) -> Result<(), Stop> {
        self.provide("Error", self.variable(&failure.text))?;
        self.provide("ErrorCode", Variable::text(&failure.code.to_string()))
    }

    /// What a script sees of a verb's answer.
    pub(super) fn provide_fields(&mut self, fields: Vec<(&'static str, Arc<str>)>) -> Result<(), Stop> {
        // A name that the call provides is not the answer's to change.
        let call = self.call();
        fields
            .into_iter()
            .filter(|(name, _)| !crate::variables::is_of_call(call, name))
            .try_for_each(|(name, value)| self.provide(name, Variable::Text(value)))
    }

    /// Records that a limit was reached.
    pub(super) fn reached(&mut self, limit: LimitReached) {
        self.limits_reached = self.limits_reached.saturating_add(1);
        self.record(TraceKind::Limit {
            name: limit.name.into(),
            value: limit.value,
        });
    }

    pub(super) fn session(&self) -> Result<&'p dyn CallSession, Stop> {
        let no_call = || Failure::new(303, "there is no call here");
        self.leg
            .as_ref()
            .map(|leg| leg.session)
            .ok_or_else(no_call)
            .map_err(Stop::from)
    }

    /// Whether nothing more is to begin in this run.
    pub(super) fn is_over(&self) -> bool {
        self.stopped || self.leg.as_ref().is_some_and(|leg| leg.is_over())
    }

    /// Whether a key that somebody listens for is in the buffer.
    pub(super) fn key_waits(&self) -> bool {
        self.leg.as_ref().is_some_and(|leg| leg.keys.holds(self.stop_on))
    }

    /// Whether keys that no menu shows are hidden: a script with a secret input hides them, also while an
    /// answer runs in it.
    pub(super) fn hides_keys(&self) -> bool {
        self.hides_around || self.document.program.hides_keys
    }

    pub(super) fn call_time_passed(&mut self, ms: u64) {
        if ms > 0 {
            self.verbs_without_wait = 0;
            self.gotos_without_wait = 0;
        }
    }

    pub(super) fn record(&self, kind: TraceKind<'_>) {
        self.record_event(self.place, false, kind);
    }

    pub(super) fn record_at(&self, place: Place, kind: TraceKind<'_>) {
        self.record_event(Some(place), false, kind);
    }

    pub(super) fn record_leg(&self, kind: TraceKind<'_>) {
        self.record_event(self.place, true, kind);
    }

    fn record_event(&self, place: Option<Place>, on_leg: bool, kind: TraceKind<'_>) {
        let now = self.ports.clock().now();
        if self.secrets.is_empty() {
            self.trace.record(now, place, on_leg, kind);
        } else {
            self.trace
                .record(now, place, on_leg, self.secrets.hidden_in(&kind));
        }
    }

    pub(super) fn record_port(&self, name: &'static str, answer: serde_json::Value) {
        self.record(TraceKind::Port {
            name: name.into(),
            answer,
        });
    }
}
