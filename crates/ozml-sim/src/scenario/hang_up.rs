//! Hang-ups at every instant of a call, and what must hold whatever the instant.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ozml_engine::{Engine, Program, TraceEvent, TraceKind};
use ozml_parser::{Diagnostic, Span};

use super::Scenario;
use super::places::span_of;
use super::run::{Played, Twist};
use super::transcript::time;
use super::verdict::{Finding, Verdict, Where};

/// How much longer transport and web application take, so that effects are under way when the caller hangs up.
const SLOWER: Duration = Duration::from_millis(100);
/// Most instants of one call that are tried; of a longer call evenly many.
const MOST: usize = 4_000;

/// What came of hanging up at every instant.
#[derive(Debug)]
#[non_exhaustive]
pub struct HangUps {
    /// How many instants were tried.
    pub tried: usize,
    /// How many there are; more than were tried where the call is very long.
    pub instants: usize,
    /// The first instant that broke something, and what.
    pub broken: Option<(Duration, Verdict)>,
}

impl Scenario {
    /// Plays the scenario once, and then once for each instant of that call: the caller hangs up at it, one
    /// millisecond before and after it, and half-way to the next, which is between start and outcome of every
    /// effect. The expectations of the scenario do not count here. Stops at the first instant that breaks
    /// something.
    pub fn hang_up_everywhere(&self, engine: &Engine, program: &Arc<Program>) -> HangUps {
        let twist = Twist {
            hang_up_at: None,
            slower: SLOWER,
        };
        let whole = self.play(engine, program, twist);
        let instants = instants(&whole.events);
        let step = instants.len().div_ceil(MOST).max(1);
        let mut tried = 0;
        for ms in instants.iter().step_by(step) {
            tried += 1;
            let at = Duration::from_millis(*ms);
            let verdict = self.hang_up_at(engine, program, at);
            if !verdict.passed() {
                return HangUps {
                    tried,
                    instants: instants.len(),
                    broken: Some((at, verdict)),
                };
            }
        }
        HangUps {
            tried,
            instants: instants.len(),
            broken: None,
        }
    }

    /// The scenario with a caller who hangs up at a time after the answer; only what must hold for every
    /// hang-up counts.
    pub fn hang_up_at(&self, engine: &Engine, program: &Arc<Program>, at: Duration) -> Verdict {
        let twist = Twist {
            hang_up_at: Some(at),
            slower: SLOWER,
        };
        let played = self.play(engine, program, twist);
        let ms = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
        let findings = broken(&played)
            .into_iter()
            .map(|what| finding(program, &played, &format!("hung up at {}: {what}", time(ms)), ms))
            .collect();
        Verdict {
            findings,
            events: played.events,
            report: played.report,
        }
    }
}

fn finding(program: &Program, played: &Played, message: &str, ms: u64) -> Finding {
    let begun = |event: &&TraceEvent<'_>| matches!(event.kind, TraceKind::VerbStarted { .. });
    let last = played.events.iter().rev().find(begun);
    let span = last.and_then(|event| span_of(program.source(), event));
    let span = span.unwrap_or_else(|| Span::new(0, 0));
    let fault = Diagnostic::error("hang-up", 300, span, message).label(span, "the verb that began last");
    Finding {
        place: Where::Script,
        diagnostic: fault.help(format!("repeat it with `--hang-up-at {ms}ms`")),
        seq: last.map(|event| event.seq),
    }
}

/// Milliseconds after the answer: each instant at which something happened, just before and after it, and
/// half-way between two.
fn instants(events: &[TraceEvent<'_>]) -> Vec<u64> {
    let answered = events
        .iter()
        .find(|event| event.kind == TraceKind::CallAnswered)
        .map(|event| event.at_ms);
    let Some(answered) = answered else {
        return Vec::new();
    };
    let times: BTreeSet<u64> = events
        .iter()
        .filter_map(|event| event.at_ms.checked_sub(answered))
        .collect();
    let mut instants = BTreeSet::new();
    let mut before = None;
    for time in times {
        instants.extend([time.saturating_sub(1), time, time.saturating_add(1)]);
        instants.extend(before.map(|before: u64| before.midpoint(time)));
        before = Some(time);
    }
    instants.into_iter().collect()
}

/// What does not hold, of all that must whenever the caller hangs up.
fn broken(played: &Played) -> Vec<String> {
    let events = &played.events;
    let count = |is: fn(&TraceKind<'_>) -> bool| events.iter().filter(|event| is(&event.kind)).count();
    let mut broken = Vec::new();
    let mut holds = |holds: bool, what: String| {
        if !holds {
            broken.push(what);
        }
    };
    holds(played.report.is_some(), "the run never ends".to_owned());
    let panics = count(|kind| matches!(kind, TraceKind::Panic { .. }));
    holds(panics == 0, "the run broke down".to_owned());
    let ends = count(|kind| matches!(kind, TraceKind::CallEnded { .. }));
    holds(ends == 1, format!("`call.ended` comes {ends} times"));
    let run_ends = count(|kind| matches!(kind, TraceKind::RunEnded { .. }));
    holds(run_ends == 1, format!("`run.ended` comes {run_ends} times"));
    holds(
        ends_in_order(events),
        "something of the call comes after its end".to_owned(),
    );
    let late = verb_after_the_end(events);
    holds(
        late.is_none(),
        format!("`{}` began after the end", late.unwrap_or_default()),
    );
    let begun = count(|kind| matches!(kind, TraceKind::VerbStarted { .. }));
    let through = count(|kind| matches!(kind, TraceKind::VerbFinished { .. }));
    holds(
        begun == through || panics > 0,
        format!("{begun} verbs began and {through} are through"),
    );
    let told = count(|kind| matches!(kind, TraceKind::SmsAccepted { .. } | TraceKind::SmsRefused { .. }));
    holds(
        played.sends <= told,
        format!("{} SMS were sent and {told} have an outcome", played.sends),
    );
    holds(
        played.open_effects == 0,
        format!("{} effects have no outcome", played.open_effects),
    );
    holds(played.waits == 0, format!("{} timers are left", played.waits));
    broken
}

/// `call.ended`, `run.ended` and then only states of SMS.
fn ends_in_order(events: &[TraceEvent<'_>]) -> bool {
    let is_state = |event: &&TraceEvent<'_>| matches!(event.kind, TraceKind::SmsStatus { .. });
    let mut backwards = events.iter().rev().skip_while(is_state).map(|event| &event.kind);
    let last = backwards.next();
    let before = backwards.next();
    matches!(last, Some(TraceKind::RunEnded { .. })) && matches!(before, Some(TraceKind::CallEnded { .. }))
}

fn verb_after_the_end(events: &[TraceEvent<'_>]) -> Option<String> {
    let ended = |event: &&TraceEvent<'_>| match &event.kind {
        TraceKind::LegState { state } => state == "ended",
        kind => matches!(kind, TraceKind::CallEnded { .. }),
    };
    events
        .iter()
        .skip_while(|event| !ended(event))
        .find_map(|event| match &event.kind {
            TraceKind::VerbStarted { verb } => Some(verb.to_string()),
            _ => None,
        })
}
