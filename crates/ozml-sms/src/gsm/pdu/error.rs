//! Why a PDU cannot be read.

/// Why a PDU cannot be read. Nothing of its content is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PduError {
    /// A character that is no hexadecimal digit.
    #[error("character {at} of the PDU is not hexadecimal")]
    NotHex {
        /// Which, counted from 0.
        at: usize,
    },
    /// It ends before it is complete.
    #[error("the PDU ends after {octets} octets, inside {field}")]
    Truncated {
        /// The field that is not there as a whole.
        field: &'static str,
        /// Octets there are, of the TPDU or, for the service centre, of the whole line.
        octets: usize,
    },
    /// Another kind of TPDU.
    #[error("the PDU has the message type {found}, {expected} was expected")]
    WrongType {
        /// TP-MTI, 0 to 3.
        found: u8,
        /// What was to be read.
        expected: &'static str,
    },
}
