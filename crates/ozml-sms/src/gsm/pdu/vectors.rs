//! The vectors of the SMS specification, through whole PDUs.

use ozml_session::PhoneNumber;
use sha2::{Digest, Sha256};

use super::*;
use crate::text::vectors::{Vector, assert_hex, hex, vectors};
use crate::text::{Reference, data_coding, segment};

fn submits(to: &str, text: &str, reference: Reference) -> Vec<Submit> {
    let destination = Address::from(&PhoneNumber::new(to).unwrap());
    let parts = segment(text, reference).unwrap().parts;
    let submit = |part| Submit::new(destination.clone(), part);
    parts.iter().map(submit).collect()
}

#[test]
fn every_vector_goes_through_a_submit() {
    for Vector {
        name,
        text,
        data_coding,
        reference,
        tp_udl,
        tp_ud,
        sha256,
        ..
    } in vectors()
    {
        let sent = submits("+36301234567", &text, reference);
        let read: Vec<_> = sent
            .iter()
            .map(|submit| Submit::read(&submit.write()).unwrap())
            .collect();
        assert_eq!(read, sent, "{name}");
        let lengths: Vec<_> = read
            .iter()
            .map(|submit| usize::from(submit.user_data.length))
            .collect();
        assert_eq!(lengths, tp_udl, "{name}");
        let mut digest = Sha256::new();
        let mut said = String::new();
        for (submit, expected) in read.iter().zip(tp_ud) {
            assert_eq!(submit.data_coding, data_coding, "{name}");
            assert_hex(&submit.user_data.octets, expected, name);
            digest.update(&submit.user_data.octets);
            let data = submit.user_data.read(submit.data_coding).unwrap();
            said.extend(data.text());
        }
        let digest = hex(&digest.finalize()).to_lowercase();
        assert_eq!(digest.get(..16), Some(sha256), "{name}");
        assert_eq!(said, text, "{name}");
    }
}

/// A part in one, with something changed.
fn one(to: &str, text: &str, change: impl FnOnce(&mut Submit)) -> Submit {
    let mut submit = submits(to, text, Reference::Bits8(0)).remove(0);
    change(&mut submit);
    submit
}

#[test]
fn whole_submits_are_written_and_read() {
    let none = one("+36301234567", "hello", |_| ());
    let report = one("+36301234567", "hello", |submit| {
        submit.status_report = true;
        submit.validity = Some(Validity::Relative(0xA7));
    });
    let ucs2 = one("1234", "Привет", |submit| {
        submit.validity = Some(Validity::Relative(0xAA))
    });
    let flash = one("+36301234567", "hello", |submit| {
        submit.data_coding = data_coding(crate::text::Encoding::Gsm7, true);
    });
    for (submit, line, length) in [
        (none, "0001000B916303214365F7000005E8329BFD06", 18),
        (report, "0031000B916303214365F70000A705E8329BFD06", 19),
        (ucs2, "001100048121430008AA0C041F04400438043204350442", 22),
        (flash, "0001000B916303214365F7001005E8329BFD06", 18),
    ] {
        let frame = Frame::from(&submit);
        assert_eq!((frame.to_hex().as_str(), frame.tpdu_length()), (line, length));
        let frame = Frame::from_hex(line, Some(length)).unwrap();
        assert_eq!(Submit::read(&frame.octets), Ok(submit));
    }
}

#[test]
fn a_repeat_says_so() {
    let repeat = one("1234", "", |submit| {
        submit.reject_duplicates = true;
        submit.reference = 0x2A;
    });
    assert_eq!(Frame::from(&repeat).to_hex(), "00052A04812143000000");
}

#[test]
fn what_comes_is_told_apart() {
    let report = "00062A0B916303214365F7621012010000406210120100504000";
    let deliver = "07916303999099F9040B916303214365F700006210120100004005E8329BFD06";
    let read = |line| Incoming::read(&Frame::from_hex(line, None).unwrap());
    assert!(matches!(read(report), Ok(Incoming::StatusReport(report)) if report.reference == 42));
    let Ok(Incoming::Deliver(deliver)) = read(deliver) else {
        panic!("not read");
    };
    assert_eq!(deliver.source.to_string(), "+36301234567");
    assert!(!deliver.more && !deliver.report_indication);
    let data = deliver.user_data.read(deliver.data_coding).unwrap();
    assert_eq!(data.text().as_deref(), Some("hello"));
    let more = Deliver::read(&[&[0x20], &deliver.write()[1..]].concat()).unwrap();
    assert!(more.more && more.report_indication);
    // One that the modem keeps for sending.
    assert_eq!(
        read("0001000B916303214365F7000005E8329BFD06")
            .unwrap_err()
            .to_string(),
        "the PDU has the message type 1, an SMS-DELIVER was expected"
    );
}

#[test]
fn no_field_may_be_cut_off() {
    let submit = one("1234", "hello", |submit| {
        submit.validity = Some(Validity::Relative(0))
    });
    let written = submit.write();
    for length in 0..written.len() {
        let error = Submit::read(&written[..length]).unwrap_err();
        assert!(matches!(error, PduError::Truncated { octets, .. } if octets == length));
    }
    let longer = [&written[..], &[0xFF]].concat();
    assert_eq!(Submit::read(&longer), Ok(submit));
}
