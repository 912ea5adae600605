use std::fmt;
use std::sync::Arc;

use crate::{ConnectionName, MessageId, PhoneNumber, PortFuture, WallTime};

/// The port to whom SMS that came in are for.
pub trait SmsReceiver: Send + Sync {
    /// Takes a message over. After an error, and after a stop between the answer and its note, the same
    /// message comes again with the same id.
    ///
    /// A dropped future may have taken the message over: it comes again as well.
    fn receive<'a>(&'a self, sms: &'a ReceivedSms) -> PortFuture<'a, (), ReceiveError>;
}

impl<R: SmsReceiver + ?Sized> SmsReceiver for Arc<R> {
    fn receive<'a>(&'a self, sms: &'a ReceivedSms) -> PortFuture<'a, (), ReceiveError> {
        (**self).receive(sms)
    }
}

/// An SMS that came in. Debug does not print what it says.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceivedSms {
    /// Its name, ours; the same each time it is handed on.
    pub id: MessageId,
    /// The connection it came in on.
    pub connection: ConnectionName,
    /// Who sent it.
    pub from: IncomingAddress,
    /// Whom it is for.
    pub to: IncomingAddress,
    /// What it says; empty when it is no text, with U+FFFD for what could not be read.
    pub text: String,
    /// Its octets when it is no text.
    pub data: Option<Vec<u8>>,
    /// When it, or the last of its parts, came.
    pub received_at: WallTime,
    /// Whether no part of it is missing.
    pub complete: bool,
}

impl ReceivedSms {
    /// A whole message that is a text.
    pub fn new(
        id: MessageId,
        connection: ConnectionName,
        from: IncomingAddress,
        to: IncomingAddress,
        text: String,
        received_at: WallTime,
    ) -> Self {
        Self {
            id,
            connection,
            from,
            to,
            text,
            data: None,
            received_at,
            complete: true,
        }
    }
}

impl fmt::Debug for ReceivedSms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedSms")
            .field("id", &self.id)
            .field("connection", &self.connection)
            .field("from", &self.from)
            .field("to", &self.to)
            .field("text_bytes", &self.text.len())
            .field("data_bytes", &self.data.as_ref().map(Vec::len))
            .field("received_at", &self.received_at)
            .field("complete", &self.complete)
            .finish()
    }
}

/// A sender or recipient as a network gave it: anything of at most 64 characters, without those that
/// control a terminal or the direction of writing. May be empty.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IncomingAddress(Arc<str>);

impl IncomingAddress {
    /// Most characters; what is longer is cut.
    pub const MAX_CHARS: usize = 64;

    /// Drops what may not stand in it.
    pub fn cleaned(given: &str) -> Self {
        let kept = given.trim().chars().filter(|c| !is_control(*c));
        let kept: String = kept.take(Self::MAX_CHARS).collect();
        Self(kept.into())
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same as a number that can be answered, if it is one.
    pub fn number(&self) -> Option<PhoneNumber> {
        PhoneNumber::new(&self.0).ok()
    }
}

/// C0, C1, line separators, and what changes the direction of writing.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl fmt::Display for IncomingAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for IncomingAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IncomingAddress({})", self.0)
    }
}

/// Why a message was not taken over. It comes again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiveError {
    /// Nobody takes messages here.
    #[error("receiving SMS is not available here")]
    Unavailable,
    /// Whoever takes them cannot at present.
    #[error("the message was not taken over: {0}")]
    Failed(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_is_an_address_once_it_is_cleaned() {
        for (given, address) in [
            ("+36301234567", "+36301234567"),
            (" Büro 7 ", "Büro 7"),
            ("a\u{1b}[2J\u{202e}b\r\n", "a[2Jb"),
            ("", ""),
        ] {
            assert_eq!(IncomingAddress::cleaned(given).as_str(), address);
        }
        let long = IncomingAddress::cleaned(&"é".repeat(100));
        assert_eq!(long.as_str().chars().count(), IncomingAddress::MAX_CHARS);
    }

    #[test]
    fn what_a_message_says_is_not_printed() {
        let address = IncomingAddress::cleaned("1");
        let mut sms = ReceivedSms::new(
            MessageId::new("m").unwrap(),
            ConnectionName::new("smsc1").unwrap(),
            address.clone(),
            address,
            "marker".to_owned(),
            WallTime::from_unix_millis(0),
        );
        sms.data = Some(vec![77]);
        let printed = format!("{sms:?}");
        assert!(
            !printed.contains("marker") && !printed.contains("77"),
            "{printed}"
        );
    }

    #[test]
    fn an_address_may_be_a_number() {
        let number = PhoneNumber::new("+36301234567").unwrap();
        assert_eq!(IncomingAddress::cleaned("+36301234567").number(), Some(number));
        assert_eq!(IncomingAddress::cleaned("Büro").number(), None);
    }
}
