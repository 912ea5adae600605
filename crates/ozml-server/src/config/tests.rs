use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ozml_parser::{Diagnostic, Source, Style, render};
use ozml_sms::config::{ConnectionSection, EnvironmentVariable, ReceiptIdForm, SmppSection};
use ozml_sms::smpp::{BindMode, Password, Status, StatusClass, TlsRoots};
use ozml_sms::store::{Mode, OnUnknown};

use super::*;

fn source(text: &str) -> Source {
    Source::new("ozml.toml", text)
}

/// A configuration without faults and warnings.
fn clean(text: &str) -> Config {
    let (config, faults) = Config::read(&source(text));
    assert_eq!(told(&faults), [""; 0], "{text}");
    config.unwrap()
}

/// What is said about a text, a line a message: its place, code, message and help.
fn faults(text: &str) -> Vec<String> {
    let source = source(text);
    let (config, faults) = Config::read(&source);
    assert_eq!(config.is_none(), faults.iter().any(Diagnostic::is_error));
    let line = |fault: &Diagnostic| {
        let place = source.position(fault.span().unwrap().start as usize);
        let help = fault
            .help
            .as_deref()
            .map_or(String::new(), |help| format!("; {help}"));
        let (line, column, code) = (place.line, place.column, fault.code);
        format!("{line}:{column} {code}: {}{help}", fault.message)
    };
    faults.iter().map(line).collect()
}

fn told(faults: &[Diagnostic]) -> Vec<&str> {
    faults.iter().map(|fault| fault.message.as_str()).collect()
}

fn smpp(config: &Config) -> &SmppSection {
    match &config.connections[0].section {
        ConnectionSection::Smpp(smpp) => smpp,
        other => panic!("{other:?}"),
    }
}

const SMPP: &str =
    "[[sms.connection]]\nname = \"a\"\ntype = \"smpp\"\nurl = \"smpp://shop@127.0.0.1:2775\"\n";

#[test]
fn nothing_is_needed() {
    let config = clean("");
    assert_eq!(config.store.keep, Duration::from_secs(30 * 86_400));
    assert_eq!(config.admin.listen.to_string(), "127.0.0.1:9510");
    assert_eq!(config.limits, LimitsSection::default());
    assert_eq!(config, clean("\u{feff}# only a comment\r\n"));
}

#[test]
fn sections_say_what_they_say() {
    let config = clean(
        r#"
        [store]
        path = "sms.db"
        mode = "async"
        keep = "7d"
        queue_messages = 5
        [admin]
        listen = "[::1]:0"
        [log]
        format = "json"
        level = "debug"
        [privacy]
        numbers = "shown"
        [files]
        static = "audio"
        [limits]
        sms_per_call = 3
        call_duration = "1h"
        webhook_tries = 2
        fetch_total = "20s"
        "#,
    );
    assert_eq!(
        (config.store.mode, config.store.keep.as_secs()),
        (Mode::Async, 7 * 86_400)
    );
    assert_eq!(config.admin.listen.port(), 0);
    assert_eq!(
        (config.log.format, config.log.level),
        (LogFormat::Json, LogLevel::Debug)
    );
    assert_eq!(
        (config.privacy.numbers, config.privacy.texts),
        (Shown::Shown, Shown::Masked)
    );
    let (root, folder) = config.files.0.iter().next().unwrap();
    assert_eq!((root.as_str(), folder.as_path()), ("static", Path::new("audio")));
    let (scripts, server) = (&config.limits.scripts, &config.limits.server);
    assert_eq!(
        (scripts.sms_per_call, scripts.call_duration.as_secs()),
        (3, 3_600)
    );
    assert_eq!((server.webhook_tries, server.fetch_total.as_secs()), (2, 20));
    assert_eq!(server.queue_messages, 5, "a limit that `[store]` may set");
}

#[test]
fn a_connection_is_told_everything_smpp_can_be_told() {
    let config = clean(
        r#"
        [[sms.connection]]
        name = "smsc1"
        type = "smpp"
        url = "smpps://shop@smsc.example:3550"
        password_env = "SMSC1_PASSWORD"
        bind = "transmitter"
        sessions = 2
        window = 100
        rate = 30
        on_unknown = "hold"
        receipt_id = "resp-hex"
        receipts = false
        sender = "Shop"
        local_ton_npi = [3, 0]
        default_charset = "latin1"
        system_type = "VMA"
        address_range = "^36"
        ca = "ca.pem"
        statuses = { RTHROTTLED = "temporary", 0x0411 = "permanent" }
        max_segments = 3
        validity = "2h"
        timers.enquire_link = "10s"
        timers.inactivity = "5m"
        "#,
    );
    let section = smpp(&config);
    let options = section.options();
    assert_eq!((options.sessions, options.on_unknown), (2, OnUnknown::Hold));
    assert_eq!(options.receipt_id, ReceiptIdForm::RespHex);
    assert_eq!(options.burst.unwrap().get(), 30, "a second's worth");
    assert_eq!(
        options.statuses.class(Status(0x0411)),
        StatusClass::PermanentMessage
    );
    assert_eq!(options.statuses.class(Status(0x58)), StatusClass::Temporary);
    let told = section.smpp_config(Password::default(), Some(b"PEM".to_vec()), Default::default());
    assert_eq!(told.tls, Some(TlsRoots::Pem(b"PEM".to_vec())));
    assert_eq!(
        (told.window.size(), told.bind.mode()),
        (100, BindMode::Transmitter)
    );
    assert_eq!(told.timers.enquire_link, Duration::from_secs(10));
    assert_eq!(told.timers.inactivity, Some(Duration::from_secs(300)));
    assert_eq!(told.submit.local_ton_npi, (3, 0));
    assert!(!told.submit.receipts);
}

#[test]
fn limits_are_what_connections_take_by_default() {
    let limits = "[limits]\nsmpp_window = 50\nsubmit_response = \"60s\"\nsmpp_pdu_bytes = 8192";
    let resolved = clean(&format!("{SMPP}{limits}")).resolve(&Nothing).unwrap();
    let ResolvedTransport::Smpp { config, .. } = &resolved.connections[0].transport else {
        panic!("{resolved:?}");
    };
    assert_eq!((config.window.size(), config.max_length), (50, 8_192));
    assert_eq!(config.timers.response, Duration::from_secs(60));
}

#[test]
fn one_fault_does_not_hide_another() {
    let text = "\
[store]
mod = \"sync\"
keep = \"1h\"
mode = \"sink\"
[admn]
[log]
level = 5
[[sms.connection]]
type = \"smpp\"
url = \"http://shop\"
window = 5000
sessions = \"two\"
[sms.connection.timers]
conect = \"3s\"
drain = 3
[[sms.connection]]
name = \"b\"
type = \"smtp\"
[sms.rout]
[limits]
sms_per_cal = 3
wait = \"soon\"
";
    let expected = [
        "2:1 unknown-key: there is no key `mod` in [store]; write `mode`",
        "3:8 wrong-setting: `keep`: a time from 1d to 36500d was expected, not `1h`",
        "4:8 wrong-setting: `mode`: one of `sync`, `async`, `memory` was expected, not `sink`",
        "5:2 unknown-key: there is no section `[admn]`; write `admin`",
        "7:9 wrong-setting: `level`: a word in quotes was expected, not a whole number",
        "8:1 missing-key: `name` is missing in [[sms.connection]]",
        "10:7 wrong-setting: `url`: an address such as smpp://SYSTEM_ID[:PASSWORD]@HOST:PORT or smpps://... was expected",
        "11:10 wrong-setting: `window`: a whole number from 1 to 1000 was expected, not 5000",
        "12:12 wrong-setting: `sessions`: a whole number was expected, not a text",
        "14:1 unknown-key: there is no key `conect` in `timers` of [[sms.connection]]; write `connect`",
        "15:9 wrong-setting: `timers.drain`: a time in quotes such as `30s` was expected, not a whole number",
        "18:8 wrong-setting: `type`: one of `smpp`, `modem`, `console` was expected; write `smpp`",
        "19:6 unknown-key: there is no section `[sms.rout]`; known here: `connection`",
        "21:1 unknown-key: there is no key `sms_per_cal` in [limits]; write `sms_per_call`",
        "22:8 wrong-setting: `wait`: a time such as `2s`, `2.5s`, `300ms` or `1m` was expected, not `soon`",
    ];
    assert_eq!(faults(text), expected);
}

#[test]
fn what_was_left_out_is_not_missed() {
    let list = "local_ton_npi = [3, \"x\"]\n";
    let told = faults(&format!("{SMPP}{list}"));
    assert_eq!(told.len(), 1, "{told:?}");
    let told = faults("[[sms.connection]]\nname = 5\ntype = \"console\"");
    assert_eq!(
        told,
        ["2:8 wrong-setting: `name`: a text in quotes was expected, not a whole number"]
    );
}

#[test]
fn sections_of_another_form_are_told() {
    for (text, fault) in [
        (
            "store = 5",
            "1:9 wrong-setting: `[store]`: a table was expected, not a whole number",
        ),
        (
            "[sms.connection]\nname = \"a\"",
            "1:1 wrong-setting: `sms.connection`: write `[[sms.connection]]` with two brackets: there may be several",
        ),
        (
            "sms = 5",
            "1:7 wrong-setting: `sms`: a table was expected; its parts are `connection`",
        ),
        (
            "[[http]]",
            "1:1 wrong-setting: `[http]`: a table was expected, not a list",
        ),
        (
            "[extension]",
            "1:1 wrong-setting: `extension`: write `[[extension]]` with two brackets",
        ),
    ] {
        assert!(
            faults(text).iter().any(|told| told.starts_with(fault)),
            "{:?}",
            faults(text)
        );
    }
}

#[test]
fn what_is_no_toml_is_told_once_a_line() {
    let told = faults("[store]\npath = ozml.db\nmode = \n");
    assert!(
        told.len() == 2 && told[0].starts_with("2:8 toml-syntax: this is no TOML: "),
        "{told:?}"
    );
    assert_eq!(faults("[files]\na = [1,\nb = 2\nc = 3").len(), 1);
    assert_eq!(faults("a = 1\na = 2").len(), 1);
}

#[test]
fn hostile_documents_are_refused_and_nothing_else() {
    let deep = "a.".repeat(100_000);
    for text in [
        format!("{deep}b = 1"),
        format!("[{deep}b]"),
        format!("a = {}", "[".repeat(100_000)),
        "x = 1\n".repeat(1_000),
        "[[sms.connection]]\n".repeat(2_000),
        "\u{0}".to_owned(),
        "=\n".repeat(20_000),
        "=\n".to_owned() + &" ".repeat(1 << 20),
        " ".repeat(Config::MOST_BYTES + 1),
        (0..3_000).map(|n| format!("[x{n}]\n")).collect(),
        "[store]\n".to_owned() + &(0..3_000).map(|n| format!("x{n} = 1\n")).collect::<String>(),
    ] {
        let (config, faults) = Config::read(&source(&text));
        assert!(config.is_none() && (1..=1_000).contains(&faults.len()));
        assert_eq!(hide_secrets(&source(&text)).text().len(), text.len());
    }
}

#[test]
fn rules_between_keys() {
    let remote = SMPP.replace("127.0.0.1", "smsc.example");
    for (text, fault) in [
        (
            format!("{SMPP}{SMPP}"),
            "6:8 doubled-name: a second connection `a`",
        ),
        (
            format!("{SMPP}password = \"x\"\npassword_env = \"Y\""),
            "6:16 conflicting-keys: the password is given twice",
        ),
        (
            format!("{remote}password = \"x\""),
            "5:12 secret-in-file: a password in the configuration",
        ),
        (
            format!("{SMPP}ca = \"x\""),
            "5:6 conflicting-keys: `ca` is for `smpps://`",
        ),
        (format!("{SMPP}burst = 5"), "5:9 conflicting-keys: `burst` is for"),
        (
            "[admin]\nlisten = \"0.0.0.0:1\"".to_owned(),
            "2:10 open-listener: `listen`: 0.0.0.0 is reached",
        ),
        (
            "[store]\nqueue_bytes = 1\n[limits]\nqueue_bytes = 2".to_owned(),
            "4:15 conflicting-keys: `queue_bytes` is given in `[store]`, too",
        ),
        (
            "[store]\nurl = \"postgres://a:marker@b/c\"".to_owned(),
            "2:7 not-available: a store for several nodes",
        ),
        (
            "[[sms.connection]]\nname = \"g\"\ntype = \"modem\"\nport = \"/dev/ttyUSB0\"\npin = 1".to_owned(),
            "3:8 not-available: GSM modems are not available yet",
        ),
        (
            "[limits]\ncalls = 5".to_owned(),
            "2:1 not-used-yet: `calls` is not used",
        ),
    ] {
        let told = faults(&text);
        assert!(told.len() == 1 && told[0].starts_with(fault), "{told:?}");
    }
    clean(&format!("{SMPP}password = \"x\""));
    clean("[admin]\nlisten = \"0.0.0.0:1\"\nallow_remote = true");
}

#[test]
fn configurations_are_compared_by_what_they_say() {
    let one = clean(SMPP);
    let moved = clean(&format!("\n\n[log]\nlevel = \"info\"\n{SMPP}"));
    let changed = clean(&format!("{SMPP}window = 5"));
    assert_eq!(one, moved);
    assert_ne!(one.connections, changed.connections);
    assert_eq!(one.store, changed.store);
}

#[test]
fn relative_paths_are_seen_from_the_folder_of_the_file() {
    let files = "[store]\npath = \"/var/sms.db\"\n[files]\nstatic = \"audio\"\n";
    let config = clean(&format!("{SMPP}password_file = \"secret\"\n{files}"));
    let config = config.seen_from(Path::new("/etc/ozml"));
    assert_eq!(config.store.path.as_deref(), Some(Path::new("/var/sms.db")));
    assert_eq!(
        config.files.0.values().next().unwrap(),
        Path::new("/etc/ozml/audio")
    );
    let secret = smpp(&config).password_file.as_deref();
    assert_eq!(secret, Some(Path::new("/etc/ozml/secret")));
}

/// No variables, no files.
struct Nothing;

impl SecretSource for Nothing {
    fn variable(&self, _: &EnvironmentVariable) -> Option<String> {
        None
    }

    fn file(&self, _: &Path) -> io::Result<SecretFile> {
        Err(io::ErrorKind::NotFound.into())
    }
}

#[derive(Default)]
struct Given {
    variables: BTreeMap<&'static str, &'static str>,
    files: BTreeMap<PathBuf, &'static str>,
    open: bool,
}

impl SecretSource for Given {
    fn variable(&self, name: &EnvironmentVariable) -> Option<String> {
        self.variables.get(name.as_str()).map(|value| (*value).to_owned())
    }

    fn file(&self, path: &Path) -> io::Result<SecretFile> {
        let text = self.files.get(path).ok_or(io::ErrorKind::NotFound)?;
        let file = SecretFile::new(*text);
        Ok(if self.open {
            file.readable_by_others()
        } else {
            file
        })
    }
}

/// The password that a connection binds with.
fn password(resolved: &Resolved) -> Password {
    match &resolved.connections[0].transport {
        ResolvedTransport::Smpp { config, .. } => config.bind.password().clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn secrets_come_from_where_the_file_says() {
    let given = Given {
        variables: BTreeMap::from([("P", "marker1")]),
        files: BTreeMap::from([(PathBuf::from("/run/p"), "marker2\r\n")]),
        open: false,
    };
    let by = |key: &str| clean(&format!("{SMPP}{key}")).resolve(&given).unwrap();
    for (key, expected) in [
        ("password = \"marker0\"", "marker0"),
        ("password_env = \"P\"", "marker1"),
        ("password_file = \"/run/p\"", "marker2"),
        ("", ""),
    ] {
        let resolved = by(key);
        assert_eq!(password(&resolved), Password::new(expected).unwrap(), "{key}");
        assert!(resolved.warnings.is_empty());
        assert!(!format!("{resolved:?}").contains("marker"));
    }
    assert_ne!(by("password_env = \"P\"").connections, by("").connections);
}

#[test]
fn secrets_that_are_not_there_are_told_with_their_place() {
    let config = clean(&format!(
        "{SMPP}password_env = \"P\"\n[[sms.connection]]\nname = \"b\"\ntype = \"smpp\"\n\
         url = \"smpps://shop@h:1\"\npassword_file = \"/run/p\"\nca = \"/run/ca\"\n"
    ));
    let faults = config.resolve(&Nothing).unwrap_err();
    assert_eq!(
        told(&faults),
        [
            "connection `a`: the environment variable `P` is not set",
            "connection `b`: cannot read `/run/p`: entity not found",
            "connection `b`: cannot read `/run/ca`: entity not found",
        ]
    );
    assert_eq!(
        faults[0].span(),
        Some(config.connections[0].places.of("password_env"))
    );
}

#[test]
fn secrets_of_a_wrong_form_are_not_repeated() {
    let given = Given {
        files: BTreeMap::from([(PathBuf::from("/run/p"), "marker-too-long")]),
        open: true,
        ..Given::default()
    };
    let config = clean(&format!("{SMPP}password_file = \"/run/p\""));
    let faults = config.resolve(&given).unwrap_err();
    let [open, long] = faults.as_slice() else {
        panic!("{faults:?}");
    };
    assert_eq!((open.code, open.is_error()), ("readable-secret".into(), false));
    assert!(long.message.contains("at most 8 characters"), "{}", long.message);
    assert!(!format!("{faults:?}").contains("marker"));
}

#[test]
fn disabled_connections_need_nothing() {
    let modem = "[[sms.connection]]\nname = \"m\"\ntype = \"modem\"\nport = \"/dev/ttyUSB0\"\n";
    let (config, _) = Config::read(&source(modem));
    let faults = config.unwrap().resolve(&Nothing).unwrap_err();
    assert_eq!(faults[0].code, "not-available");
    let (config, _) = Config::read(&source(&format!("{modem}enabled = false")));
    assert!(config.unwrap().resolve(&Nothing).unwrap().connections.is_empty());
}

#[test]
fn no_message_shows_a_secret() {
    for text in [
        "password = \"marker-too-long\"",
        "password = 77777777",
        "password = [\"marker\"]",
        "pasword = \"marker\"",
        "password_hash = \"marker\"",
        "url = \"smpp://shop:marker@\"",
        "window = \"smpp://shop:marker@h:1\"",
        "password = marker",
    ] {
        let source = source(&format!("{SMPP}{text}\n"));
        let (config, faults) = Config::read(&source);
        assert!(config.is_none());
        let shown = render(&faults, &hide_secrets(&source), Style::Plain) + &format!("{faults:?}");
        assert!(!shown.contains("marker") && !shown.contains("7777"), "{shown}");
    }
    let (config, faults) = Config::read(&source(&format!(
        "{}password = \"marker\"",
        SMPP.replace("127.0.0.1", "h")
    )));
    let shown = format!("{config:?} {faults:?}");
    assert!(config.is_some() && !shown.contains("marker"), "{shown}");
}

#[test]
fn codes_are_explained_by_examples_that_have_them() {
    assert!(EXPLANATIONS.is_sorted_by(|one, next| one.code < next.code));
    for known in EXPLANATIONS {
        let codes = |text: &str| -> BTreeSet<String> {
            let (_, faults) = Config::read(&source(text));
            faults.iter().map(|fault| fault.code.to_string()).collect()
        };
        let (wrong, right) = (codes(known.example_wrong), codes(known.example_right));
        assert_eq!(right, BTreeSet::new(), "{}", known.code);
        if !known.example_wrong.is_empty() {
            assert_eq!(wrong, BTreeSet::from([known.code.to_owned()]));
        }
        assert!(!known.title.ends_with('.') && known.text.ends_with('.') && !known.text.contains('\n'));
    }
}
