use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tokio::io::{DuplexStream, duplex};

use super::*;

/// The other end of a pseudo-terminal, and its path.
fn pseudo_terminal() -> (File, SerialPort) {
    let master: OwnedFd = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let path = ptsname(&master, Vec::new()).unwrap();
    (master.into(), path.to_str().unwrap().parse().unwrap())
}

async fn fault(path: &str) -> String {
    let port: SerialPort = path.parse().unwrap();
    OpenPort::open(&port, 9_600).await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_port_that_cannot_be_opened_says_what_to_do() {
    assert_eq!(
        fault("/dev/ttyUSB99").await,
        "there is no `/dev/ttyUSB99`: is the modem plugged in and switched on?"
    );
    assert_eq!(fault("/tmp").await, "`/tmp` is no serial port");
    assert_eq!(fault("/dev/null").await, "`/dev/null` is no serial port");
    let denied = OpenError::Denied("/dev/ttyS0".parse().unwrap()).to_string();
    assert!(denied.contains("`dialout`"), "{denied}");
}

#[tokio::test]
async fn a_port_has_one_owner_at_a_time() {
    let (_master, port) = pseudo_terminal();
    let first = OpenPort::open(&port, 115_200).await.unwrap();
    let second = OpenPort::open(&port, 115_200).await.unwrap_err();
    assert_eq!(second, OpenError::Busy(port.clone()));
    drop(first);
    OpenPort::open(&port, 115_200).await.unwrap();
}

/// Says something and keeps what it hears, until it has heard enough or the time is over.
#[derive(Default)]
struct Listener {
    to_say: Vec<u8>,
    heard: Vec<u8>,
    enough: usize,
    until: Option<u64>,
    lost: Option<String>,
}

impl Talk for Listener {
    fn advance(&mut self, now: u64) -> bool {
        let in_time = self.until.is_none_or(|until| now < until);
        in_time && self.lost.is_none() && self.heard.len() < self.enough
    }

    fn on_bytes(&mut self, _: u64, octets: &[u8]) {
        self.heard.extend(octets);
    }

    fn on_port_lost(&mut self, why: String) {
        self.lost = Some(why);
    }

    fn take_output(&mut self, into: &mut Vec<u8>) {
        into.append(&mut self.to_say);
    }

    fn next_wake_up(&self) -> Option<u64> {
        self.until
    }
}

fn listener(enough: usize) -> Listener {
    Listener {
        enough,
        ..Listener::default()
    }
}

fn line() -> (DuplexStream, DuplexStream) {
    duplex(16)
}

#[tokio::test]
async fn octets_go_both_ways_whatever_fits_into_the_line() {
    let (ours, mut theirs) = line();
    let mut talk = listener(1_000);
    talk.to_say = vec![b'x'; 1_000];
    let modem = async {
        let mut heard = vec![0; 1_000];
        theirs.read_exact(&mut heard).await.unwrap();
        theirs.write_all(&heard).await.unwrap();
    };
    tokio::join!(run(ours, &mut talk, Instant::now()), modem);
    assert_eq!((talk.heard, talk.lost), (vec![b'x'; 1_000], None));
}

#[tokio::test(start_paused = true)]
async fn time_goes_on_while_the_modem_says_nothing() {
    let (ours, _theirs) = line();
    let mut talk = listener(1);
    talk.until = Some(90_000);
    let started = Instant::now();
    run(ours, &mut talk, started).await;
    assert_eq!(started.elapsed(), Duration::from_secs(90));
}

#[tokio::test]
async fn an_unplugged_modem_ends_the_talk() {
    let (master, port) = pseudo_terminal();
    let io = OpenPort::open(&port, 115_200).await.unwrap();
    let mut talk = listener(1_000);
    (&master).write_all(b"OK\r\n").unwrap();
    drop(master);
    run(io, &mut talk, Instant::now()).await;
    assert!(talk.lost.is_some());
}

#[tokio::test]
async fn no_octet_is_changed_on_the_way() {
    let (mut master, port) = pseudo_terminal();
    let io = OpenPort::open(&port, 115_200).await.unwrap();
    let all: Vec<u8> = (0..=255).collect();
    let mut talk = listener(all.len());
    master.write_all(&all).unwrap();
    run(io, &mut talk, Instant::now()).await;
    assert_eq!(talk.heard, all);
}
