//! Messages and receipts that come in: `deliver_sm` (SMPP 3.4, 4.6).

use std::fmt;

use super::octets::{Octets, latin1};

/// Bits 5 to 2 of `esm_class` say what a `deliver_sm` is.
const MESSAGE_TYPE: u8 = 0x3C;
const RECEIPT: u8 = 0x04;
const INTERMEDIATE: u8 = 0x20;
const UDH_INDICATOR: u8 = 0x40;

pub(crate) const MESSAGE_PAYLOAD: u16 = 0x0424;
pub(crate) const RECEIPTED_MESSAGE_ID: u16 = 0x001E;
pub(crate) const NETWORK_ERROR_CODE: u16 = 0x0423;
pub(crate) const MESSAGE_STATE: u16 = 0x0427;

/// A `deliver_sm`, read more tolerantly than the codec does: addresses may hold any octet (taken as
/// Latin-1) and have any length. Unknown TLVs are kept, TLVs that are cut off are not. Debug does not print
/// what it says.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deliver {
    /// Who sent it; of a receipt: the recipient of the message it speaks of.
    pub source: String,
    /// Type of number of the source; 1 is international, and then no `+` stands before its digits.
    pub source_ton: u8,
    /// Whom it is for.
    pub destination: String,
    /// Type of number of the destination.
    pub destination_ton: u8,
    /// What it is and whether it begins with a header.
    pub esm_class: u8,
    /// The alphabet (see [`mod@crate::text::data_coding`]).
    pub data_coding: u8,
    /// The text with its header, from `short_message` or `message_payload`.
    pub message: Vec<u8>,
    /// Tags and values.
    pub tlvs: Vec<(u16, Vec<u8>)>,
}

impl Deliver {
    /// Reads a body. `None`: it ends before the text does.
    pub fn read(body: &[u8]) -> Option<Self> {
        let mut octets = Octets(body);
        octets.c_string()?; // service_type
        let (source_ton, source) = address(&mut octets)?;
        let (destination_ton, destination) = address(&mut octets)?;
        let esm_class = octets.octet()?;
        octets.take(2)?; // protocol_id, priority_flag
        octets.c_string()?; // schedule_delivery_time
        octets.c_string()?; // validity_period
        octets.take(2)?; // registered_delivery, replace_if_present_flag
        let data_coding = octets.octet()?;
        octets.octet()?; // sm_default_msg_id
        let length = octets.octet()?;
        let short_message = octets.take(usize::from(length))?;
        let tlvs: Vec<_> = octets.tlvs().map(|(tag, value)| (tag, value.to_vec())).collect();
        let mut deliver = Self {
            source,
            source_ton,
            destination,
            destination_ton,
            esm_class,
            data_coding,
            message: short_message.to_vec(),
            tlvs,
        };
        if deliver.message.is_empty()
            && let Some(payload) = deliver.tlv(MESSAGE_PAYLOAD)
        {
            deliver.message = payload.to_vec();
        }
        Some(deliver)
    }

    /// The value of the first TLV with this tag.
    pub fn tlv(&self, tag: u16) -> Option<&[u8]> {
        let found = self.tlvs.iter().find(|(found, _)| *found == tag);
        found.map(|(_, value)| value.as_slice())
    }

    /// Whether this speaks of a message we sent: by its `esm_class`, or because it names one.
    pub fn is_receipt(&self) -> bool {
        matches!(self.esm_class & MESSAGE_TYPE, RECEIPT | INTERMEDIATE)
            || self.tlv(RECEIPTED_MESSAGE_ID).is_some()
    }

    /// Whether the message begins with a user data header.
    pub fn has_header(&self) -> bool {
        self.esm_class & UDH_INDICATOR != 0
    }
}

impl fmt::Debug for Deliver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deliver")
            .field("source", &self.source)
            .field("destination", &self.destination)
            .field("esm_class", &self.esm_class)
            .field("data_coding", &self.data_coding)
            .field("message_octets", &self.message.len())
            .finish_non_exhaustive()
    }
}

/// Type of number, numbering plan, and the address behind them.
fn address(octets: &mut Octets<'_>) -> Option<(u8, String)> {
    let ton = octets.octet()?;
    octets.octet()?;
    Some((ton, latin1(octets.c_string()?)))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A body with these values and nothing else of note.
    pub(crate) fn body(source: &[u8], esm_class: u8, text: &[u8], tlvs: &[(u16, &[u8])]) -> Vec<u8> {
        let mut body = vec![0, 1, 1];
        body.extend(source);
        body.extend(b"\0\x01\x01shop\0");
        body.extend([
            esm_class,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            u8::try_from(text.len()).unwrap(),
        ]);
        body.extend(text);
        for (tag, value) in tlvs {
            body.extend(tag.to_be_bytes());
            body.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
            body.extend(*value);
        }
        body
    }

    #[test]
    fn what_the_codec_refuses_is_read() {
        let deliver = Deliver::read(&body("Büro".as_bytes(), 0, b"hi", &[])).unwrap();
        assert_eq!(deliver.source, "B\u{c3}\u{bc}ro");
        let long = Deliver::read(&body(&[b'1'; 40], 0, b"hi", &[])).unwrap();
        assert_eq!((long.source.len(), long.message.as_slice()), (40, &b"hi"[..]));
    }

    #[test]
    fn a_body_cut_at_any_octet_is_no_message() {
        let whole = body(b"36301234567", 4, b"hi", &[]);
        for cut in 0..whole.len() {
            assert_eq!(Deliver::read(&whole[..cut]), None, "cut at {cut}");
        }
    }

    #[test]
    fn tlvs_cut_off_cost_themselves() {
        let whole = body(b"1", 4, b"", &[(0x1234, b"?"), (RECEIPTED_MESSAGE_ID, b"7\0")]);
        let deliver = Deliver::read(&whole).unwrap();
        assert_eq!(deliver.tlv(RECEIPTED_MESSAGE_ID), Some(&b"7\0"[..]));
        let deliver = Deliver::read(&whole[..whole.len() - 1]).unwrap();
        assert_eq!(deliver.tlvs, [(0x1234, b"?".to_vec())]);
    }

    #[test]
    fn what_it_says_is_not_printed() {
        let payload: &[(u16, &[u8])] = &[(MESSAGE_PAYLOAD, b"MMM")];
        for body in [body(b"1", 0, b"MMM", &[]), body(b"1", 0, b"", payload)] {
            let printed = format!("{:?}", Deliver::read(&body).unwrap());
            assert!(!printed.contains("77, 77"), "{printed}");
        }
    }

    #[test]
    fn a_payload_is_the_message() {
        let deliver = Deliver::read(&body(b"1", 0, b"", &[(MESSAGE_PAYLOAD, b"long")])).unwrap();
        assert_eq!(deliver.message, b"long");
    }

    #[test]
    fn receipts_are_told_by_class_or_id() {
        for (esm_class, receipt, header) in [
            (0x00, false, false),
            (0x04, true, false),
            (0x44, true, true),
            (0x20, true, false),
            (0x08, false, false),
            (0x40, false, true),
        ] {
            let deliver = Deliver::read(&body(b"1", esm_class, b"", &[])).unwrap();
            assert_eq!(
                (deliver.is_receipt(), deliver.has_header()),
                (receipt, header),
                "{esm_class:#x}"
            );
        }
        assert!(
            Deliver::read(&body(b"1", 0, b"", &[(RECEIPTED_MESSAGE_ID, b"7")]))
                .unwrap()
                .is_receipt()
        );
    }
}
