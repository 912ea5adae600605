//! How messages that came in, and their parts, are written into the store.

use ozml_session::{ConnectionName, IncomingAddress, MessageId, ReceivedSms, WallTime};
use serde::{Deserialize, Serialize};

use crate::store::Note;
use crate::text::{Alphabet, Concatenation, Fragment, Reference};

/// The kind of a part that waits for others.
pub(crate) const PART: &str = "incoming-part";
/// The kind of a message that waits to be handed on.
pub(crate) const WHOLE: &str = "incoming";

/// A part with everything about its message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) connection: ConnectionName,
    pub(super) from: IncomingAddress,
    pub(super) to: IncomingAddress,
    pub(super) concatenation: Concatenation,
    pub(super) fragment: Fragment,
    pub(super) received_at: WallTime,
}

#[derive(Serialize, Deserialize)]
struct WrittenPart {
    connection: String,
    from: String,
    to: String,
    reference: u16,
    wide: bool,
    total: u8,
    number: u8,
    alphabet: WrittenAlphabet,
    payload: Vec<u8>,
    received_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WrittenAlphabet {
    Gsm7,
    Ascii,
    Latin1,
    Data8,
    Ucs2,
}

#[derive(Serialize, Deserialize)]
struct WrittenSms {
    connection: String,
    from: String,
    to: String,
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    data: Option<Vec<u8>>,
    received_at: i64,
    complete: bool,
}

/// A part as a note under a key.
pub(super) fn part_note(key: &MessageId, part: &Part) -> Note {
    let Concatenation {
        reference,
        total,
        number,
    } = part.concatenation;
    let (reference, wide) = match reference {
        Reference::Bits8(reference) => (u16::from(reference), false),
        Reference::Bits16(reference) => (reference, true),
    };
    let written = WrittenPart {
        connection: part.connection.to_string(),
        from: part.from.to_string(),
        to: part.to.to_string(),
        reference,
        wide,
        total,
        number,
        alphabet: match part.fragment.alphabet {
            Alphabet::Gsm7 => WrittenAlphabet::Gsm7,
            Alphabet::Ascii => WrittenAlphabet::Ascii,
            Alphabet::Latin1 => WrittenAlphabet::Latin1,
            Alphabet::Data8 => WrittenAlphabet::Data8,
            Alphabet::Ucs2 => WrittenAlphabet::Ucs2,
        },
        payload: part.fragment.payload.clone(),
        received_at: part.received_at.as_unix_millis(),
    };
    note(PART, key, &written)
}

/// Reads a part; `None`: it is none.
pub(super) fn read_part(note: &Note) -> Option<Part> {
    let written: WrittenPart = serde_json::from_slice(&note.value).ok()?;
    let reference = if written.wide {
        Reference::Bits16(written.reference)
    } else {
        Reference::Bits8(u8::try_from(written.reference).ok()?)
    };
    let alphabet = match written.alphabet {
        WrittenAlphabet::Gsm7 => Alphabet::Gsm7,
        WrittenAlphabet::Ascii => Alphabet::Ascii,
        WrittenAlphabet::Latin1 => Alphabet::Latin1,
        WrittenAlphabet::Data8 => Alphabet::Data8,
        WrittenAlphabet::Ucs2 => Alphabet::Ucs2,
    };
    Some(Part {
        connection: ConnectionName::new(&written.connection).ok()?,
        from: IncomingAddress::cleaned(&written.from),
        to: IncomingAddress::cleaned(&written.to),
        concatenation: Concatenation::new(reference, written.total, written.number)?,
        fragment: Fragment {
            alphabet,
            payload: written.payload,
        },
        received_at: WallTime::from_unix_millis(written.received_at),
    })
}

/// A message as a note under its id.
pub(super) fn whole_note(sms: &ReceivedSms) -> Note {
    let written = WrittenSms {
        connection: sms.connection.to_string(),
        from: sms.from.to_string(),
        to: sms.to.to_string(),
        text: sms.text.clone(),
        data: sms.data.clone(),
        received_at: sms.received_at.as_unix_millis(),
        complete: sms.complete,
    };
    note(WHOLE, &sms.id, &written)
}

/// Reads a message; `None`: it is none.
pub(super) fn read_whole(note: &Note) -> Option<ReceivedSms> {
    let written: WrittenSms = serde_json::from_slice(&note.value).ok()?;
    let mut sms = ReceivedSms::new(
        MessageId::new(&note.key).ok()?,
        ConnectionName::new(&written.connection).ok()?,
        IncomingAddress::cleaned(&written.from),
        IncomingAddress::cleaned(&written.to),
        written.text,
        WallTime::from_unix_millis(written.received_at),
    );
    sms.data = written.data;
    sms.complete = written.complete;
    Some(sms)
}

fn note(kind: &'static str, key: &MessageId, written: &impl Serialize) -> Note {
    Note {
        kind,
        key: key.to_string(),
        // Texts, numbers and lists can always be written.
        value: serde_json::to_vec(written).unwrap_or_default(),
    }
}
