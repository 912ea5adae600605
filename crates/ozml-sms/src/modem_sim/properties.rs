//! What must hold for any octets, in any pieces, at any times.

use proptest::prelude::*;

use super::testing::{Peer, at};

fn anything() -> impl Strategy<Value = Vec<u8>> {
    let commands = prop::sample::select(vec![
        "AT+CMGS=19",
        "AT+CMGF=1",
        "AT+CMGF=0",
        "AT+CMGS=\"+3630\"",
        "AT+CMGL=4",
        "AT+CMGL=\"ALL\"",
        "AT+CMGR=1",
        "AT+CMGD=1,4",
        "AT+CNMI=2,2,0,1,0",
        "AT+CSMS=1",
        "AT+CNMA",
        "AT+CFUN=1,1",
        "AT+CPIN=\"1234\"",
        "AT+CLAC",
        "AT+CPMS=\"MT\",\"MT\",\"MT\"",
        "ATE1V0",
        "A/",
        "AT+CMGW=18",
        "AT+CMSS=1",
        "AT&F;+CMEE=2;+CREG=2",
        "AT+CSCS=\"UCS2\"",
    ]);
    let pdu = "0031000B916303214365F70000A705E8329BFD06\x1a";
    prop_oneof![
        6 => commands.prop_map(|command| format!("{command}\r").into_bytes()),
        2 => Just(pdu.as_bytes().to_vec()),
        2 => prop::collection::vec(any::<u8>(), 0..40),
        1 => "AT[+&^A-Z0-9=?,\";]{0,20}\r".prop_map(String::into_bytes),
        1 => Just(vec![0x1b]),
    ]
}

proptest! {
    #[test]
    fn no_octets_make_it_panic_or_spin(
        pieces in prop::collection::vec((anything(), 0..3_000u64, any::<bool>()), 1..25),
        options in prop::sample::select(vec![
            "", "pin=1234", "answer-delay=1s,network-delay=2s,prompt-delay=1s", "octet-pause=3ms,noise-every=1",
            "line-split=20ms,hang-after=5,hang-for=2s", "unplug-after=1,unplug-for=1s", "slots=1,phone-slots=0,filled=9",
            "incoming-every=1ms,slots=2", "registration-delay=2s,restart-time=1s,reports=expired", "slots=0,phone-slots=0",
            "lose-answer-every=2,lose-prompt-every=2,error-every=3,unacknowledged=store,acknowledge-time=1ms", "acknowledge-time=1ms,incoming-every=1ms,phone-slots=0",
        ]),
    ) {
        let mut peer = Peer::new(options);
        let mut octets = Vec::new();
        for (piece, pause, writes) in pieces {
            peer.now += pause;
            peer.modem.on_bytes(at(peer.now), &piece);
            if writes {
                peer.incoming("+36301234567", "Hello");
            }
            peer.modem.on_tick(at(peer.now));
            peer.modem.take_output(at(peer.now), &mut octets);
            let wake = peer.modem.next_wake(at(peer.now));
            prop_assert!(wake.is_none_or(|wake| wake > at(peer.now)), "{wake:?} at {}", peer.now);
        }
        prop_assert!(octets.len() < 1_000_000);
    }
}

#[test]
fn every_split_gives_the_same_answers() {
    let typed = "ATE0V1\rAT+CMEE=1;+CMGF=0\rAT+CMGS=18\r0001000B916303214365F7000005E8329BFD06\x1aAT+CMGL=4\rAT+CNMI=2,2,0,1\rA/AT+CSQ\r";
    let run = |pieces: &[&str]| {
        let mut peer = Peer::new("filled=1");
        let answers: String = pieces.iter().map(|piece| peer.typed(piece)).collect();
        (answers, peer.modem.counters())
    };
    let expected = run(&[typed]);
    assert!(
        expected.0.contains("+CMGS: 1") && expected.1.sent == 1,
        "{}",
        expected.0
    );
    for cut in 0..=typed.len() {
        let (head, tail) = typed.split_at(cut);
        assert_eq!(run(&[head, tail]), expected, "cut at {cut}");
    }
}
