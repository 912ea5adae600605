//! What holds for every text, every header and every octet that comes.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// Every character the GSM 7-bit alphabet has.
fn repertoire() -> Vec<char> {
    ('\0'..='\u{20AC}')
        .filter(|character| gsm7::width(*character).is_some())
        .collect()
}

/// GSM texts rich in extension characters, and texts of any character rich in surrogate pairs, of up to
/// several parts.
pub(crate) fn any_text() -> impl Strategy<Value = String> {
    let extended = prop::sample::select(vec!['€', '{', '}', '\u{0c}', '|']);
    let gsm7 = prop_oneof![3 => prop::sample::select(repertoire()), 1 => extended];
    let other = prop_oneof![
        1 => any::<char>(),
        1 => prop::sample::select(vec!['ű', '😀', 'a', '\u{FFFF}', '\u{10000}', '\u{10FFFF}']),
    ];
    let characters = prop_oneof![vec(gsm7, 0..700).boxed(), vec(other, 0..300).boxed()];
    characters.prop_map(|characters| characters.into_iter().collect())
}

pub(crate) fn any_reference() -> impl Strategy<Value = Reference> {
    prop_oneof![
        any::<u8>().prop_map(Reference::Bits8),
        any::<u16>().prop_map(Reference::Bits16)
    ]
}

fn any_charset() -> impl Strategy<Value = DefaultCharset> {
    use DefaultCharset::{Ascii, Gsm7, Gsm7Packed, Latin1};
    prop::sample::select(vec![Gsm7, Latin1, Ascii, Gsm7Packed])
}

fn check_sizes(part: &Part, part_count: usize, reference: Reference) {
    let limits = part.encoding.limits(reference.width());
    let limit = if part_count == 1 {
        limits.single
    } else {
        limits.of_many
    };
    assert!(part.units() <= limit);
    assert_eq!(part.concatenation.is_some(), part_count > 1);
    let tp_ud = part.tp_ud();
    assert!(tp_ud.len() <= 140);
    let octets = match part.encoding {
        Encoding::Gsm7 => (part.tp_udl() * 7).div_ceil(8),
        Encoding::Ucs2 => part.tp_udl(),
    };
    assert_eq!(tp_ud.len(), octets);
}

proptest! {
    #[test]
    fn parts_joined_are_the_text(text in any_text(), reference in any_reference()) {
        let segments = segment(&text, reference).unwrap();
        let parts = &segments.parts;
        prop_assert_eq!(segments.encoding, Encoding::choose(&text));
        for (number, part) in (1..).zip(parts) {
            check_sizes(part, parts.len(), reference);
            let expected = part.concatenation.map(|c| (c.reference, usize::from(c.total), c.number));
            prop_assert!(expected.is_none_or(|found| found == (reference, parts.len(), number)));
        }
        // Each part is read by itself: an escape or a surrogate pair that was cut would not come back.
        prop_assert_eq!(parts.iter().map(Part::text).collect::<String>(), text);
    }

    #[test]
    fn no_part_is_shorter_than_it_must_be(text in any_text(), reference in any_reference()) {
        let segments = segment(&text, reference).unwrap();
        let limit = segments.encoding.limits(reference.width()).of_many;
        if let [parts @ .., _] = segments.parts.as_slice() {
            for part in parts {
                prop_assert!(part.units() + 1 >= limit);
            }
        }
    }

    #[test]
    fn the_count_is_that_of_the_parts(text in any_text(), reference in any_reference()) {
        let segments = segment(&text, reference).unwrap();
        let units = segments.parts.iter().map(Part::units).sum();
        let expected = SegmentCount { encoding: segments.encoding, parts: segments.parts.len(), units };
        prop_assert_eq!(count_with(&text, reference.width()), expected);
    }

    #[test]
    fn unpacking_undoes_packing(septets in vec(0_u8..0x80, 0..400), fill_bits in 0_u32..8) {
        let packed = gsm7::pack(&septets, fill_bits);
        prop_assert_eq!(packed.len(), (septets.len() * 7 + fill_bits as usize).div_ceil(8));
        prop_assert_eq!(gsm7::unpack(&packed, fill_bits, septets.len()), septets);
    }

    #[test]
    fn septets_come_back_as_they_were_packed_into_a_tpdu(text in any_text(), reference in any_reference()) {
        for part in segment(&text, reference).unwrap().parts {
            let tp_ud = part.tp_ud();
            let (_, body) = tp_ud.split_at(part.header().len());
            let payload = match part.encoding {
                Encoding::Gsm7 => {
                    gsm7::unpack(body, gsm7::fill_bits(part.header().len()), part.payload.len())
                }
                Encoding::Ucs2 => body.to_vec(),
            };
            prop_assert_eq!(payload, part.payload);
        }
    }

    #[test]
    fn every_centre_gives_back_what_was_sent(
        text in any_text(),
        reference in any_reference(),
        charset in any_charset(),
    ) {
        let encoding = charset.choose(&text);
        let mut reassembly = Reassembly::default();
        let mut came = Vec::new();
        for part in segment_as(&text, encoding, reference).unwrap().parts {
            let octets = part.short_message(charset).unwrap();
            prop_assert!(octets.len() <= 254);
            let has_header = part.concatenation.is_some();
            let data = UserData::read(data_coding(encoding, false), has_header, &octets, charset).unwrap();
            prop_assert_eq!(data.header.concatenation(), part.concatenation);
            let Some(concatenation) = part.concatenation else {
                came.extend(data.text());
                continue;
            };
            let fragment = Fragment { alphabet: data.alphabet, payload: data.payload };
            let added = reassembly.add(0, "12", "34", concatenation, fragment);
            came.extend(added.ready.iter().filter_map(Assembled::text));
        }
        // Packed octets without a count cannot tell a final `@` from padding.
        let lossy = charset == DefaultCharset::Gsm7Packed && text.contains('@');
        prop_assert!(lossy || came == [text]);
    }

    #[test]
    fn headers_come_back(
        elements in vec((any::<u8>(), vec(any::<u8>(), 0..12)), 0..16),
        text in vec(any::<u8>(), 0..20),
    ) {
        let elements = elements.into_iter().map(|(id, data)| Element { id, data }).collect();
        let header = UserDataHeader { elements };
        let mut octets = header.to_octets().unwrap();
        octets.extend(&text);
        prop_assert_eq!(UserDataHeader::read(&octets), Ok((header, text.as_slice())));
    }

    #[test]
    fn concatenations_come_back(reference in any_reference(), total in 1_u8.., number in any::<u8>()) {
        let number = number % total + 1;
        let concatenation = Concatenation { reference, total, number };
        let octets = concatenation.to_header();
        prop_assert_eq!(octets.len(), concatenation.header_octets());
        let (header, rest) = UserDataHeader::read(&octets).unwrap();
        prop_assert_eq!((header.concatenation(), rest), (Some(concatenation), &[][..]));
    }

    #[test]
    fn reading_never_panics(
        coding in any::<u8>(),
        octets in vec(any::<u8>(), 0..300),
        charset in any_charset(),
        has_header in any::<bool>(),
        fill_bits in any::<u32>(),
        count in any::<usize>(),
    ) {
        let alphabet = Alphabet::of(coding, charset);
        let text = data_coding::decode(coding, &octets, charset);
        prop_assert_eq!(text.is_none(), alphabet == Alphabet::Data8);
        if let Ok(data) = UserData::read(coding, has_header, &octets, charset) {
            prop_assert_eq!(data.text().is_none(), alphabet == Alphabet::Data8);
        }
        prop_assert!(gsm7::unpack(&octets, fill_bits, count).len() <= count);
    }

    #[test]
    fn texts_of_octets_are_encoded_again(octets in vec(any::<u8>(), 0..300)) {
        let text = ucs2::decode(&octets);
        prop_assert_eq!(ucs2::decode(&ucs2::encode(&text)), text);
        let septets: Vec<u8> = octets.iter().map(|octet| octet & 0x7F).collect();
        let text = gsm7::decode(&septets);
        prop_assert_eq!(gsm7::encode(&text).map(|septets| gsm7::decode(&septets)), Ok(text));
    }

    #[test]
    fn reassembly_stays_inside_its_bounds_and_loses_nothing(
        arrivals in vec((0_u64..50, 0_u8..6, 1_u8..5, any::<u8>(), 0_u8..3), 0..200),
    ) {
        let limits = ReassemblyLimits { lifetime_ms: 300, messages: 5, octets: 3000 };
        let mut reassembly = Reassembly::new(limits);
        let (mut now_ms, mut taken, mut given) = (0, 0, 0);
        for (pause_ms, reference, total, number, octet) in arrivals {
            now_ms += pause_ms;
            let number = number % total + 1;
            let concatenation = Concatenation { reference: Reference::Bits8(reference), total, number };
            let fragment = Fragment { alphabet: Alphabet::Gsm7, payload: vec![octet; 4] };
            let added = reassembly.add(now_ms, "1", "2", concatenation, fragment);
            taken += usize::from(!added.duplicate);
            given += added.ready.iter().map(|message| message.parts.len()).sum::<usize>();
            prop_assert!(reassembly.waiting() <= limits.messages && reassembly.octets() <= limits.octets);
        }
        given += reassembly.expire(u64::MAX).iter().map(|message| message.parts.len()).sum::<usize>();
        prop_assert_eq!((taken, reassembly.waiting(), reassembly.octets()), (given, 0, 0));
    }
}
