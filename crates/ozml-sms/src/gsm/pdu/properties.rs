//! What holds for every PDU, and for any octets that come.

use ozml_session::{PhoneNumber, SenderId};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::text::properties::{any_reference, any_text};
use crate::text::segment;

fn any_number() -> impl Strategy<Value = PhoneNumber> {
    "[+]?[0-9*#]{1,20}".prop_map(|number| PhoneNumber::new(&number).unwrap())
}

fn any_sender() -> impl Strategy<Value = SenderId> {
    prop_oneof![any_number().prop_map(SenderId::Number), any_name()]
}

pub(super) fn any_name() -> impl Strategy<Value = SenderId> {
    "[A-Z][A-Za-z0-9@_ äÄéΔ]{0,9}[@a-z]".prop_map(|name| SenderId::new(&name).unwrap())
}

pub(super) fn any_timestamp() -> impl Strategy<Value = Timestamp> {
    any::<[u8; 7]>().prop_map(Timestamp::from_octets)
}

fn any_validity() -> impl Strategy<Value = Validity> {
    prop_oneof![
        any::<u8>().prop_map(Validity::Relative),
        any_timestamp().prop_map(Validity::Absolute),
        any::<[u8; 7]>().prop_map(Validity::Enhanced),
    ]
}

fn any_submits() -> impl Strategy<Value = Vec<Submit>> {
    let options = (any::<[bool; 2]>(), any::<[u8; 2]>(), option::of(any_validity()));
    (any_number(), any_text(), any_reference(), options).prop_map(|(to, text, reference, options)| {
        let ([reject_duplicates, status_report], [number, protocol], validity) = options;
        let submit = |part| Submit {
            reject_duplicates,
            status_report,
            reference: number,
            protocol,
            validity,
            ..Submit::new(Address::from(&to), part)
        };
        segment(&text, reference)
            .unwrap()
            .parts
            .iter()
            .map(submit)
            .collect()
    })
}

fn any_parameters() -> impl Strategy<Value = ReportParameters> {
    let data = vec(any::<u8>(), 0..132).prop_map(|octets| TpUserData {
        has_header: false,
        length: u8::try_from(octets.len()).unwrap(),
        octets,
    });
    let (data, protocol) = (option::of(data), any::<Option<u8>>());
    (data, protocol).prop_map(|(user_data, protocol)| ReportParameters {
        protocol,
        data_coding: user_data.is_some().then_some(0x04),
        user_data,
    })
}

fn any_report() -> impl Strategy<Value = StatusReport> {
    let times = (any_timestamp(), any_timestamp());
    let said = (any::<u8>(), any::<u8>(), any::<[bool; 2]>());
    (any_sender(), times, said, any_parameters()).prop_map(|(recipient, times, said, parameters)| {
        let ((sent_at, done_at), (reference, status, [more, of_command])) = (times, said);
        StatusReport {
            more,
            of_command,
            parameters,
            ..StatusReport::new(
                reference,
                Address::from(&recipient),
                sent_at,
                done_at,
                TpStatus(status),
            )
        }
    })
}

/// Octets among which small numbers are frequent, so that fields have an end.
fn any_octets() -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![1 => any::<u8>(), 2 => 0_u8..24], 0..300)
}

proptest! {
    #[test]
    fn submits_come_back(submits in any_submits()) {
        for submit in submits {
            let frame = Frame::from(&submit);
            let read = Frame::from_hex(&frame.to_hex(), Some(frame.tpdu_length())).unwrap();
            prop_assert_eq!(Submit::read(&read.octets), Ok(submit));
        }
    }

    #[test]
    fn delivers_come_back(
        source in any_sender(),
        text in any_text(),
        reference in any_reference(),
        sent_at in any_timestamp(),
        flags in any::<[bool; 2]>(),
    ) {
        for mut deliver in Deliver::of_text(&Address::from(&source), &text, reference, sent_at).unwrap() {
            [deliver.more, deliver.report_indication] = flags;
            let read = Incoming::read(&Frame::new(deliver.write()));
            prop_assert_eq!(read, Ok(Incoming::Deliver(deliver)));
        }
    }

    #[test]
    fn reports_come_back(report in any_report()) {
        let read = Incoming::read(&Frame::new(report.write()));
        prop_assert_eq!(read, Ok(Incoming::StatusReport(report)));
    }

    #[test]
    fn what_was_read_of_any_octets_is_written_and_reads_the_same(octets in any_octets()) {
        for message_type in 0..=MESSAGE_TYPE {
            let mut octets = octets.clone();
            octets.first_mut().into_iter().for_each(|first| *first = *first & !MESSAGE_TYPE | message_type);
            if let Ok(submit) = Submit::read(&octets) {
                let _ = submit.user_data.read(submit.data_coding);
                prop_assert_eq!(Submit::read(&submit.write()), Ok(submit));
            }
            if let Ok(deliver) = Deliver::read(&octets) {
                let _ = (deliver.user_data.read(deliver.data_coding), deliver.sent_at.wall_time());
                prop_assert_eq!(Deliver::read(&deliver.write()), Ok(deliver));
            }
            if let Ok(report) = StatusReport::read(&octets) {
                prop_assert_eq!(StatusReport::read(&report.write()), Ok(report));
            }
        }
    }

    #[test]
    fn lines_come_back(octets in any_octets(), length in option::of(0_usize..300)) {
        let line = crate::text::vectors::hex(&octets);
        if let Ok(frame) = Frame::from_hex(&line, length) {
            let again = Frame::from_hex(&frame.to_hex(), Some(frame.tpdu_length()));
            prop_assert_eq!(again, Ok(frame));
        }
    }

    #[test]
    fn any_line_is_answered(line in any::<String>(), length in any::<Option<usize>>()) {
        let _ = Frame::from_hex(&line, length);
    }
}
