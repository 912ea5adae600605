//! Who is on the other side.

/// What a modem says of itself; empty where it says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ModemIdentity {
    /// Manufacturer (`AT+CGMI`).
    pub manufacturer: String,
    /// Model (`AT+CGMM`).
    pub model: String,
    /// Revision of its software (`AT+CGMR`).
    pub revision: String,
    /// The network it is registered with (`AT+COPS?`).
    pub operator: String,
    /// A short name of the SIM card that stays the same in any port of any machine: a hash of its IMSI, or of its
    /// ICCID where the modem does not tell the IMSI.
    pub sim: String,
}
