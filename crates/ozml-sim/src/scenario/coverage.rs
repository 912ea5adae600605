//! What of a script its scenarios reached.

use std::collections::BTreeSet;

use ozml_engine::{Children, Kind, PartSpec, Registry, TraceEvent, TraceKind, VerbSpec};
use ozml_parser::{Document, Element, Position, ReadingLimits, Source};

/// Which verbs and branches of a script were reached: each verb, each part that holds verbs, the failure of
/// each effect, the answer of a web application where a verb asks for one, and each input without keys.
///
/// Scripts that a web application answers are not counted, nor are parts without a verb in them.
#[derive(Debug, Clone)]
pub struct Coverage {
    source: Source,
    points: Vec<Point>,
}

/// One verb or branch.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Point {
    /// Where it is.
    pub at: Position,
    /// What it is, in a few words.
    pub what: String,
    /// Whether a scenario came there.
    pub reached: bool,
    way: Way,
}

/// How it is seen in a trace that a point was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The verb here began.
    Verb,
    /// A verb began between here and there.
    Until(Position),
    /// The verb here failed.
    Failure,
    /// The verb here asked a web application.
    Request,
    /// The input here had no keys in time.
    NoKeys,
}

impl Coverage {
    /// A script of which nothing was reached yet.
    pub fn new(script: &Source, registry: &Registry) -> Self {
        let mut points = Vec::new();
        if let Ok(document) = Document::parse(script, &ReadingLimits::default()) {
            let mut open = vec![document.root()];
            while let Some(element) = open.pop() {
                if let Some(spec) = registry.get(element.name()) {
                    verb_points(script, element, spec, &mut points);
                }
                open.extend(element.elements());
            }
        }
        points.sort_by_key(|point: &Point| point.at);
        Self {
            source: script.clone(),
            points,
        }
    }

    /// Counts what one run reached.
    pub fn add(&mut self, events: &[TraceEvent<'_>]) {
        for event in events.iter().filter(|event| event.doc == Some(1)) {
            let (Some(line), Some(column)) = (event.line, event.column) else {
                continue;
            };
            let at = Position { line, column };
            if matches!(event.kind, TraceKind::InputStarted { .. }) {
                self.input(at);
            }
            for point in &mut self.points {
                point.reached |= point.way.is_seen(point.at, at, &event.kind);
            }
        }
    }

    /// An input that was reached can go without keys.
    fn input(&mut self, at: Position) {
        let known = |point: &Point| point.at == at && point.way == Way::NoKeys;
        if !self.points.iter().any(known) {
            self.points
                .push(Point::new(at, "no keys in time".to_owned(), Way::NoKeys));
            self.points.sort_by_key(|point| point.at);
        }
    }

    /// The script.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// All verbs and branches in the order of the text.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Those that no scenario reached.
    pub fn missed(&self) -> impl Iterator<Item = &Point> {
        self.points.iter().filter(|point| !point.reached)
    }
}

impl Point {
    fn new(at: Position, what: String, way: Way) -> Self {
        Self {
            at,
            what,
            reached: false,
            way,
        }
    }
}

impl Way {
    fn is_seen(self, point: Position, at: Position, kind: &TraceKind<'_>) -> bool {
        match (self, kind) {
            (Self::Until(end), TraceKind::VerbStarted { .. }) => point < at && at < end,
            (Self::Verb, TraceKind::VerbStarted { .. })
            | (Self::Failure, TraceKind::VerbFailed { .. })
            | (Self::Request, TraceKind::Fetch { .. })
            | (Self::NoKeys, TraceKind::InputTimeout) => point == at,
            _ => false,
        }
    }
}

fn verb_points(script: &Source, element: Element<'_>, spec: &VerbSpec, points: &mut Vec<Point>) {
    let at = script.position(element.span().range().start);
    let name = spec.name;
    points.push(Point::new(at, format!("`{name}`"), Way::Verb));
    if spec.kind == Kind::Effect {
        points.push(Point::new(at, format!("`{name}` fails"), Way::Failure));
    }
    for param in spec.params.iter().filter(|param| param.leads_on) {
        if element
            .attributes()
            .any(|attribute| param.is_named(attribute.name()))
        {
            points.push(Point::new(
                at,
                format!("`{}` of `{name}`", param.name),
                Way::Request,
            ));
        }
    }
    branches(script, element, spec.children, points);
}

/// The parts of a verb that hold verbs, however deep.
fn branches(script: &Source, element: Element<'_>, children: Children, points: &mut Vec<Point>) {
    for inner in element.elements() {
        let Some(part) = children.parts().iter().find(|part| part.is_named(inner.name())) else {
            continue;
        };
        let holds_verbs = matches!(part.children, Children::Verbs) && inner.elements().next().is_some();
        if holds_verbs {
            let span = inner.span().range();
            let way = Way::Until(script.position(span.end));
            points.push(Point::new(script.position(span.start), told(part, inner), way));
        }
        branches(script, inner, part.children, points);
    }
}

/// The part with what is written in its tag.
fn told(part: &PartSpec, element: Element<'_>) -> String {
    let written: BTreeSet<_> = element
        .attributes()
        .map(|attribute| format!(" {}={:?}", attribute.name(), attribute.value()))
        .collect();
    format!("`{}`{}", part.name, written.into_iter().collect::<String>())
}
