//! The reader of traces: any lines are answered, and an event that was read is written and read again as itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ozml_engine::{JsonLines, TraceEvent, TraceSink, read_json_lines};

fuzz_target!(|bytes: &[u8]| {
    let events: Vec<TraceEvent<'static>> = read_json_lines(bytes).flatten().collect();
    let lines = JsonLines::new(Vec::new());
    for event in &events {
        assert_eq!(event.to_owned_event(), *event);
        lines.record(event);
    }
    lines.finish().expect("memory takes every write");
    let written = lines.into_inner();
    let again: Result<Vec<_>, _> = read_json_lines(written.as_slice()).collect();
    assert_eq!(again.expect("what we write can be read"), events);
});
