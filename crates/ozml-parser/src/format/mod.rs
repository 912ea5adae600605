//! The formatter: one layout for all scripts, made from their tokens so that nothing is lost.

mod layout;
mod line_end;
mod outline;

use crate::source::BYTE_ORDER_MARK;
use crate::{Diagnostic, Document, ReadingLimits, Source, Span};

use line_end::LineEnd;
use outline::Outline;

/// Lays a script out: one element a line, two spaces for every element around it. Formatting twice is the same
/// as formatting once.
///
/// Only white space that OzML does not look at changes:
/// - **Between tags** blank text becomes a line break; several empty lines become one. A comment or an
///   instruction at the end of a line stays there, after one space; one amid a line gets its own.
/// - **Text stays.** An element with anything but blank text directly inside (a CDATA section and a reference
///   to a space count as more than blank) keeps all its content byte for byte, and so does one with
///   `xml:space="preserve"` (XML 1.0, 2.10).
/// - **Empty elements** are written `<Exit/>`, a pair around blanks too: OzML reads both the same way.
/// - **Attributes** keep their order, quotes and values. They stand on the line of their tag unless it would be
///   longer than 100 characters, then each on a line of its own, indented by four spaces; a single one stays.
/// - **The file** keeps its byte order mark and loses blanks before the first markup. Line breaks are those of
///   the first one between two tags, CRLF or LF (a lone CR counts as LF), and one ends the last line.
///
/// Comments, instructions, the XML declaration and the case of names are left as they are.
///
/// # Errors
/// What [`Document::parse`] says about a script that cannot be read. One that is within `limits` by so little
/// that its indentation exceeds them is refused with [`Diagnostic::limit`].
///
/// ```
/// use ozml_parser::{ReadingLimits, Source, format};
///
/// let source = Source::new("hello.xml", "<Response><Speak > Hi</Speak><Exit></Exit></Response>");
/// assert_eq!(
///     format(&source, &ReadingLimits::default())?,
///     "<Response>\n  <Speak> Hi</Speak>\n  <Exit/>\n</Response>\n"
/// );
/// # Ok::<(), ozml_parser::Diagnostic>(())
/// ```
pub fn format(source: &Source, limits: &ReadingLimits) -> Result<String, Diagnostic> {
    Document::parse(source, limits)?;
    let text = source.text();
    let mut output = String::with_capacity(text.len());
    if text.starts_with(BYTE_ORDER_MARK) {
        output.push(BYTE_ORDER_MARK);
    }
    let outline = Outline::new(text);
    let first = outline.line_end.or_else(|| LineEnd::first_of(text));
    let line_end = first.unwrap_or(LineEnd::Lf);
    layout::write(text, &outline, line_end, limits.script_bytes, &mut output);
    readable(source, &output, limits)?;
    Ok(output)
}

/// Refuses a layout that could not be read again. Its content is that of the script, so only its size can be at
/// fault.
fn readable(source: &Source, output: &str, limits: &ReadingLimits) -> Result<(), Diagnostic> {
    let formatted = Source::new(source.name(), output);
    let Err(fault) = Document::parse(&formatted, limits) else {
        return Ok(());
    };
    let limit = fault.limit.unwrap_or_default();
    let message = format!("with its indentation the script would exceed the limit `{limit}`");
    let mut refused = Diagnostic::error(fault.code, fault.status, Span::default(), message);
    refused.help = fault.help;
    refused.limit = fault.limit;
    Err(refused)
}
