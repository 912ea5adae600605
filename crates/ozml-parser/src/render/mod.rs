//! Diagnostics as text for people. The only place that knows `annotate-snippets`.

mod escape;
mod excerpt;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::{Diagnostic, Severity, Source};
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

/// At most this many diagnostics are shown (limit `diagnostics`).
const MOST_DIAGNOSTICS: usize = 100;
/// At most this many bytes are written (limit `diagnostic_bytes`), the closing count included.
const MOST_BYTES: usize = 64 * 1024;
const BYTES_OF_COUNT: usize = 128;
const MESSAGE_CHARACTERS: usize = 400;
/// Wide enough that the renderer never cuts a line; excerpts are cut before.
const WIDTH: usize = 4096;

/// Renders diagnostics about `source`, parted by empty lines, each line ended.
///
/// At most 100 diagnostics and 64 KiB are written, the rest is counted. An excerpt shows at most 120 characters
/// of a line. Control and bidirectional characters are escaped, in messages too.
pub fn render(diagnostics: &[Diagnostic], source: &Source, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Ansi => Renderer::styled(),
    }
    .term_width(WIDTH);
    let mut output = String::new();
    let mut shown: usize = 0;
    for diagnostic in diagnostics.iter().take(MOST_DIAGNOSTICS) {
        let text = render_one(diagnostic, source, &renderer);
        let room = MOST_BYTES
            .saturating_sub(BYTES_OF_COUNT)
            .saturating_sub(output.len());
        if text.len() >= room {
            break;
        }
        if shown > 0 {
            output.push('\n');
        }
        output.push_str(&text);
        shown = shown.saturating_add(1);
    }
    output.push_str(&count(diagnostics.get(shown..).unwrap_or_default()));
    output
}

fn render_one(diagnostic: &Diagnostic, source: &Source, renderer: &Renderer) -> String {
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

/// A line about what is not shown; empty if nothing is left.
fn count(rest: &[Diagnostic]) -> String {
    let errors = rest.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let warnings = rest.len().saturating_sub(errors);
    let plural = |count| if count == 1 { "" } else { "s" };
    match (errors, warnings) {
        (0, 0) => String::new(),
        (errors, 0) => format!("\nand {errors} more error{}\n", plural(errors)),
        (0, warnings) => format!("\nand {warnings} more warning{}\n", plural(warnings)),
        (errors, warnings) => format!(
            "\nand {errors} more error{} and {warnings} more warning{}\n",
            plural(errors),
            plural(warnings)
        ),
    }
}
