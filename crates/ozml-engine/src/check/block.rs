//! Verbs in their order: which they are, whether they may stand where they stand, whether they are reached.

use ozml_parser::{Element, Node, Span};

use super::{Checker, PlannedVerbs, faults};
use crate::program::{Block, Step};
use crate::run::LimitReached;
use crate::verb::{Place, VerbSpec};
use crate::white_space::is_space;

/// Whether an element is one that holds a whole script.
pub(super) fn is_root(element: Element<'_>) -> bool {
    let name = element.name();
    name.eq_ignore_ascii_case("Response") || name.eq_ignore_ascii_case("OzML")
}

/// The verb of a block after which nothing runs.
struct Last {
    spec: &'static VerbSpec,
    span: Span,
    told: bool,
}

impl Checker<'_> {
    /// The verbs inside a container. The depth of the recursion is bounded by the limit `depth`.
    pub(super) fn verbs(&mut self, container: Element<'_>) -> Block {
        let mut steps = Vec::new();
        let mut first = true;
        let mut last: Option<Last> = None;
        for node in container.children() {
            match node {
                Node::Element(element) => {
                    let spec = self.known.registry.get(element.name());
                    self.reached(element, last.as_mut());
                    steps.extend(self.step(element, spec, first));
                    first = false;
                    last = last.or_else(|| self.last(element, spec?));
                }
                Node::Text(text) => self.stray_text(container, &text),
                _ => {}
            }
        }
        Block::new(steps)
    }

    /// A verb that takes a value may fail on it, and then the next one runs.
    fn last(&self, element: Element<'_>, spec: &'static VerbSpec) -> Option<Last> {
        let takes_a_value =
            element.attributes().next().is_some() || !element.text().value().chars().all(is_space);
        let ends = spec.ends.meets(self.context) && !takes_a_value;
        ends.then(|| Last {
            spec,
            span: element.name_span(),
            told: false,
        })
    }

    /// The first verb after the last one that runs gets the warning, for all of them.
    fn reached(&mut self, element: Element<'_>, last: Option<&mut Last>) {
        if let Some(last) = last.filter(|last| !last.told) {
            last.told = true;
            self.report(faults::never_reached(element, last.spec, last.span));
        }
    }

    /// One verb, or what stands in the place of one; `first` says whether none stands before it.
    pub(super) fn step(
        &mut self,
        element: Element<'_>,
        spec: Option<&'static VerbSpec>,
        first: bool,
    ) -> Option<Step> {
        let Some(spec) = spec else {
            self.unknown_verb(element);
            return None;
        };
        self.spelling(element, spec);
        self.placement(element, spec, first);
        let fields = self.verb(element, spec);
        let Some(compile) = spec.compile else {
            self.runs = false;
            if self.options.planned == PlannedVerbs::Refused {
                self.report(faults::not_available(element, spec));
            }
            return None;
        };
        let Some(verb) = compile(&fields) else {
            // Whatever is missing has been reported; a verb that is left out must never be run around.
            self.runs = false;
            return None;
        };
        let position = self.source.position(element.span().range().start);
        Some(Step { spec, verb, position })
    }

    /// A verb that was probably meant is checked on, so that all faults appear at once.
    fn unknown_verb(&mut self, element: Element<'_>) {
        if faults::is_action_dialect(element) {
            self.report(faults::action_dialect(element));
            return;
        }
        if is_root(element) {
            self.report(faults::inner_root(element));
            let _: Block = self.verbs(element);
            return;
        }
        let registry = self.known.registry;
        let near = self.suggestions.nearest(element.name(), registry.names());
        self.report(faults::unknown_verb(self.source, element, near));
        if let Some(spec) = near.and_then(|near| registry.get(near)) {
            self.verb(element, spec);
        }
    }

    fn spelling(&mut self, element: Element<'_>, spec: &'static VerbSpec) {
        if self.options.hints && !spec.name.eq_ignore_ascii_case(element.name()) {
            self.report(faults::other_verb_name(self.source, element, spec.name));
        }
    }

    fn placement(&mut self, element: Element<'_>, spec: &'static VerbSpec, first: bool) {
        let bar = self.bars.iter().find(|(barred, _)| *barred == spec.name).copied();
        if !spec.contexts.meets(self.context) {
            self.report(faults::not_here(element, spec, self.context));
        } else if let Some((_, part)) = bar {
            self.report(faults::not_inside(element, spec, part));
        } else if spec.place != Place::Anywhere && self.depth > 0 {
            self.report(faults::not_nested(element, spec));
        } else if spec.place == Place::First && !first {
            self.report(faults::not_first(element, spec));
        }
        if spec.once {
            self.only_once(element, spec);
        }
        let most = self.known.limits.foreach_nesting;
        if spec.repeats && self.loops >= most {
            let limit = LimitReached::new("foreach_nesting", most);
            self.report(faults::over_limit(&limit, element.name_span()));
        }
    }

    fn only_once(&mut self, element: Element<'_>, spec: &'static VerbSpec) {
        match self.once.iter().find(|(name, _)| *name == spec.name) {
            Some(&(name, counts)) => self.report(faults::once(element, name, counts)),
            None => self.once.push((spec.name, element.name_span())),
        }
    }
}
