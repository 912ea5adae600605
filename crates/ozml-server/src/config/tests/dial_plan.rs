use super::*;

#[test]
fn the_documented_example_is_read() {
    let text = r#"
        [store]
        path = "ozml.db"
        mode = "sync"
        keep = "30d"
        [admin]
        listen = "127.0.0.1:9510"
        [[sms.connection]]
        name = "smsc1"
        type = "smpp"
        url = "smpp://shop@127.0.0.1:2775"
        password_env = "SMSC1_PASSWORD"
        bind = "transceiver"
        sessions = 1
        window = 100
        rate = 0
        on_unknown = "resend"
        receipt_id = "auto"
        [[sms.connection]]
        name = "gsm1"
        type = "modem"
        port = "/dev/ttyUSB0"
        [[sms.route]]
        called = "+36*"
        to = ["smsc1", "gsm1"]
        [destinations]
        allow = ["+36", "+49"]
        deny = ["+881"]
        internal = "XXXX"
        [files]
        static = "audio"
        recordings = "recordings"
        [fetch]
        allow = ["https://app.example"]
        [limits]
        sms_per_call = 20
        [http]
        listen = "127.0.0.1:9509"
        [[http.user]]
        name = "HTTP_User_1"
        password_hash = "..."
        [phone]
        driver = "sim"
        [[extension]]
        number = "9994"
        type = "api"
        script = "ozml-scripts/menu.xml"
        "#;
    let (config, told) = Config::read(&source(text));
    let config = config.unwrap();
    assert!(told.iter().all(|told| !told.is_error()));
    assert!(ozml_dialplan::Router::new(&config.router).is_ok());
    assert_eq!(config.router.sources, ["HTTP_User_1", "9994"]);
    assert_eq!(config.destinations.unwrap().allow, ["+36", "+49"]);
}

#[test]
fn faults_of_the_dial_plan_have_their_places() {
    let text = "\
[[sms.connection]]
name = \"smsc1\"
type = \"console\"
window = 5
[[sms.route]]
to = [\"smsc1\", \"smcs1\"]
[[sms.route]]
called = \"[1\"
strip = \"x\"
[[sms.route]]
time = \"wrok\"
[[sms.table]]
name = \"t\"
rows = [{ prefix = \"+36\", to = \"gsm1\" }, { prefx = \"\" }]
[[sms.route]]
to = \"table:t\"
[[time_profile]]
name = \"work\"
zone = \"Europe/Budapst\"
ranges = [{ days = \"mon-fri\" }]
[destinations]
allow = [\"+36\", \"hu\"]
[fetch]
deny = [\"https://a.example\", \"b.example\"]
";
    let told = faults(text);
    let places: Vec<_> = told.iter().map(|line| line.split_once(": ").unwrap().0).collect();
    assert_eq!(
        places,
        [
            "4:1 unknown-key",
            "6:16 wrong-setting",
            "9:9 wrong-setting",
            "10:1 missing-key",
            "11:8 wrong-setting",
            "14:44 unknown-key",
            "19:8 wrong-setting",
            "22:9 wrong-setting",
            "24:30 wrong-setting",
        ],
        "{told:#?}"
    );
    assert!(
        told[1].ends_with("there is no connection `smcs1`; write `smsc1`"),
        "{}",
        told[1]
    );
}

#[test]
fn budgets_may_stand_with_the_limits() {
    let budget = "sms_per_recipient = { minute = 1, hour = 2 }\n";
    let hour = |text: &str| clean(text).destinations_or_default().sms_per_recipient.hour;
    assert_eq!(hour(""), 20);
    assert_eq!(hour(&format!("[limits]\n{budget}")), 2);
    assert_eq!(hour(&format!("[destinations]\n{budget}")), 2);
    let told = faults(&format!("[destinations]\n{budget}[limits]\n{budget}"));
    assert!(
        told.len() == 1 && told[0].starts_with("4:21 conflicting-keys: "),
        "{told:?}"
    );
    let told = faults("[limits]\nsms_per_recipient = { minuet = 1 }");
    assert_eq!(
        told,
        ["2:23 unknown-key: there is no key `minuet` in `sms_per_recipient` of [limits]; write `minute`"]
    );
}
