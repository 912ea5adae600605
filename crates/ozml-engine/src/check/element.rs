//! One element against the description of its verb.

use std::borrow::Cow;

use ozml_parser::{Attribute, Diagnostic, Element, Position, Severity, Span, Text};

use super::{Checker, Profile, faults};
use crate::program::Block;
use crate::verb::{Children, Fields, Given, ParamSpec, Template, VerbSpec, unescaped};
use crate::white_space::is_space;

impl Checker<'_> {
    /// Matches what is written with what the verb takes, and reports what does not fit.
    pub(super) fn fields<'d>(&mut self, element: Element<'d>, spec: &'static VerbSpec) -> Fields<'d> {
        let mut given = self.attributes(element, spec);
        let body = self.inside(element, spec, &mut given);
        for field in &given {
            self.value(spec, field);
        }
        self.missing(element, spec, &given);
        Fields { given, body }
    }

    fn attributes<'d>(&mut self, element: Element<'d>, spec: &'static VerbSpec) -> Vec<Given<'d>> {
        let mut given: Vec<Given<'d>> = Vec::new();
        for attribute in element.attributes() {
            let Some(param) = spec.params.iter().find(|param| param.is_named(attribute.name())) else {
                self.unknown_attribute(element, &attribute, spec.params);
                continue;
            };
            if param.http_only {
                self.found.push(faults::http_only(element, &attribute));
            } else if let Some(first) = given.iter().find(|first| first.spec.name == param.name) {
                self.found
                    .push(faults::given_twice(&attribute, param, first.span));
            } else {
                let written = Cow::Borrowed(attribute.value());
                given.push(Given {
                    spec: param,
                    written,
                    span: attribute.value_span(),
                });
            }
        }
        given
    }

    /// What stands between the tags: the content parameter, verbs, or nothing.
    fn inside<'d>(
        &mut self,
        element: Element<'d>,
        spec: &'static VerbSpec,
        given: &mut Vec<Given<'d>>,
    ) -> Block {
        if spec.children == Children::Verbs {
            return self.verbs(element);
        }
        for child in element.elements() {
            self.found.push(faults::unexpected_child(child, spec));
        }
        let text = element.text();
        if text.value().chars().all(is_space) {
            return Block::default();
        }
        match spec.content() {
            Some(param) => self.content(text, param, given),
            None => self.report_by_profile(faults::stray_text(spec.name, text.span())),
        }
        Block::default()
    }

    fn content<'d>(&mut self, text: Text<'d>, param: &'static ParamSpec, given: &mut Vec<Given<'d>>) {
        let span = text.span();
        let Some(attribute) = given.iter().find(|first| first.spec.name == param.name) else {
            given.push(Given {
                spec: param,
                written: text.into_value(),
                span,
            });
            return;
        };
        let same = param.white_space.apply(&attribute.written) == param.white_space.apply(text.value());
        if !same {
            let fault = faults::content_and_attribute(param, span, attribute.span);
            self.report_by_profile(fault);
        }
    }

    /// A literal is checked now, a value with variables when it is evaluated.
    fn value(&mut self, spec: &VerbSpec, field: &Given<'_>) {
        let text = field.spec.white_space.apply(&field.written);
        if text.is_empty() || Template::parse(&text, field.spec.name, field.span).is_some() {
            return;
        }
        let literal = unescaped(&text);
        match (field.spec.check)(&literal, self.limits) {
            Ok(None) => {}
            Ok(Some(limit)) => self.found.push(faults::over_limit(&limit, field.span)),
            Err(fault) => self
                .found
                .push(faults::wrong_value(spec, field.spec, field.span, &fault)),
        }
    }

    fn missing(&mut self, element: Element<'_>, spec: &'static VerbSpec, given: &[Given<'_>]) {
        for param in spec.params {
            let value = given.iter().find(|field| field.spec.name == param.name);
            let empty = |field: &Given<'_>| field.written.chars().all(is_space) && !param.may_be_empty;
            let mandatory = param.mandatory.contains(self.options.context);
            match value {
                None if mandatory && !(param.content && param.may_be_empty) => {
                    self.found.push(faults::missing(element, spec, param));
                }
                Some(field) if mandatory && empty(field) => {
                    self.found.push(faults::empty(spec, param, field.span));
                }
                _ => {}
            }
        }
    }

    pub(super) fn unknown_attribute(
        &mut self,
        element: Element<'_>,
        attribute: &Attribute<'_>,
        known: &[ParamSpec],
    ) {
        self.report_by_profile(faults::unknown_attribute(element, attribute, known));
    }

    pub(super) fn stray_text(&mut self, container: Element<'_>, text: &Text<'_>) {
        if !text.value().chars().all(is_space) {
            self.report_by_profile(faults::stray_text(container.name(), trimmed(text)));
        }
    }

    /// What is an error in the strict profile is a warning in the lenient one.
    fn report_by_profile(&mut self, mut fault: Diagnostic) {
        if self.options.profile == Profile::Lenient {
            fault.severity = Severity::Warning;
        }
        self.found.push(fault);
    }

    pub(super) fn position(&self, element: Element<'_>) -> Position {
        self.source.position(element.span().range().start)
    }
}

/// The place of a text without the white space around it.
fn trimmed(text: &Text<'_>) -> Span {
    let span = text.span();
    let value = text.value();
    let lead = value
        .len()
        .saturating_sub(value.trim_start_matches(is_space).len());
    let tail = value.len().saturating_sub(value.trim_end_matches(is_space).len());
    let start = span.range().start.saturating_add(lead);
    Span::new(start, span.range().end.saturating_sub(tail).max(start))
}
