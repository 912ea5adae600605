use ozml_sms::config::ModemSection;
use ozml_sms::gsm::{ErrorClass, ModemConfig, ModemError, Pin, Storage};

use super::secrets::{Given, Nothing};
use super::*;

const MODEM: &str = "[[sms.connection]]\nname = \"gsm1\"\ntype = \"modem\"\n";
const ONE: &str = "[[sms.connection]]\nname = \"gsm1\"\ntype = \"modem\"\nport = \"/dev/ttyUSB0\"\n";

fn modem(config: &Config) -> &ModemSection {
    match &config.connections[0].section {
        ConnectionSection::Modem(modem) => modem,
        other => panic!("{other:?}"),
    }
}

/// Lets the modems send, so that nothing is to be said of it.
const ALLOWED: &str = "\n[destinations]\nallow = [\"+36\"]\n";

/// What the sessions of the first connection are told.
fn told_to_sessions(config: &Config, source: &dyn SecretSource) -> ModemConfig {
    match &config.resolve(source).unwrap().connections[0].transport {
        ResolvedTransport::Modem { config, .. } => ModemConfig::clone(config),
        other => panic!("{other:?}"),
    }
}

fn pin(digits: &str) -> Pin {
    Pin::new(digits).unwrap()
}

#[test]
fn a_port_is_enough() {
    let told = told_to_sessions(&clean(&format!("{ONE}{ALLOWED}")), &Nothing);
    assert_eq!(told, ModemConfig::new("/dev/ttyUSB0".parse().unwrap()));
}

#[test]
fn a_connection_is_told_everything_modems_can_be_told() {
    let config = clean(
        r#"
        [[sms.connection]]
        name = "pool"
        type = "modem"
        ports = ["/dev/ttyUSB0", "/dev/serial/by-id/usb-modem"]
        baud = 9600
        pin_env = "GSM_PIN"
        smsc = "+36 20 930 0099"
        storage = "ME"
        window = 1
        rate = 2
        on_unknown = "hold"
        receipts = false
        errors = { "512" = "permanent", "CME 100" = "network" }
        timers = { attention = "2s", command = "3s", prompt = "4s", send = "90s", registration = "2m" }
        max_segments = 3
        validity = "2h"
        [destinations]
        internal = "XXXX"
        [limits]
        modem_line_bytes = 2048
        modem_reply_bytes = 8192
        "#,
    );
    let options = modem(&config).options();
    assert_eq!((options.sessions, options.on_unknown), (2, OnUnknown::Hold));
    assert_eq!(options.receipt_id, ReceiptIdMode::Text);
    assert_eq!(options.burst.unwrap().get(), 2, "a second's worth");
    assert_eq!(
        (options.max_segments, options.validity.as_secs()),
        (Some(3), 7_200)
    );

    let given = Given {
        variables: BTreeMap::from([("GSM_PIN", "0042")]),
        ..Given::default()
    };
    let told = told_to_sessions(&config, &given);
    let ports: Vec<_> = told.ports.iter().map(ToString::to_string).collect();
    assert_eq!(ports, ["/dev/ttyUSB0", "/dev/serial/by-id/usb-modem"]);
    assert_eq!((told.baud, told.window, told.receipts), (9_600, 1, false));
    assert_eq!(told.pin, Some(pin("0042")));
    assert_eq!(told.smsc.unwrap().as_str(), "+36209300099");
    assert_eq!(told.storage, Storage::Modem);
    assert_eq!(told.errors.class(ModemError::Cms(512)), ErrorClass::Permanent);
    assert_eq!(told.errors.class(ModemError::Cme(100)), ErrorClass::Network);
    let timers = told.timers;
    assert_eq!((timers.attention.as_secs(), timers.command.as_secs()), (2, 3));
    assert_eq!((timers.prompt.as_secs(), timers.send.as_secs()), (4, 90));
    assert_eq!((timers.registration.as_secs(), timers.ready.as_secs()), (120, 20));
    assert_eq!((told.max_line, told.max_reply), (2_048, 8_192));
}

#[test]
fn values_are_checked_one_by_one() {
    for (key, fault) in [
        (
            "port = \"ttyUSB0\"",
            "4:8 wrong-setting: `port`: `ttyUSB0` is no serial port",
        ),
        (
            "ports = []",
            "4:9 wrong-setting: `ports`: 1 to 50 ports were expected",
        ),
        (
            "ports = [\"/dev/a\", 5]",
            "4:20 wrong-setting: `ports`: a text in quotes was expected, not a whole number",
        ),
        (
            "port = \"/dev/a\"\nbaud = 0",
            "5:8 wrong-setting: `baud`: a whole number from 300 to 4000000 was expected, not 0",
        ),
        (
            "port = \"/dev/a\"\nwindow = 11",
            "5:10 wrong-setting: `window`: a whole number from 1 to 10 was expected, not 11",
        ),
        (
            "port = \"/dev/a\"\nstorage = \"me\"",
            "5:11 wrong-setting: `storage`: one of `auto`, `SM`, `ME`, `MT` was expected, not `me`",
        ),
        (
            "port = \"/dev/a\"\nsmsc = \"06209300099\"",
            "5:8 wrong-setting: `smsc`: the number of a service centre was expected, with its country",
        ),
        (
            "port = \"/dev/a\"\nerrors = { \"x\" = \"network\" }",
            "5:12 wrong-setting: `errors`: `x` is no error of a modem",
        ),
        (
            "port = \"/dev/a\"\nerrors = { \"512\" = \"fatal\" }",
            "5:20 wrong-setting: `errors.512`: `fatal` is no class of an error",
        ),
        (
            "port = \"/dev/a\"\nerrors = { \"512\" = \"network\", \"cms 0512\" = \"permanent\" }",
            "5:31 wrong-setting: `errors`: `512` and `cms 0512` mean the same: keep one of them",
        ),
        (
            "port = \"/dev/a\"\ntimers.sent = \"1s\"",
            "5:8 unknown-key: there is no key `sent` in `timers` of [[sms.connection]]; write `send`",
        ),
        (
            "port = \"/dev/a\"\nsessions = 2",
            "5:1 unknown-key: there is no key `sessions` in [[sms.connection]]",
        ),
    ] {
        let told = faults(&format!("{MODEM}{key}"));
        assert!(told.len() == 1 && told[0].starts_with(fault), "{told:?}");
    }
    assert_eq!(faults("[limits]\nmodem_line_bytes = 100").len(), 1);
}

#[test]
fn rules_between_keys() {
    let other = ONE.replace("gsm1", "gsm2");
    for (text, fault) in [
        (
            MODEM.to_owned(),
            "1:1 missing-key: `port` is missing in [[sms.connection]]; name the serial device",
        ),
        (
            format!("{ONE}ports = [\"/dev/ttyUSB1\"]"),
            "5:9 conflicting-keys: `port` and `ports` exclude each other",
        ),
        (
            format!("{MODEM}ports = [\"/dev/a\", \"/dev/a\"]"),
            "4:20 doubled-port: a second modem on `/dev/a`",
        ),
        (
            format!("{ONE}{other}enabled = false"),
            "8:8 doubled-port: a second modem on `/dev/ttyUSB0`",
        ),
        (
            format!("{ONE}pin_env = \"P\"\npin_file = \"p\""),
            "6:12 conflicting-keys: the PIN is given twice",
        ),
        (
            format!("{ONE}pin = \"1234\""),
            "5:7 secret-in-file: a PIN in the configuration is read by whoever reads the configuration; \
             take it from the environment with `pin_env`",
        ),
        (format!("{ONE}burst = 5"), "5:9 conflicting-keys: `burst` is for"),
        (
            format!("{ONE}timers.send = \"4999ms\""),
            "5:15 short-timer: `timers.send` ends while the network still works on messages: their outcomes become \
             unknown; write 5 seconds or more",
        ),
    ] {
        let told = faults(&format!("{text}{ALLOWED}"));
        assert!(told.len() == 1 && told[0].starts_with(fault), "{told:?}");
    }
}

#[test]
fn a_connection_that_can_send_to_nobody_is_told() {
    let told = "2:8 no-destinations: nothing can be sent over `gsm1`: no number may be reached; write `[destinations]`";
    for text in [ONE.to_owned(), format!("{ONE}[destinations]\ndeny = [\"+881\"]")] {
        let faults = faults(&text);
        assert!(faults.len() == 1 && faults[0].starts_with(told), "{faults:?}");
    }
    let remote = SMPP.replace("127.0.0.1", "smsc.example");
    assert_eq!(faults(&format!("{remote}{ONE}")).len(), 2);
    clean(&format!("{ONE}[destinations]\ninternal = \"XXXX\""));
    clean(&format!("{ONE}enabled = false"));
    clean(&format!("{remote}bind = \"receiver\""));
    clean(&format!("{ONE}timers.send = \"5s\"{ALLOWED}"));
}

#[test]
fn the_pin_comes_from_where_the_file_says() {
    let given = Given {
        variables: BTreeMap::from([("P", "1111")]),
        files: BTreeMap::from([(PathBuf::from("/run/p"), "2222\n")]),
        open: false,
    };
    for (key, expected) in [
        ("pin_env = \"P\"", Some(pin("1111"))),
        ("pin_file = \"/run/p\"", Some(pin("2222"))),
        ("", None),
    ] {
        let config = clean(&format!("{ONE}{key}{ALLOWED}"));
        assert_eq!(told_to_sessions(&config, &given).pin, expected, "{key}");
    }
    let (config, _) = Config::read(&source(&format!("{ONE}pin = \"3333\"")));
    assert_eq!(
        told_to_sessions(&config.unwrap(), &Nothing).pin,
        Some(pin("3333"))
    );
    let config = clean(&format!("{ONE}pin_file = \"pin\"{ALLOWED}")).seen_from(Path::new("/etc/ozml"));
    assert_eq!(
        modem(&config).pin_file.as_deref(),
        Some(Path::new("/etc/ozml/pin"))
    );
}

#[test]
fn no_message_shows_a_pin() {
    for key in [
        "pin = \"77777777777\"",
        "pin = 77777777",
        "pin = [\"77777777\"]",
        "pim = \"7777\"",
        "pin = 7777x",
    ] {
        let source = source(&format!("{ONE}{key}\n"));
        let (config, faults) = Config::read(&source);
        assert!(config.is_none());
        let shown = render(&faults, &hide_secrets(&source), Style::Plain) + &format!("{faults:?}");
        assert!(!shown.contains("7777"), "{shown}");
    }
    let given = Given {
        variables: BTreeMap::from([("P", "77777777777")]),
        ..Given::default()
    };
    let config = clean(&format!("{ONE}pin_env = \"P\"{ALLOWED}"));
    let faults = config.resolve(&given).unwrap_err();
    assert_eq!(told(&faults), ["`gsm1`: the PIN of a SIM card is 4 to 8 digits"]);
    assert!(!format!("{faults:?} {config:?}").contains("7777"));
}
