//! Messages that come in.

use crate::modem_sim::event::Event;
use crate::modem_sim::testing::{Peer, lines};

/// From +36201234567 on 2026-01-21 at 10:00 UTC: Hi.
const HI: &str = "07916303000000F0040B916302214365F700006210120100000002C834";

#[test]
fn a_message_waits_in_its_slot() {
    let mut peer = Peer::new("");
    assert!(
        peer.incoming("+36201234567", "Hi").is_empty(),
        "nobody asked to be told"
    );
    peer.ask("AT+CNMI=2,1");
    assert_eq!(peer.incoming("Shop", "Hi"), ["+CMTI: \"SM\",2"]);
    assert_eq!(peer.ask("AT+CMGR=1"), ["+CMGR: 0,,21", HI, "OK"]);
    assert_eq!(peer.ask("AT+CMGL=0").len(), 3, "the first one is read");
    assert_eq!(peer.ask("AT+CMGD=1"), ["OK"]);
    peer.ask("AT+CMEE=1");
    assert_eq!(peer.ask("AT+CMGR=1"), ["+CMS ERROR: 321"]);
    assert_eq!(peer.ask("AT+CMGD=99"), ["+CMS ERROR: 321"]);
    assert!(peer.events().contains(&Event::Deleted { index: 1 }));
}

#[test]
fn deletes_go_by_state() {
    for (flag, left) in [(1, 2), (2, 2), (3, 1), (4, 0)] {
        let mut peer = Peer::new("filled=1");
        peer.incoming("+36201234567", "unread");
        peer.give("AT+CMGW=18", "0001000B916303214365F7000005E8329BFD06");
        assert_eq!(peer.ask(&format!("AT+CMGD=1,{flag}")), ["OK"]);
        assert_eq!(
            peer.ask("AT+CPMS?")[0].split(',').nth(1),
            Some(left.to_string().as_str()),
            "{flag}"
        );
    }
}

#[test]
fn text_mode_shows_texts() {
    let mut peer = Peer::new("");
    peer.ask("AT+CMGF=1;+CNMI=2,2");
    let given = ["+CMT: \"+36201234567\",,\"26/01/21,10:00:00+00\"", "Hi"];
    assert_eq!(peer.incoming("+36201234567", "Hi"), given);
    peer.ask("AT+CNMI=2,1;+CSDH=1");
    peer.incoming("Shop", "ű");
    let read = "+CMGR: \"REC UNREAD\",\"Shop\",,\"26/01/21,10:00:00+00\",208,4,0,8,\"\",0,2";
    assert_eq!(peer.ask("AT+CMGR=1"), [read, "0171", "OK"]);
    peer.ask("AT+CSDH=0");
    let listed = "+CMGL: 1,\"REC READ\",\"Shop\",,\"26/01/21,10:00:00+00\"";
    assert_eq!(peer.ask("AT+CMGL=\"ALL\""), [listed, "0171", "OK"]);
}

#[test]
fn a_message_given_directly_comes_again_until_it_is_acknowledged() {
    let mut peer = Peer::new("acknowledge-time=15s");
    peer.ask("AT+CMEE=1;+CSMS=1;+CNMI=2,2,0,1,0");
    let given = ["+CMT: ,21", HI];
    assert_eq!(peer.incoming("+36201234567", "Hi"), given);
    assert!(peer.incoming("+36201234567", "Ho").is_empty(), "one at a time");
    assert_eq!(lines(&peer.wait(15_000)), given);
    let answer = peer.ask("AT+CNMA");
    assert_eq!((answer[0].as_str(), answer[1].as_str()), ("OK", "+CMT: ,21"));
    assert_eq!(peer.ask("AT+CNMA=1"), ["OK"]);
    assert_eq!(peer.ask("AT+CNMA"), ["+CMS ERROR: 340"]);
    assert_eq!(peer.modem.counters().cleared, 2);
}

#[test]
fn without_acknowledgement_a_message_can_be_stored_instead() {
    let mut peer = Peer::new("acknowledge-time=1s,unacknowledged=store");
    peer.ask("AT+CSMS=1;+CNMI=2,2,0,1,0");
    peer.incoming("+36201234567", "Hi");
    assert_eq!(peer.wait(1_000), "");
    assert_eq!(
        peer.ask("AT+CNMI?;+CMGR=1")[..2],
        ["+CNMI: 2,0,0,2,0", "+CMGR: 0,,21"]
    );
}

#[test]
fn a_full_memory_keeps_messages_in_the_network() {
    let mut peer = Peer::new("slots=1,phone-slots=0,filled=5");
    peer.ask("AT+CNMI=2,1");
    assert!(peer.incoming("+36201234567", "Hi").is_empty());
    assert!(peer.events().contains(&Event::MemoryFull));
    assert_eq!(peer.ask("AT+CMGD=1"), ["OK", "+CMTI: \"SM\",1"]);
}

#[test]
fn messages_come_by_themselves() {
    let mut peer = Peer::new("incoming-every=10s");
    peer.ask("AT+CNMI=1,1");
    assert_eq!(lines(&peer.wait(20_000)), ["+CMTI: \"SM\",1", "+CMTI: \"SM\",2"]);
    peer.ask("AT+CNMI=0,1");
    assert_eq!(peer.wait(10_000), "", "told later");
    assert_eq!(peer.ask("AT+CNMI=2,1"), ["OK", "+CMTI: \"SM\",3"]);
}
