//! Speed of the text side: encode, pack, segment, count, in MB of text a second.
//!
//! `cargo bench -p ozml-sms --bench gsm_text`; without cargo's `--bench` argument one short round runs.

#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::print_stdout)] // a benchmark: clock, output

use std::hint::black_box;
use std::time::{Duration, Instant};

use ozml_sms::text::{Reference, count, gsm7, segment};

/// Best of five rounds, in MB of `text` a second.
fn measure(name: &str, text: &str, round: Duration, work: impl Fn(&str)) {
    let mut best = 0.0_f64;
    for _ in 0..5 {
        let start = Instant::now();
        let mut texts = 0_u32;
        while start.elapsed() < round {
            for _ in 0..64 {
                work(black_box(text));
            }
            texts += 64;
        }
        let rate = f64::from(texts) / start.elapsed().as_secs_f64();
        best = best.max(rate * text.len() as f64 / 1e6);
    }
    println!("{name:<32} {best:>8.0} MB/s");
}

fn main() {
    let full = std::env::args().any(|argument| argument == "--bench");
    let round = Duration::from_millis(if full { 200 } else { 1 });
    let reference = Reference::Bits8(0x2A);
    let single = "Your code is 4711. It is valid for ten minutes. ".repeat(3);
    let long = "Your parcel arrives today between 10:00 and 12:00. ".repeat(90);
    let accents = "Größe 5 {€} für Åse und Señor Müller, à demain. ".repeat(30);
    let cyrillic = "Ваш код 4711. ".repeat(20);
    for (kind, text) in [
        ("one part", &single),
        ("30 parts", &long),
        ("accents and extensions", &accents),
    ] {
        let septets = gsm7::encode(text).expect("a text of the GSM 7-bit alphabet");
        measure(&format!("encode, {kind}"), text, round, |text| {
            drop(black_box(gsm7::encode(text)))
        });
        measure(&format!("pack, {kind}"), text, round, |_| {
            drop(black_box(gsm7::pack(&septets, 1)))
        });
        measure(&format!("decode, {kind}"), text, round, |_| {
            drop(black_box(gsm7::decode(&septets)))
        });
    }
    let kinds = [
        ("one part", &single),
        ("30 parts", &long),
        ("accents", &accents),
        ("UCS-2", &cyrillic),
    ];
    for (kind, text) in kinds {
        measure(&format!("segment, {kind}"), text, round, |text| {
            drop(black_box(segment(text, reference)))
        });
        measure(&format!("count, {kind}"), text, round, |text| {
            black_box(count(text));
        });
    }
}
