//! The parameters of one element against their descriptions.

use std::borrow::Cow;

use ozml_parser::{Attribute, Element, Span, Text};

use super::shape::Shape;
use super::{Checker, Profile, faults};
use crate::program::Block;
use crate::verb::{Children, Fields, Given, Naming, ParamSpec, Part, Template, is_variable_name, unescaped};
use crate::white_space::is_space;

impl Checker<'_> {
    /// Matches what is written with what the element takes, and reports what does not fit.
    pub(super) fn fields<'d>(&mut self, element: Element<'d>, shape: Shape) -> Fields<'d> {
        let mut given = self.attributes(element, shape);
        let (body, parts) = self.inside(element, shape, &mut given);
        for field in &given {
            self.value(shape, field);
        }
        self.missing(element, shape, &given);
        Fields {
            name_span: element.name_span(),
            given,
            body,
            parts,
        }
    }

    fn attributes<'d>(&mut self, element: Element<'d>, shape: Shape) -> Vec<Given<'d>> {
        let mut given: Vec<Given<'d>> = Vec::new();
        let mut unknown: Vec<Attribute<'d>> = Vec::new();
        for attribute in element.attributes() {
            let Some(param) = param_called(shape.params, attribute.name()) else {
                unknown.push(attribute);
                continue;
            };
            if self.options.hints && !param.name.eq_ignore_ascii_case(attribute.name()) {
                self.report(faults::other_attribute_name(element, &attribute, param.name));
            }
            if param.http_only {
                self.report(faults::http_only(self.source, element, &attribute));
            } else if let Some(first) = given.iter().find(|first| std::ptr::eq(first.spec, param)) {
                let fault = faults::given_twice(self.source, &attribute, param, first.span);
                self.report(fault);
            } else {
                given.push(taken(param, &attribute));
            }
        }
        for attribute in unknown {
            self.unknown_attribute(element, &attribute, shape, &mut given);
        }
        given
    }

    /// In the strict profile a slip stands for what was probably meant, so that its value is checked, too
    /// and the parameter is not reported as missing. In the lenient one it is ignored.
    fn unknown_attribute<'d>(
        &mut self,
        element: Element<'d>,
        attribute: &Attribute<'d>,
        shape: Shape,
        given: &mut Vec<Given<'d>>,
    ) {
        let free =
            |param: &&ParamSpec| !param.http_only && !given.iter().any(|known| known.spec.name == param.name);
        let names = shape.params.iter().filter(free).map(|param| param.name);
        let near = self.suggestions.nearest(attribute.name(), names);
        let fault = faults::unknown_attribute(self.source, element, attribute, shape.params, near);
        self.report_by_profile(fault);
        if let Some(param) = near.and_then(|near| param_called(shape.params, near))
            && self.options.profile == Profile::Strict
        {
            given.push(taken(param, attribute));
        }
    }

    /// What stands between the tags: the content parameter, verbs, parts, or nothing.
    fn inside<'d>(
        &mut self,
        element: Element<'d>,
        shape: Shape,
        given: &mut Vec<Given<'d>>,
    ) -> (Block, Vec<Part<'d>>) {
        match shape.children {
            Children::Verbs => return (self.verbs(element), Vec::new()),
            Children::Parts(_) | Children::States(_) => {
                return (Block::default(), self.parts(element, shape));
            }
            Children::Markup if element.elements().next().is_some() => {
                self.markup(element, shape, given);
                return (Block::default(), Vec::new());
            }
            Children::None | Children::Markup => {}
        }
        for child in element.elements() {
            let verb = self.known.registry.get(child.name());
            let fault = faults::unexpected_child(self.source, child, shape, verb.is_some());
            self.report(fault);
            if let Some(verb) = verb {
                self.verb(child, verb);
            }
        }
        let text = element.text();
        if !text.value().chars().all(is_space) {
            match shape.content() {
                Some(param) => {
                    let span = text.span();
                    self.content(text.into_value(), span, param, given);
                }
                None => self.report_by_profile(faults::stray_text(shape.name, text.span())),
            }
        }
        (Block::default(), Vec::new())
    }

    /// What stands between the tags, as it is written.
    fn markup<'d>(&mut self, element: Element<'d>, shape: Shape, given: &mut Vec<Given<'d>>) {
        if let (Some(param), Some(written)) = (shape.content(), faults::between_tags(self.source, element)) {
            let written = Cow::Owned(written.to_owned());
            self.content(written, element.name_span(), param, given);
        }
    }

    fn content<'d>(
        &mut self,
        written: Cow<'d, str>,
        span: Span,
        param: &'static ParamSpec,
        given: &mut Vec<Given<'d>>,
    ) {
        let Some(attribute) = given.iter().find(|first| std::ptr::eq(first.spec, param)) else {
            given.push(Given {
                spec: param,
                written,
                span,
            });
            return;
        };
        let same = param.white_space.apply(&attribute.written) == param.white_space.apply(&written);
        if !same {
            let fault = faults::content_and_attribute(param, span, attribute.span);
            self.report_by_profile(fault);
        }
    }

    /// A literal is checked now, a value with variables when it is evaluated.
    fn value(&mut self, shape: Shape, field: &Given<'_>) {
        let text = field.spec.white_space.apply(&field.written);
        if text.is_empty() {
            return;
        }
        if field.spec.references {
            if let Some(template) = Template::parse(&text, field.spec.name, field.span) {
                self.names_used(&template);
                return;
            }
            self.literal(shape, field, &unescaped(&text));
        } else {
            self.literal(shape, field, &text);
        }
    }

    fn literal(&mut self, shape: Shape, field: &Given<'_>, text: &str) {
        match (field.spec.check)(text, self.known.limits) {
            Ok(None) => {
                if let Some(doubt) = (field.spec.doubt)(text) {
                    self.report(faults::doubtful(self.source, shape, field, text, &doubt));
                }
            }
            Ok(Some(limit)) => self.report(faults::over_limit(&limit, field.span)),
            Err(fault) => {
                let near = match field.spec.words {
                    [] => bare_name(field.spec, text),
                    words => self.suggestions.nearest(text, words.iter().copied()),
                };
                self.report(faults::wrong_value(shape, field, &fault, near));
            }
        }
    }

    fn missing(&mut self, element: Element<'_>, shape: Shape, given: &[Given<'_>]) {
        for param in shape.params {
            if !param.mandatory.meets(self.context) {
                continue;
            }
            let empty = |field: &Given<'_>| field.written.chars().all(is_space) && !param.may_be_empty;
            match given.iter().find(|field| std::ptr::eq(field.spec, param)) {
                None if !(param.content && param.may_be_empty) => {
                    self.report(faults::missing(element, shape, param));
                }
                Some(field) if empty(field) => {
                    self.report(faults::empty(shape, param, field.span));
                }
                _ => {}
            }
        }
    }

    pub(super) fn stray_text(&mut self, container: Element<'_>, text: &Text<'_>) {
        if !text.value().chars().all(is_space) {
            self.report_by_profile(faults::stray_text(container.name(), trimmed(text)));
        }
    }
}

/// The name in `$name`, where a name is wanted without the `$`.
fn bare_name<'t>(param: &ParamSpec, text: &'t str) -> Option<&'t str> {
    let names = matches!(param.naming, Naming::Sets { .. });
    let name = text.strip_prefix('$').filter(|_| names)?;
    is_variable_name(name).then_some(name)
}

fn param_called(params: &'static [ParamSpec], written: &str) -> Option<&'static ParamSpec> {
    params.iter().find(|param| param.is_named(written))
}

fn taken<'d>(spec: &'static ParamSpec, attribute: &Attribute<'d>) -> Given<'d> {
    Given {
        spec,
        written: Cow::Borrowed(attribute.value()),
        span: attribute.value_span(),
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
