//! Holds a trace against what a scenario expects.

use ozml_engine::{Program, TraceEvent, TraceKind};
use ozml_parser::{Diagnostic, Span};

use super::Scenario;
use super::expect::{List, Wanted};
use super::near::{Candidate, how_to_expect, nearest, not_happened};
use super::places::span_of;
use super::run::Played;
use super::transcript::{place, shown, time};
use super::verdict::{Finding, Verdict, Where};
use crate::inputs::When;

/// Status of findings: they are no faults of a script, so the code of the vendor's that is nearest.
const STATUS: u16 = 300;

/// What is not as it should be in a run.
pub(super) fn judge(scenario: &Scenario, program: &Program, played: Played) -> Verdict {
    let mut judge = Judge {
        scenario,
        program,
        events: &played.events,
        findings: Vec::new(),
    };
    if played.report.is_none() {
        judge.waits_for_ever();
    }
    judge.broke_down();
    List::ALL.into_iter().for_each(|list| judge.list(list));
    judge.unspoken();
    judge.variables();
    judge.end();
    judge.left_over(&played);
    let mut findings = judge.findings;
    findings.sort_by_key(|finding| !finding.diagnostic.is_error());
    Verdict {
        findings,
        events: played.events,
        report: played.report,
    }
}

struct Judge<'j> {
    scenario: &'j Scenario,
    program: &'j Program,
    events: &'j [TraceEvent<'static>],
    findings: Vec<Finding>,
}

impl Judge<'_> {
    /// A finding about an expectation or a step of the scenario.
    fn in_scenario(&mut self, fault: Diagnostic, event: Option<&TraceEvent<'_>>) {
        self.findings.push(Finding {
            place: Where::Scenario,
            diagnostic: fault,
            seq: event.map(|event| event.seq),
        });
    }

    /// A finding about something the script did. In a script of the web application it has no place of ours.
    fn in_script(&mut self, code: &'static str, event: &TraceEvent<'_>, message: String, help: &str) {
        let span = span_of(self.program.source(), event);
        let message = match (span, event.doc) {
            (None, Some(doc)) if doc > 1 => format!("{message} ({})", self.document(doc, event)),
            _ => message,
        };
        let (place, span) = match span {
            Some(span) => (Where::Script, span),
            None => (Where::Scenario, self.answered(event)),
        };
        let at = format!("at {}", time(event.at_ms));
        let diagnostic = Diagnostic::error(code, STATUS, span, message)
            .label(span, at)
            .help(help);
        self.findings.push(Finding {
            place,
            diagnostic,
            seq: Some(event.seq),
        });
    }

    /// The place of the answer that an event's document came from.
    fn answered(&self, event: &TraceEvent<'_>) -> Span {
        let url = event.doc.and_then(|doc| self.url(doc));
        let answers = &self.scenario.answers;
        let answer = answers.iter().find(|answer| Some(answer.url.as_str()) == url);
        answer.map_or(self.scenario.root, |answer| answer.span)
    }

    fn url(&self, doc: u32) -> Option<&str> {
        self.events.iter().find_map(|known| match &known.kind {
            TraceKind::DocLoaded { url, .. } if known.doc == Some(doc) => Some(&**url),
            _ => None,
        })
    }

    /// The place in a document that was fetched.
    fn document(&self, doc: u32, event: &TraceEvent<'_>) -> String {
        let url = self.url(doc).unwrap_or("a fetched script");
        format!("{url}, line {}", event.line.unwrap_or(1))
    }

    fn waits_for_ever(&mut self) {
        let Some(event) = self.waiting() else { return };
        let verb = match &event.kind {
            TraceKind::VerbStarted { verb } => format!("`{verb}`"),
            _ => "the call".to_owned(),
        };
        let message = format!("{verb} waits for something that the scenario never sends");
        let help = "let the caller press keys or hang up: `<Press Keys=\"…\"/>`, `<HangUp At=\"…\"/>`";
        let event = event.clone();
        self.in_script("waits-for-ever", &event, message, help);
    }

    /// The verb that began last and is not through.
    fn waiting(&self) -> Option<&TraceEvent<'static>> {
        let mut open: Vec<&TraceEvent<'static>> = Vec::new();
        for event in self.events {
            match event.kind {
                TraceKind::VerbStarted { .. } => open.push(event),
                TraceKind::VerbFinished { .. } => drop(open.pop()),
                _ => {}
            }
        }
        open.pop().or(self.events.last())
    }

    fn broke_down(&mut self) {
        for event in self.events {
            if let TraceKind::Panic { text } = &event.kind {
                let message = format!("the run broke down: {text}");
                let help = "this is a fault of the engine or of a verb, not of the script: please report it";
                self.in_script("broke-down", event, message, help);
            }
        }
    }

    /// One list of events against what is expected of it, in order.
    fn list(&mut self, list: List) {
        let (scenario, all) = (self.scenario, self.events);
        let mut events: Vec<Candidate<'_>> = all
            .iter()
            .filter(|event| List::of(&event.kind) == Some(list))
            .map(|event| Candidate { event, free: true })
            .collect();
        let wanted = scenario.expect.wanted.iter();
        let missing = matched(wanted.filter(|wanted| wanted.rule.list() == list), &mut events);
        for wanted in missing {
            // What is quoted as nearest needs no message of its own.
            if let Some(nearest) = self.missing(wanted, &events)
                && let Some(quoted) = events.iter_mut().find(|known| known.event.seq == nearest)
            {
                quoted.free = false;
            }
        }
        for left in events.iter().filter(|known| known.free) {
            self.unexpected(list, left.event);
        }
    }

    /// Something that did not happen, and what is nearest to it; the number of that event.
    fn missing(&mut self, wanted: &Wanted, candidates: &[Candidate<'_>]) -> Option<u64> {
        let span = wanted.span;
        let fault = Diagnostic::error("not-met", STATUS, span, not_happened(&wanted.rule))
            .label(span, "expected here");
        let fitting = |free: bool| {
            let of_these = candidates.iter().filter(|known| known.free == free);
            of_these
                .map(|known| known.event)
                .find(|event| wanted.rule.fits(&event.kind))
        };
        let (event, why) = match (fitting(true), fitting(false)) {
            (Some(early), _) => (Some(early), "it happened before what is expected ahead of it"),
            (None, Some(used)) => (Some(used), "it happened once, as it is expected already"),
            (None, None) => (nearest(&wanted.rule, candidates), "nearest to it"),
        };
        let help = match event {
            Some(event) => format!("{why}: {}", self.told(event)),
            None => "nothing of the kind happened".to_owned(),
        };
        self.in_scenario(fault.help(help), event);
        event.map(|event| event.seq)
    }

    /// When and where an event happened, and what it was.
    fn told(&self, event: &TraceEvent<'_>) -> String {
        let what = shown(&event.kind).unwrap_or_default();
        let place = place(event);
        let name = self.program.source().name();
        match (event.doc, place.is_empty()) {
            (Some(1), false) => format!("at {}, {name}:{place}: {what}", time(event.at_ms)),
            (_, false) => format!("at {}, {place}: {what}", time(event.at_ms)),
            _ => format!("at {}: {what}", time(event.at_ms)),
        }
    }

    fn unexpected(&mut self, list: List, event: &TraceEvent<'static>) {
        let what = shown(&event.kind).unwrap_or_default();
        match list {
            List::Effects if !self.scenario.expect.others_allowed => {
                let message = format!("nobody expected this: {what}");
                self.in_script("unexpected-effect", event, message, &how_to_expect(&event.kind));
            }
            List::Failures if !self.is_told_elsewhere(event) => {
                self.in_script("unexpected-failure", event, what, &how_to_expect(&event.kind));
            }
            List::Limits if self.waits_for_keys(event) => {
                let help = "the script waits here for keys that the scenario never sends";
                self.in_script("unexpected-limit", event, what, help);
            }
            List::Limits => self.in_script("unexpected-limit", event, what, &how_to_expect(&event.kind)),
            _ => {}
        }
    }

    /// A verb whose SMS was refused is told by that SMS, and one whose request the scenario lets fail is
    /// what the scenario asks for.
    fn is_told_elsewhere(&self, failed: &TraceEvent<'_>) -> bool {
        let same_place = |event: &&TraceEvent<'static>| {
            event.seq < failed.seq
                && (event.doc, event.line, event.column) == (failed.doc, failed.line, failed.column)
        };
        let before = self.events.iter().rev().filter(same_place);
        let cause = before.map(|event| &event.kind).find(|kind| {
            matches!(
                kind,
                TraceKind::SmsRefused { .. } | TraceKind::Fetch { .. } | TraceKind::VerbStarted { .. }
            )
        });
        match cause {
            Some(TraceKind::SmsRefused { .. }) => true,
            Some(TraceKind::Fetch { url, status, .. }) if !(200..300).contains(status) => {
                self.scenario.answers.iter().any(|answer| {
                    [&**url, crate::prepared::without_query(url)].contains(&answer.url.as_str())
                })
            }
            _ => false,
        }
    }

    /// Whether the script waited for keys and had none since.
    fn waits_for_keys(&self, limit: &TraceEvent<'_>) -> bool {
        let before = self.events.iter().rev().filter(|event| event.seq < limit.seq);
        let last = before
            .map(|event| &event.kind)
            .find(|kind| matches!(kind, TraceKind::InputWaiting | TraceKind::KeyPressed { .. }));
        matches!(last, Some(TraceKind::InputWaiting))
    }

    fn unspoken(&mut self) {
        let scenario = self.scenario;
        for (rule, span) in &scenario.expect.unspoken {
            let spoken = self
                .events
                .iter()
                .find(|event| matches!(&event.kind, TraceKind::PromptSpoken { text, .. } if rule.fits(text)));
            if let Some(event) = spoken {
                let message = "this was spoken, and should not";
                let fault = Diagnostic::error("spoken-anyway", STATUS, *span, message);
                let fault = fault.label(*span, "must never be spoken").help(self.told(event));
                self.in_scenario(fault, Some(event));
            }
        }
    }

    fn variables(&mut self) {
        let scenario = self.scenario;
        for (name, wanted, span) in &scenario.expect.variables {
            let last = self.events.iter().rev().find_map(|event| match &event.kind {
                TraceKind::Var { name: known, value } if known.eq_ignore_ascii_case(name) => {
                    Some((event, value))
                }
                _ => None,
            });
            let (event, message) = match last {
                Some((_, value)) if *value == **wanted => continue,
                Some((event, value)) => (
                    Some(event),
                    format!("`${name}` is {value:?} at the end, expected {wanted:?}"),
                ),
                None => (None, format!("`${name}` was never set, expected {wanted:?}")),
            };
            let fault = Diagnostic::error("not-met", STATUS, *span, message).label(*span, "expected here");
            let fault = match event {
                Some(event) => fault.help(format!("it was set last {}", self.told(event))),
                None => fault.help("`Var` and the host set variables that a scenario can see"),
            };
            self.in_scenario(fault, event);
        }
    }

    fn end(&mut self) {
        let scenario = self.scenario;
        let Some((rule, span)) = &scenario.expect.ended else {
            return;
        };
        let span = *span;
        for event in self.events {
            match &event.kind {
                TraceKind::CallEnded { cause, by, ms } => {
                    self.ended(span, event, "By", rule.by, by);
                    self.ended(span, event, "Cause", rule.cause, cause);
                    if let Some(within) = rule.within_ms.filter(|within| ms > within) {
                        let message =
                            format!("the call took {}, expected at most {}", time(*ms), time(within));
                        self.otherwise(span, event, message);
                    }
                }
                TraceKind::RunEnded { outcome } => self.ended(span, event, "Outcome", rule.outcome, outcome),
                _ => {}
            }
        }
    }

    fn ended(&mut self, span: Span, event: &TraceEvent<'_>, what: &str, wanted: Option<&str>, found: &str) {
        if let Some(wanted) = wanted.filter(|wanted| *wanted != found) {
            self.otherwise(span, event, format!("{what} is `{found}`, expected `{wanted}`"));
        }
    }

    fn otherwise(&mut self, span: Span, event: &TraceEvent<'_>, message: String) {
        let fault = Diagnostic::error("ended-otherwise", STATUS, span, message).label(span, "expected here");
        let fault = fault.help(self.told(event));
        self.in_scenario(fault, Some(event));
    }

    /// What the caller did not get to do is a failure, an outcome that nobody asked for is worth a note.
    fn left_over(&mut self, played: &Played) {
        let mut held_up = false;
        for step in &played.undone {
            let why = match &step.when {
                When::At(_) => "the call was over before its time came, or the caller was on hold",
                _ if held_up => "the step before it was never done",
                When::Heard(_) => "no prompt with this in it was heard to its end",
                When::Listening => "the script never waited for these keys",
            };
            held_up |= !matches!(step.when, When::At(_));
            let (message, span) = ("the caller never got to do this", step.span);
            let fault = Diagnostic::error("step-not-taken", STATUS, span, message).label(span, "not done");
            self.in_scenario(fault.help(why), None);
        }
        for span in &played.unused {
            let message = "the script never asked for this";
            let note = Diagnostic::warning("unused-outcome", STATUS, *span, message).label(*span, "not used");
            self.in_scenario(note.help("take it out, or let the script come there"), None);
        }
    }
}

/// Takes each expected event where it first happens after the one before it; what does not happen.
fn matched<'w>(wanted: impl Iterator<Item = &'w Wanted>, events: &mut [Candidate<'_>]) -> Vec<&'w Wanted> {
    let mut from = 0;
    let mut missing = Vec::new();
    for wanted in wanted {
        let mut later = events.iter_mut().enumerate().skip(from);
        match later.find(|(_, known)| wanted.rule.fits(&known.event.kind)) {
            Some((at, known)) => {
                known.free = false;
                from = at.saturating_add(1);
            }
            None => missing.push(wanted),
        }
    }
    missing
}
