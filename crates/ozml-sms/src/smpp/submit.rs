//! From a message to its `submit_sm` PDUs (SMPP 3.4, 4.4).

use std::collections::HashMap;

use ozml_session::{OutgoingSms, PhoneNumber, SenderId, SmsRefusal};
use rusmpp::pdus::SubmitSm;
use rusmpp::types::{COctetString, EmptyOrFullCOctetString, OctetString};
use rusmpp::values::{DataCoding, EsmClass, Npi, RegisteredDelivery, Ton};

use crate::cut::{cut, invalid, write_reference};
use crate::text::{self, DefaultCharset, Encoding, Part};

/// The message begins with a user data header.
const UDH_INDICATOR: u8 = 0x40;
/// A receipt for the final state, good or bad.
const FINAL_RECEIPT: u8 = 0x01;

/// How one centre wants its messages.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubmitOptions {
    /// The sender of messages that name none; `None`: the centre's choice.
    pub sender: Option<SenderId>,
    /// Type of number and numbering plan of numbers without `+`; short codes are often (3, 0).
    pub local_ton_npi: (u8, u8),
    /// What `data_coding` 0 means there.
    pub charset: DefaultCharset,
    /// Whether delivery receipts are asked for. Without them a message is through when it is sent. A
    /// messenger that is bound as a transmitter does not hear them and never asks.
    pub receipts: bool,
}

impl Default for SubmitOptions {
    /// The centre's sender, (0, 1), GSM 7-bit, receipts.
    fn default() -> Self {
        Self {
            sender: None,
            local_ton_npi: (0, 1),
            charset: DefaultCharset::Gsm7,
            receipts: true,
        }
    }
}

/// A message ready for the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submits {
    /// The alphabet of all parts.
    pub encoding: Encoding,
    /// The parts in order, to be sent one after the other; 1 to 255.
    pub parts: Vec<SubmitSm>,
}

impl Submits {
    /// The same, of no use to the centre after so many milliseconds (SMPP 3.4, 7.1.1.2: relative times). At most
    /// 99 days, and always at least a second.
    #[must_use]
    pub(crate) fn valid_for(mut self, ms: u64) -> Self {
        const MOST: u64 = 99 * 24 * 60 * 60;
        let seconds = (ms / 1_000).clamp(1, MOST);
        let (days, rest) = (seconds / 86_400, seconds % 86_400);
        let (hours, minutes, seconds) = (rest / 3_600, rest % 3_600 / 60, rest % 60);
        let period = format!("0000{days:02}{hours:02}{minutes:02}{seconds:02}000R");
        // Sixteen ASCII characters always fit.
        let period: EmptyOrFullCOctetString<17> = period.parse().unwrap_or_default();
        for part in &mut self.parts {
            part.validity_period = period.clone();
        }
        self
    }
}

impl SubmitOptions {
    /// Writes a message. `reference` is asked only when the message is sent in several parts.
    pub fn submits(&self, sms: &OutgoingSms, reference: impl FnOnce() -> u8) -> Result<Submits, SmsRefusal> {
        let encoding = self.charset.choose(sms.text.as_str());
        let mut segments = cut(sms, encoding)?;
        let source = self.source(sms.from.as_ref().or(self.sender.as_ref()))?;
        let destination = self.number(&sms.to);
        write_reference(&mut segments, reference);
        let write = |part| self.submit(part, &source, &destination);
        Ok(Submits {
            encoding,
            parts: segments.parts.iter().map(write).collect::<Result<_, _>>()?,
        })
    }

    fn submit(&self, part: &Part, source: &Address, destination: &Address) -> Result<SubmitSm, SmsRefusal> {
        let octets = part
            .short_message(self.charset)
            .map_err(|fault| invalid("Message", fault.to_string()))?;
        let short_message =
            OctetString::from_vec(octets).map_err(|fault| invalid("Message", fault.to_string()))?;
        let esm_class = if part.concatenation.is_some() {
            UDH_INDICATOR
        } else {
            0
        };
        let receipt = if self.receipts { FINAL_RECEIPT } else { 0 };
        // The codec's default of esm_class is not 0: every field of note is set here.
        let submit = SubmitSm::builder()
            .source_addr_ton(source.ton)
            .source_addr_npi(source.npi)
            .source_addr(source.digits.clone())
            .dest_addr_ton(destination.ton)
            .dest_addr_npi(destination.npi)
            .destination_addr(destination.digits.clone())
            .esm_class(EsmClass::from(esm_class))
            .registered_delivery(RegisteredDelivery::from(receipt))
            .data_coding(DataCoding::from(text::data_coding(part.encoding, false)))
            .short_message(short_message);
        Ok(submit.build())
    }

    fn source(&self, sender: Option<&SenderId>) -> Result<Address, SmsRefusal> {
        match sender {
            None => Ok(Address::default()),
            Some(SenderId::Number(number)) => Ok(self.number(number)),
            Some(SenderId::Name(name)) => {
                let digits = name.parse().map_err(|_| {
                    invalid(
                        "Sender",
                        format!("`{name}` has a letter that SMPP cannot carry: use ASCII letters"),
                    )
                })?;
                Ok(Address {
                    ton: Ton::Alphanumeric,
                    npi: Npi::Unknown,
                    digits,
                })
            }
        }
    }

    fn number(&self, number: &PhoneNumber) -> Address {
        let (ton, npi) = if number.is_international() {
            (1, 1)
        } else {
            self.local_ton_npi
        };
        Address {
            ton: Ton::from(ton),
            npi: Npi::from(npi),
            // At most 20 ASCII characters by type: always fits.
            digits: number.digits().parse().unwrap_or_default(),
        }
    }
}

#[derive(Debug, Default)]
struct Address {
    ton: Ton,
    npi: Npi,
    digits: COctetString<1, 21>,
}

/// References of messages in parts: counted for each destination, since random ones collide.
#[derive(Debug, Default)]
pub struct References {
    last: HashMap<PhoneNumber, u8>,
    start: u8,
}

impl References {
    /// Destinations that are remembered; then all are forgotten and counting goes on elsewhere.
    const MAX_DESTINATIONS: usize = 65_536;

    /// References that begin elsewhere, so that those of before a restart are not repeated at once.
    pub(crate) fn beginning_at(count: u64) -> Self {
        Self {
            last: HashMap::new(),
            start: count.to_le_bytes().first().copied().unwrap_or_default(),
        }
    }

    /// The next reference for this destination, and so many in a row, of which this is the first; at least 1.
    pub(crate) fn next_run_for(&mut self, to: &PhoneNumber, count: u8) -> u8 {
        let first = self.next_for(to);
        if let Some(last) = self.last.get_mut(to) {
            *last = last.wrapping_add(count.saturating_sub(1));
        }
        first
    }

    /// The next reference for this destination.
    pub fn next_for(&mut self, to: &PhoneNumber) -> u8 {
        if let Some(last) = self.last.get_mut(to) {
            *last = last.wrapping_add(1);
            return *last;
        }
        if self.last.len() >= Self::MAX_DESTINATIONS {
            self.last.clear();
        }
        // Another beginning for each: nothing repeats at once after all were forgotten.
        self.start = self.start.wrapping_add(1);
        self.last.insert(to.clone(), self.start);
        self.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ozml_session::{EffectKey, RunId, SmsText};

    fn sms(to: &str, text: &str) -> OutgoingSms {
        let key = EffectKey::new(RunId::new("r").unwrap(), 1);
        OutgoingSms::new(key, PhoneNumber::new(to).unwrap(), SmsText::new(text).unwrap())
    }

    fn octets(submit: &SubmitSm) -> Vec<u8> {
        let mut out = Vec::new();
        crate::smpp::frame::write_as(&mut out, rusmpp::CommandId::SubmitSm, 0, 1, submit);
        out[crate::smpp::frame::HEADER_LENGTH..].to_vec()
    }

    #[test]
    fn one_part_is_one_plain_submit() {
        let mut message = sms("+36301234567", "hi");
        message.from = Some(SenderId::new("Shop").unwrap());
        let submits = SubmitOptions::default()
            .submits(&message, || panic!("not asked"))
            .unwrap();
        let expected = b"\0\x05\0Shop\0\x01\x0136301234567\0\0\0\0\0\0\x01\0\0\0\x02hi";
        assert_eq!(submits.parts.iter().map(octets).collect::<Vec<_>>(), [expected]);
    }

    #[test]
    fn parts_carry_a_header_and_say_so() {
        let submits = SubmitOptions::default()
            .submits(&sms("9994", &"ű".repeat(71)), || 0x2A)
            .unwrap();
        assert_eq!((submits.encoding, submits.parts.len()), (Encoding::Ucs2, 2));
        let second = octets(&submits.parts[1]);
        let expected = b"\0\0\0\0\0\x019994\0\x40\0\0\0\0\x01\0\x08\0\x0E\x05\0\x03\x2A\x02\x02\x01\x71";
        assert_eq!(&second[..expected.len()], expected);
    }

    #[test]
    fn parts_by_the_centre_s_own_alphabet_have_a_reference_too() {
        let options = SubmitOptions {
            charset: DefaultCharset::Ascii,
            ..SubmitOptions::default()
        };
        // One part in GSM 7-bit, two in UCS-2.
        let submits = options.submits(&sms("9994", &"é".repeat(100)), || 0x2A).unwrap();
        assert_eq!((submits.encoding, submits.parts.len()), (Encoding::Ucs2, 2));
        for (number, part) in (1..).zip(&submits.parts) {
            assert_eq!(part.short_message().as_ref()[..6], [5, 0, 3, 0x2A, 2, number]);
        }
    }

    #[test]
    fn a_refused_message_takes_no_reference() {
        let mut message = sms("9994", &"x".repeat(161));
        message.from = Some(SenderId::new("Ägypten").unwrap());
        let options = SubmitOptions::default();
        assert!(options.submits(&message, || panic!("not asked")).is_err());
        message.max_segments = 1;
        assert!(options.submits(&message, || panic!("not asked")).is_err());
    }

    #[test]
    fn a_route_has_its_own_ways() {
        let options = SubmitOptions {
            sender: Some(SenderId::new("+3620").unwrap()),
            local_ton_npi: (3, 0),
            charset: DefaultCharset::Ascii,
            receipts: false,
        };
        let submits = options.submits(&sms("9994", "é"), || 0).unwrap();
        let expected = b"\0\x01\x013620\0\x03\x009994\0\0\0\0\0\0\0\0\x08\0\x02\0\xE9";
        assert_eq!(octets(&submits.parts[0]), expected);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut message = sms("1", &"x".repeat(1_600));
        let options = SubmitOptions::default();
        let refusal = options.submits(&message, || 0).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "Message: the text needs 11 parts, the limit `sms_segments` is 10"
        );
        message.max_segments = 11;
        assert_eq!(options.submits(&message, || 0).unwrap().parts.len(), 11);
        message.from = Some(SenderId::new("Ägypten").unwrap());
        let refusal = options.submits(&message, || 0).unwrap_err();
        assert!(
            refusal.to_string().starts_with("Sender: `Ägypten` has a letter"),
            "{refusal}"
        );
    }

    #[test]
    fn a_run_of_references_is_nobody_else_s() {
        let mut references = References::default();
        let to = PhoneNumber::new("1").unwrap();
        let found = [3, 1, 255, 2].map(|count| references.next_run_for(&to, count));
        assert_eq!(found, [1, 4, 5, 4]);
    }

    #[test]
    fn references_count_for_each_destination() {
        let mut references = References::default();
        let [a, b] = ["1", "2"].map(|to| PhoneNumber::new(to).unwrap());
        let found = [&a, &a, &b, &a].map(|to| references.next_for(to));
        assert_eq!(found, [1, 2, 2, 3]);
        for number in 0..References::MAX_DESTINATIONS {
            references.next_for(&PhoneNumber::new(&number.to_string()).unwrap());
        }
        assert!(references.last.len() <= References::MAX_DESTINATIONS);
    }
}
