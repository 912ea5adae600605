//! `ozml modem probe`, `ozml modem unlock` and `ozml run --sms-via modem:` with the test modem `ozml modem-sim`, over a pseudo-terminal.
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

use ozml_tests::binary;
use ozml_tests::program::{Program, run_with};
use ozml_tests::pseudo_terminal::{self, Act, Step};
use serde_json::Value;

/// A test modem, and a folder with its port.
struct Bench {
    folder: PathBuf,
    port: String,
    modem: Program,
}

/// How a command ended, and what it wrote.
struct Ended {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Bench {
    fn new(name: &str, behaviour: &[&str]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("modem-{name}"));
        let _from_an_earlier_run = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let port = folder.join("port").to_str().unwrap().to_owned();
        let link = ["modem-sim", "--verbose", "--link", &port];
        let mut modem = Program::start(&folder, &[&link, behaviour].concat());
        modem.wait_for("test modem on ");
        Self { folder, port, modem }
    }

    fn ozml(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
        let output = run_with(&self.folder, arguments, variables);
        Ended {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn probe(&self, flags: &[&str]) -> Ended {
        self.ozml(&[&["modem", "probe", &self.port], flags].concat(), &[])
    }

    /// Gives a PIN by hand; how it ended and all it wrote.
    fn unlock(&self, pin: Option<&str>) -> (Option<i32>, String) {
        let variables: Vec<_> = pin.into_iter().map(|pin| ("OZML_MODEM_PIN", pin)).collect();
        let ended = self.ozml(&["modem", "unlock", &self.port], &variables);
        (ended.code, ended.stdout + &ended.stderr)
    }

    /// Runs a script whose SMS go by the modem to numbers that begin with +36.
    fn run(&self, script: &str, variables: &[(&str, &str)]) -> Ended {
        self.run_with(script, &[], variables)
    }

    fn run_with(&self, script: &str, flags: &[&str], variables: &[(&str, &str)]) -> Ended {
        fs::write(self.folder.join("script.xml"), script).unwrap();
        let via = format!("modem:{}", self.port);
        let usual = [
            "run",
            "script.xml",
            "--sms-via",
            &via,
            "--allow-to",
            "+36",
            "--wait",
            "30s",
        ];
        self.ozml(&[&usual, flags].concat(), variables)
    }

    /// Every line that the modem was told, and everything else it says.
    fn told(self) -> (Vec<String>, String) {
        let (_, said) = self.modem.end();
        let lines = said.lines().filter_map(|line| line.strip_prefix("command "));
        (lines.map(str::to_owned).collect(), said)
    }
}

const HELLO: &str = "<Response><SendSms Recipient=\"+36201234567\">Hello!</SendSms></Response>";

#[test]
fn a_probe_says_what_the_modem_is_and_how_it_is_used() {
    let bench = Bench::new(
        "probe",
        &[
            "--manufacturer",
            "Quectel",
            "--model",
            "EC25",
            "--operator",
            "Telekom HU",
        ],
    );
    let ended = bench.probe(&[]);
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{}",
        ended.stdout
    );
    for line in [
        "modem           Quectel EC25\n".to_owned(),
        "SIM card        ready\n".to_owned(),
        "network         Telekom HU, registered\n".to_owned(),
        "`ozml serve` can use it:\n".to_owned(),
        format!("type = \"modem\"\nport = \"{}\"\n", bench.port),
    ] {
        assert!(ended.stdout.contains(&line), "{line}\n{}", ended.stdout);
    }
    let (told, _) = bench.told();
    let harmless = told.iter().all(|line| {
        !["CMGS", "CMGD", "CMGR", "CPIN="]
            .iter()
            .any(|name| line.contains(name))
    });
    assert!(harmless, "{told:?}");
}

#[test]
fn the_lines_of_a_probe_are_a_configuration() {
    let bench = Bench::new("lines", &[]);
    let probe: Value = serde_json::from_str(&bench.probe(&["--format", "json"]).stdout).unwrap();
    fs::write(bench.folder.join("ozml.toml"), probe["config"].as_str().unwrap()).unwrap();
    let checked = bench.ozml(&["check", "ozml.toml"], &[]);
    assert_eq!(checked.code, Some(0), "{}", checked.stderr);
    // Which numbers may be reached, a probe cannot know.
    assert!(
        checked.stdout.starts_with("warning[no-destinations]: "),
        "{}",
        checked.stdout
    );
    assert_eq!(
        checked.stdout.matches("warning[").count(),
        1,
        "{}",
        checked.stdout
    );
}

#[test]
fn a_probe_shows_the_serial_number_on_demand() {
    let bench = Bench::new("ids", &["--imei", "861234567890123"]);
    let number = |flags: &[&str]| {
        let probe: Value =
            serde_json::from_str(&bench.probe(&[&["--format", "json"], flags].concat()).stdout).unwrap();
        probe["serial_number"].as_str().unwrap().to_owned()
    };
    assert_eq!(number(&[]), "***********0123");
    assert_eq!(number(&["--show-ids"]), "861234567890123");
}

#[test]
fn a_probe_tells_what_is_missing_and_gives_no_pin() {
    for (name, behaviour, missing) in [
        (
            "pin",
            ["--pin", "1234"],
            "the SIM card wants its PIN: give `pin_env` or `pin_file`, or unlock the card by hand with `ozml modem unlock PORT`",
        ),
        ("none", ["--sim", "none"], "the modem has no SIM card: put one in"),
        (
            "denied",
            ["--registration", "denied"],
            "the network refuses the SIM card: ask the operator",
        ),
        (
            "centre",
            ["--service-centre", "none"],
            "the SIM card names no service centre: give its number as `smsc`",
        ),
    ] {
        let bench = Bench::new(&format!("missing-{name}"), &behaviour);
        let ended = bench.probe(&[]);
        assert_eq!(ended.code, Some(1), "{}", ended.stdout);
        assert!(
            ended.stdout.contains(&format!("- {missing}\n")),
            "{missing}\n{}",
            ended.stdout
        );
        let (_, said) = bench.told();
        assert!(
            !said.contains("PIN right") && !said.contains("PIN wrong"),
            "{said}"
        );
    }
}

#[test]
fn a_modem_that_is_silent_is_told_with_its_port_and_speed() {
    let bench = Bench::new("silent", &["--answer-delay", "1h"]);
    let ended = bench.probe(&["--baud", "9600", "--timeout", "10ms"]);
    assert_eq!(ended.code, Some(1));
    let told = format!(
        "error: the modem does not answer on `{}` at 9600 bit/s: check",
        bench.port
    );
    assert!(ended.stderr.starts_with(&told), "{}", ended.stderr);
}

#[test]
fn a_modem_that_is_in_use_is_left_alone() {
    let mut bench = Bench::new("busy", &["--answer-delay", "1h"]);
    let first = Program::start(&bench.folder, &["modem", "probe", &bench.port, "--timeout", "1h"]);
    // It has the port once the modem hears it.
    bench.modem.wait_for("command AT");
    let ended = bench.probe(&[]);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.stderr.contains("is in use: end the other program"),
        "{}",
        ended.stderr
    );
    let (code, said) = bench.unlock(Some("1234"));
    assert_eq!(code, Some(1));
    assert!(said.contains("`ozml serve` lets go of it for a minute"), "{said}");
    first.signal(rustix::process::Signal::KILL);
    first.ended();
}

#[test]
fn a_script_sends_by_the_modem() {
    let bench = Bench::new("run", &[]);
    let ended = bench.run(HELLO, &[]);
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{}",
        ended.stdout
    );
    let (_, said) = bench.told();
    assert!(said.contains("to +36201234567"), "{said}");
    assert!(said.contains(": Hello!"), "{said}");
}

#[test]
fn a_number_that_is_not_allowed_never_reaches_the_modem() {
    let bench = Bench::new("not-allowed", &[]);
    let ended = bench.run(&HELLO.replace("+36", "+49"), &[]);
    assert_eq!(ended.code, Some(4), "{}{}", ended.stdout, ended.stderr);
    let (told, _) = bench.told();
    assert!(!told.iter().any(|line| line.contains("CMGS")), "{told:?}");
}

#[test]
fn a_pin_comes_from_the_environment() {
    let bench = Bench::new("run-pin", &["--pin", "1234"]);
    let without = bench.run(HELLO, &[]);
    assert_eq!(without.code, Some(1));
    assert!(
        without
            .stderr
            .contains("the SIM card wants its PIN: set OZML_MODEM_PIN"),
        "{}",
        without.stderr
    );
    let with = bench.run(HELLO, &[("OZML_MODEM_PIN", "1234")]);
    assert_eq!(
        (with.code, with.stderr.as_str()),
        (Some(0), ""),
        "{}",
        with.stdout
    );
    let (_, said) = bench.told();
    assert!(
        said.contains("PIN right") && !said.contains("PIN wrong"),
        "{said}"
    );
    assert!(!said.contains("1234\""), "{said}");
}

#[test]
fn a_wrong_pin_is_told_before_the_call_and_given_once() {
    let bench = Bench::new("wrong-pin", &["--pin", "1234"]);
    let ended = bench.run(HELLO, &[("OZML_MODEM_PIN", "4321")]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    for text in [
        "the SIM card refused the PIN",
        "each run gives it again, and three wrong ones lock the card",
    ] {
        assert!(ended.stderr.contains(text), "{}", ended.stderr);
    }
    assert!(!ended.stderr.contains("4321"), "{}", ended.stderr);
    let (_, said) = bench.told();
    assert_eq!(said.matches("PIN wrong").count(), 1, "{said}");
}

#[test]
fn a_person_unlocks_the_card() {
    let bench = Bench::new("unlock", &["--pin", "1234"]);
    let (code, said) = bench.unlock(None);
    assert_eq!(code, Some(1));
    assert!(said.contains("set OZML_MODEM_PIN"), "{said}");
    let (code, said) = bench.unlock(Some("4321"));
    assert_eq!(
        (code, said.as_str()),
        (
            Some(1),
            "error: the SIM card refused the PIN: after three wrong ones the card is locked\n"
        )
    );
    let opened = bench.unlock(Some("1234"));
    assert_eq!(opened, (Some(0), "READY: the SIM card is open\n".to_owned()));
    let open = bench.unlock(Some("1111"));
    assert_eq!(open, (Some(0), "READY: the SIM card wants no PIN\n".to_owned()));
    assert_eq!(bench.run(HELLO, &[]).code, Some(0), "no PIN is wanted any more");
    let (_, said) = bench.told();
    assert_eq!(said.matches("PIN wrong").count(), 1, "{said}");
    assert_eq!(said.matches("PIN right").count(), 1, "{said}");
}

#[test]
fn a_person_types_the_pin_unseen() {
    let bench = Bench::new("unlock-typed", &["--pin", "1234"]);
    let keys = Step {
        when: "PIN of the SIM card in".to_owned(),
        act: Act::Type("1234\r".to_owned()),
    };
    let rest = std::env::var("PATH").unwrap();
    let path = format!("{}:{rest}", binary::path().parent().unwrap().display());
    let program = format!("ozml modem unlock {}", bench.port);
    let session = pseudo_terminal::run(&program, &bench.folder, &path, &[keys]).unwrap();
    assert_eq!(session.exit, "0", "{}", session.screen);
    assert!(
        session.screen.contains("READY: the SIM card is open"),
        "{}",
        session.screen
    );
    assert!(!session.screen.contains("1234"), "{}", session.screen);
}

#[test]
fn a_card_that_no_pin_opens_is_given_none() {
    let bench = Bench::new("unlock-none", &["--sim", "none"]);
    let (code, said) = bench.unlock(Some("1234"));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("the modem has no SIM card: put one in"), "{said}");

    let bench = Bench::new("unlock-locked", &["--pin", "1234"]);
    let [_, _, third, fourth] = ["1111", "2222", "3333", "1234"].map(|pin| bench.unlock(Some(pin)));
    for (code, said) in [third, fourth] {
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("wants its PUK: unlock it in a telephone"), "{said}");
    }
    let (told, _) = bench.told();
    let given = told.iter().filter(|line| line.contains("CPIN=")).count();
    assert_eq!(given, 3, "{told:?}");
}

#[test]
fn messages_in_the_modem_stay_there() {
    let bench = Bench::new("stay", &["--filled", "3"]);
    assert_eq!(bench.run(HELLO, &[]).code, Some(0));
    let (_, said) = bench.told();
    assert!(!said.contains("deleted"), "{said}");
}

#[test]
fn nothing_in_a_script_becomes_a_command() {
    let bench = Bench::new("injection", &[]);
    let payloads = [
        "\rAT+CMGD=1,4\r",
        "\n\rATD+36209999999;\r\n",
        "\u{1a}\rAT+CFUN=0\r",
        "\u{1b}AT+CMGD=1,4\r",
        "\",145\rAT+CSCA=\"+36209999999\"\r",
        ";AT+CLCK=\"SC\",1,\"1234\"",
    ];
    // XML has no Ctrl-Z and no ESC: what has them comes from outside.
    let set: Vec<_> = payloads
        .iter()
        .zip(0..)
        .map(|(payload, place)| format!("p{place}={payload}"))
        .collect();
    let flags: Vec<_> = set.iter().flat_map(|set| ["--var", set]).collect();
    let verbs = (0..payloads.len()).map(|place| {
        format!(
            "<SendSms Recipient=\"+36201234567\">$p{place}</SendSms>\
             <SendSms Recipient=\"+36201234567$p{place}\">Hello</SendSms>\
             <SendSms Recipient=\"+36201234567\" Sender=\"$p{place}\">Hello</SendSms>"
        )
    });
    let script = format!("<Response>{}</Response>", verbs.collect::<String>());
    let ended = bench.run_with(&script, &flags, &[]);
    assert!(
        matches!(ended.code, Some(0 | 1)),
        "{}{}",
        ended.stdout,
        ended.stderr
    );
    let (told, said) = bench.told();
    assert!(!said.contains("no command"), "{said}");
    let sent = told.iter().filter(|line| line.starts_with("AT+CMGS=")).count();
    assert!(sent >= payloads.len(), "{sent}: {said}");
    for line in &told {
        let strange = ["CMGD=1,4", "ATD", "CSCA=", "CLCK", "CFUN", "9999999"];
        assert!(!strange.iter().any(|name| line.contains(name)), "{line}");
    }
}
