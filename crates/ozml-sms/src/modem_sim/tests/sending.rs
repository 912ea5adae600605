//! Messages on their way out.

use crate::modem_sim::event::Event;
use crate::modem_sim::testing::{Peer, lines};

/// To +36301234567: hello; the same with a status report asked for.
const HELLO: &str = "0001000B916303214365F7000005E8329BFD06";
const WITH_REPORT: &str = "0031000B916303214365F70000A705E8329BFD06";

#[test]
fn a_pdu_is_taken_and_shown_decoded() {
    let mut peer = Peer::new("");
    assert_eq!(peer.give("AT+CMGS=18", HELLO), ["+CMGS: 1", "OK"]);
    assert_eq!(peer.give("AT+CMGS=18", HELLO), ["+CMGS: 2", "OK"]);
    let sent = peer.modem.sent();
    assert_eq!(
        (sent[0].to.as_str(), sent[0].text.as_deref()),
        ("+36301234567", Some("hello"))
    );
    assert_eq!(
        (sent[0].doubled, sent[1].doubled, peer.modem.counters().doubled),
        (false, true, 1)
    );
    assert!(
        peer.events()
            .iter()
            .any(|event| matches!(event, Event::Sms(sms) if sms.reference == 2))
    );
}

#[test]
fn escape_sends_nothing() {
    let mut peer = Peer::new("");
    assert_eq!(peer.typed("AT+CMGS=18\r"), "\r\n> ");
    assert_eq!(peer.typed(&format!("{HELLO}\x1b")), "\r\nOK\r\n");
    assert_eq!(
        (peer.ask("AT"), peer.modem.counters().sent),
        (vec!["OK".to_owned()], 0)
    );
}

#[test]
fn a_wrong_pdu_is_304_and_a_wrong_state_has_its_number() {
    let mut peer = Peer::new("");
    peer.ask("AT+CMEE=1");
    for typed in [
        "",
        "00",
        "0001",
        "XX",
        &format!("{HELLO}00"),
        &HELLO[..36],
        &format!("{HELLO}0"),
    ] {
        assert_eq!(peer.give("AT+CMGS=18", typed), ["+CMS ERROR: 304"], "{typed}");
    }
    assert_eq!(peer.ask("AT+CMGS=999"), ["+CMS ERROR: 304"]);
    assert_eq!(peer.modem.counters().refused, 7);
    for (options, error) in [("registration=searching", "331"), ("service-centre=none", "330")] {
        let mut peer = Peer::new(options);
        peer.ask("AT+CMEE=1");
        assert_eq!(peer.give("AT+CMGS=18", HELLO), [format!("+CMS ERROR: {error}")]);
    }
    let mut silent = Peer::new("");
    silent.ask("AT+CMEE=1;+CFUN=4");
    assert_eq!(silent.give("AT+CMGS=18", HELLO), ["+CMS ERROR: 331"]);
}

#[test]
fn a_text_is_typed_over_several_lines() {
    let mut peer = Peer::new("");
    peer.ask("AT+CMGF=1;+CMEE=1");
    assert_eq!(peer.typed("AT+CMGS=\"36301234567\",145\r"), "\r\n> ");
    assert_eq!(peer.typed("Hello\r"), "\r\n> ");
    assert_eq!(lines(&peer.typed("world\x1a")), ["+CMGS: 1", "OK"]);
    peer.ask("AT+CSMP=17,167,0,8;+CSCS=\"UCS2\"");
    assert_eq!(
        peer.give("AT+CMGS=\"002B00330036\"", "01710021"),
        ["+CMGS: 2", "OK"]
    );
    assert_eq!(peer.give("AT+CMGS=\"002B00330036\"", "017"), ["+CMS ERROR: 305"]);
    let sent = peer.modem.sent();
    let shown: Vec<_> = sent
        .iter()
        .map(|sms| (sms.to.as_str(), sms.text.as_deref().unwrap()))
        .collect();
    assert_eq!(shown, [("+36301234567", "Hello\nworld"), ("+36", "ű!")]);
}

#[test]
fn a_message_is_written_and_then_sent() {
    let mut peer = Peer::new("slots=1,phone-slots=0");
    peer.ask("AT+CMEE=1");
    assert_eq!(peer.give("AT+CMGW=18", HELLO), ["+CMGW: 1", "OK"]);
    assert_eq!(peer.ask("AT+CMGW=18"), ["+CMS ERROR: 322"]);
    assert_eq!(peer.ask("AT+CMGR=1"), ["+CMGR: 2,,18", HELLO, "OK"]);
    assert_eq!(peer.ask("AT+CMSS=1"), ["+CMSS: 1", "OK"]);
    assert_eq!(peer.ask("AT+CMSS=1,\"+361\""), ["+CMSS: 2", "OK"]);
    assert_eq!(peer.ask("AT+CMSS=2"), ["+CMS ERROR: 321"]);
    assert_eq!(peer.ask("AT+CMGL=3"), ["+CMGL: 1,3,,18", HELLO, "OK"]);
    assert_eq!(peer.modem.sent()[1].to, "+361");
}

#[test]
fn the_parts_of_a_long_text_are_joined() {
    let mut peer = Peer::new("");
    let number = ozml_session::PhoneNumber::new("+36301234567").unwrap();
    let text = "a".repeat(200);
    let segments = crate::text::segment(&text, crate::text::Reference::Bits8(7)).unwrap();
    for part in &segments.parts {
        let submit = crate::gsm::pdu::Submit::new((&number).into(), part);
        let frame = crate::gsm::pdu::Frame::from(&submit);
        peer.give(&format!("AT+CMGS={}", frame.tpdu_length()), &frame.to_hex());
    }
    let whole = Event::Whole {
        to: "+36301234567".to_owned(),
        text,
        parts: 2,
    };
    assert!(peer.events().contains(&whole));
    assert_eq!(peer.modem.counters().doubled, 0);
}

#[test]
fn a_duplicate_is_refused_where_that_is_asked_for() {
    let with_rd = format!("0005{}", &HELLO[4..]);
    let mut peer = Peer::new("reference=pdu,reject-duplicates=yes");
    peer.ask("AT+CMEE=1");
    assert_eq!(peer.give("AT+CMGS=18", HELLO), ["+CMGS: 0", "OK"]);
    assert_eq!(peer.give("AT+CMGS=18", HELLO), ["+CMGS: 0", "OK"]);
    assert_eq!(peer.give("AT+CMGS=18", &with_rd), ["+CMS ERROR: 197"]);
}

#[test]
fn reports_follow_the_answer() {
    let mut peer = Peer::new("network-delay=1s,report-delay=2s,reports=expired");
    peer.ask("AT+CNMI=2,1,0,1,0");
    assert!(peer.give("AT+CMGS=19", WITH_REPORT).is_empty());
    assert_eq!(lines(&peer.wait(1_000)), ["+CMGS: 1", "OK"]);
    let report = "07916303000000F006010B916303214365F76210120100000062101201003000";
    let told = lines(&peer.wait(2_000));
    assert_eq!(told[0], "+CDS: 25");
    assert_eq!(&told[1][..report.len()], report);
    assert_eq!(&told[1][report.len()..], "46");
    peer.give("AT+CMGS=18", HELLO);
    assert_eq!(lines(&peer.wait(9_000)), ["+CMGS: 2", "OK"], "none was asked for");
}

#[test]
fn reports_are_stored_or_dropped_as_cnmi_says() {
    let mut peer = Peer::new("");
    assert_eq!(peer.give("AT+CMGS=19", WITH_REPORT), ["+CMGS: 1", "OK"]);
    peer.wait(0);
    assert!(peer.events().contains(&Event::ReportDropped { reference: 1 }));
    peer.ask("AT+CNMI=2,1,0,2,0");
    assert_eq!(
        peer.give("AT+CMGS=19", WITH_REPORT),
        ["+CMGS: 2", "OK", "+CDSI: \"SM\",1"]
    );
    assert_eq!(peer.ask("AT+CMGR=1")[0], "+CMGR: 0,,25");
    peer.ask("AT+CMGF=1");
    let text =
        "+CMGR: \"REC READ\",6,2,\"+36301234567\",145,\"26/01/21,10:00:00+00\",\"26/01/21,10:00:00+00\",0";
    assert_eq!(peer.ask("AT+CMGR=1"), [text, "OK"]);
    let mut narrow = Peer::new("report-route=stored");
    assert_eq!(narrow.ask("AT+CNMI=2,1,0,1,0"), ["ERROR"]);
}
