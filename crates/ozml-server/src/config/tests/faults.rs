use super::*;

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
        "19:6 unknown-key: there is no section `[sms.rout]`; write `route`",
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
            "1:7 wrong-setting: `sms`: a table was expected; its parts are `connection`, `route`",
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
            format!("{remote}password = \"x\"\n[destinations]\nallow = [\"+36\"]"),
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

/// There is a configuration or an error, and never both, whatever a slip makes of the file.
#[test]
fn slips_are_told_or_change_nothing() {
    let example = include_str!("../../../../../examples/config/ozml.toml");
    clean(example);
    for (at, character) in example.char_indices().step_by(13) {
        let (before, rest) = example.split_at(at);
        let after = &rest[character.len_utf8()..];
        for slip in ["", "x", "\"", "[", "=", "\n"] {
            // `faults` asserts it.
            faults(&format!("{before}{slip}{after}"));
        }
    }
}
