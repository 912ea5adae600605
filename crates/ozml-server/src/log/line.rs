//! An event is one line, and no stranger's text steers a terminal.

use std::fmt::Write as _;
use std::io;

use ozml_parser::is_unprintable;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::LogFormat;

/// Makes writers that take whole events.
#[derive(Debug)]
pub(super) struct Lines<W> {
    format: LogFormat,
    writer: W,
}

impl<W> Lines<W> {
    pub(super) fn new(format: LogFormat, writer: W) -> Self {
        Self { format, writer }
    }
}

impl<'w, W: MakeWriter<'w>> MakeWriter<'w> for Lines<W> {
    type Writer = Line<W::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        Line {
            format: self.format,
            writer: self.writer.make_writer(),
        }
    }
}

/// Writes one event, which comes as one piece with its line end.
#[derive(Debug)]
pub(super) struct Line<W> {
    format: LogFormat,
    writer: W,
}

impl<W: io::Write> io::Write for Line<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let event_text = String::from_utf8_lossy(event);
        let mut line = escaped(self.format, event_text.trim_end_matches('\n'));
        line.push('\n');
        // In one piece, so that lines of several threads do not mix.
        self.writer.write_all(line.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The same with everything written out that a terminal would obey. In JSON only texts have such characters.
fn escaped(format: LogFormat, event: &str) -> String {
    let mut line = String::with_capacity(event.len().saturating_add(1));
    for character in event.chars() {
        if !is_unprintable(character) {
            line.push(character);
            continue;
        }
        match format {
            LogFormat::Text => line.extend(character.escape_default()),
            LogFormat::Json => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(line, "\\u{unit:04x}");
                }
            }
        }
    }
    line
}
