//! Delivery receipts: any text and any `deliver_sm` is read, and what was understood is understood again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ozml_sms::smpp::{Deliver, Receipt, ReceiptState};

fuzz_target!(|bytes: &[u8]| {
    if let Some(deliver) = Deliver::read(bytes)
        && let Some(receipt) = Receipt::read(&deliver)
    {
        assert!((1..=2).contains(&receipt.ids.len()), "{receipt:?}");
        assert!(receipt.ids.iter().all(|id| !id.is_empty()), "{receipt:?}");
    }
    let text: String = bytes.iter().copied().map(char::from).collect();
    let receipt = Receipt::from_text(&text);
    assert!(receipt.ids.len() <= 1, "{receipt:?}");
    assert_eq!(Receipt::from_text(&written(&receipt)), receipt);
});

/// The receipt in the customary form of SMPP 3.4, appendix B.
fn written(receipt: &Receipt) -> String {
    let state = receipt.state.map(|state| word(state).to_owned());
    let fields = [
        ("id:", receipt.ids.first()),
        ("submit date:", receipt.submitted.as_ref()),
        ("done date:", receipt.done.as_ref()),
        ("stat:", state.as_ref()),
        ("err:", receipt.error.as_ref()),
        ("text:", receipt.text.as_ref()),
    ];
    let given = fields
        .into_iter()
        .filter_map(|(key, value)| Some(format!("{key}{}", value?)));
    given.collect::<Vec<_>>().join(" ")
}

fn word(state: ReceiptState) -> &'static str {
    match state {
        ReceiptState::Enroute => "ENROUTE",
        ReceiptState::Delivered => "DELIVRD",
        ReceiptState::Expired => "EXPIRED",
        ReceiptState::Deleted => "DELETED",
        ReceiptState::Undeliverable => "UNDELIV",
        ReceiptState::Accepted => "ACCEPTD",
        ReceiptState::Unknown => "UNKNOWN",
        ReceiptState::Rejected => "REJECTD",
        other => unreachable!("{other:?} has no word here"),
    }
}
