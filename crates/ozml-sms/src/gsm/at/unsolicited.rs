//! Lines that no command asked for.

use super::fields::Fields;
use super::memory::{Memory, Slot};

/// What came unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unsolicited {
    /// A message or a report was stored.
    Stored(Slot),
    /// A message, a report or a broadcast is written to us; its PDU is the next line.
    Header(DirectHeader),
    /// The state of the registration (3GPP TS 27.007 7.2).
    Registration(u16),
    /// The modem has just started.
    Started,
    /// Nothing that concerns messages.
    Other,
}

/// The line before a PDU that came unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DirectHeader {
    /// Octets of the TPDU.
    pub(crate) length: Option<u16>,
    /// A message of the cell, not for us alone.
    pub(crate) is_broadcast: bool,
}

/// A PDU that came unasked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DirectPdu {
    /// Octets of the TPDU as they were announced.
    pub(crate) length: Option<u16>,
    /// The line.
    pub(crate) line: String,
}

type Read = fn(Fields<'_>) -> Unsolicited;

/// Prefixes and what they mean; the first that fits counts.
const TABLE: &[(&str, Read)] = &[
    ("+CMTI:", stored),
    ("+CDSI:", stored),
    ("+CMT:", direct),
    ("+CDS:", direct),
    ("+CBM:", broadcast),
    ("+CREG:", registration),
    ("+CEREG:", registration),
    // Packet service is of no use for messages.
    ("+CGREG:", other),
    ("RDY", started),
    ("+SYSSTART", started),
    ("^SYSSTART", started),
    ("SYSSTART", started),
    ("RING", other),
    ("NO CARRIER", other),
    ("NO ANSWER", other),
    ("NO DIALTONE", other),
    ("NO DIAL TONE", other),
    ("BUSY", other),
    ("CONNECT", other),
    ("Call Ready", other),
    ("SMS Ready", other),
    ("SMS DONE", other),
    ("PB DONE", other),
    ("UNDER-VOLTAGE", other),
    ("OVER-VOLTAGE", other),
    ("NORMAL POWER DOWN", other),
    ("MODEM:", other),
    // Manufacturers' own: ^RSSI, ^BOOT, ^MODE, *PSUTTZ, %CTZV, $QCRMCALL. We ask for none of them.
    ("^", other),
    ("*", other),
    ("%", other),
    ("$", other),
    ("&", other),
    ("#", other),
    // +CRING, +CLIP, +CUSD, +CIEV, +CCWA, +CPIN, +CFUN, +CTZV, +WIND, +PBREADY and their like.
    ("+", other),
];

/// Reads a line that no command asked for; `None` for one without a known beginning.
pub(crate) fn unsolicited(line: &str) -> Option<Unsolicited> {
    let mut rows = TABLE.iter();
    rows.find_map(|(prefix, read)| Fields::of(line, prefix).map(read))
}

fn stored(fields: Fields<'_>) -> Unsolicited {
    let memory = fields.text(0).and_then(Memory::new);
    let slot = memory.zip(fields.number(1));
    slot.map_or(Unsolicited::Other, |(memory, index)| {
        Unsolicited::Stored(Slot { memory, index })
    })
}

/// `+CMT: [name],<length>` and `+CDS: <length>`.
fn direct(fields: Fields<'_>) -> Unsolicited {
    Unsolicited::Header(DirectHeader {
        length: fields.number(fields.count().saturating_sub(1)),
        is_broadcast: false,
    })
}

fn broadcast(fields: Fields<'_>) -> Unsolicited {
    Unsolicited::Header(DirectHeader {
        length: fields.number(0),
        is_broadcast: true,
    })
}

fn registration(fields: Fields<'_>) -> Unsolicited {
    fields
        .number(0)
        .map_or(Unsolicited::Other, Unsolicited::Registration)
}

fn started(_: Fields<'_>) -> Unsolicited {
    Unsolicited::Started
}

fn other(_: Fields<'_>) -> Unsolicited {
    Unsolicited::Other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_of_messages_are_read() {
        let slot = Slot {
            memory: Memory::SIM,
            index: 3,
        };
        assert_eq!(unsolicited("+CMTI: \"SM\",3"), Some(Unsolicited::Stored(slot)));
        assert_eq!(unsolicited("+CDSI: SM,3"), Some(Unsolicited::Stored(slot)));
        assert_eq!(unsolicited("+CMTI: \"S;\",3"), Some(Unsolicited::Other));
        for (line, length, is_broadcast) in [
            ("+CMT: ,23", Some(23), false),
            ("+CMT: \"a,b\",23", Some(23), false),
            ("+CDS: 25", Some(25), false),
            ("+CDS:", None, false),
            ("+CBM: 88", Some(88), true),
        ] {
            let expected = DirectHeader { length, is_broadcast };
            assert_eq!(unsolicited(line), Some(Unsolicited::Header(expected)), "{line}");
        }
    }

    #[test]
    fn the_rest_is_known_by_its_beginning() {
        for line in [
            "RING",
            "^RSSI: 19",
            "*PSUTTZ: 1",
            "+CUSD: 0,\"a\",15",
            "+WIND: 7",
            "NO CARRIER",
        ] {
            assert_eq!(unsolicited(line), Some(Unsolicited::Other), "{line}");
        }
        assert_eq!(unsolicited("RDY"), Some(Unsolicited::Started));
        assert_eq!(unsolicited("+CREG: 2"), Some(Unsolicited::Registration(2)));
        for line in ["Quectel", "216301234567890", "OK", "07916303"] {
            assert_eq!(unsolicited(line), None, "{line}");
        }
    }
}
