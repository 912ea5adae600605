//! SMS-STATUS-REPORT (3GPP TS 23.040 9.2.2.3).

use super::address::Address;
use super::error::PduError;
use super::octets::{Octets, flag};
use super::status::TpStatus;
use super::timestamp::Timestamp;
use super::user_data::{self, TpUserData};

const MESSAGE_TYPE: u8 = 0x02;
/// TP-MMS; set when there is nothing more.
const NO_MORE: u8 = 0x04;
/// TP-SRQ.
const OF_COMMAND: u8 = 0x20;
/// The bits of TP-PI.
const HAS_PROTOCOL: u8 = 0x01;
const HAS_DATA_CODING: u8 = 0x02;
const HAS_USER_DATA: u8 = 0x04;
const ANOTHER_FOLLOWS: u8 = 0x80;
/// What SIM cards fill up their records with (3GPP TS 51.011 10.5.3); as TP-PI it would make no sense.
const RECORD_FILL: u8 = 0xFF;

/// What became of a part, as the service centre tells it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct StatusReport {
    /// TP-MMS: the centre has more for this modem.
    pub more: bool,
    /// TP-SRQ: it is about an SMS-COMMAND, not about an SMS-SUBMIT.
    pub of_command: bool,
    /// TP-MR of the part.
    pub reference: u8,
    /// TP-RA: who the part was for; may be written otherwise than TP-DA was.
    pub recipient: Address,
    /// TP-SCTS: when the centre had the part.
    pub sent_at: Timestamp,
    /// TP-DT: when it was delivered, or tried for the last time.
    pub done_at: Timestamp,
    /// TP-ST.
    pub status: TpStatus,
    /// What follows where TP-PI says so.
    pub parameters: ReportParameters,
}

/// The optional end of a status report.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct ReportParameters {
    /// TP-PID.
    pub protocol: Option<u8>,
    /// TP-DCS; 0 where it is left out.
    pub data_coding: Option<u8>,
    /// TP-UDHI, TP-UDL and TP-UD.
    pub user_data: Option<TpUserData>,
}

impl StatusReport {
    /// A report without optional parameters, as a centre sends it.
    pub fn new(
        reference: u8,
        recipient: Address,
        sent_at: Timestamp,
        done_at: Timestamp,
        status: TpStatus,
    ) -> Self {
        Self {
            more: false,
            of_command: false,
            reference,
            recipient,
            sent_at,
            done_at,
            status,
            parameters: ReportParameters::default(),
        }
    }

    /// Reads a TPDU that comes from the service centre. TP-LP is not looked at.
    pub fn read(octets: &[u8]) -> Result<Self, PduError> {
        let mut octets = Octets::new(octets);
        let first = octets.first(&[MESSAGE_TYPE], "an SMS-STATUS-REPORT")?;
        let has_header = first & user_data::HEADER != 0;
        Ok(Self {
            more: first & NO_MORE == 0,
            of_command: first & OF_COMMAND != 0,
            reference: octets.octet("TP-MR")?,
            recipient: Address::read(&mut octets, "TP-RA")?,
            sent_at: Timestamp::read(&mut octets, "TP-SCTS")?,
            done_at: Timestamp::read(&mut octets, "TP-DT")?,
            status: TpStatus(octets.octet("TP-ST")?),
            parameters: ReportParameters::read(&mut octets, has_header)?,
        })
    }

    /// The TPDU.
    pub fn write(&self) -> Vec<u8> {
        let user_data = self.parameters.user_data.as_ref();
        let first = MESSAGE_TYPE
            | flag(!self.more, NO_MORE)
            | flag(self.of_command, OF_COMMAND)
            | flag(user_data.is_some_and(|data| data.has_header), user_data::HEADER);
        let mut octets = vec![first, self.reference];
        self.recipient.write(&mut octets);
        octets.extend(self.sent_at.octets());
        octets.extend(self.done_at.octets());
        octets.push(self.status.0);
        self.parameters.write(&mut octets);
        octets
    }
}

impl ReportParameters {
    fn read(octets: &mut Octets<'_>, has_header: bool) -> Result<Self, PduError> {
        let indicator = Self::indicator(octets)?;
        let has = |bit| indicator & bit != 0;
        let mut parameters = Self::default();
        if has(HAS_PROTOCOL) {
            parameters.protocol = Some(octets.octet("TP-PID")?);
        }
        if has(HAS_DATA_CODING) {
            parameters.data_coding = Some(octets.octet("TP-DCS")?);
        }
        if has(HAS_USER_DATA) {
            let coding = parameters.data_coding.unwrap_or(0);
            parameters.user_data = Some(TpUserData::read_from(octets, has_header, coding)?);
        }
        Ok(parameters)
    }

    /// TP-PI, and the further octets it may have, which say nothing yet. 0 where there is none.
    fn indicator(octets: &mut Octets<'_>) -> Result<u8, PduError> {
        if octets.is_at_end() {
            return Ok(0);
        }
        let indicator = octets.octet("TP-PI")?;
        if indicator == RECORD_FILL {
            return Ok(0);
        }
        let mut last = indicator;
        while last & ANOTHER_FOLLOWS != 0 {
            last = octets.octet("TP-PI")?;
        }
        Ok(indicator)
    }

    fn write(&self, into: &mut Vec<u8>) {
        let indicator = flag(self.protocol.is_some(), HAS_PROTOCOL)
            | flag(self.data_coding.is_some(), HAS_DATA_CODING)
            | flag(self.user_data.is_some(), HAS_USER_DATA);
        if indicator == 0 {
            return;
        }
        into.push(indicator);
        into.extend(self.protocol);
        into.extend(self.data_coding);
        if let Some(user_data) = &self.user_data {
            user_data.write(into);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference 42, +36301234567, received within five seconds.
    const REPORT: [u8; 25] = [
        0x06, 0x2A, 0x0B, 0x91, 0x63, 0x03, 0x21, 0x43, 0x65, 0xF7, 0x62, 0x10, 0x12, 0x01, 0x00, 0x00, 0x40,
        0x62, 0x10, 0x12, 0x01, 0x00, 0x50, 0x40, 0x00,
    ];

    fn with_end(end: &[u8]) -> Result<StatusReport, PduError> {
        StatusReport::read(&[&REPORT, end].concat())
    }

    #[test]
    fn the_usual_report_is_read_and_written() {
        let report = StatusReport::read(&REPORT).unwrap();
        assert_eq!((report.reference, report.status), (42, TpStatus(0)));
        assert_eq!(report.recipient.to_string(), "+36301234567");
        let times = [report.sent_at, report.done_at].map(|at| at.wall_time().unwrap().to_string());
        assert_eq!(times, ["2026-01-21T09:00:00Z", "2026-01-21T09:00:05Z"]);
        assert!(!report.more && !report.of_command);
        assert_eq!(report.write(), REPORT);
    }

    #[test]
    fn optional_parameters_are_those_that_are_indicated() {
        let end = [0x07, 0x40, 0x04, 0x02, 0xAA, 0xBB];
        let report = with_end(&end).unwrap();
        assert_eq!(report.parameters.protocol, Some(0x40));
        assert_eq!(report.parameters.data_coding, Some(0x04));
        assert_eq!(report.parameters.user_data.as_ref().unwrap().octets, [0xAA, 0xBB]);
        assert_eq!(report.write(), [&REPORT[..], &end].concat());
        // A second indicator, which is passed over, and user data of no coding: septets.
        let report = with_end(&[0x84, 0x00, 0x05, 0xE8, 0x32, 0x9B, 0xFD, 0x06]).unwrap();
        let read = report.parameters.user_data.unwrap().read(0).unwrap();
        assert_eq!(read.text().as_deref(), Some("hello"));
    }

    #[test]
    fn octets_behind_the_end_are_left_alone() {
        for end in [
            &[0x00][..],
            &[0x00, 0x12],
            &[0xFF, 0xFF],
            &[0xFF; 140],
            &[0x08, 0x01],
        ] {
            assert_eq!(with_end(end), with_end(&[]), "{end:02X?}");
        }
    }

    #[test]
    fn a_report_that_ends_early_is_an_error() {
        for length in 0..REPORT.len() {
            let error = StatusReport::read(&REPORT[..length]).unwrap_err();
            assert!(
                matches!(error, PduError::Truncated { octets, .. } if octets == length),
                "{error}"
            );
        }
        for (end, field) in [
            (&[0x01][..], "TP-PID"),
            (&[0x02], "TP-DCS"),
            (&[0x04], "TP-UDL"),
            (&[0x04, 0x02], "TP-UD"),
            (&[0x80], "TP-PI"),
        ] {
            let octets = REPORT.len() + end.len();
            assert_eq!(with_end(end), Err(PduError::Truncated { field, octets }));
        }
    }
}
