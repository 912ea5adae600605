use std::io::{BufRead, Write};
use std::sync::{Mutex, PoisonError};

use super::{TraceEvent, TraceSink};

/// Writes a trace as JSON Lines. A failed write is kept for [`finish`](Self::finish); the run goes on.
pub struct JsonLines<W>(Mutex<State<W>>);

struct State<W> {
    writer: W,
    failed: Option<std::io::Error>,
}

impl<W: Write> JsonLines<W> {
    /// Writes to `writer`, one `write` a line.
    pub fn new(writer: W) -> Self {
        Self(Mutex::new(State { writer, failed: None }))
    }

    /// Flushes; the first error of any write.
    pub fn finish(&self) -> std::io::Result<()> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.failed.take() {
            Some(error) => Err(error),
            None => state.writer.flush(),
        }
    }

    /// The writer again.
    pub fn into_inner(self) -> W {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner).writer
    }
}

impl<W: Write + Send> TraceSink for JsonLines<W> {
    fn record(&self, event: &TraceEvent<'_>) {
        let mut line = event.to_json();
        line.push('\n');
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.failed.is_none() {
            state.failed = state.writer.write_all(line.as_bytes()).err();
        }
    }
}

/// Why a trace cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// A line is no event.
    #[error("line {line}: no event of a trace: {fault}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        fault: String,
    },
    /// A line is of a version this engine does not know.
    #[error("line {line}: trace version {found}, this program reads version 1")]
    Version {
        /// Counted from 1.
        line: usize,
        /// The version.
        found: u8,
    },
    /// The source failed.
    #[error("the trace cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

/// Reads a trace line by line. Kinds and fields of later versions are skipped, empty lines too; a line of
/// more than 16 MiB is an error.
pub fn read_json_lines(reader: impl BufRead) -> impl Iterator<Item = Result<TraceEvent<'static>, ReadError>> {
    Lines { reader, number: 0 }
}

const MAX_LINE: u64 = 16 * 1024 * 1024;

struct Lines<R> {
    reader: R,
    number: usize,
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<TraceEvent<'static>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut line = Vec::new();
            self.number = self.number.saturating_add(1);
            match std::io::Read::take(&mut self.reader, MAX_LINE).read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(_) if line.iter().all(u8::is_ascii_whitespace) => {}
                Ok(_) => return Some(read_line(&line, self.number)),
                Err(error) => return Some(Err(error.into())),
            }
        }
    }
}

fn read_line(text: &[u8], line: usize) -> Result<TraceEvent<'static>, ReadError> {
    let event: TraceEvent<'static> = serde_json::from_slice(text).map_err(|fault| ReadError::Line {
        line,
        fault: fault.to_string(),
    })?;
    if event.v == TraceEvent::VERSION {
        Ok(event)
    } else {
        Err(ReadError::Version { line, found: event.v })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::TraceKind;

    const SPOKEN: &str = r#"{"v":1,"seq":17,"at_ms":1200,"run":"r1","call":"c1","leg":"a","kind":"prompt.spoken","text":"Hi","doc":2,"line":3,"column":5}"#;

    #[test]
    fn a_line_is_written_as_it_is_read() {
        let event = read_json_lines(SPOKEN.as_bytes()).next().unwrap().unwrap();
        assert_eq!(
            event.kind,
            TraceKind::PromptSpoken {
                text: "Hi".into(),
                language: None
            }
        );
        assert_eq!((event.doc, event.line, event.column), (Some(2), Some(3), Some(5)));
        let lines = JsonLines::new(Vec::new());
        lines.record(&event);
        lines.finish().unwrap();
        assert_eq!(String::from_utf8(lines.into_inner()).unwrap().trim_end(), SPOKEN);
        assert_eq!(event.to_owned_event(), event);
    }

    #[test]
    fn numbers_of_a_port_come_back_as_they_were() {
        let port = r#"{"v":1,"seq":1,"at_ms":0,"run":"r","kind":"port","name":"clock","answer":NUMBER}"#;
        for number in [
            "5.85850177548659e184",
            "1.28921840e-248",
            "1e300",
            "-0.0",
            "18446744073709551616",
        ] {
            let text = port.replace("NUMBER", number);
            let event = read_json_lines(text.as_bytes()).next().unwrap().unwrap();
            let again = event.to_json();
            assert_eq!(
                read_json_lines(again.as_bytes()).next().unwrap().unwrap(),
                event,
                "{number}"
            );
        }
    }

    #[test]
    fn later_kinds_and_fields_are_skipped_and_other_lines_refused() {
        let text = concat!(
            r#"{"v":1,"seq":1,"at_ms":0,"run":"r","kind":"quantum.leap","by":3,"colour":"red"}"#,
            "\n\n",
            r#"{"v":1,"seq":2,"at_ms":0,"run":"r","kind":"beep","volume":9}"#,
            "\n",
            "nonsense\n",
            r#"{"v":2,"seq":2,"at_ms":0,"run":"r","kind":"beep"}"#,
        );
        let events: Vec<_> = read_json_lines(text.as_bytes()).collect();
        assert_eq!(events[0].as_ref().unwrap().kind, TraceKind::Unknown);
        assert_eq!(events[1].as_ref().unwrap().kind, TraceKind::Beep);
        assert!(events[2].as_ref().unwrap_err().to_string().starts_with("line 4:"));
        assert!(matches!(events[3], Err(ReadError::Version { line: 5, found: 2 })));
    }
}
