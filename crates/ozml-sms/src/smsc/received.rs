//! A message a centre was given.

use std::sync::Arc;

use ozml_session::{ClockTime, WallTime};
use rusmpp::pdus::SubmitSm;
use rusmpp::tlvs::TlvValue;
use rusmpp::values::{MCDeliveryReceipt, Ton};

use crate::text::{Concatenation, DefaultCharset, Reference, UserData};

/// The bit of `esm_class` that announces a user data header (SMPP 3.4 5.2.12).
const UDHI: u8 = 0x40;

/// A message, or one part of a longer one, that a test centre took. Cheap to clone; what it says is read
/// when asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedSms(Arc<Inner>);

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    number: u64,
    system_id: Arc<str>,
    at: ClockTime,
    wall: WallTime,
    charset: DefaultCharset,
    submit: SubmitSm,
}

/// When and by whom a message was given.
#[derive(Debug, Clone)]
pub(super) struct Arrival {
    pub(super) number: u64,
    pub(super) system_id: Arc<str>,
    pub(super) at: ClockTime,
    pub(super) wall: WallTime,
    pub(super) charset: DefaultCharset,
}

impl ReceivedSms {
    pub(super) fn new(arrival: Arrival, submit: SubmitSm) -> Self {
        let Arrival {
            number,
            system_id,
            at,
            wall,
            charset,
        } = arrival;
        Self(Arc::new(Inner {
            number,
            system_id,
            at,
            wall,
            charset,
            submit,
        }))
    }

    /// The number behind the message id: the first message's, then one more for each.
    pub fn number(&self) -> u64 {
        self.0.number
    }

    /// Who sent it: the system_id of the session.
    pub fn system_id(&self) -> &str {
        &self.0.system_id
    }

    /// When it came.
    pub fn at(&self) -> WallTime {
        self.0.wall
    }

    /// The sender's address as it was on the wire, an international number without its plus sign.
    pub fn from(&self) -> &str {
        self.0.submit.source_addr.as_str()
    }

    /// The recipient's address as it was on the wire.
    pub fn to(&self) -> &str {
        self.0.submit.destination_addr.as_str()
    }

    /// The sender as people write it, an international number (TON 1) with its plus sign; `None`: the
    /// message names none.
    pub fn from_number(&self) -> Option<String> {
        let from = self.from();
        (!from.is_empty()).then(|| written(self.0.submit.source_addr_ton, from))
    }

    /// The recipient as people write it, an international number (TON 1) with its plus sign.
    pub fn to_number(&self) -> String {
        written(self.0.submit.dest_addr_ton, self.to())
    }

    /// The text of this message or part, `None` for 8-bit data and for an unreadable header.
    pub fn text(&self) -> Option<String> {
        self.user_data()?.text()
    }

    /// Which part of which message this is, by the user data header or else by the `sar_` TLVs.
    pub fn segment(&self) -> Option<Concatenation> {
        let by_header = self.user_data().and_then(|data| data.header.concatenation());
        by_header.or_else(|| self.sar_segment())
    }

    /// Header and payload, `None` when the header runs beyond the message.
    pub fn user_data(&self) -> Option<UserData> {
        let has_header = self.esm_class() & UDHI != 0;
        UserData::read(self.data_coding(), has_header, self.octets(), self.0.charset).ok()
    }

    /// The octets of `short_message`, or of the TLV `message_payload` where there is one.
    pub fn octets(&self) -> &[u8] {
        let payload = self.tlvs().find_map(|tlv| match tlv {
            TlvValue::MessagePayload(payload) => Some(payload.value.as_ref()),
            _ => None,
        });
        payload.unwrap_or(self.0.submit.short_message().as_ref())
    }

    /// The field `data_coding`.
    pub fn data_coding(&self) -> u8 {
        self.0.submit.data_coding.into()
    }

    /// The field `esm_class`.
    pub fn esm_class(&self) -> u8 {
        self.0.submit.esm_class.into()
    }

    /// The field `registered_delivery`.
    pub fn registered_delivery(&self) -> u8 {
        self.0.submit.registered_delivery.into()
    }

    /// The whole PDU as the codec read it, for what has no method here.
    pub fn submit_sm(&self) -> &SubmitSm {
        &self.0.submit
    }

    pub(super) fn arrived(&self) -> ClockTime {
        self.0.at
    }

    pub(super) fn owner(&self) -> &Arc<str> {
        &self.0.system_id
    }

    /// Whether `registered_delivery` asks for a receipt of this outcome (SMPP 3.4 5.2.17).
    pub(super) fn wants_receipt(&self, delivered: bool) -> bool {
        use MCDeliveryReceipt as Asked;
        match self.0.submit.registered_delivery.mc_delivery_receipt() {
            Asked::McDeliveryReceiptRequestedWhereFinalDeliveryOutcomeIsSuccessOrFailure => true,
            Asked::McDeliveryReceiptRequestedWhereFinalDeliveryOutcomeIsFailure => !delivered,
            Asked::McDeliveryReceiptRequestedWhereFinalDeliveryOutcomeIsSuccess => delivered,
            Asked::NoMcDeliveryReceiptRequested | Asked::Other(_) => false,
        }
    }

    fn sar_segment(&self) -> Option<Concatenation> {
        let (mut reference, mut total, mut number) = (None, None, None);
        for tlv in self.tlvs() {
            match tlv {
                TlvValue::SarMsgRefNum(value) => reference = Some(*value),
                TlvValue::SarTotalSegments(value) => total = Some(*value),
                TlvValue::SarSegmentSeqnum(value) => number = Some(*value),
                _ => {}
            }
        }
        Concatenation::new(Reference::Bits16(reference?), total?, number?)
    }

    fn tlvs(&self) -> impl Iterator<Item = &TlvValue> {
        self.0.submit.tlvs().iter().filter_map(|tlv| tlv.value())
    }
}

/// Some peers leave the plus sign in the address although the type of number says it already.
fn written(ton: Ton, address: &str) -> String {
    if ton == Ton::International && !address.starts_with('+') {
        format!("+{address}")
    } else {
        address.to_owned()
    }
}
