//! The TPDUs of 3GPP TS 23.040 9.2, as a modem in PDU mode takes and gives them: [`Submit`] goes to the service
//! centre, [`Deliver`] and [`StatusReport`] come from it, a [`Frame`] is what stands on the line.
//!
//! Reading is tolerant where real modems are sloppy, and strict where a guess would change a message: a PDU that
//! ends inside one of its fields is an error, octets behind its end are not looked at. What was read and is
//! written again reads the same.

mod address;
mod deliver;
mod error;
mod frame;
mod octets;
mod status;
mod status_report;
mod submit;
mod timestamp;
mod user_data;
mod validity;

#[cfg(test)]
mod other_codec;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod vectors;

pub use address::Address;
pub use deliver::Deliver;
pub use error::PduError;
pub use frame::Frame;
pub use status::{TpStatus, TpStatusKind};
pub use status_report::{ReportParameters, StatusReport};
pub use submit::Submit;
pub use timestamp::Timestamp;
pub use user_data::TpUserData;
pub use validity::Validity;

/// TP-MTI, the two lowest bits of the first octet; the direction decides what the others are.
const MESSAGE_TYPE: u8 = 0x03;

/// What a service centre sends to a modem.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Incoming {
    /// A message.
    Deliver(Deliver),
    /// What became of a message of ours.
    StatusReport(StatusReport),
}

impl Incoming {
    /// Reads what came from the service centre; TP-MTI tells what it is. A message that the modem keeps for sending
    /// is [`PduError::WrongType`].
    pub fn read(frame: &Frame) -> Result<Self, PduError> {
        match StatusReport::read(&frame.octets) {
            Err(PduError::WrongType { .. }) => Deliver::read(&frame.octets).map(Self::Deliver),
            report => report.map(Self::StatusReport),
        }
    }
}
