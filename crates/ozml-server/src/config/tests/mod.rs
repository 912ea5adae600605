mod dial_plan;
mod faults;
mod modem;
mod secrets;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ozml_dialplan::OnUnknown;
use ozml_parser::{Diagnostic, Source, Style, render};
use ozml_sms::config::{ConnectionSection, EnvironmentVariable, SmppSection};
use ozml_sms::gateway::ReceiptIdMode;
use ozml_sms::smpp::{BindMode, Password, Status, StatusClass, TlsRoots};
use ozml_sms::store::Mode;

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
    let (scripts, server, web) = (&config.limits.scripts, &config.limits.server, &config.limits.web);
    assert_eq!(
        (scripts.sms_per_call, scripts.call_duration.as_secs()),
        (3, 3_600)
    );
    assert_eq!((web.webhook_tries, web.fetch_total.as_secs()), (2, 20));
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
        [destinations]
        allow = ["any"]
        "#,
    );
    let section = smpp(&config);
    let options = section.options();
    assert_eq!((options.sessions, options.on_unknown), (2, OnUnknown::Hold));
    assert_eq!(options.receipt_id, ReceiptIdMode::RespHex);
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
