//! What the emulator and its pseudo-terminal take by themselves.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::figure::Figure;
use super::modem::Modem;

/// A short text to +36301234567, and what AT+CMGS is told of its length.
const PDU: &[u8] = b"0011000B916303214365F70000FF09EDF27C1E3E974132\x1a";
const ANNOUNCED: &[u8] = b"AT+CMGS=22\r";
const OK: &[u8] = b"\r\nOK\r\n";

/// A loop that does nothing but write and wait.
pub(crate) async fn run(messages: u32) -> Figure {
    let modem = Modem::open();
    let port = modem.port();
    let sending = tokio::task::spawn_blocking(move || send(&port, messages));
    Figure {
        name: "raw loop".to_owned(),
        messages,
        took: sending.await.unwrap(),
        is_ours: false,
    }
}

fn send(port: &Path, messages: u32) -> Duration {
    let mut line = OpenOptions::new().read(true).write(true).open(port).unwrap();
    for command in ["ATE0\r", "AT+CMGF=0\r"] {
        ask(&mut line, command.as_bytes(), OK);
    }
    let begun = Instant::now();
    for _ in 0..messages {
        ask(&mut line, ANNOUNCED, b"\r\n> ");
        ask(&mut line, PDU, OK);
    }
    begun.elapsed()
}

/// Writes, and reads until the answer ends so.
fn ask(line: &mut File, octets: &[u8], end: &[u8]) {
    line.write_all(octets).unwrap();
    let (mut answer, mut read) = (Vec::new(), [0; 256]);
    while !answer.ends_with(end) {
        let count = line.read(&mut read).unwrap();
        answer.extend(read.iter().take(count));
    }
}
