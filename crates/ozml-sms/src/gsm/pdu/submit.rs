//! SMS-SUBMIT (3GPP TS 23.040 9.2.2.2).

use super::address::Address;
use super::error::PduError;
use super::octets::{Octets, flag};
use super::user_data::{self, TpUserData};
use super::validity::Validity;
use crate::text::{Part, data_coding};

const MESSAGE_TYPE: u8 = 0x01;
const REJECT_DUPLICATES: u8 = 0x04;
const STATUS_REPORT: u8 = 0x20;

/// A part on its way to the service centre.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Submit {
    /// TP-RD: the centre shall refuse it when it has one with the same TP-MR and TP-DA already.
    pub reject_duplicates: bool,
    /// TP-SRR: a status report is asked for.
    pub status_report: bool,
    /// TP-MR. Some modems count by themselves: `+CMGS` tells the one that counts.
    pub reference: u8,
    /// TP-DA.
    pub destination: Address,
    /// TP-PID: 0 for a message from person to person.
    pub protocol: u8,
    /// TP-DCS.
    pub data_coding: u8,
    /// TP-VP; `None`: as long as the centre likes.
    pub validity: Option<Validity>,
    /// TP-UDHI, TP-UDL and TP-UD.
    pub user_data: TpUserData,
}

impl Submit {
    /// A part of a text, with nothing asked for.
    pub fn new(destination: Address, part: &Part) -> Self {
        Self {
            reject_duplicates: false,
            status_report: false,
            reference: 0,
            destination,
            protocol: 0,
            data_coding: data_coding(part.encoding, false),
            validity: None,
            user_data: TpUserData::of(part),
        }
    }

    /// Reads a TPDU that goes to the service centre. TP-RP is not looked at.
    pub fn read(octets: &[u8]) -> Result<Self, PduError> {
        let mut octets = Octets::new(octets);
        let first = octets.first(&[MESSAGE_TYPE], "an SMS-SUBMIT")?;
        let reference = octets.octet("TP-MR")?;
        let destination = Address::read(&mut octets, "TP-DA")?;
        let protocol = octets.octet("TP-PID")?;
        let data_coding = octets.octet("TP-DCS")?;
        let validity = Validity::read(first, &mut octets)?;
        let has_header = first & user_data::HEADER != 0;
        Ok(Self {
            reject_duplicates: first & REJECT_DUPLICATES != 0,
            status_report: first & STATUS_REPORT != 0,
            reference,
            destination,
            protocol,
            data_coding,
            validity,
            user_data: TpUserData::read_from(&mut octets, has_header, data_coding)?,
        })
    }

    /// The TPDU.
    pub fn write(&self) -> Vec<u8> {
        let first = MESSAGE_TYPE
            | flag(self.reject_duplicates, REJECT_DUPLICATES)
            | flag(self.status_report, STATUS_REPORT)
            | flag(self.user_data.has_header, user_data::HEADER)
            | self.validity.map_or(0, Validity::format);
        let mut octets = vec![first, self.reference];
        self.destination.write(&mut octets);
        octets.extend([self.protocol, self.data_coding]);
        if let Some(validity) = self.validity {
            validity.write(&mut octets);
        }
        self.user_data.write(&mut octets);
        octets
    }
}
