//! From the elements of a scenario file to a [`Scenario`].

use std::sync::Arc;
use std::time::Duration;

use ozml_engine::{Described, Fields, Limits, Param, ParamType, Rules, read_described};
use ozml_parser::{Diagnostic, Source, Span};
use ozml_session::PhoneNumber;

use super::elements as e;
use super::expect::{EndRule, Expectations, Rule, SmsRule, SoundFile, TextRule, Wanted};
use super::world::{Answer, Body, Refusal, SmsOutcome};
use super::{Scenario, Step};
use crate::inputs::{Input, When};

/// Reads a scenario file; all faults at once.
pub(super) fn read(source: &Source) -> Described<Scenario> {
    let read = |fields: &Fields<'_>, rules: &mut Rules<'_>| Reader { rules }.scenario(source, fields);
    let mut described = read_described(source, &Limits::default(), &e::TEST, read);
    if let Some(scenario) = &mut described.value {
        scenario.warnings.clone_from(&described.diagnostics);
    }
    described
}

/// The value of a parameter: as given, or its default.
pub(super) fn value<T: ParamType>(fields: &Fields<'_>, param: &Param<T>) -> Option<T> {
    let given = fields.literal(param).map(|(value, _)| value);
    given.or_else(|| T::parse(param.spec().default?).ok())
}

fn given<T: ParamType>(fields: &Fields<'_>, param: &Param<T>) -> Option<T> {
    fields.literal(param).map(|(value, _)| value)
}

struct Reader<'r, 'c> {
    rules: &'r mut Rules<'c>,
}

impl Reader<'_, '_> {
    fn scenario(&mut self, source: &Source, test: &Fields<'_>) -> Option<Scenario> {
        let mut scenario = Scenario::silent(source.clone());
        scenario.script = test.literal(&e::SCRIPT).map(|(words, span)| (words.0, span));
        scenario.root = test.name_span();
        for (name, part) in test.every_part() {
            match name {
                "Caller" => {
                    scenario.caller = given(part, &e::NUMBER);
                    scenario.called = value(part, &e::DIALS)?;
                }
                "Start" => scenario.start = Some(value(part, &e::START)?.0),
                "Var" => scenario.variables.push(named(part)?),
                "Limit" => self.limit(part, &mut scenario),
                "Speech" => scenario.characters_per_second = Some(value(part, &e::CHARACTERS)?.0),
                "File" => scenario.files.push(sound_file(part)?),
                "Sms" => scenario.sms.push(self.sms(part)?),
                "Answer" => scenario.answers.push(self.answer(part)?),
                "Expect" => scenario.expect = self.expectations(part)?,
                step => scenario.steps.push(self.step(step, part)?),
            }
        }
        Some(scenario)
    }

    fn limit(&mut self, part: &Fields<'_>, scenario: &mut Scenario) {
        let (Some((name, span)), Some((limit, _))) =
            (part.literal(&e::LIMIT_NAME), part.literal(&e::LIMIT_VALUE))
        else {
            return;
        };
        match Limits::default().set(&name.0, &limit.0) {
            Ok(()) => scenario.limits.push((name.0, limit.0)),
            Err(fault) => self.wrong(span, fault.to_string()),
        }
    }

    fn wrong(&mut self, span: Span, message: String) {
        let fault =
            Diagnostic::error("wrong-value", 302, span, message).label(span, "not a limit, or not its value");
        self.rules.report(fault.help("correct the name or the value"));
    }

    fn step(&mut self, name: &str, part: &Fields<'_>) -> Option<Step> {
        self.either(part, &e::AT, &e::AFTER);
        let when = match (given(part, &e::AT), given(part, &e::AFTER)) {
            (Some(time), _) => When::At(time.0),
            (None, Some(words)) => When::Heard(words.0),
            (None, None) => When::Listening,
        };
        let inputs = match name {
            "Press" => value(part, &e::KEYS)?
                .keys()
                .iter()
                .copied()
                .map(Input::Press)
                .collect(),
            "HangUp" => vec![Input::HangUp],
            "Hold" => vec![Input::Hold],
            "Release" => vec![Input::Release],
            _ => return None,
        };
        Some(Step {
            when,
            inputs,
            span: part.name_span(),
        })
    }

    fn sms(&mut self, part: &Fields<'_>) -> Option<SmsOutcome> {
        self.either(part, &e::FAILS, &e::RESULT);
        let reason = given(part, &e::FAILS).map(|words| words.0);
        let result = value(part, &e::RESULT)?.0;
        let refused = reason.is_some() || result == "refused";
        let code = value(part, &e::CODE)?.0;
        let later = match (given(part, &e::STATE), result) {
            (Some(state), _) => Some(state.0),
            (None, "unknown") => Some("unknown"),
            _ => None,
        };
        Some(SmsOutcome {
            to: given(part, &e::TO),
            refusal: refused.then(|| Refusal::new(code, reason.as_deref().unwrap_or("refused"))),
            takes: value(part, &e::TAKES)?.0,
            later: later.and_then(|state| Some((state.parse().ok()?, value(part, &e::STATE_AFTER)?.0))),
            span: part.name_span(),
        })
    }

    fn answer(&mut self, part: &Fields<'_>) -> Option<Answer> {
        self.either(part, &e::ANSWER_FILE, &e::ANSWER_BODY);
        let body = match (part.literal(&e::ANSWER_FILE), given(part, &e::ANSWER_BODY)) {
            (Some((file, span)), _) => Body::File(file.0, span),
            (None, body) => Body::Text(body.map_or_else(|| Arc::from([]), |body| body.0.as_bytes().into())),
        };
        Some(Answer {
            url: value(part, &e::URL)?,
            body,
            status: value(part, &e::STATUS)?.0,
            fails: given(part, &e::FETCH_FAILS).map(|fault| fault.0),
            takes: value(part, &e::TAKES)?.0,
            span: part.name_span(),
        })
    }

    /// Of two parameters only one can be meant.
    fn either<A: ParamType, B: ParamType>(&mut self, part: &Fields<'_>, one: &Param<A>, other: &Param<B>) {
        if let (Some((_, first)), Some((_, second))) = (part.literal(one), part.literal(other)) {
            let (one, other) = (one.name(), other.name());
            let fault = Diagnostic::error(
                "both-given",
                302,
                second,
                format!("`{one}` and `{other}` exclude each other"),
            );
            let fault = fault.label(second, "").label(first, "");
            self.rules
                .report(fault.help(format!("keep `{one}` or `{other}`")));
        }
    }

    fn expectations(&mut self, expect: &Fields<'_>) -> Option<Expectations> {
        let mut all = Expectations {
            others_allowed: value(expect, &e::OTHERS)?.0 == "allowed",
            ..Expectations::default()
        };
        for (name, part) in expect.every_part() {
            let span = part.name_span();
            match name {
                "NotSpoken" => all.unspoken.push((self.text(part)?, span)),
                "Variable" => {
                    let (name, value) = named(part)?;
                    all.variables.push((name, value, span));
                }
                "Ended" => all.ended = Some((end_rule(part), span)),
                _ => all.wanted.push(Wanted {
                    rule: self.rule(name, part)?,
                    span,
                }),
            }
        }
        Some(all)
    }

    fn rule(&mut self, name: &str, part: &Fields<'_>) -> Option<Rule> {
        Some(match name {
            "Spoken" => Rule::Spoken(self.text(part)?),
            "Played" => Rule::Played(value(part, &e::PLAYED_FILE)?.0),
            "Sms" => Rule::Sms(self.sms_rule(part)),
            "Fetched" => Rule::Fetched {
                url: value(part, &e::ANY_URL)?.0,
                status: given(part, &e::FETCH_STATUS).map(|status| status.0),
            },
            "Collected" => Rule::Collected(value(part, &e::COLLECTED)?.0),
            "TimedOut" => Rule::TimedOut,
            "Failed" => Rule::Failed {
                verb: given(part, &e::VERB).map(|words| words.0),
                code: given(part, &e::FAILURE_CODE).map(|code| code.0),
                text: contains(part, &e::FAILURE_TEXT),
            },
            "Limit" => Rule::Limit(value(part, &e::LIMIT_NAME)?.0),
            _ => return None,
        })
    }

    fn sms_rule(&mut self, part: &Fields<'_>) -> SmsRule {
        self.either(part, &e::SMS_TEXT, &e::CONTAINS);
        let text = given(part, &e::SMS_TEXT).map(|body| TextRule::Is(body.0));
        SmsRule {
            to: given(part, &e::TO),
            text: text.unwrap_or_else(|| contains(part, &e::CONTAINS)),
            from: given(part, &e::FROM).map(|from| from.as_str().into()),
            accepted: given(part, &e::SMS_RESULT).map(|result| result.0 != "refused"),
        }
    }

    /// A text that must be given, whole or in part.
    fn text(&mut self, part: &Fields<'_>) -> Option<TextRule> {
        self.either(part, &e::TEXT, &e::CONTAINS);
        let whole = given(part, &e::TEXT).map(|words| TextRule::Is(words.0));
        let rule = whole.unwrap_or_else(|| contains(part, &e::CONTAINS));
        if rule == TextRule::Any {
            let span = part.name_span();
            let fault = Diagnostic::error(
                "missing-parameter",
                302,
                span,
                "a text is needed, whole or in part",
            );
            let fault = fault.label(span, "missing: which text");
            self.rules
                .report(fault.help("add `Text=\"…\"` or `Contains=\"…\"`"));
            return None;
        }
        Some(rule)
    }
}

fn contains(part: &Fields<'_>, param: &Param<super::types::Words>) -> TextRule {
    given(part, param).map_or(TextRule::Any, |words| TextRule::Contains(words.0))
}

fn named(part: &Fields<'_>) -> Option<(Arc<str>, Arc<str>)> {
    let name = value(part, &e::NAME)?;
    let value = given(part, &e::VALUE).map_or_else(|| "".into(), |value| value.0);
    Some((name.as_str().into(), value))
}

fn sound_file(part: &Fields<'_>) -> Option<SoundFile> {
    let length = given(part, &e::LENGTH).map_or(Duration::from_secs(2), |time| time.0);
    let there = !value(part, &e::MISSING)?.get();
    Some(SoundFile {
        name: value(part, &e::FILE_NAME)?,
        ms: there.then(|| u64::try_from(length.as_millis()).unwrap_or(u64::MAX)),
    })
}

fn end_rule(part: &Fields<'_>) -> EndRule {
    let ms = |time: super::types::Time| u64::try_from(time.0.as_millis()).unwrap_or(u64::MAX);
    EndRule {
        by: given(part, &e::BY).map(|by| by.0),
        cause: given(part, &e::CAUSE).map(|cause| cause.0),
        within_ms: given(part, &e::WITHIN).map(ms),
        outcome: given(part, &e::OUTCOME).map(|outcome| outcome.0),
    }
}

/// The number that is dialled where a scenario does not say.
#[allow(clippy::expect_used, reason = "digits make a number")]
pub(super) fn default_called() -> PhoneNumber {
    PhoneNumber::new("100").expect("digits make a number")
}
