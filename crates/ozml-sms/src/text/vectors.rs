//! The vectors of the SMS specification, each checked there with at least two independent libraries.

use sha2::{Digest, Sha256};

use super::*;

pub(crate) struct Vector {
    pub(crate) name: &'static str,
    pub(crate) text: String,
    pub(crate) data_coding: u8,
    pub(crate) reference: Reference,
    /// Units of each part.
    pub(crate) units: &'static [usize],
    pub(crate) tp_udl: &'static [usize],
    /// TP-UD of each part in hex; long ones by beginning and end.
    pub(crate) tp_ud: &'static [&'static str],
    /// Beginning of SHA-256 over the TP-UD of all parts.
    pub(crate) sha256: &'static str,
}

const BITS8: Reference = Reference::Bits8(0x2A);
const BITS16: Reference = Reference::Bits16(0x1234);

#[rustfmt::skip]
pub(crate) fn vectors() -> Vec<Vector> {
    let vector = |name, text, data_coding, reference, units, tp_udl, tp_ud, sha256| {
        Vector { name, text, data_coding, reference, units, tp_udl, tp_ud, sha256 }
    };
    vec![
        vector("V01", "hello".to_owned(), 0, BITS8, &[5], &[5],
            &["E8329BFD06"], "28b64ec9d4812608"),
        vector("V02", "hellohello".to_owned(), 0, BITS8, &[10], &[10],
            &["E8329BFD4697D9EC37"], "3279c398d1a07c45"),
        vector("V03", String::new(), 0, BITS8, &[0], &[0],
            &[""], "e3b0c44298fc1c14"),
        vector("V04", "@£$¥èéùìòÇ\nØø\rÅå".to_owned(), 0, BITS8, &[16], &[16],
            &["8080604028180E888462C168381E"], "2b0cf1a29421899c"),
        vector("V05", "Δ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ".to_owned(), 0, BITS8, &[16], &[16],
            &["90886442A9582E988C06C4E9783E"], "0e4a52b6c354807a"),
        vector("V06", "^{}\\[~]|€".to_owned(), 0, BITS8, &[18], &[18],
            &["1BCA06B5496D5E1BDEA6B7F16D809B32"], "ffe026519171ec76"),
        vector("V07", "¡ÄÖÑÜ§¿äöñüà".to_owned(), 0, BITS8, &[12], &[12],
            &["C02DB7EBFD82F7FCBEFF0F"], "9a0eaa698e1e1911"),
        vector("V08", "1234567".to_owned(), 0, BITS8, &[7], &[7],
            &["31D98C56B3DD00"], "98c14a9b602d35a9"),
        vector("V09", "12345678".to_owned(), 0, BITS8, &[8], &[8],
            &["31D98C56B3DD70"], "8717855f841fa620"),
        vector("V10", "a".repeat(160), 0, BITS8, &[160], &[160],
            &["E170381C0E87C3E170381C0E87C3E170…0E87C3"], "bab28f00793f215f"),
        vector("V11", "a".repeat(161), 0, BITS8, &[153, 8], &[160, 15],
            &["0500032A0201C2E170381C0E87C3E170…0E87C3", "0500032A0202C2E170381C0E8701"], "da31ba6eebec2fe3"),
        vector("V12", "a".repeat(159) + "€", 0, BITS8, &[153, 8], &[160, 15],
            &["0500032A0201C2E170381C0E87C3E170…0E87C3", "0500032A0202C2E170381CDE9401"], "14b5521355d527e6"),
        vector("V13", "a".repeat(152) + "€" + &"b".repeat(10), 0, BITS8, &[152, 12], &[159, 19],
            &["0500032A0201C2E170381C0E87C3E170…0E8701", "0500032A02023665B1582C168BC562B118"], "2f0e10ebc86d2e8f"),
        vector("V14", "x".repeat(306), 0, BITS8, &[153, 153], &[160, 160],
            &["0500032A0201F0783C1E8FC7E3F1783C…C7E3F1", "0500032A0202F0783C1E8FC7E3F1783C…C7E3F1"], "e9aa57f52d550dc1"),
        vector("V15", "x".repeat(307), 0, BITS8, &[153, 153, 1], &[160, 160, 8],
            &["0500032A0301F0783C1E8FC7E3F1783C…C7E3F1", "0500032A0302F0783C1E8FC7E3F1783C…C7E3F1", "0500032A0303F0"], "83fcbe8d6719d736"),
        vector("V16", "Привет".to_owned(), 8, BITS8, &[6], &[12],
            &["041F04400438043204350442"], "4070c2b9819d5b42"),
        vector("V17", "Árvíztűrő tükörfúrógép".to_owned(), 8, BITS8, &[22], &[44],
            &["00C10072007600ED007A00740171007201510020007400FC006B00F60072006600FA007200F3006700E90070"], "16949567a96189da"),
        vector("V18", "ű".repeat(70), 8, BITS8, &[70], &[140],
            &["01710171017101710171017101710171…710171"], "8b184fae054a5cab"),
        vector("V19", "ű".repeat(71), 8, BITS8, &[67, 4], &[140, 14],
            &["0500032A020101710171017101710171…710171", "0500032A02020171017101710171"], "8747adefe2e11f80"),
        vector("V20", "ű".repeat(66) + "😀" + &"ű".repeat(5), 8, BITS8, &[66, 7], &[138, 20],
            &["0500032A020101710171017101710171…710171", "0500032A0202D83DDE0001710171017101710171"], "0f8574df0197fde8"),
        vector("V21", "😀".to_owned(), 8, BITS8, &[2], &[4],
            &["D83DDE00"], "d4e887a680e68155"),
        vector("V22", "`".to_owned(), 8, BITS8, &[1], &[2],
            &["0060"], "f66d0942831c3fc3"),
        vector("V23", "ç".to_owned(), 8, BITS8, &[1], &[2],
            &["00E7"], "e837a6633f8a90c0"),
        vector("V24", "Ç".to_owned(), 0, BITS8, &[1], &[1],
            &["09"], "2b4c342f5433ebe5"),
        vector("V25", "a".repeat(161), 0, BITS16, &[152, 9], &[160, 17],
            &["06080412340201E170381C0E87C3E170…0E87C3", "06080412340202E170381C0E87C361"], "76b28e230071579a"),
    ]
}

pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02X}")).collect()
}

pub(crate) fn assert_hex(octets: &[u8], expected: &str, name: &str) {
    let hex = hex(octets);
    match expected.split_once('…') {
        Some((start, end)) => {
            assert!(
                octets.len() > 130,
                "{name}: only long parts are shown by their ends"
            );
            assert!(
                hex.starts_with(start) && hex.ends_with(end),
                "{name}: {hex} is not {expected}"
            );
        }
        None => assert_eq!(hex, expected, "{name}"),
    }
}

#[test]
fn every_vector_gives_its_octets() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 25);
    for Vector {
        name,
        text,
        data_coding: coding,
        reference,
        units,
        tp_udl,
        tp_ud,
        sha256,
    } in vectors
    {
        let segments = segment(&text, reference).unwrap();
        let parts = &segments.parts;
        assert_eq!(data_coding(segments.encoding, false), coding, "{name}");
        assert_eq!(parts.iter().map(Part::units).collect::<Vec<_>>(), units, "{name}");
        assert_eq!(
            parts.iter().map(Part::tp_udl).collect::<Vec<_>>(),
            tp_udl,
            "{name}"
        );
        assert_eq!(parts.len(), tp_ud.len(), "{name}");
        for (part, expected) in parts.iter().zip(tp_ud) {
            assert_hex(&part.tp_ud(), expected, name);
        }
        let all: Vec<u8> = parts.iter().flat_map(Part::tp_ud).collect();
        let digest = hex(&Sha256::digest(&all)).to_lowercase();
        assert_eq!(digest.get(..16), Some(sha256), "{name}");
        assert_eq!(parts.iter().map(Part::text).collect::<String>(), text, "{name}");
        let counted = SegmentCount {
            encoding: segments.encoding,
            parts: parts.len(),
            units: units.iter().sum(),
        };
        assert_eq!(count_with(&text, reference.width()), counted, "{name}");
    }
}
