//! SMS text: what is sent in parts is what is received, and any octets are read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ozml_sms::text::{
    Alphabet, Assembled, DefaultCharset, Fragment, Part, Reassembly, Reference, SegmentError, UserData,
    UserDataHeader, count_with, data_coding, segment_as, smart,
};

fuzz_target!(|bytes: &[u8]| {
    let [charset, coding, number, bytes @ ..] = bytes else {
        return;
    };
    let charset = DefaultCharset::ALL[usize::from(charset & 3)];
    let reference = if coding & 1 == 0 {
        Reference::Bits8(*number)
    } else {
        Reference::Bits16(u16::from(*number) << 8 | u16::from(*coding))
    };
    receive(*coding, charset, bytes);
    send(&String::from_utf8_lossy(bytes), charset, reference);
});

/// Octets of a peer.
fn receive(coding: u8, charset: DefaultCharset, octets: &[u8]) {
    let data = Alphabet::of(coding, charset) == Alphabet::Data8;
    for has_header in [false, true] {
        if let Ok(read) = UserData::read(coding, has_header, octets, charset) {
            assert_eq!(read.text().is_none(), data);
        }
    }
    if let Ok((header, text)) = UserDataHeader::read(octets) {
        let mut again = header.to_octets().expect("a header that was read can be written");
        again.extend(text);
        assert_eq!(UserDataHeader::read(&again), Ok((header, text)));
    }
}

/// A text of ours, all the way to the recipient.
fn send(text: &str, charset: DefaultCharset, reference: Reference) {
    let plain = smart::replace(text);
    assert_eq!(smart::replace(&plain.text).changes, []);
    let encoding = charset.choose(text);
    let segments = match segment_as(text, encoding, reference) {
        Ok(segments) => segments,
        Err(SegmentError::TooManyParts { .. }) => return,
        Err(fault) => panic!("{fault}"),
    };
    if encoding == ozml_sms::text::Encoding::choose(text) {
        assert_eq!(count_with(text, reference.width()).parts, segments.parts.len());
    }
    assert_eq!(segments.parts.iter().map(Part::text).collect::<String>(), text);
    // Packed octets without a count cannot tell a final `@` from padding.
    let lossy = charset == DefaultCharset::Gsm7Packed && text.contains('@');
    let received = deliver(&segments.parts, data_coding(encoding, false), charset);
    assert!(lossy || received == text, "{received:?} of {text:?}");
}

/// The parts as a centre with this character set hands them over.
fn deliver(parts: &[Part], coding: u8, charset: DefaultCharset) -> String {
    let mut reassembly = Reassembly::default();
    let mut received = String::new();
    for part in parts {
        let octets = part
            .short_message(charset)
            .expect("an encoding that the centre has");
        assert!(octets.len() <= 254 && part.tp_ud().len() <= 140);
        let read = UserData::read(coding, part.concatenation.is_some(), &octets, charset);
        let read = read.expect("our own header");
        let Some(concatenation) = part.concatenation else {
            received.extend(read.text());
            continue;
        };
        let fragment = Fragment {
            alphabet: read.alphabet,
            payload: read.payload,
        };
        let added = reassembly.add(0, "1", "2", concatenation, fragment);
        received.extend(added.ready.iter().filter_map(Assembled::text));
    }
    received
}
