//! SMS-DELIVER (3GPP TS 23.040 9.2.2.1).

use super::address::Address;
use super::error::PduError;
use super::octets::{Octets, flag};
use super::timestamp::Timestamp;
use super::user_data::{self, TpUserData};
use crate::text::{self, Reference, SegmentError, data_coding};

const MESSAGE_TYPE: u8 = 0x00;
/// A reserved type, which 9.2.3.1 tells receivers to take for this one.
const RESERVED_TYPE: u8 = 0x03;
/// TP-MMS; set when there is nothing more.
const NO_MORE: u8 = 0x04;
const REPORT_INDICATION: u8 = 0x20;

/// A part that came from the service centre.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Deliver {
    /// TP-MMS: the centre has more for this modem.
    pub more: bool,
    /// TP-SRI: the sender gets a status report.
    pub report_indication: bool,
    /// TP-OA.
    pub source: Address,
    /// TP-PID.
    pub protocol: u8,
    /// TP-DCS.
    pub data_coding: u8,
    /// TP-SCTS: when the centre had it.
    pub sent_at: Timestamp,
    /// TP-UDHI, TP-UDL and TP-UD.
    pub user_data: TpUserData,
}

impl Deliver {
    /// A text in parts, as a centre delivers it; the reference is used by longer ones only.
    pub fn of_text(
        source: &Address,
        text: &str,
        reference: Reference,
        sent_at: Timestamp,
    ) -> Result<Vec<Self>, SegmentError> {
        let segments = text::segment(text, reference)?;
        let deliver = |part| Self {
            more: false,
            report_indication: false,
            source: source.clone(),
            protocol: 0,
            data_coding: data_coding(segments.encoding, false),
            sent_at,
            user_data: TpUserData::of(part),
        };
        Ok(segments.parts.iter().map(deliver).collect())
    }

    /// Reads a TPDU that comes from the service centre. TP-LP and TP-RP are not looked at.
    pub fn read(octets: &[u8]) -> Result<Self, PduError> {
        let mut octets = Octets::new(octets);
        let first = octets.first(&[MESSAGE_TYPE, RESERVED_TYPE], "an SMS-DELIVER")?;
        let source = Address::read(&mut octets, "TP-OA")?;
        let protocol = octets.octet("TP-PID")?;
        let data_coding = octets.octet("TP-DCS")?;
        let sent_at = Timestamp::read(&mut octets, "TP-SCTS")?;
        let has_header = first & user_data::HEADER != 0;
        Ok(Self {
            more: first & NO_MORE == 0,
            report_indication: first & REPORT_INDICATION != 0,
            source,
            protocol,
            data_coding,
            sent_at,
            user_data: TpUserData::read_from(&mut octets, has_header, data_coding)?,
        })
    }

    /// The TPDU.
    pub fn write(&self) -> Vec<u8> {
        let first = MESSAGE_TYPE
            | flag(!self.more, NO_MORE)
            | flag(self.report_indication, REPORT_INDICATION)
            | flag(self.user_data.has_header, user_data::HEADER);
        let mut octets = vec![first];
        self.source.write(&mut octets);
        octets.extend([self.protocol, self.data_coding]);
        octets.extend(self.sent_at.octets());
        self.user_data.write(&mut octets);
        octets
    }
}
