//! `ozml modem-sim` as a program: what it prints, what it is told, how it ends.
#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "a test runs programs and fails by panicking, in its helpers too"
)]

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use ozml_tests::program::Program;
use rustix::process::Signal;

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _from_an_earlier_run = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn messages_go_out_and_come_in() {
    let folder = folder("modem_sim");
    let mut modem = Program::start_with_input(
        &folder,
        &["modem-sim", "--link", "modem", "--pin", "1234", "--verbose"],
    );
    assert_eq!(
        modem.wait_for("test modem"),
        "test modem on modem; Ctrl-C ends it"
    );
    let mut line = OpenOptions::new().write(true).open(folder.join("modem")).unwrap();
    line.write_all(b"AT+CPIN=\"9999\"\rAT+CPIN=\"1234\"\r").unwrap();
    assert_eq!(modem.wait_for("command"), "command AT+CPIN=***");
    assert_eq!(modem.wait_for("wrong"), "PIN wrong, tries left: 2");
    assert_eq!(modem.wait_for("right"), "PIN right");
    line.write_all(b"AT+CMGS=19\r0031000B916303214365F70000A705E8329BFD06\x1a")
        .unwrap();
    assert_eq!(modem.wait_for("sms"), "sms 1 to +36301234567, reference 1: hello");
    assert_eq!(modem.wait_for("status"), "report on reference 1: status 0x00");

    modem.write("nonsense");
    assert!(modem.wait_for("error").contains("`nonsense` is no message"));
    modem.write_octets(b"+36201234567 Caf\xe9\n");
    assert!(modem.wait_for("error").ends_with("is left out: it is not UTF-8"));
    modem.write("+36201234567 Hello there");
    assert_eq!(modem.wait_for("came in"), "came in, stored in slot 1");
    line.write_all(b"AT+CMGD=1\r").unwrap();
    assert_eq!(modem.wait_for("deleted"), "slot 1 deleted");

    let (status, printed) = modem.end();
    assert!(status.success(), "{printed}");
    assert!(!printed.contains("1234\""), "no PIN is shown: {printed}");
    assert!(!folder.join("modem").is_symlink(), "the link is gone");
}

#[test]
fn messages_that_find_no_slot_are_told() {
    let folder = folder("modem_sim_filled");
    let mut modem = Program::start(&folder, &["modem-sim", "--filled", "99", "--slots", "20"]);
    assert_eq!(
        modem.wait_for("--filled"),
        "note: the SIM card begins full, 79 messages of --filled have no slot"
    );
    assert!(modem.end().0.success());
}

#[test]
fn a_modem_that_is_pulled_out_says_where_it_is_again() {
    let folder = folder("modem_sim_unplugged");
    let arguments = [
        "modem-sim",
        "--link",
        "modem",
        "--unplug-after",
        "1",
        "--unplug-for",
        "10ms",
    ];
    let mut modem = Program::start(&folder, &arguments);
    modem.wait_for("test modem");
    let mut line = OpenOptions::new().write(true).open(folder.join("modem")).unwrap();
    line.write_all(b"AT+CMGS=18\r0001000B916303214365F7000005E8329BFD06\x1a")
        .unwrap();
    modem.wait_for("unplugged");
    assert_eq!(modem.wait_for("plugged in"), "plugged in on modem");
    assert!(folder.join("modem").exists());
}

#[test]
fn no_signal_leaves_the_link_but_kill() {
    let folder = folder("modem_sim_signals");
    let link = folder.join("modem");
    let start = || {
        let mut modem = Program::start_hearing_hup(&folder, &["modem-sim", "--link", "modem"]);
        modem.wait_for("test modem");
        modem
    };
    for signal in [Signal::INT, Signal::TERM, Signal::QUIT, Signal::HUP] {
        let modem = start();
        modem.signal(signal);
        let (status, printed) = modem.ended();
        assert!(status.success(), "{signal:?}: {printed}");
        assert!(!link.is_symlink(), "{signal:?}");
    }
    let killed = start();
    killed.signal(Signal::KILL);
    killed.ended();
    assert!(link.is_symlink());
    let (status, printed) = start().end();
    assert!(status.success(), "{printed}");
    assert!(!link.is_symlink());
}
