use super::*;
use crate::gsm::ModemError;
use crate::gsm::interview::testing::hold;

/// What a modem answers, by the command. What is not here it does not know.
const USUAL: &[(&str, &str)] = &[
    ("AT", "OK"),
    ("ATE0", "OK"),
    ("ATV1", "OK"),
    ("AT+CMEE=1", "OK"),
    ("AT+CGMI", "Quectel\r\nOK"),
    ("AT+CGMM", "EC25\r\nOK"),
    ("AT+CGMR", "+CGMR: EC25EFAR06\r\nOK"),
    ("AT+CGSN", "861234567890123\r\nOK"),
    ("AT+CPIN?", "+CPIN: READY\r\nOK"),
    ("AT+CREG?", "+CREG: 0,1\r\nOK"),
    ("AT+CEREG?", "+CEREG: 0,5\r\nOK"),
    ("AT+COPS?", "+COPS: 0,0,\"Telekom HU\",7\r\nOK"),
    ("AT+CSQ", "+CSQ: 20,99\r\nOK"),
    ("AT+CSCA?", "+CSCA: \"+36209300099\",145\r\nOK"),
    (
        "AT+CPMS=?",
        "+CPMS: (\"SM\",\"ME\"),(\"SM\",\"ME\"),(\"SM\",\"ME\")\r\nOK",
    ),
    ("AT+CPMS?", "+CPMS: \"SM\",3,20,\"ME\",0,100,\"SM\",3,20\r\nOK"),
    ("AT+CMGF=0", "OK"),
    ("AT+CSMS=?", "+CSMS: (0,1)\r\nOK"),
    ("AT+CNMI=?", "+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)\r\nOK"),
    ("AT+CMMS=?", "+CMMS: (0-2)\r\nOK"),
];

/// Asks a modem that answers like this, on a virtual clock.
fn ask(answers: &[(&str, &str)]) -> (Result<ProbeReport, ModemEnd>, Vec<String>) {
    let answer = |command: &str| {
        let found = answers.iter().find(|(known, _)| *known == command);
        found.map(|(_, answer)| (*answer).to_owned())
    };
    let (talk, asked) = hold(Probe::default(), answer);
    (talk.end.unwrap().map(|()| talk.plan.report), asked)
}

fn report(changes: &[(&'static str, &'static str)]) -> ProbeReport {
    ask(&[changes, USUAL].concat()).0.unwrap()
}

#[test]
fn a_modem_tells_what_it_is_and_can() {
    let report = report(&[]);
    assert_eq!(
        (report.manufacturer.as_str(), report.model.as_str()),
        ("Quectel", "EC25")
    );
    assert_eq!(report.revision, "EC25EFAR06");
    assert_eq!(report.serial_number, "861234567890123");
    assert_eq!(
        (report.sim.clone(), report.registration),
        (SimState::Ready, Registration::Home)
    );
    assert_eq!(report.operator, "Telekom HU");
    assert_eq!(report.signal.unwrap().to_string(), "-73 dBm, excellent");
    assert_eq!(report.service_centre.as_deref(), Some("+36209300099"));
    assert_eq!(report.storages, ["SM", "ME"]);
    let memories: Vec<_> = report
        .memories
        .iter()
        .map(|one| (one.name.as_str(), one.used, one.total))
        .collect();
    assert_eq!(memories, [("SM", 3, 20), ("ME", 0, 100)]);
    assert!(report.pdu_mode && report.phase_2_plus && report.more_messages);
    assert_eq!(report.indications.reports, [0, 1, 2]);
    assert!(report.judgement().is_usable());
}

#[test]
fn no_pin_is_given_and_nothing_is_sent() {
    let (_, asked) = ask(&[&[("AT+CPIN?", "+CPIN: SIM PIN\r\nOK")], USUAL].concat());
    for command in asked {
        assert!(
            !command.starts_with("AT+CPIN=") && !command.contains("CMGS") && !command.contains("CMGD"),
            "{command}"
        );
    }
}

#[test]
fn a_sim_card_is_told_by_what_it_wants() {
    for (answer, state) in [
        ("+CPIN: SIM PIN\r\nOK", SimState::WantsPin),
        ("+CPIN: SIM PUK\r\nOK", SimState::WantsPuk),
        ("+CPIN: SIM PIN2\r\nOK", SimState::Ready),
        ("+CPIN: NOT INSERTED\r\nOK", SimState::Absent),
        (
            "+CPIN: PH-NET PIN\r\nOK",
            SimState::Wants("PH-NET PIN".to_owned()),
        ),
        ("+CME ERROR: 10", SimState::Absent),
        ("+CME ERROR: 13", SimState::Fault(ModemError::Cme(13))),
        ("OK", SimState::Unknown),
    ] {
        assert_eq!(report(&[("AT+CPIN?", answer)]).sim, state, "{answer}");
    }
}

#[test]
fn what_has_no_answer_is_left_open() {
    let report = report(&[
        ("AT+CSCA?", "+CMS ERROR: 310"),
        ("AT+CPMS=?", "ERROR"),
        ("AT+CREG?", "+CREG: 0,2\r\nOK"),
        ("AT+CSQ", "+CSQ: 99,99\r\nOK"),
        ("AT+CNMI=?", "ERROR"),
    ]);
    assert_eq!((report.service_centre, report.signal), (None, None));
    assert_eq!(
        (report.storages, report.indications),
        (Vec::new(), Indications::default())
    );
    assert_eq!(report.registration, Registration::Roaming, "by packets");
}

#[test]
fn a_silent_modem_is_asked_six_times() {
    let (report, asked) = ask(&[]);
    assert_eq!(report, Err(ModemEnd::Silent));
    assert_eq!(asked, ["AT", "AT", "AT", "\u{1b}AT", "AT", "AT"]);
}

#[test]
fn a_modem_that_falls_silent_ends_it() {
    let usual: Vec<_> = USUAL.iter().take(6).copied().collect();
    assert_eq!(ask(&usual).0, Err(ModemEnd::Silent));
}
