//! What the disk does by itself.

use std::fs::{self, OpenOptions};
use std::io::{Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// What the disk does without a store: 4 KiB and 1 MiB, written over and flushed.
pub(crate) fn raw_flushes(folder: &Path) {
    for bytes in [4 * 1024, 1024 * 1024] {
        let path = folder.join("raw");
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&path)
            .unwrap();
        let octets = vec![1; bytes];
        let mut took = Vec::new();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(1) {
            file.rewind().unwrap();
            let began = Instant::now();
            file.write_all(&octets).unwrap();
            file.sync_data().unwrap();
            took.push(began.elapsed());
        }
        took.sort_unstable();
        let at = |share: usize| took[(took.len() - 1) * share / 100].as_secs_f64() * 1e3;
        println!(
            "raw flush of {:>4} KiB: {:>6.0}/s, p50 {:.2} ms, p99 {:.2} ms",
            bytes / 1024,
            took.len() as f64 / begun.elapsed().as_secs_f64(),
            at(50),
            at(99)
        );
        fs::remove_file(&path).unwrap();
    }
}
