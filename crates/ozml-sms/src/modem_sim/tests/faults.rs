//! Modems that do not behave.

use crate::modem_sim::event::Event;
use crate::modem_sim::testing::{Peer, lines};

const HELLO: &str = "0001000B916303214365F7000005E8329BFD06";

#[test]
fn answers_prompts_and_the_network_take_their_time() {
    let mut peer = Peer::new("answer-delay=100ms,prompt-delay=1s,network-delay=5s");
    assert!(peer.ask("AT+CMGS=18").is_empty());
    assert_eq!(
        (peer.wait(1_099), peer.wait(1)),
        (String::new(), "\r\n> ".to_owned())
    );
    assert_eq!(peer.typed(&format!("{HELLO}\x1aAT\r")), "");
    assert_eq!(lines(&peer.wait(5_100)), ["+CMGS: 1", "OK"]);
    assert_eq!(lines(&peer.wait(100)), ["OK"], "what is typed meanwhile waits");
}

#[test]
fn answers_come_in_pieces() {
    let mut peer = Peer::new("octet-pause=10ms");
    assert_eq!(peer.typed("AT\r"), "");
    assert_eq!(
        (peer.wait(30), peer.wait(30)),
        ("\r\nO".to_owned(), "K\r\n".to_owned())
    );
}

#[test]
fn noise_stands_between_the_lines_of_every_nth_answer() {
    let mut peer = Peer::new("noise-every=2,seed=5");
    assert_eq!(peer.ask("AT+CSQ"), ["+CSQ: 20,99", "OK"]);
    let answer = peer.ask("AT+CSQ");
    assert_eq!((answer.len(), answer.last().unwrap().as_str()), (3, "OK"));
    let mut again = Peer::new("noise-every=2,seed=5");
    again.ask("AT+CSQ");
    assert_eq!(again.ask("AT+CSQ"), answer, "the same seed, the same noise");
}

#[test]
fn answers_and_prompts_get_lost() {
    let mut peer = Peer::new("lose-answer-every=2,lose-prompt-every=3");
    assert_eq!(peer.give("AT+CMGS=18", HELLO), ["+CMGS: 1", "OK"]);
    assert!(peer.give("AT+CMGS=18", HELLO).is_empty());
    assert_eq!(
        (peer.ask("AT"), peer.modem.counters().sent),
        (vec!["OK".to_owned()], 2)
    );
    assert_eq!(peer.ask("AT+CMGS=18"), [""; 0]);
    assert_eq!(
        lines(&peer.typed("\x1b")),
        ["OK"],
        "it waits for the PDU all the same"
    );
    let events = peer.events();
    assert!(events.contains(&Event::AnswerLost) && events.contains(&Event::PromptLost));
}

#[test]
fn every_nth_message_and_every_one_to_a_number_is_refused() {
    let mut peer = Peer::new("error-every=2,error-code=38");
    peer.ask("AT+CMEE=1");
    assert_eq!(peer.give("AT+CMGS=18", HELLO), ["+CMGS: 1", "OK"]);
    assert_eq!(peer.give("AT+CMGS=18", HELLO), ["+CMS ERROR: 38"]);
    let mut picky = Peer::new("refuse-to=+36301234567");
    picky.ask("AT+CMEE=1");
    assert_eq!(picky.give("AT+CMGS=18", HELLO), ["+CMS ERROR: 500"]);
    assert_eq!(
        (picky.modem.counters().sent, picky.modem.counters().refused),
        (0, 1)
    );
}

#[test]
fn it_hangs_and_comes_back_anew() {
    let mut peer = Peer::new("hang-after=2,hang-for=10s");
    peer.ask("AT+CMGF=1;+CNMI=2,1");
    assert_eq!(peer.ask("AT+CMGF?")[0], "+CMGF: 1");
    assert!(peer.ask("AT").is_empty());
    assert!(peer.incoming("+36201234567", "Hi").is_empty());
    assert!(peer.events().contains(&Event::Hung));
    peer.wait(10_000);
    assert_eq!(peer.ask("AT+CMGF?")[0], "+CMGF: 0");
}

#[test]
fn it_is_pulled_out_with_a_message_that_was_taken() {
    let mut peer = Peer::new("unplug-after=2,unplug-for=3s");
    assert_eq!(peer.give("AT+CMGS=18", HELLO), ["+CMGS: 1", "OK"]);
    assert!(peer.give("AT+CMGS=18", HELLO).is_empty());
    assert!(!peer.modem.is_plugged());
    assert!(peer.ask("AT").is_empty());
    peer.wait(3_000);
    assert!(peer.modem.is_plugged());
    let events = peer.events();
    assert!(events.contains(&Event::Unplugged) && events.contains(&Event::Plugged));
    assert_eq!(
        peer.give("AT+CMGS=18", HELLO),
        ["+CMGS: 3", "OK"],
        "the network counts on"
    );
}
