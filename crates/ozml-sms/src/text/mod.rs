//! Texts of short messages: alphabets, parts, headers. Pure: no clock, no socket.
//!
//! Sending: [`segment()`] chooses the alphabet and cuts the text into [`Part`]s; a part gives the octets
//! of an SMPP `short_message` or of a TP-UD. Receiving: [`UserData::read`] takes a `short_message`
//! apart, [`Reassembly`] collects the parts of one message, [`Alphabet::decode`] gives the text.
//! Nothing here changes a text; [`smart::replace`] does so on request and says what it did.

pub mod concat;
pub mod data_coding;
pub mod gsm7;
pub mod segment;
pub mod smart;
pub mod ucs2;
pub mod udh;
pub mod user_data;

#[cfg(test)]
pub(crate) mod properties;
#[cfg(test)]
pub(crate) mod vectors;

pub use concat::{Added, Assembled, Fragment, MessageKey, Reassembly, ReassemblyLimits};
pub use data_coding::{Alphabet, DefaultCharset, NotInCharset, UnknownCharset, data_coding};
pub use gsm7::NotGsm7;
pub use segment::{
    Encoding, MAX_PARTS, Part, PartLimits, SegmentCount, SegmentError, Segments, count, count_with, segment,
    segment_as,
};
pub use udh::{Concatenation, Element, HeaderError, Reference, ReferenceWidth, UserDataHeader};
pub use user_data::UserData;
