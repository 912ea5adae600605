use std::fmt;

use ozml_session::{PhoneNumber, SenderId, SmsEncoding};

/// A message as the rules see it. Its `Debug` does not show what it says.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct MessageFacts<'a> {
    /// The recipient.
    pub to: &'a PhoneNumber,
    /// The sender; `None`: the connection's own.
    pub from: Option<&'a SenderId>,
    /// What it says.
    pub text: &'a str,
    /// The account it counts for.
    pub account: Option<&'a str>,
    /// The connection, extension or HTTP user it came from.
    pub source: Option<&'a str>,
    /// Its alphabet.
    pub encoding: SmsEncoding,
    /// How many parts it has.
    pub parts: u8,
}

impl<'a> MessageFacts<'a> {
    /// A message of one part in the GSM alphabet, from nowhere.
    pub fn new(to: &'a PhoneNumber, text: &'a str) -> Self {
        Self {
            to,
            from: None,
            text,
            account: None,
            source: None,
            encoding: SmsEncoding::Gsm7,
            parts: 1,
        }
    }
}

impl fmt::Debug for MessageFacts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageFacts")
            .field("to", self.to)
            .field("from", &self.from)
            .field("text", &format_args!("{} bytes", self.text.len()))
            .field("account", &self.account)
            .field("source", &self.source)
            .field("encoding", &self.encoding)
            .field("parts", &self.parts)
            .finish()
    }
}
