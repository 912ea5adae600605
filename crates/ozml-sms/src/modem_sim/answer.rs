//! What comes of a command.

use super::settings::Settings;
use crate::gsm::ModemError;
use crate::gsm::pdu::Address;

/// What comes of a command; an error ends its line.
pub(super) type Answered = Result<Answer, ModemError>;

/// What comes of a command that is no error.
#[derive(Debug)]
pub(super) enum Answer {
    /// Lines of information; the next command of the line follows.
    Lines(Vec<String>),
    /// A prompt; what is typed then belongs to it.
    Prompt(Entry),
    /// The network was asked.
    Sent(Result<Vec<String>, ModemError>),
    /// `NO CARRIER`: there are no calls here.
    NoCarrier,
    /// The modem starts anew.
    Restart,
}

impl Answer {
    /// Nothing but OK.
    pub(super) const fn ok() -> Self {
        Self::Lines(Vec::new())
    }

    /// One line of information.
    pub(super) fn line(line: impl Into<String>) -> Self {
        Self::Lines(vec![line.into()])
    }
}

/// A PDU or text that is awaited.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) purpose: Purpose,
    pub(super) body: Body,
}

/// What is done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// AT+CMGS.
    Send,
    /// AT+CMGW.
    Write,
    /// AT+CNMA with a PDU of its own, which nobody looks at.
    Acknowledge,
}

/// What is awaited.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// A PDU with so many octets behind the service centre.
    Pdu { octets: u16 },
    /// A text to this recipient.
    Text { to: Option<Address> },
}

/// How a line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Final {
    Ok,
    NoCarrier,
    Error(ModemError),
}

/// An answer as it is written, before what it ends with.
pub(super) fn information(settings: &Settings, lines: &[String]) -> String {
    let all = lines.join("\r\n");
    match (lines.is_empty(), settings.verbose) {
        (true, _) => String::new(),
        (false, 0) => format!("{all}\r\n"),
        (false, _) => format!("\r\n{all}\r\n"),
    }
}

/// The result of a line as it is written (V.250 5.7.1); errors as AT+CMEE has them.
pub(super) fn result(settings: &Settings, end: Final) -> String {
    let (words, number) = match end {
        _ if settings.quiet == 1 => return String::new(),
        Final::Ok => ("OK".to_owned(), "0"),
        Final::NoCarrier => ("NO CARRIER".to_owned(), "3"),
        Final::Error(error) => (self::error(settings.errors, error), "4"),
    };
    match settings.verbose {
        0 if !words.starts_with('+') => format!("{number}\r"),
        _ => format!("\r\n{words}\r\n"),
    }
}

fn error(mode: u8, error: ModemError) -> String {
    let (kind, code) = match error {
        ModemError::Cms(code) => ("+CMS", code),
        ModemError::Cme(code) => ("+CME", code),
        ModemError::Plain => return "ERROR".to_owned(),
    };
    match mode {
        0 => "ERROR".to_owned(),
        1 => format!("{kind} ERROR: {code}"),
        _ => format!("{kind} ERROR: {}", error.meaning()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modem_sim::behaviour::Behaviour;
    use crate::modem_sim::memory::Memory;

    #[test]
    fn results_are_words_numbers_or_nothing() {
        let behaviour = Behaviour::default();
        let mut settings = Settings::new(&behaviour, &Memory::new(&behaviour));
        let error = Final::Error(ModemError::Cms(331));
        for (errors, expected) in [
            (0, "\r\nERROR\r\n"),
            (1, "\r\n+CMS ERROR: 331\r\n"),
            (2, "\r\n+CMS ERROR: no network service\r\n"),
        ] {
            settings.errors = errors;
            assert_eq!(result(&settings, error), expected);
        }
        settings.verbose = 0;
        assert_eq!(
            (result(&settings, Final::Ok), result(&settings, Final::NoCarrier)),
            ("0\r".into(), "3\r".into())
        );
        settings.quiet = 1;
        assert_eq!(result(&settings, Final::Ok), "");
    }
}
