//! Diagnostics as text for people. The only place that knows `annotate-snippets`.

mod escape;
mod excerpt;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::{Diagnostic, Format, Report, Severity, Source};
pub use escape::is_unprintable;
use escape::one_line;
use excerpt::Excerpt;

/// How rendered diagnostics look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Text only.
    Plain,
    /// With ANSI colours.
    Ansi,
}

const MESSAGE_CHARACTERS: usize = 400;
/// Wide enough that the renderer never cuts a line; excerpts are cut before.
const WIDTH: usize = 4096;

/// Renders diagnostics about `source`, parted by empty lines, each line ended: the text of a [`Report`].
///
/// At most 100 diagnostics and 64 KiB are written, the rest is counted. An excerpt shows at most 120 characters
/// of a line. Control and bidirectional characters are escaped, in messages too.
pub fn render(diagnostics: &[Diagnostic], source: &Source, style: Style) -> String {
    let mut report = Report::new(Format::Text(style));
    report.add(source, diagnostics);
    report.finish()
}

/// Renders one diagnostic.
pub(crate) fn render_one(diagnostic: &Diagnostic, source: &Source, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Ansi => Renderer::styled(),
    }
    .term_width(WIDTH);
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let message = one_line(&diagnostic.message, MESSAGE_CHARACTERS);
    let title = level.primary_title(message).id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    if let Some(span) = diagnostic.span() {
        let position = source.position(span.start as usize);
        group = group.element(
            Origin::path(one_line(source.name(), MESSAGE_CHARACTERS))
                .line(position.line as usize)
                .char_column(position.column as usize),
        );
    }
    for excerpt in Excerpt::of_labels(source, &diagnostic.labels) {
        group = group.element(snippet(excerpt));
    }
    let mut text = finished(
        renderer
            .render(&[group])
            .lines()
            .enumerate()
            .filter_map(shown_line),
    );
    if let Some(help) = &diagnostic.help {
        let help = Level::HELP.primary_title(one_line(help, MESSAGE_CHARACTERS));
        text.push_str(&finished(renderer.render(&[Group::with_title(help)]).lines()));
    }
    text
}

fn snippet<'a>(excerpt: Excerpt) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let marks = excerpt.marks.into_iter().map(|mark| {
        let kind = match mark.primary {
            true => AnnotationKind::Primary,
            false => AnnotationKind::Context,
        };
        let text = (!mark.text.is_empty()).then(|| one_line(&mark.text, MESSAGE_CHARACTERS));
        kind.span(mark.range).label(text)
    });
    Snippet::source(excerpt.text)
        .line_start(excerpt.line as usize)
        .annotations(marks)
}

/// The renderer takes the position for an excerpt of its own and draws `:::` between the two.
fn shown_line((index, line): (usize, &str)) -> Option<&str> {
    const AFTER_POSITION: usize = 3;
    (index != AFTER_POSITION || !line.contains(":::")).then_some(line)
}

/// The lines without blanks at their ends, each ended.
fn finished<'t>(lines: impl Iterator<Item = &'t str>) -> String {
    lines.fold(String::new(), |mut output, line| {
        output.push_str(line.trim_end());
        output.push('\n');
        output
    })
}
