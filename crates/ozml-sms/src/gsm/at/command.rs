//! What may be written to a modem: commands made of constants, numbers and checked types, nothing else.

use std::borrow::Cow;
use std::fmt;

use ozml_session::PhoneNumber;

use super::super::Pin;
use super::super::pdu::Frame;
use super::fields::Fields;
use super::memory::{Memory, Slot};

/// How long the answer may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deadline {
    /// `timers.attention`; nothing is asked afterwards, the caller repeats it.
    Attention,
    /// `timers.command`.
    Command,
    /// `timers.ready`: the SIM card or much memory is read.
    Ready,
    /// `timers.prompt`, then `timers.send`.
    Submit,
}

/// The lines before the final result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Information {
    /// None.
    None,
    /// Lines with this prefix.
    Prefixed(&'static str),
    /// Lines without a prefix, though some modems write this one.
    Bare(&'static str),
    /// Lines with this prefix, a PDU behind each.
    Messages(&'static str),
    /// A line with this prefix whose second value is a state: what has no such value came unasked.
    Registration(&'static str),
}

impl Information {
    /// Whether `line` is of the answer, by its prefix.
    pub(crate) fn has_prefix_of(self, line: &str) -> bool {
        match self {
            Self::None => false,
            Self::Prefixed(prefix) | Self::Bare(prefix) | Self::Messages(prefix) => line.starts_with(prefix),
            Self::Registration(prefix) => {
                let state = Fields::of(line, prefix).and_then(|fields| fields.number(1));
                state.is_some_and(|state| state <= 11)
            }
        }
    }

    /// The first value of a line with this prefix, if it is a number.
    pub(crate) fn number(self, line: &str) -> Option<u16> {
        match self {
            Self::Prefixed(prefix) => Fields::of(line, prefix).and_then(|fields| fields.number(0)),
            _ => None,
        }
    }
}

/// One command. Debug leaves out what stands behind `=`: it may be a secret or a number.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Command {
    line: Cow<'static, str>,
    pub(crate) information: Information,
    pub(crate) deadline: Deadline,
    pdu: Option<String>,
}

/// A line that must not be written: it is not printable ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotPrintable;

impl Command {
    pub(crate) const ATTENTION: Self = Self::constant("AT", Information::None, Deadline::Attention);
    pub(crate) const ECHO_OFF: Self = Self::set("ATE0");
    pub(crate) const WORDS: Self = Self::set("ATV1");
    pub(crate) const PLAIN_ERRORS: Self = Self::set("AT+CMEE=0");
    pub(crate) const NUMERIC_ERRORS: Self = Self::set("AT+CMEE=1");
    pub(crate) const PIN_STATE: Self = Self::ask("AT+CPIN?", "+CPIN:");
    pub(crate) const PDU_MODE: Self = Self::set("AT+CMGF=0");
    pub(crate) const MESSAGE_MODE: Self = Self::ask("AT+CMGF?", "+CMGF:");
    pub(crate) const ERROR_MODE: Self = Self::ask("AT+CMEE?", "+CMEE:");
    pub(crate) const SERVICES: Self = Self::ask("AT+CSMS=?", "+CSMS:");
    pub(crate) const SERVICE: Self = Self::ask("AT+CSMS?", "+CSMS:");
    /// Phase 2+: what comes in directly is acknowledged by us.
    pub(crate) const PHASE_2_PLUS: Self = Self::ask("AT+CSMS=1", "+CSMS:");
    pub(crate) const MEMORIES: Self = Self::ask("AT+CPMS=?", "+CPMS:");
    pub(crate) const MEMORY: Self = Self::ask("AT+CPMS?", "+CPMS:");
    /// How news of messages are told, best first: stored and told, reports directly or stored.
    pub(crate) const INDICATIONS: [Self; 3] = [
        Self::set("AT+CNMI=2,1,0,1,0"),
        Self::set("AT+CNMI=2,1,0,2,0"),
        Self::set("AT+CNMI=1,1,0,1,0"),
    ];
    pub(crate) const SERVICE_CENTRE: Self = Self::ask("AT+CSCA?", "+CSCA:");
    pub(crate) const MANUFACTURER: Self = Self::tell("AT+CGMI", "+CGMI:");
    pub(crate) const MODEL: Self = Self::tell("AT+CGMM", "+CGMM:");
    pub(crate) const REVISION: Self = Self::tell("AT+CGMR", "+CGMR:");
    pub(crate) const SUBSCRIBER: Self = Self::tell("AT+CIMI", "+CIMI:");
    pub(crate) const CARD: Self = Self::tell("AT+CCID", "+CCID:");
    pub(crate) const OPERATOR: Self = Self::ask("AT+COPS?", "+COPS:");
    pub(crate) const SIGNAL: Self = Self::ask("AT+CSQ", "+CSQ:");
    pub(crate) const REGISTRATION: Self =
        Self::constant("AT+CREG?", Information::Registration("+CREG:"), Deadline::Command);
    pub(crate) const PACKET_REGISTRATION: Self = Self::constant(
        "AT+CEREG?",
        Information::Registration("+CEREG:"),
        Deadline::Command,
    );
    /// Keeps the radio link for the parts that follow at once.
    pub(crate) const MORE_MESSAGES: Self = Self::set("AT+CMMS=1");
    pub(crate) const ACKNOWLEDGE: Self = Self::set("AT+CNMA");
    pub(crate) const LIST: Self =
        Self::constant("AT+CMGL=4", Information::Messages("+CMGL:"), Deadline::Ready);
    /// Restarts the modem, the thorough way first.
    pub(crate) const RESTARTS: [Self; 2] = [
        Self::constant("AT+CFUN=1,1", Information::None, Deadline::Ready),
        Self::constant("AT+CFUN=1", Information::None, Deadline::Ready),
    ];

    /// A command of constant text.
    pub(crate) const fn constant(line: &'static str, information: Information, deadline: Deadline) -> Self {
        Self {
            line: Cow::Borrowed(line),
            information,
            deadline,
            pdu: None,
        }
    }

    const fn set(line: &'static str) -> Self {
        Self::constant(line, Information::None, Deadline::Command)
    }

    /// A question whose answer has a prefix.
    pub(crate) const fn ask(line: &'static str, prefix: &'static str) -> Self {
        Self::constant(line, Information::Prefixed(prefix), Deadline::Command)
    }

    /// A question whose answer has none, as a rule.
    pub(crate) const fn tell(line: &'static str, prefix: &'static str) -> Self {
        Self::constant(line, Information::Bare(prefix), Deadline::Command)
    }

    fn of_numbers(line: String, information: Information, deadline: Deadline) -> Self {
        Self {
            line: Cow::Owned(line),
            information,
            deadline,
            pdu: None,
        }
    }

    /// Gives the PIN.
    pub(crate) fn enter_pin(pin: &Pin) -> Self {
        let line = format!("AT+CPIN=\"{}\"", pin.reveal());
        Self::of_numbers(line, Information::None, Deadline::Ready)
    }

    /// Chooses the memory for reading and deleting.
    pub(crate) fn select(memory: Memory) -> Self {
        let line = format!("AT+CPMS=\"{memory}\"");
        Self::of_numbers(line, Information::Prefixed("+CPMS:"), Deadline::Ready)
    }

    /// Chooses the memory for reading, writing and what comes in.
    pub(crate) fn select_for_all(memory: Memory) -> Self {
        let line = format!("AT+CPMS=\"{memory}\",\"{memory}\",\"{memory}\"");
        Self::of_numbers(line, Information::Prefixed("+CPMS:"), Deadline::Ready)
    }

    /// Says where the service centre is.
    pub(crate) fn set_service_centre(number: &PhoneNumber) -> Self {
        let kind = if number.is_international() { 145 } else { 129 };
        let line = format!("AT+CSCA=\"{}\",{kind}", number.as_str());
        Self::of_numbers(line, Information::None, Deadline::Command)
    }

    /// Reads one message of the memory chosen.
    pub(crate) fn read(slot: Slot) -> Self {
        let line = format!("AT+CMGR={}", slot.index);
        Self::of_numbers(line, Information::Messages("+CMGR:"), Deadline::Command)
    }

    /// Deletes one message of the memory chosen.
    pub(crate) fn delete(slot: Slot) -> Self {
        let line = format!("AT+CMGD={}", slot.index);
        Self::of_numbers(line, Information::None, Deadline::Command)
    }

    /// Sends a part: the PDU is written once the modem asks for it.
    pub(crate) fn submit(frame: &Frame) -> Self {
        let line = format!("AT+CMGS={}", frame.tpdu_length());
        Self {
            pdu: Some(frame.to_hex()),
            ..Self::of_numbers(line, Information::Prefixed("+CMGS:"), Deadline::Submit)
        }
    }

    /// The hexadecimal digits of the PDU that goes with it.
    pub(crate) fn pdu(&self) -> Option<&str> {
        self.pdu.as_deref()
    }

    /// Whether a modem that repeats what we write would write this.
    pub(crate) fn echoes_as(&self, line: &str) -> bool {
        self.line == line || self.pdu() == Some(line)
    }

    /// Appends the line. What is not printable ASCII is refused, whoever made it (threats.md T11).
    pub(crate) fn write(&self, into: &mut Vec<u8>) -> Result<(), NotPrintable> {
        write_printable(&self.line, b'\r', into)
    }

    /// Appends the PDU, likewise, and Ctrl-Z that ends it.
    pub(crate) fn write_pdu(&self, into: &mut Vec<u8>) -> Result<(), NotPrintable> {
        write_printable(self.pdu().unwrap_or_default(), 0x1A, into)
    }
}

fn write_printable(text: &str, end: u8, into: &mut Vec<u8>) -> Result<(), NotPrintable> {
    if !text.bytes().all(|octet| (b' '..=b'~').contains(&octet)) {
        return Err(NotPrintable);
    }
    into.extend(text.bytes());
    into.push(end);
    Ok(())
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.line.split_once('=').map_or(&*self.line, |(name, _)| name);
        f.debug_tuple("Command").field(&shown).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(command: &Command) -> String {
        let mut octets = Vec::new();
        command.write(&mut octets).unwrap();
        String::from_utf8(octets).unwrap()
    }

    #[test]
    fn arguments_are_numbers_and_checked_types() {
        let slot = Slot {
            memory: Memory::SIM,
            index: 12,
        };
        assert_eq!(written(&Command::read(slot)), "AT+CMGR=12\r");
        assert_eq!(written(&Command::select(Memory::SIM)), "AT+CPMS=\"SM\"\r");
        let centre = PhoneNumber::new("+36 20 1234").unwrap();
        assert_eq!(
            written(&Command::set_service_centre(&centre)),
            "AT+CSCA=\"+36201234\",145\r"
        );
    }

    #[test]
    fn nothing_but_printable_ascii_leaves() {
        for wrong in ["AT\r", "AT\x1A", "AT\x1B", "AT\n", "ATű", "AT\0"] {
            let command = Command::constant(wrong, Information::None, Deadline::Command);
            let mut octets = Vec::new();
            assert_eq!(command.write(&mut octets), Err(NotPrintable));
            assert_eq!(octets, b"", "{wrong:?}");
        }
    }

    #[test]
    fn a_pin_is_not_shown() {
        let command = Command::enter_pin(&Pin::new("1234").unwrap());
        assert_eq!(format!("{command:?}"), "Command(\"AT+CPIN\")");
        assert_eq!(written(&command), "AT+CPIN=\"1234\"\r");
    }

    #[test]
    fn a_state_that_was_asked_for_has_a_second_value() {
        let asked = Command::REGISTRATION.information;
        for answer in ["+CREG: 0,1", "+CREG: 2,5,\"00C3\",\"1A2B\",7"] {
            assert!(asked.has_prefix_of(answer), "{answer}");
        }
        for unasked in [
            "+CREG: 1",
            "+CREG: 1,\"00C3\",\"1A2B\"",
            "+CREG: 1,1234,5678",
            "+CEREG: 0,1",
        ] {
            assert!(!asked.has_prefix_of(unasked), "{unasked}");
        }
    }
}
