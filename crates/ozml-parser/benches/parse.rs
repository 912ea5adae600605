//! Time to read a script of about 3 KB with 50 verbs: at most 20 microseconds.
#![allow(clippy::disallowed_methods, reason = "a benchmark looks at the clock")]
#![allow(clippy::print_stdout, reason = "a benchmark prints")]

use std::hint::black_box;
use std::time::Instant;

use ozml_parser::{Document, ReadingLimits, Source};

fn main() {
    let mut script = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\n");
    for n in 0..25 {
        script.push_str(&format!(
            "  <Speak Language=\"en\">Your order {n} is on its way.</Speak>\n"
        ));
        script.push_str(&format!(
            "  <SendSms Recipient=\"+3620123456{n}\">Tom &amp; Co.</SendSms>\n"
        ));
    }
    script.push_str("</Response>\n");
    let limits = ReadingLimits::default();
    let source = Source::new("script.xml", script);
    let mut best = u128::MAX;
    for _ in 0..20 {
        let start = Instant::now();
        for _ in 0..1_000 {
            assert!(Document::parse(black_box(&source), &limits).is_ok());
        }
        best = best.min(start.elapsed().as_nanos() / 1_000);
    }
    println!(
        "50 verbs, {} bytes: {best} ns per parse (bar 20000)",
        source.text().len()
    );
}
