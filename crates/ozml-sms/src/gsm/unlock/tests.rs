use super::*;
use crate::gsm::interview::testing::hold;
use crate::gsm::{ModemError, NeedsPerson};

/// A card that says this in turn when its state is asked, the last for ever, and this to the PIN.
fn unlock(states: &[&str], to_pin: Option<&str>) -> (Result<(), UnlockError>, usize) {
    let pin = Pin::new("1234").unwrap();
    let mut states = states.iter();
    let mut last = "";
    let answer = |command: &str| match command {
        "AT+CPIN?" => {
            last = states.next().unwrap_or(&last);
            Some(last.to_owned())
        }
        "AT+CPIN=\"1234\"" => to_pin.map(str::to_owned),
        "AT+CMGF?" => Some("+CMGF: 0\r\n\r\nOK".to_owned()),
        "AT+CMEE?" => Some("+CMEE: 1\r\n\r\nOK".to_owned()),
        _ => Some("OK".to_owned()),
    };
    let (talk, told) = hold(Unlock::new(&pin, Duration::from_secs(20)), answer);
    let given = told.iter().filter(|line| line.starts_with("AT+CPIN=")).count();
    let end = talk.end.unwrap().map_err(UnlockError::Modem);
    (end.and_then(|()| talk.plan.end.unwrap()), given)
}

const WANTS_PIN: &str = "+CPIN: SIM PIN\r\n\r\nOK";
const READY: &str = "+CPIN: READY\r\n\r\nOK";
const BUSY: &str = "+CME ERROR: 14";

#[test]
fn the_right_pin_opens_the_card() {
    assert_eq!(unlock(&[WANTS_PIN, READY], Some("OK")), (Ok(()), 1));
    let slow = [BUSY, WANTS_PIN, WANTS_PIN, BUSY, READY];
    assert_eq!(unlock(&slow, Some("OK")), (Ok(()), 1));
}

#[test]
fn a_card_that_wants_no_pin_is_given_none() {
    assert_eq!(unlock(&[READY], None), (Ok(()), 0));
    let locked = UnlockError::Modem(ModemEnd::NeedsPerson(NeedsPerson::Locked));
    assert_eq!(unlock(&["+CPIN: SIM PUK\r\n\r\nOK"], None), (Err(locked), 0));
    let absent = UnlockError::Modem(ModemEnd::NeedsPerson(NeedsPerson::NoSim));
    assert_eq!(unlock(&["+CME ERROR: 10"], None), (Err(absent), 0));
    let fault = NeedsPerson::SimFault(ModemError::Cme(13));
    let fault = UnlockError::Modem(ModemEnd::NeedsPerson(fault));
    assert_eq!(unlock(&["+CME ERROR: 13"], None), (Err(fault), 0));
    assert_eq!(unlock(&["OK"], None), (Err(UnlockError::Untold), 0));
}

#[test]
fn a_wrong_pin_is_given_once() {
    let refused = Err(UnlockError::Refused);
    assert_eq!(unlock(&[WANTS_PIN], Some("+CME ERROR: 16")), (refused.clone(), 1));
    assert_eq!(unlock(&[WANTS_PIN], Some("ERROR")), (refused.clone(), 1));
    assert_eq!(unlock(&[WANTS_PIN], Some("OK")), (refused, 1), "never ready");
}

#[test]
fn a_pin_whose_answer_is_lost_is_not_given_again() {
    assert_eq!(unlock(&[WANTS_PIN, READY], None), (Ok(()), 1));
}

#[test]
fn the_third_wrong_pin_locks_the_card() {
    let locked = UnlockError::Modem(ModemEnd::NeedsPerson(NeedsPerson::Locked));
    let states = [WANTS_PIN, "+CPIN: SIM PUK\r\n\r\nOK"];
    assert_eq!(unlock(&states, Some("+CME ERROR: 12")), (Err(locked), 1));
}
