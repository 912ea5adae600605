//! TPDUs: whatever a modem gives is answered, and what was read is written and reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ozml_sms::gsm::pdu::{Address, Deliver, Frame, Incoming, PduError, StatusReport, Submit, TpUserData};
use ozml_sms::text::Alphabet;

// The octets are a TPDU, a line in hexadecimal digits, and what such a line says.
fuzz_target!(|bytes: &[u8]| {
    tpdu(bytes);
    line(&String::from_utf8_lossy(bytes));
    line(
        &bytes
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect::<String>(),
    );
});

fn line(line: &str) {
    for announced in [None, Some(line.len() / 2)] {
        let Ok(frame) = Frame::from_hex(line, announced) else {
            continue;
        };
        let again = Frame::from_hex(&frame.to_hex(), Some(frame.tpdu_length()));
        assert_eq!(again.as_ref(), Ok(&frame));
        let incoming = Incoming::read(&frame);
        let deliver = Deliver::read(&frame.octets).map(Incoming::Deliver);
        assert!(
            incoming == deliver || incoming == StatusReport::read(&frame.octets).map(Incoming::StatusReport)
        );
        tpdu(&frame.octets);
    }
}

fn tpdu(octets: &[u8]) {
    if let Ok(submit) = Submit::read(octets) {
        assert_eq!(Submit::read(&submit.write()).as_ref(), Ok(&submit));
        user_data(&submit.user_data, submit.data_coding);
        address(&submit.destination);
    }
    if let Ok(deliver) = Deliver::read(octets) {
        assert_eq!(Deliver::read(&deliver.write()).as_ref(), Ok(&deliver));
        user_data(&deliver.user_data, deliver.data_coding);
        address(&deliver.source);
        let _ = deliver.sent_at.wall_time();
    }
    match StatusReport::read(octets) {
        Ok(report) => {
            assert_eq!(StatusReport::read(&report.write()).as_ref(), Ok(&report));
            address(&report.recipient);
            assert!(!report.status.to_string().is_empty());
        }
        Err(PduError::Truncated { octets: found, .. }) => assert_eq!(found, octets.len()),
        Err(_) => {}
    }
}

/// Header and text come apart, and there is no more of a text than TP-UDL says.
fn user_data(data: &TpUserData, coding: u8) {
    if let Ok(read) = data.read(coding) {
        assert_eq!(read.text().is_none(), read.alphabet == Alphabet::Data8);
        assert!(read.payload.len() <= usize::from(data.length), "{read:?}");
    }
}

fn address(address: &Address) {
    let number = address.number();
    assert!(number.is_none_or(|number| number.as_str() == address.to_string()));
}
