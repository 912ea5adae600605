//! Time and memory for the worst documents of a megabyte: at most 250 ms and 64 MiB each, message included.
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark looks at the clock and at its memory"
)]
#![allow(clippy::print_stdout, reason = "a benchmark prints")]

#[path = "../tests/worst_documents/mod.rs"]
mod worst_documents;

use std::time::Instant;

use ozml_parser::{Document, ReadingLimits, Source, Style, render};

fn main() {
    let limits = ReadingLimits::default();
    for (name, text, _) in worst_documents::all() {
        let source = Source::new("worst.xml", text);
        let start = Instant::now();
        let result = Document::parse(&source, &limits);
        let outcome = match &result {
            Ok(_) => "read".to_owned(),
            Err(fault) => {
                let shown = render(std::slice::from_ref(fault), &source, Style::Plain);
                format!("{}, {} bytes of message", fault.code, shown.len())
            }
        };
        let milliseconds = start.elapsed().as_secs_f64() * 1_000.0;
        println!("{milliseconds:8.2} ms (bar 250)  {name}: {outcome}");
    }
    println!("peak memory of all in turn: {} (bar 64 MiB)", peak_memory());
}

/// As the kernel counts it, where there is one that does.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |size| size.trim().to_owned())
}
