//! Delivery receipts, by text (SMPP 3.4, appendix B, a custom rather than a rule) and by TLVs.

use super::deliver::{Deliver, MESSAGE_STATE, NETWORK_ERROR_CODE, RECEIPTED_MESSAGE_ID};
use super::octets::{latin1, tlv_text};
use super::receipt_id::MAX_ID;
use crate::gsm::pdu::TpStatus;

/// What a receipt says about a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// The message's id as the centre writes it; two when TLV and text differ, the TLV's first.
    pub ids: Vec<String>,
    /// The state it is in now; `None` when the receipt names none we know.
    pub state: Option<ReceiptState>,
    /// The centre's error code as written, often `000`.
    pub error: Option<String>,
    /// Type of network and error code (SMPP 3.4, 5.3.2.31).
    pub network_error: Option<(u8, u16)>,
    /// When it was submitted, 10, 12 or 14 digits from the year on.
    pub submitted: Option<String>,
    /// When its state was reached, likewise.
    pub done: Option<String>,
    /// TP-ST, where a modem brought it as a status report (3GPP TS 23.040 9.2.3.15).
    pub status: Option<TpStatus>,
    /// Beginning of the message, as the centre remembers it.
    pub text: Option<String>,
}

/// `message_state` (SMPP 3.4, 5.2.28).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReceiptState {
    /// Under way.
    Enroute,
    /// Received by the handset.
    Delivered,
    /// Its validity ended.
    Expired,
    /// Taken out by someone.
    Deleted,
    /// Cannot be delivered.
    Undeliverable,
    /// Read by a customer's agent on the recipient's behalf; under way for us.
    Accepted,
    /// The centre does not know.
    Unknown,
    /// Rejected.
    Rejected,
}

/// Number, word of appendix B, word as some centres spell it out.
const STATES: &[(u8, &str, &str, ReceiptState)] = &[
    (1, "ENROUTE", "EN_ROUTE", ReceiptState::Enroute),
    (2, "DELIVRD", "DELIVERED", ReceiptState::Delivered),
    (3, "EXPIRED", "EXPIRED", ReceiptState::Expired),
    (4, "DELETED", "DELETED", ReceiptState::Deleted),
    (5, "UNDELIV", "UNDELIVERABLE", ReceiptState::Undeliverable),
    (6, "ACCEPTD", "ACCEPTED", ReceiptState::Accepted),
    (7, "UNKNOWN", "UNKNOWN", ReceiptState::Unknown),
    (8, "REJECTD", "REJECTED", ReceiptState::Rejected),
];

impl ReceiptState {
    fn from_number(number: u8) -> Option<Self> {
        let row = STATES.iter().find(|(found, ..)| *found == number)?;
        Some(row.3)
    }

    fn from_word(word: &str) -> Option<Self> {
        let is = |name: &&str| word.eq_ignore_ascii_case(name);
        let row = STATES.iter().find(|(_, short, long, _)| is(short) || is(long))?;
        Some(row.3)
    }
}

/// What stands before a value in the text.
#[derive(Clone, Copy)]
enum Key {
    Id,
    State,
    Error,
    Submitted,
    Done,
    Text,
    Count,
}

/// The longer of two keys that share an end stands first.
const KEYS: &[(&str, Key)] = &[
    ("submit date:", Key::Submitted),
    ("done date:", Key::Done),
    ("submit_date:", Key::Submitted),
    ("done_date:", Key::Done),
    ("id:", Key::Id),
    ("stat:", Key::State),
    ("err:", Key::Error),
    ("text:", Key::Text),
    ("sub:", Key::Count),
    ("dlvrd:", Key::Count),
];

impl Receipt {
    /// Reads a receipt; the TLVs win over the text. `None`: it names no message.
    pub fn read(deliver: &Deliver) -> Option<Self> {
        let mut receipt = Self::from_text(&latin1(text_of(deliver)));
        let id = deliver.tlv(RECEIPTED_MESSAGE_ID).map(tlv_text);
        if let Some(id) = id.filter(|id| !id.is_empty() && !receipt.ids.contains(id)) {
            receipt.ids.insert(0, id);
        }
        if let Some([number]) = deliver.tlv(MESSAGE_STATE) {
            receipt.state = ReceiptState::from_number(*number).or(receipt.state);
        }
        if let Some([network, high, low]) = deliver.tlv(NETWORK_ERROR_CODE) {
            receipt.network_error = Some((*network, u16::from_be_bytes([*high, *low])));
        }
        receipt.ids.iter_mut().for_each(cut);
        receipt.error.iter_mut().for_each(cut);
        receipt.text.iter_mut().for_each(cut);
        (!receipt.ids.is_empty()).then_some(receipt)
    }

    /// Reads the text alone: keys in any case and order, each optional.
    pub fn from_text(text: &str) -> Self {
        let mut receipt = Self::default();
        let mut rest = text;
        while let Some((key, tail)) = next_key(rest) {
            let value = tail.split_ascii_whitespace().next().unwrap_or_default();
            let value = if next_key(value).is_some() { "" } else { value };
            let some = || Some(value.to_owned()).filter(|value| !value.is_empty());
            let date = || some().filter(|date| is_date(date));
            match key {
                Key::Id => receipt.ids = Vec::from_iter(some()),
                Key::State => receipt.state = ReceiptState::from_word(value),
                Key::Error => receipt.error = some(),
                Key::Submitted => receipt.submitted = date(),
                Key::Done => receipt.done = date(),
                Key::Count => {}
                Key::Text => {
                    receipt.text = Some(tail.to_owned());
                    break;
                }
            }
            rest = tail;
        }
        receipt
    }
}

/// The text behind the header, if the message has one that makes sense.
fn text_of(deliver: &Deliver) -> &[u8] {
    let message = deliver.message.as_slice();
    match message.split_first() {
        Some((length, rest)) if deliver.has_header() => rest.get(usize::from(*length)..).unwrap_or(message),
        _ => message,
    }
}

/// What is as long as a PDU is not worth keeping.
fn cut(value: &mut String) {
    if let Some((end, _)) = value.char_indices().nth(MAX_ID) {
        value.truncate(end);
    }
}

fn is_date(digits: &str) -> bool {
    matches!(digits.len(), 10 | 12 | 14) && digits.bytes().all(|octet| octet.is_ascii_digit())
}

/// The first key that stands at the beginning or behind a blank, and what follows it.
fn next_key(text: &str) -> Option<(Key, &str)> {
    let mut at_word = true;
    for (at, character) in text.char_indices() {
        let here = text.get(at..).unwrap_or_default();
        if at_word && let Some(found) = key_here(here) {
            return Some(found);
        }
        at_word = character.is_ascii_whitespace();
    }
    None
}

fn key_here(text: &str) -> Option<(Key, &str)> {
    KEYS.iter().find_map(|(name, key)| {
        let (head, tail) = text.split_at_checked(name.len())?;
        head.eq_ignore_ascii_case(name).then_some((*key, tail))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::smpp::deliver::tests::body;
    use proptest::prelude::*;

    const USUAL: &str = "id:0123456789 sub:001 dlvrd:001 submit date:2601211000 done date:260121100005 \
                         stat:DELIVRD err:000 Text:id:7 stat:EXPIRED";

    #[test]
    fn the_usual_text_is_read() {
        let receipt = Receipt::from_text(USUAL);
        assert_eq!(receipt.ids, ["0123456789"]);
        assert_eq!(receipt.state, Some(ReceiptState::Delivered));
        assert_eq!(receipt.error.as_deref(), Some("000"));
        assert_eq!(receipt.submitted.as_deref(), Some("2601211000"));
        assert_eq!(receipt.done.as_deref(), Some("260121100005"));
        assert_eq!(receipt.text.as_deref(), Some("id:7 stat:EXPIRED"));
    }

    #[test]
    fn keys_come_in_any_case_and_order_or_not_at_all() {
        for (text, id, state, error) in [
            (
                "STAT:undeliv ERR:0x2F ID:ab-1",
                Some("ab-1"),
                Some(ReceiptState::Undeliverable),
                Some("0x2F"),
            ),
            (
                "stat:REJECTED id: 12",
                Some("12"),
                Some(ReceiptState::Rejected),
                None,
            ),
            (
                "id:12 err: stat:ACCEPTD",
                Some("12"),
                Some(ReceiptState::Accepted),
                None,
            ),
            ("id:1 stat:BUFFERED", Some("1"), None, None),
            ("id:", None, None, None),
            ("valid:12 restat:EXPIRED", None, None, None),
            ("", None, None, None),
        ] {
            let receipt = Receipt::from_text(text);
            assert_eq!(
                (
                    receipt.ids.first().map(String::as_str),
                    receipt.state,
                    receipt.error.as_deref()
                ),
                (id, state, error),
                "{text}"
            );
        }
    }

    #[test]
    fn tlvs_win_over_the_text() {
        let tlvs: &[(u16, &[u8])] = &[
            (RECEIPTED_MESSAGE_ID, b"9A41F0C2\0"),
            (MESSAGE_STATE, &[3]),
            (NETWORK_ERROR_CODE, &[3, 0, 27]),
        ];
        let deliver = Deliver::read(&body(b"36301234567", 4, USUAL.as_bytes(), tlvs)).unwrap();
        let receipt = Receipt::read(&deliver).unwrap();
        assert_eq!(receipt.ids, ["9A41F0C2", "0123456789"]);
        assert_eq!(receipt.state, Some(ReceiptState::Expired));
        assert_eq!(receipt.network_error, Some((3, 27)));
    }

    #[test]
    fn odd_tlvs_leave_the_text_alone() {
        let tlvs: &[(u16, &[u8])] = &[
            (RECEIPTED_MESSAGE_ID, b"\0"),
            (MESSAGE_STATE, &[99]),
            (NETWORK_ERROR_CODE, &[1]),
        ];
        let deliver = Deliver::read(&body(b"1", 4, USUAL.as_bytes(), tlvs)).unwrap();
        assert_eq!(Receipt::read(&deliver), Some(Receipt::from_text(USUAL)));
    }

    #[test]
    fn endless_values_are_cut() {
        let text = format!("id:{} err:{}", "7".repeat(20_000), "é".repeat(10_000));
        let deliver = Deliver::read(&body(b"1", 4, b"", &[(0x0424, text.as_bytes())])).unwrap();
        let receipt = Receipt::read(&deliver).unwrap();
        assert_eq!(receipt.ids, ["7".repeat(MAX_ID)]);
        assert_eq!(receipt.error.unwrap().chars().count(), MAX_ID);
    }

    #[test]
    fn a_header_is_passed_over() {
        for (message, id) in [
            (&b"\x05\x00\x03\x01\x01\x01id:5"[..], Some("5")),
            (b"\xFFid:5", None),
        ] {
            let deliver = Deliver::read(&body(b"1", 0x44, message, &[])).unwrap();
            let found = Receipt::read(&deliver).map(|receipt| receipt.ids);
            assert_eq!(found.as_ref().map(|ids| ids[0].as_str()), id);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(id:|stat:|done date:|text:| |é|[0-9A-Z]){0,30}") {
            let receipt = Receipt::from_text(&text);
            prop_assert!(receipt.ids.len() <= 1);
        }
    }
}
