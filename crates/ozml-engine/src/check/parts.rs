//! What stands inside a verb besides its content parameter.

use ozml_parser::{Element, Node};

use super::shape::Shape;
use super::{Checker, faults};
use crate::program::Block;
use crate::verb::{Children, Fields, Part, PartSpec, Rules, VerbSpec};

impl Checker<'_> {
    /// A verb with everything inside it, and its own rules.
    pub(super) fn verb<'d>(&mut self, element: Element<'d>, spec: &'static VerbSpec) -> Fields<'d> {
        let inner_names = self.inner_names.len();
        self.inner_names.extend(spec.inner_names);
        let loops = self.loops;
        self.loops = loops.saturating_add(u64::from(spec.repeats));
        self.depth = self.depth.saturating_add(1);
        let fields = self.fields(element, spec.into());
        self.depth = self.depth.saturating_sub(1);
        self.loops = loops;
        self.inner_names.truncate(inner_names);
        self.verb_sets(spec, &fields);
        if let Some(rules) = spec.rules {
            self.own_rules(rules, &fields);
        }
        fields
    }

    fn own_rules(&mut self, rules: fn(&Fields<'_>, &mut Rules<'_>), fields: &Fields<'_>) {
        let mut found = Vec::new();
        rules(
            fields,
            &mut Rules {
                limits: self.known.limits,
                options: self.options,
                context: self.context,
                found: &mut found,
                hides_keys: &mut self.hides_keys,
            },
        );
        found.into_iter().for_each(|fault| self.report(fault));
    }

    /// The elements inside an element that holds parts.
    pub(super) fn parts<'d>(&mut self, element: Element<'d>, shape: Shape) -> Vec<Part<'d>> {
        let mut parts: Vec<Part<'d>> = Vec::new();
        for node in element.children() {
            match node {
                Node::Element(child) => {
                    let known = shape.children.parts();
                    match known.iter().find(|part| part.is_named(child.name())) {
                        Some(spec) => {
                            self.repeated_part(child, spec, &parts);
                            let fields = self.part(child, spec);
                            parts.push(Part { spec, fields });
                        }
                        None => self.unknown_part(child, shape),
                    }
                }
                Node::Text(text) => self.stray_text(element, &text),
                _ => {}
            }
        }
        parts
    }

    pub(super) fn part<'d>(&mut self, element: Element<'d>, spec: &'static PartSpec) -> Fields<'d> {
        let (context, inner_names, bars) = (self.context, self.inner_names.len(), self.bars.len());
        self.context = context.and(spec.adds);
        self.inner_names.extend(spec.inner_names);
        self.bars
            .extend(spec.bars.iter().map(|barred| (*barred, spec.name)));
        let fields = self.fields(element, spec.into());
        self.bars.truncate(bars);
        self.inner_names.truncate(inner_names);
        self.context = context;
        fields
    }

    /// Of a part that may stand once the first counts.
    fn repeated_part(&mut self, element: Element<'_>, spec: &'static PartSpec, before: &[Part<'_>]) {
        let first = before.iter().find(|part| part.spec.name == spec.name);
        if let Some(first) = first.filter(|_| !spec.several) {
            self.report(faults::once(element, spec.name, first.fields.name_span));
        }
    }

    /// What is no part: a slip, a part that belongs one level deeper, a state nobody knows, or a verb.
    fn unknown_part(&mut self, child: Element<'_>, shape: Shape) {
        let known = shape.children.parts();
        let name = child.name();
        let state = name.get(..2).is_some_and(|on| on.eq_ignore_ascii_case("On"));
        let deeper = |part: &&PartSpec| part.children.parts().iter().any(|inner| inner.is_named(name));
        if let Some(outer) = known.iter().find(deeper) {
            self.report(faults::belongs_into(child, shape, outer.name));
        } else if self.known.registry.get(name).is_some() {
            self.report(faults::verb_beside_parts(child, shape));
        } else {
            let names = known.iter().map(|part| part.name);
            let near = self.suggestions.nearest(name, names);
            if state && matches!(shape.children, Children::States(_)) {
                self.report(faults::unknown_state(self.source, child, shape, near));
            } else {
                self.report(faults::unknown_part(self.source, child, shape, near));
            }
            let part = near.and_then(|near| known.iter().find(|part| part.name == near));
            if let Some(part) = part {
                self.part(child, part);
                return;
            }
        }
        self.inside_unknown(child, known);
    }

    /// What stands in an element that is no part here is checked as far as it is known what it is.
    fn inside_unknown(&mut self, child: Element<'_>, known: &'static [PartSpec]) {
        let mut deeper = known.iter().flat_map(|part| part.children.parts());
        if let Some(part) = deeper.find(|inner| inner.is_named(child.name())) {
            self.part(child, part);
        } else if let Some(spec) = self.known.registry.get(child.name()) {
            self.verb(child, spec);
        } else if self.holds_a_verb(child) {
            let context = self.context;
            self.context = known.iter().fold(context, |all, part| all.and(part.adds));
            let _: Block = self.verbs(child);
            self.context = context;
        }
    }

    fn holds_a_verb(&self, element: Element<'_>) -> bool {
        let first = element.elements().next();
        first.is_some_and(|inner| self.known.registry.get(inner.name()).is_some())
    }
}
