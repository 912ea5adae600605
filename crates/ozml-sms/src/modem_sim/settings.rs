//! What commands set, until the modem is reset.

use super::behaviour::{Behaviour, Echo};
use super::charset::Charset;
use super::memory::{Memory, MemoryName};

/// What commands set.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    /// ATE.
    pub(super) echo: u8,
    /// ATV: results in words.
    pub(super) verbose: u8,
    /// ATQ: no results at all.
    pub(super) quiet: u8,
    /// +CMEE: errors as `ERROR`, by number, in words.
    pub(super) errors: u8,
    /// +CMGF: text mode.
    pub(super) text_mode: u8,
    /// +CSMS: phase 2+, where messages given directly are acknowledged.
    pub(super) service: u8,
    /// +CSDH: all fields in text mode.
    pub(super) all_fields: u8,
    /// +CMMS.
    pub(super) more_messages: u8,
    /// +CREG, +CGREG, +CEREG.
    pub(super) registration_reports: [u8; 3],
    /// +CSCS.
    pub(super) charset: Charset,
    /// +CNMI: `<mode>`, `<mt>`, `<bm>`, `<ds>`, `<bfr>`.
    pub(super) indications: [u8; 5],
    /// +CSMP: first octet, TP-VP, TP-PID, TP-DCS.
    pub(super) text_parameters: [u8; 4],
    /// +CPMS: read and deleted, written and sent, received.
    pub(super) memories: [MemoryName; 3],
    /// +COPS: the operator as 0 long name, 1 short name, 2 number.
    pub(super) operator_format: u8,
}

impl Settings {
    pub(super) fn new(behaviour: &Behaviour, memory: &Memory) -> Self {
        // A modem has at least the memory of its card, even one of no slot.
        let memory = memory.names().next().unwrap_or(MemoryName::Sim);
        Self {
            echo: u8::from(behaviour.echo != Echo::Off),
            verbose: 1,
            quiet: 0,
            errors: 0,
            text_mode: 0,
            service: 0,
            all_fields: 0,
            more_messages: 0,
            registration_reports: [0; 3],
            charset: Charset::Ira,
            indications: [0; 5],
            text_parameters: [17, 167, 0, 0],
            memories: [memory; 3],
            operator_format: 0,
        }
    }

    /// Whether messages are given directly only one after the other's acknowledgement.
    pub(super) const fn is_phase_2_plus(&self) -> bool {
        self.service == 1
    }
}
