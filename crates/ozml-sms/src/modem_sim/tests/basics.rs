//! What a modem is and has.

use crate::modem_sim::event::Event;
use crate::modem_sim::testing::Peer;

/// Commands in turn, and the lines that each answers.
fn transcript(options: &str, lines: &[(&str, &[&str])]) {
    let mut peer = Peer::new(options);
    for (command, expected) in lines {
        assert_eq!(peer.ask(command), *expected, "{command}");
    }
}

#[test]
fn it_says_what_it_is() {
    transcript(
        "manufacturer=Shop,number=+36301234567",
        &[
            ("AT", &["OK"]),
            ("at+cgmi;+cgsn", &["Shop", "490154203237518", "OK"]),
            ("AT+CIMI", &["001010123456789", "OK"]),
            ("AT+CCID", &["+CCID: 8900001010123456789", "OK"]),
            ("AT+CNUM", &["+CNUM: ,\"+36301234567\",145", "OK"]),
            (
                "AT+COPS?;+CSQ",
                &["+COPS: 0,0,\"Test network\",7", "+CSQ: 20,99", "OK"],
            ),
            ("AT+CCLK?", &["+CCLK: \"26/01/21,10:00:00+00\"", "OK"]),
            ("AT+CSCA?", &["+CSCA: \"+36300000000\",145", "OK"]),
            ("ATD123;", &["NO CARRIER"]),
            ("AT+NONSENSE", &["ERROR"]),
            ("AT&C1&D2X4S7=60+IFC=2,2", &["OK"]),
        ],
    );
}

#[test]
fn what_is_set_is_read_and_tested() {
    transcript(
        "",
        &[
            ("AT+CMGF?", &["+CMGF: 0", "OK"]),
            ("AT+CMGF=?", &["+CMGF: (0-1)", "OK"]),
            ("AT+CMGF=1;+CMGF?", &["+CMGF: 1", "OK"]),
            ("AT+CMGF=2", &["ERROR"]),
            ("AT+CMEE=1;+CMGF=2", &["+CMS ERROR: 303"]),
            ("AT+CSCS=\"UCS2\";+CSCS?", &["+CSCS: \"UCS2\"", "OK"]),
            ("AT+CSMP=49,,0,8;+CSMP?", &["+CSMP: 49,167,0,8", "OK"]),
            ("AT+CNMI=2,1,0,1;+CNMI?", &["+CNMI: 2,1,0,1,0", "OK"]),
            ("AT+CNMI=?", &["+CNMI: (0,1,2),(0,1,2,3),(0),(0,1,2),(0,1)", "OK"]),
            ("AT+CSMS=1;+CSMS?", &["+CSMS: 1,1,1", "+CSMS: 1,1,1,1", "OK"]),
            ("AT+CPMS=\"ME\",\"SM\"", &["+CPMS: 0,100,0,20,0,20", "OK"]),
            ("AT+CPMS=\"XX\"", &["+CMS ERROR: 302"]),
            ("ATZ", &["OK"]),
            ("AT+CMGF?", &["+CMGF: 0", "OK"]),
        ],
    );
}

#[test]
fn echo_and_results_are_as_asked_for() {
    let mut peer = Peer::new("echo=on");
    assert_eq!(peer.typed("AT\r"), "AT\r\r\nOK\r\n");
    assert_eq!(peer.typed("ATE0V0\r"), "ATE0V0\r0\r");
    assert_eq!(peer.typed("AT+CSQ\r"), "+CSQ: 20,99\r\n0\r");
    assert_eq!(peer.typed("ATQ1\r"), "");
    assert_eq!(peer.typed("ATQ0V1\r"), "\r\nOK\r\n");
    let mut stubborn = Peer::new("echo=always");
    assert_eq!(stubborn.typed("ATE0\rAT\r"), "ATE0\r\r\nOK\r\nAT\r\r\nOK\r\n");
}

#[test]
fn the_card_wants_its_pin_and_tells_no_secret() {
    let mut peer = Peer::new("pin=1234,puk=11111111,registration-delay=2s");
    for (command, expected) in [
        ("AT+CMEE=1", "OK"),
        ("AT+CPIN?", "+CPIN: SIM PIN"),
        ("AT+CMGL=4", "+CMS ERROR: 311"),
        ("AT+CIMI", "+CME ERROR: 11"),
        ("AT+CPIN=\"9999\"", "+CME ERROR: 16"),
        ("AT+CREG?", "+CREG: 0,0"),
        ("AT+CPIN=\"1234\"", "OK"),
        ("AT+CPIN?", "+CPIN: READY"),
        ("AT+CREG=1;+CREG?", "+CREG: 1,2"),
        ("AT+CLCK=\"SC\",2", "+CLCK: 1"),
        ("AT+CPIN=\"1234\"", "+CME ERROR: 3"),
    ] {
        assert_eq!(peer.ask(command)[0], expected, "{command}");
    }
    assert_eq!(peer.wait(2_000), "\r\n+CREG: 1\r\n");
    let events = peer.events();
    assert!(events.contains(&Event::PinTried {
        right: false,
        left: 2
    }));
    assert!(
        !format!("{events:?} {:?}", peer.modem).contains("1234"),
        "{events:?}"
    );
    for (options, error) in [("sim=none", "310"), ("sim=failed", "313")] {
        let mut peer = Peer::new(options);
        assert_eq!(peer.ask("AT+CMEE=1;+CPMS?"), [format!("+CMS ERROR: {error}")]);
    }
}

#[test]
fn a_restart_forgets_what_was_set() {
    let mut peer = Peer::new("restart-time=5s,pin=1234");
    assert_eq!(peer.ask("AT+CPIN=1234;+CMGF=1"), ["OK"]);
    assert_eq!(peer.ask("AT+CFUN=1,1"), ["OK"]);
    assert_eq!(peer.ask("AT"), [""; 0]);
    peer.wait(5_000);
    assert_eq!(peer.ask("AT+CMGF?;+CPIN?"), ["+CMGF: 0", "+CPIN: SIM PIN", "OK"]);
}
