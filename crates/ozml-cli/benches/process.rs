//! The whole process of `ozml run` of a small script: median of 200, warm files, virtual time, console.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a benchmark reads the real clock"
)]
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::indexing_slicing)]
#![allow(missing_docs)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn main() {
    let runs = if std::env::args().any(|argument| argument == "--bench") {
        200
    } else {
        3
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ozml-scripts/sms/notice.xml");
    for via in ["console:", "smsc:"] {
        let mut times: Vec<Duration> = (0..runs).map(|_| one(script, via)).collect();
        times.sort_unstable();
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        println!(
            "ozml run --fast --sms-via {via} median {:.2} ms, least {:.2} ms ({runs} runs)",
            ms(times[runs / 2]),
            ms(times[0])
        );
    }
}

fn one(script: &str, via: &str) -> Duration {
    let begin = Instant::now();
    let ended = Command::new(env!("CARGO_BIN_EXE_ozml"))
        .args(["run", "--fast", "--sms-via", via, script])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(ended.success());
    begin.elapsed()
}
