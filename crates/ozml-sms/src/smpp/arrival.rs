//! What a `deliver_sm` is to whoever is not interested in SMPP.

use ozml_session::IncomingAddress;

use super::awaited::Arrived;
use super::deliver::Deliver;
use super::receipt::Receipt;
use crate::link::{Arrival, IncomingPart};
use crate::text::{Alphabet, Concatenation, DefaultCharset, Reference, UserData, UserDataHeader};

/// TLVs that number the parts of a message (SMPP 3.4, 5.3.2.22 to 24).
const SAR_REFERENCE: u16 = 0x020C;
const SAR_TOTAL: u16 = 0x020E;
const SAR_NUMBER: u16 = 0x020F;
/// Type of number of an international number.
const INTERNATIONAL: u8 = 1;

/// Reads what came in; `charset` is what `data_coding` 0 means.
pub(crate) fn arrival(deliver: Deliver, charset: DefaultCharset) -> Arrival {
    if !deliver.is_receipt() {
        return Arrival::Sms(part(deliver, charset));
    }
    match Receipt::read(&deliver) {
        Some(receipt) => Arrival::Receipt(Arrived {
            receipt,
            numbers: [deliver.source, deliver.destination],
        }),
        None => Arrival::UnreadableReceipt,
    }
}

fn part(deliver: Deliver, charset: DefaultCharset) -> IncomingPart {
    let content = content(&deliver, charset);
    let concatenation = content.header.concatenation().or_else(|| sar(&deliver));
    IncomingPart {
        from: address(&deliver.source, deliver.source_ton),
        to: address(&deliver.destination, deliver.destination_ton),
        content,
        concatenation,
        fingerprint: None,
    }
}

/// A header that is none is text.
fn content(deliver: &Deliver, charset: DefaultCharset) -> UserData {
    let read = |header| UserData::read(deliver.data_coding, header, &deliver.message, charset);
    let content = read(deliver.has_header()).or_else(|_| read(false));
    content.unwrap_or_else(|_| UserData {
        header: UserDataHeader::default(),
        alphabet: Alphabet::Data8,
        payload: deliver.message.clone(),
    })
}

/// International numbers come without their `+`.
fn address(given: &str, ton: u8) -> IncomingAddress {
    let is_number = !given.is_empty() && given.bytes().all(|octet| octet.is_ascii_digit());
    if ton == INTERNATIONAL && is_number {
        IncomingAddress::cleaned(&format!("+{given}"))
    } else {
        IncomingAddress::cleaned(given)
    }
}

/// Which part this is by its TLVs.
fn sar(deliver: &Deliver) -> Option<Concatenation> {
    let [high, low] = *deliver.tlv(SAR_REFERENCE)? else {
        return None;
    };
    let [total] = *deliver.tlv(SAR_TOTAL)? else {
        return None;
    };
    let [number] = *deliver.tlv(SAR_NUMBER)? else {
        return None;
    };
    Concatenation::new(Reference::Bits16(u16::from_be_bytes([high, low])), total, number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::smpp::deliver::tests::body;

    fn read(esm_class: u8, text: &[u8], tlvs: &[(u16, &[u8])], charset: DefaultCharset) -> Arrival {
        let deliver = Deliver::read(&body(b"36301234567", esm_class, text, tlvs)).unwrap();
        arrival(deliver, charset)
    }

    #[test]
    fn a_message_is_read_in_the_alphabet_of_its_centre() {
        for (charset, text) in [(DefaultCharset::Gsm7, "¡"), (DefaultCharset::Latin1, "@")] {
            let Arrival::Sms(part) = read(0, b"@", &[], charset) else {
                panic!("it is a message");
            };
            assert_eq!(part.content.text().as_deref(), Some(text));
            assert_eq!((part.from.as_str(), part.to.as_str()), ("+36301234567", "shop"));
            assert_eq!((part.concatenation, part.fingerprint), (None, None));
        }
    }

    #[test]
    fn a_receipt_comes_with_both_numbers() {
        let Arrival::Receipt(arrived) = read(4, b"id:17 stat:DELIVRD", &[], DefaultCharset::Gsm7) else {
            panic!("it is a receipt");
        };
        assert_eq!(arrived.receipt.ids, ["17"]);
        assert_eq!(arrived.numbers, ["36301234567", "shop"]);
        let nameless = read(4, b"stat:DELIVRD", &[], DefaultCharset::Gsm7);
        assert_eq!(nameless, Arrival::UnreadableReceipt);
    }

    #[test]
    fn what_it_says_is_not_printed() {
        for esm_class in [0, 4] {
            let printed = format!(
                "{:?}",
                read(esm_class, b"id:17 text:MMM", &[], DefaultCharset::Gsm7)
            );
            assert!(
                !printed.contains("MMM") && !printed.contains("77, 77"),
                "{printed}"
            );
        }
    }
}
