use ozml::sms::gsm::{Indications, Registration, Signal, SimState};

use super::*;

/// A modem that has everything.
fn probed() -> Probed {
    let mut report = ProbeReport::default();
    report.manufacturer = "Quectel".to_owned();
    report.model = "EC25".to_owned();
    report.serial_number = "861234567890123".to_owned();
    report.sim = SimState::Ready;
    report.operator = "Telekom HU".to_owned();
    report.registration = Registration::Home;
    report.signal = Signal::new(20);
    report.service_centre = Some("+36209300099".to_owned());
    report.storages = vec!["SM".to_owned(), "ME".to_owned()];
    report.pdu_mode = true;
    report.phase_2_plus = true;
    report.indications = indications();
    Probed {
        port: "/dev/ttyUSB0".parse().unwrap(),
        baud: 115_200,
        show_ids: false,
        report,
    }
}

fn indications() -> Indications {
    let mut indications = Indications::default();
    indications.modes = vec![0, 1, 2];
    indications.messages = vec![0, 1];
    indications
}

#[test]
fn a_page_says_what_it_is_and_how_it_is_used() {
    assert_eq!(
        page::page(&probed()),
        "\
modem           Quectel EC25
revision        not told
serial number   ***********0123
SIM card        ready
network         Telekom HU, registered
signal          -73 dBm, excellent
service centre  +36209300099
memories        also SM, ME
sending         PDU mode, phase 2+ (CSMS)
telling         modes 0 1 2, messages 0 1 (CNMI)

`ozml serve` can use it:

[[sms.connection]]
name = \"gsm1\"
type = \"modem\"
port = \"/dev/ttyUSB0\"
"
    );
}

#[test]
fn what_is_missing_is_told_with_the_lines_that_mend_it() {
    let mut probed = probed();
    probed.baud = 9_600;
    probed.report.sim = SimState::WantsPin;
    let page = page::page(&probed);
    let (_, end) = page.split_once("\n\n").unwrap();
    assert_eq!(
        end,
        "\
`ozml serve` cannot use it as it is:
- the SIM card wants its PIN: give `pin_env` or `pin_file`, or unlock the card by hand with `ozml modem unlock PORT`

[[sms.connection]]
name = \"gsm1\"
type = \"modem\"
port = \"/dev/ttyUSB0\"
baud = 9600
pin_env = \"GSM1_PIN\"
"
    );
}

#[test]
fn the_serial_number_is_shown_on_demand() {
    let mut probed = probed();
    assert_eq!(json::json(&probed)["serial_number"], "***********0123");
    probed.show_ids = true;
    assert_eq!(json::json(&probed)["serial_number"], "861234567890123");
    probed.report.serial_number = "123".to_owned();
    assert_eq!(probed.serial_number(), "123");
}

#[test]
fn programs_get_the_same() {
    let value = json::json(&probed());
    assert_eq!(value["signal_dbm"], -73);
    assert_eq!(
        (&value["usable"], &value["registered"]),
        (&true.into(), &true.into())
    );
    assert_eq!(value["obstacles"], serde_json::json!([]));
    assert!(
        value["config"]
            .as_str()
            .unwrap()
            .ends_with("port = \"/dev/ttyUSB0\"\n")
    );
}
