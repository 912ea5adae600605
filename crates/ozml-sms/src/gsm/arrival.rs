//! What a modem shows to whoever is not interested in TPDUs, and the ids that bring status reports and parts together.

use ozml_session::IncomingAddress;

use super::pdu::{Deliver, Incoming, StatusReport, TpStatus, TpStatusKind, TpUserData};
use crate::link::{Arrival, IncomingPart};
use crate::smpp::{Arrived, Receipt, ReceiptState};
use crate::text::{Alphabet, UserData, UserDataHeader};

/// Digits in which the national and the international form of a number agree for sure.
const SAME_DIGITS: usize = 7;

/// The id of a part: `SIM-MR-LAST7`, the SIM card's short name, TP-MR in decimal, the last seven digits of the
/// recipient. TP-MR comes round after 256 parts, so the newest part of an id has it.
pub(crate) fn message_id(sim: &str, reference: u8, recipient: &str) -> String {
    let digits: Vec<char> = recipient.chars().filter(char::is_ascii_digit).collect();
    let last = digits.iter().skip(digits.len().saturating_sub(SAME_DIGITS));
    format!("{sim}-{reference}-{}", last.collect::<String>())
}

/// Reads what came to the SIM card of this short name.
pub(crate) fn arrival(sim: &str, incoming: Incoming, fingerprint: [u8; 16]) -> Arrival {
    match incoming {
        Incoming::Deliver(deliver) => Arrival::Sms(part(sim, &deliver, fingerprint)),
        // We send no SMS-COMMAND.
        Incoming::StatusReport(report) if report.of_command => Arrival::UnreadableReceipt,
        Incoming::StatusReport(report) => Arrival::Receipt(receipt(sim, &report)),
    }
}

/// The recipient is the SIM card: modems seldom know its number.
fn part(sim: &str, deliver: &Deliver, fingerprint: [u8; 16]) -> IncomingPart {
    let content = content(&deliver.user_data, deliver.data_coding);
    IncomingPart {
        from: IncomingAddress::cleaned(&deliver.source.to_string()),
        to: IncomingAddress::cleaned(sim),
        concatenation: content.header.concatenation(),
        content,
        fingerprint: Some(fingerprint),
    }
}

/// A header that is none is text.
fn content(user_data: &TpUserData, data_coding: u8) -> UserData {
    let without_header = || TpUserData {
        has_header: false,
        ..user_data.clone()
    };
    let content = user_data.read(data_coding);
    let content = content.or_else(|_| without_header().read(data_coding));
    content.unwrap_or_else(|_| UserData {
        header: UserDataHeader::default(),
        alphabet: Alphabet::Data8,
        payload: user_data.octets.clone(),
    })
}

fn receipt(sim: &str, report: &StatusReport) -> Arrived {
    let recipient = report.recipient.to_string();
    let receipt = Receipt {
        ids: vec![message_id(sim, report.reference, &recipient)],
        state: Some(state(report.status)),
        status: Some(report.status),
        ..Receipt::default()
    };
    Arrived {
        receipt,
        numbers: [recipient, String::new()],
    }
}

fn state(status: TpStatus) -> ReceiptState {
    match (status, status.kind()) {
        (TpStatus::EXPIRED, _) => ReceiptState::Expired,
        (_, TpStatusKind::Done) => ReceiptState::Delivered,
        (_, TpStatusKind::Trying) => ReceiptState::Enroute,
        (_, TpStatusKind::GaveUp | TpStatusKind::TemporaryGaveUp) => ReceiptState::Undeliverable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gsm::pdu::Frame;
    use crate::smpp::FinalState;
    use ozml_session::SmsState;

    fn read(line: &str) -> Arrival {
        let frame = Frame::from_hex(line, None).unwrap();
        arrival("a1b2c3d4", Incoming::read(&frame).unwrap(), [7; 16])
    }

    /// The example of the specification with this TP-ST.
    fn report(status: u8) -> Arrived {
        let line = format!("00062A0B916303214365F76210120100004062101201005040{status:02X}");
        match read(&line) {
            Arrival::Receipt(arrived) => arrived,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_report_has_the_id_of_its_part() {
        let arrived = report(0);
        let same = message_id("a1b2c3d4", 42, "+36301234567");
        assert_eq!(
            (arrived.receipt.ids, same.as_str()),
            (vec![same.clone()], "a1b2c3d4-42-1234567")
        );
        assert_eq!(
            message_id("a1b2c3d4", 42, "06301234567"),
            same,
            "another form of the number"
        );
        assert_eq!(message_id("s", 255, "1750"), "s-255-1750");
    }

    #[test]
    fn a_report_tells_the_end_of_its_part_or_that_there_is_none_yet() {
        for (status, end) in [
            (0x00, Some((SmsState::Delivered, None))),
            (
                0x01,
                Some((
                    SmsState::Delivered,
                    Some("handed on, whether it was received is not known (TP-ST 0x01)"),
                )),
            ),
            (
                0x02,
                Some((
                    SmsState::Delivered,
                    Some("replaced by the service centre (TP-ST 0x02)"),
                )),
            ),
            (0x20, None),
            (0x3F, None),
            (
                0x46,
                Some((SmsState::Expired, Some("validity ended (TP-ST 0x46)"))),
            ),
            (
                0x43,
                Some((SmsState::Failed, Some("not obtainable (TP-ST 0x43)"))),
            ),
            (
                0x61,
                Some((SmsState::Failed, Some("recipient busy (TP-ST 0x61)"))),
            ),
        ] {
            let found = FinalState::of(&report(status).receipt);
            let found = found.as_ref().map(|end| (end.state(), end.note()));
            assert_eq!(found, end, "{status:#04x}");
        }
    }

    #[test]
    fn a_message_comes_from_its_sender_to_the_sim_card() {
        let Arrival::Sms(part) =
            read("0791448720003023240DD0E474D81C0EBB010000111011315214000BE474D81C0EBB5DE3771B")
        else {
            panic!("it is a message");
        };
        assert_eq!((part.from.as_str(), part.to.as_str()), ("diafaan", "a1b2c3d4"));
        assert_eq!(part.content.text().as_deref(), Some("diafaan.com"));
        assert_eq!((part.concatenation, part.fingerprint), (None, Some([7; 16])));
    }
}
