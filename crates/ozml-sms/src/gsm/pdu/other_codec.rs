//! Our PDUs held against those of the crate `sms-pdu`.

use ozml_session::{PhoneNumber, SenderId};
use proptest::prelude::*;
use sms_pdu::gsm_encoding::GsmMessageData;
use sms_pdu::pdu::{DeliverPdu, PduAddress, StatusReportPdu, SubmitPdu};

use super::properties::{any_name, any_timestamp};
use super::*;
use crate::text::properties::{any_reference, any_text};
use crate::text::vectors::hex;
use crate::text::{Alphabet, UserData};

/// A line of ours as octets, with a service centre or without.
fn octets(tpdu: Vec<u8>, centre: Option<&PhoneNumber>) -> Vec<u8> {
    let mut octets = Vec::new();
    Address::write_centre(centre.map(Address::from).as_ref(), &mut octets);
    octets.extend(tpdu);
    octets
}

fn digits_only() -> impl Strategy<Value = PhoneNumber> {
    "[+]?[0-9]{1,20}".prop_map(|number| PhoneNumber::new(&number).unwrap())
}

/// Whether both codecs read the same text. Where the other is wrong, it must be wrong as expected: it has no form feed;
/// it drops the first septet behind a header of seven octets, which needs no fill bits; and it may show an `@` too
/// many behind any header, since it counts the octets of the header as text.
fn same_text(theirs: &str, ours: &UserData) -> bool {
    let is_septets = ours.alphabet == Alphabet::Gsm7;
    let header = ours.header.concatenation();
    let drops = is_septets && header.is_some_and(|header| header.header_octets() == 7);
    let payload = ours.payload.get(usize::from(drops)..).unwrap();
    let text = ours.alphabet.decode(payload).unwrap();
    let text = text.replace('\u{c}', if is_septets { "\n" } else { "\u{c}" });
    let rest = theirs.strip_prefix(&text);
    rest == Some("") || header.is_some() && is_septets && rest == Some("@")
}

proptest! {
    #[test]
    fn it_reads_what_we_deliver(
        source in prop_oneof![digits_only().prop_map(SenderId::Number), any_name()],
        text in any_text(),
        reference in any_reference(),
        centre in proptest::option::of(digits_only()),
    ) {
        let sent_at = Timestamp::from_octets([0x62, 0x10, 0x12, 0x01, 0x00, 0x50, 0x40]);
        for deliver in Deliver::of_text(&Address::from(&source), &text, reference, sent_at).unwrap() {
            let theirs = DeliverPdu::try_from(&octets(deliver.write(), centre.as_ref())[..]).unwrap();
            prop_assert_eq!(theirs.originating_address.to_string(), source.as_str());
            prop_assert_eq!(theirs.sca.as_ref().map(|centre| centre.to_string()), centre.as_ref().map(ToString::to_string));
            prop_assert_eq!(&theirs.user_data, &deliver.user_data.octets);
            prop_assert_eq!(theirs.user_data_len, deliver.user_data.length);
            prop_assert_eq!((theirs.scts.year, theirs.scts.minute, theirs.scts.second), (26, 0, 5));
            let data = theirs.get_message_data().decode_message().unwrap();
            let ours = deliver.user_data.read(deliver.data_coding).unwrap();
            prop_assert!(same_text(&data.text, &ours), "{:?}", data.text);
            let concatenation = data.udh.and_then(|header| header.get_concatenated_sms_data());
            let concatenation = concatenation.map(|found| (found.parts, found.sequence));
            prop_assert_eq!(concatenation, ours.header.concatenation().map(|ours| (ours.total, ours.number)));
        }
    }

    #[test]
    fn we_read_what_it_submits(to in digits_only(), text in any_text()) {
        let mut said = Vec::new();
        let mut alphabet = None;
        for data in GsmMessageData::encode_message(&text) {
            let address: PduAddress = to.as_str().parse().unwrap();
            let (octets, length) = SubmitPdu::make_simple_message(address, data).as_bytes();
            let frame = Frame::from_hex(&hex(&octets), Some(length)).unwrap();
            prop_assert_eq!(frame.tpdu_length(), length);
            let submit = Submit::read(&frame.octets).unwrap();
            prop_assert_eq!(submit.destination.number(), Some(to.clone()));
            let data = submit.user_data.read(submit.data_coding).unwrap();
            alphabet = Some(data.alphabet);
            said.extend(data.payload);
        }
        prop_assert_eq!(alphabet.and_then(|alphabet| alphabet.decode(&said)), Some(text));
    }

    #[test]
    fn it_reads_our_reports(
        recipient in digits_only(),
        reference in any::<u8>(),
        sent_at in any_timestamp(),
        status in prop::sample::select(vec![0x00, 0x01, 0x20, 0x46, 0x62]),
    ) {
        let report = StatusReport::new(reference, Address::from(&recipient), sent_at, sent_at, TpStatus(status));
        let theirs = StatusReportPdu::try_from(&octets(report.write(), None)[..]).unwrap();
        prop_assert_eq!(theirs.message_reference, reference);
        prop_assert_eq!(theirs.recipient_address.to_string(), recipient.as_str());
        prop_assert_eq!(theirs.status as u8, status);
        prop_assert_eq!((theirs.first_octet.mms, theirs.first_octet.srq), (true, false));
    }
}
