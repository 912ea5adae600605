//! Delivery receipts as centres send them (SMPP 3.4 5.3.2 and appendix B).

use ozml_session::WallTime;
use rusmpp::pdus::DeliverSm;
use rusmpp::tlvs::MessageDeliveryRequestTlvValue as DeliveryTlv;
use rusmpp::types::{COctetString, OctetString};
use rusmpp::values::MessageState;

use super::behaviour::{Behaviour, ReceiptForm};
use super::received::ReceivedSms;

/// `esm_class` of a message that is a delivery receipt (SMPP 3.4 5.2.12).
const DELIVERY_RECEIPT: u8 = 0x04;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FinalState {
    /// DELIVRD.
    Delivered,
    /// EXPIRED.
    Expired,
    /// DELETED.
    Deleted,
    /// UNDELIV.
    Undeliverable,
    /// UNKNOWN.
    Unknown,
    /// REJECTD.
    Rejected,
}

impl FinalState {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Delivered,
        Self::Expired,
        Self::Deleted,
        Self::Undeliverable,
        Self::Unknown,
        Self::Rejected,
    ];

    /// The name as an option, such as `delivered`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Expired => "expired",
            Self::Deleted => "deleted",
            Self::Undeliverable => "undeliverable",
            Self::Unknown => "unknown",
            Self::Rejected => "rejected",
        }
    }

    /// The word of a receipt's text, such as `DELIVRD`.
    pub const fn stat(self) -> &'static str {
        match self {
            Self::Delivered => "DELIVRD",
            Self::Expired => "EXPIRED",
            Self::Deleted => "DELETED",
            Self::Undeliverable => "UNDELIV",
            Self::Unknown => "UNKNOWN",
            Self::Rejected => "REJECTD",
        }
    }

    /// The value of `message_state` (SMPP 3.4 5.2.28).
    pub(super) const fn message_state(self) -> MessageState {
        match self {
            Self::Delivered => MessageState::Delivered,
            Self::Expired => MessageState::Expired,
            Self::Deleted => MessageState::Deleted,
            Self::Undeliverable => MessageState::Undeliverable,
            Self::Unknown => MessageState::Unknown,
            Self::Rejected => MessageState::Rejected,
        }
    }
}

/// The receipt for `sms`, which ended in `state` at `done`.
pub(super) fn deliver_sm(
    behaviour: &Behaviour,
    sms: &ReceivedSms,
    state: FinalState,
    done: WallTime,
) -> DeliverSm {
    let id = behaviour.ids.in_receipt(sms.number());
    let submit = sms.submit_sm();
    let mut receipt = DeliverSm::builder()
        .source_addr_ton(submit.dest_addr_ton)
        .source_addr_npi(submit.dest_addr_npi)
        .source_addr(submit.destination_addr.clone())
        .dest_addr_ton(submit.source_addr_ton)
        .dest_addr_npi(submit.source_addr_npi)
        .destination_addr(submit.source_addr.clone())
        .esm_class(DELIVERY_RECEIPT.into())
        .data_coding(0.into());
    if behaviour.receipt_form != ReceiptForm::Tlvs {
        receipt = receipt.short_message(octets(&text(&id, sms, state, done)));
    }
    if behaviour.receipt_form != ReceiptForm::Text {
        let id = COctetString::from_string(id).unwrap_or_default();
        receipt = receipt
            .push_tlv(DeliveryTlv::ReceiptedMessageId(id))
            .push_tlv(DeliveryTlv::MessageState(state.message_state()));
    }
    receipt.build()
}

fn text(id: &str, sms: &ReceivedSms, state: FinalState, done: WallTime) -> String {
    let delivered = u8::from(state == FinalState::Delivered);
    format!(
        "id:{id} sub:001 dlvrd:{delivered:03} submit date:{} done date:{} stat:{} err:{:03} text:{}",
        minute(sms.at()),
        minute(done),
        state.stat(),
        1 - delivered,
        excerpt(sms),
    )
}

/// `YYMMDDhhmm` in UTC.
pub(super) fn minute(at: WallTime) -> String {
    at.to_string()
        .chars()
        .filter(char::is_ascii_digit)
        .skip(2)
        .take(10)
        .collect()
}

/// The first 20 characters, as far as they are the same octet in every default alphabet.
fn excerpt(sms: &ReceivedSms) -> String {
    let text = sms.text().unwrap_or_default();
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || " .,:;!?+-/()".contains(c) {
            c
        } else {
            '?'
        }
    };
    text.chars().take(20).map(plain).collect()
}

fn octets(text: &str) -> OctetString<0, 255> {
    OctetString::from_slice(text.as_bytes()).unwrap_or_default()
}
