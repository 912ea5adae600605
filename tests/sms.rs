//! `ozml sms` with a running server, which sends to a test message centre.
#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test runs programs and fails by panicking, in its helpers too"
)]

use std::fs;
use std::path::{Path, PathBuf};

use ozml_tests::program::{Program, run};

/// A server, its message centre and a folder with its configuration.
struct Office {
    folder: PathBuf,
    server: Program,
    centre: Program,
}

impl Office {
    fn open(name: &str, centre: &[&str]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _from_an_earlier_run = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let listen = ["smsc", "--listen", "127.0.0.1:0"];
        let mut centre = Program::start(&folder, &[&listen, centre].concat());
        let line = centre.wait_for("test message centre on ");
        let address = line.trim_start_matches("test message centre on ");
        let address = address.split(';').next().unwrap();
        let configuration = format!(
            "[admin]\nlisten = \"127.0.0.1:0\"\n\n\
             [[sms.connection]]\nname = \"centre\"\ntype = \"smpp\"\nurl = \"smpp://shop@{address}\"\n\n\
             [[sms.route]]\nname = \"all\"\nto = \"centre\"\n\n\
             [destinations]\nallow = [\"+36\"]\n"
        );
        fs::write(folder.join("ozml.toml"), configuration).unwrap();
        let mut server = Program::start(&folder, &["serve"]);
        server.wait_for("serving");
        centre.wait_for("bound as transceiver");
        Self {
            folder,
            server,
            centre,
        }
    }

    /// What a command prints on standard output; it ends with 0.
    fn done(&self, arguments: &[&str]) -> String {
        let (code, stdout, stderr) = self.sms(arguments);
        assert_eq!((code, stderr.as_str()), (0, ""), "{arguments:?}: {stdout}");
        stdout
    }

    /// What a command prints on standard error; it ends with 1.
    fn fails(&self, arguments: &[&str]) -> String {
        let (code, stdout, stderr) = self.sms(arguments);
        assert_eq!(code, 1, "{arguments:?}: {stdout}{stderr}");
        stderr
    }

    fn sms(&self, arguments: &[&str]) -> (i32, String, String) {
        self.ozml(&[&["sms"], arguments].concat())
    }

    fn ozml(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = run(&self.folder, arguments);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code().unwrap(),
            text(output.stdout),
            text(output.stderr),
        )
    }

    /// Sends a message; its id.
    fn send(&self, text: &str) -> String {
        self.done(&["send", "+36201234567", text, "--quiet"])
            .trim()
            .to_owned()
    }
}

#[test]
fn a_message_goes_through_the_server() {
    let office = Office::open("sms-through", &["--receipts", "delivered"]);
    let sent = office.done(&["send", "+36201234567", "Hello", "--from", "Shop", "--wait", "60s"]);
    let lines: Vec<_> = sent.lines().collect();
    assert!(lines[0].starts_with("accepted   "), "{sent}");
    assert_eq!(
        lines[1..],
        ["submitted  centre", "sent       centre", "delivered  centre"]
    );

    let id = lines[0].split_whitespace().nth(1).unwrap();
    let page = office.done(&["status", id]);
    assert!(
        page.contains("text         Hello\n") && page.contains("from         Shop\n"),
        "{page}"
    );
    let list = office.done(&["list", "--state", "delivered", "--to", "+3620"]);
    assert!(list.contains(id) && !list.contains("Hello"), "{list}");
    let status = office.done(&["status"]);
    assert!(
        status.contains(&format!("process {}, ", office.server.id())),
        "{status}"
    );
    assert!(status.contains("centre      up     1 of 1"), "{status}");
    assert!(
        status.contains("1 accepted, 0 refused, 0 possible duplicates; ended: 1 delivered"),
        "{status}"
    );

    assert_eq!(office.done(&["purge", "--before", "0s"]), "1 message forgotten\n");
    assert_eq!(
        office.fails(&["status", id]),
        format!("error: there is no message `{id}` (302)\n")
    );
    let (status, log) = office.server.end();
    assert!(status.success(), "{log}");
    assert!(!log.contains("Hello") && !log.contains("+36201234567"), "{log}");
    assert!(!office.folder.join("ozml.db.sock").exists());
}

#[test]
fn a_failed_message_is_retried() {
    let office = Office::open("sms-retried", &["--receipts", "undeliverable"]);
    let (code, id, _) = office.sms(&["send", "+36201234567", "Hello", "--quiet", "--wait", "60s"]);
    assert_eq!(code, 1, "it failed");
    let (code, states, _) = office.sms(&["retry", id.trim(), "--wait", "60s"]);
    let states: Vec<_> = states
        .lines()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(
        (code, &*states),
        (1, &["accepted", "submitted", "sent", "failed"][..])
    );
}

#[test]
fn a_drained_server_takes_messages_when_it_is_told_to() {
    let office = Office::open("sms-drained", &["--receipts", "delivered"]);
    office.send("Before");
    assert!(office.done(&["drain"]).starts_with("everything is sent"));
    let refused = office.fails(&["send", "+36201234567", "Meanwhile"]);
    assert!(refused.contains("accepts no messages at present"), "{refused}");
    office.done(&["drain", "--resume"]);
    office.send("After");
}

#[test]
fn a_paused_connection_keeps_its_messages() {
    let office = Office::open("sms-paused", &["--receipts", "delivered"]);
    office.done(&["pause", "centre"]);
    let (code, accepted, told) = office.sms(&["send", "+36201234567", "Hello", "--wait", "10ms"]);
    assert_eq!(code, 0, "{accepted}{told}");
    assert!(
        told.starts_with("connection `centre` is paused\nno final state within 10 ms; "),
        "{told}"
    );
    let (_, drained, _) = office.sms(&["drain", "--wait", "10ms"]);
    assert_eq!(drained, "1 message unsent, the end of 0 awaited\n");
    office.done(&["resume", "centre"]);
    assert!(office.done(&["drain"]).starts_with("everything is sent"));
    assert_eq!(
        office.fails(&["pause", "other"]),
        "error: there is no connection `other` (302)\n"
    );
}

#[test]
fn the_rules_are_those_of_the_server_unless_the_file_is_asked_for() {
    let office = Office::open("sms-rules", &[]);
    let path = office.folder.join("ozml.toml");
    let changed = fs::read_to_string(&path).unwrap().replace("\"all\"", "\"new\"");
    fs::write(path, changed).unwrap();
    assert!(office.done(&["routes"]).contains("100       all   everything"));
    assert!(
        office
            .done(&["routes", "--no-server"])
            .contains("100       new   everything")
    );
    let live = office.done(&["route-explain", "+36201234567"]);
    assert!(
        live.contains("admitted by `allow +36`") && live.contains("all (priority 100): matches"),
        "{live}"
    );
    let file = office.done(&["route-explain", "+36201234567", "--no-server"]);
    assert!(file.contains("new (priority 100): matches"), "{file}");
    office.fails(&["send", "+49301234567", "Hello"]);
}

#[test]
fn two_processes_do_not_have_one_store() {
    let office = Office::open("sms-owned", &[]);
    fs::write(office.folder.join("a.xml"), "<Response><Exit/></Response>").unwrap();
    let run = ["run", "a.xml", "--config", "ozml.toml", "--sms-via", "config:"];
    let (code, _, refused) = office.ozml(&run);
    assert_eq!(code, 1);
    assert!(
        refused.contains(&format!("process {}, and has its store", office.server.id())),
        "{refused}"
    );
    // As if the server had just begun, or its socket were taken away.
    fs::remove_file(office.folder.join("ozml.db.sock")).unwrap();
    let refused = office.fails(&["send", "+36201234567", "Hello"]);
    assert!(
        refused.contains(&format!("in use by process {}", office.server.id())),
        "{refused}"
    );
    assert_eq!(office.done(&["list"]), "no messages\n", "looking is allowed");
    let (status, _) = office.centre.end();
    assert!(status.success());
}
