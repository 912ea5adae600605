use super::tests::{File, build};

/// A configuration, and how its one fault begins.
const FAULTS: &[(&str, &str)] = &[
    (
        "[[route]]",
        "sms.route[0].to: a connection, `reject`, `drop` or `table:NAME` was expected",
    ),
    (
        "[[route]]\n to = 'smcs1'",
        "sms.route[0].to: there is no connection `smcs1`; did you mean `smsc1`?",
    ),
    (
        "[[route]]\n to = ['smsc1', 'smsc1']",
        "sms.route[0].to: `smsc1` stands here twice",
    ),
    (
        "[[route]]\n to = ['smsc1', 'drop']",
        "sms.route[0].to: `drop` stands alone",
    ),
    (
        "[[route]]\n to = 'table:x'",
        "sms.route[0].to: there is no table `x`",
    ),
    (
        "[[route]]\n mode = 'drop'\n to = 'smsc1'",
        "sms.route[0].to: a rule that drops",
    ),
    (
        "[[route]]\n mode = 'copy'\n to = 'reject'",
        "sms.route[0].to: a copy goes to",
    ),
    (
        "[[route]]\n to = 'drop'\n called = '3+'",
        "sms.route[0].called: character 2 of the pattern: `+`",
    ),
    (
        "[[route]]\n to = 'drop'\n caller = '/(/'",
        "sms.route[0].caller: character 1 of the regular",
    ),
    (
        "[[route]]\n to = 'drop'\n text = '['",
        "sms.route[0].text: character 1 of the regular",
    ),
    (
        "[[route]]\n to = 'drop'\n from = 'HTTP_User'",
        "sms.route[0].from: there is no source `HTTP_User`; did",
    ),
    (
        "[[route]]\n to = 'drop'\n time = '!x'",
        "sms.route[0].time: there is no time profile `x`",
    ),
    (
        "[[route]]\n to = 'drop'\n keyword = 'two words'",
        "sms.route[0].keyword: one word",
    ),
    (
        "[[route]]\n to = 'drop'\n prepend = 'x'",
        "sms.route[0].prepend: `x` cannot stand",
    ),
    (
        "[[route]]\n to = 'drop'\n set_caller = ''",
        "sms.route[0].set_caller: a sender needs",
    ),
    (
        "[[route]]\n to = 'drop'\n parts = { min = 0 }",
        "sms.route[0].parts: `min` is",
    ),
    (
        "[[route]]\n to = 'drop'\n validity = '2'",
        "sms.route[0].validity: a time",
    ),
    (
        "[[route]]\n to = 'drop'\n validity = '0'",
        "sms.route[0].validity: a message",
    ),
    (
        "[[route]]\n to = 'drop'\n message_priority = 4",
        "sms.route[0].message_priority: a priority",
    ),
    (
        "[[route]]\n to = 'smsc1'\n weights = [1]",
        "sms.route[0].weights: weights belong",
    ),
    (
        "[[route]]\n to = 'smsc1'\n spread = 'weighted'",
        "sms.route[0].weights: 1 weights were",
    ),
    (
        "[[route]]\n to = 'smsc1'\n spread = 'weighted'\n weights = [0]",
        "sms.route[0].weights: a weight is",
    ),
    (
        "[[route]]\n to = 'drop'\n strip = 1\n replace = { pattern = '1', with = '2' }",
        "sms.route[0].replace: `replace` stands without",
    ),
    (
        "[[route]]\n to = 'drop'\n replace = { pattern = '1', with = '$1' }",
        "sms.route[0].replace: there is no group",
    ),
    (
        "[[route]]\n name = 'a'\n to = 'drop'\n[[route]]\n name = 'a'\n to = 'drop'",
        "sms.route[1].name: `a` stands here twice",
    ),
    ("[[table]]", "sms.table[0].name: a name was expected"),
    (
        "[[table]]\n name = 't'\n rows = [{ prefix = '+36', to = 'x' }]",
        "sms.table[0].rows[0].to: there is no connection",
    ),
    (
        "[[table]]\n name = 't'\n rows = [{ prefix = '+36*', to = 'gsm1' }]",
        "sms.table[0].rows[0].prefix: the beginning",
    ),
    (
        "[[table]]\n name = 't'\n rows = [{ prefix = '', to = 'gsm1', cost = -1 }]",
        "sms.table[0].rows[0].cost: a cost",
    ),
    (
        "[[time_profile]]\n name = 't'\n zone = 'UTC'",
        "time_profile[0].ranges: a time profile",
    ),
];

#[test]
fn faults_name_place_and_meaning() {
    for (toml, fault) in FAULTS {
        let faults = build(toml).unwrap_err();
        assert_eq!(faults.len(), 1, "{toml}: {faults:?}");
        assert!(faults[0].to_string().starts_with(fault), "{toml}: {}", faults[0]);
    }
}

#[test]
fn unknown_keys_are_refused() {
    let fault = toml::from_str::<File>("[[route]]\n caled = '1'")
        .map(|_| ())
        .unwrap_err();
    assert!(fault.to_string().contains("unknown field `caled`"));
}
