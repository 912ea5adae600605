//! Properties that hold between crates which must not know one another.

use ozml_session::{EffectKey, Messenger, OutgoingSms, PhoneNumber, RunId, SmsEncoding, SmsText};
use ozml_sim::{SimClock, SimMessenger};
use ozml_sms::text::{Encoding, count};
use proptest::prelude::*;

/// Texts of the GSM alphabet with its extensions, and texts beyond it, around the borders of parts.
fn texts() -> impl Strategy<Value = String> {
    let gsm = "[a-zA-Z0-9 @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ{}\\[\\]~|^€\n]{1,500}";
    let any = "[a-zűŐ€😀\u{10FFFF}]{1,300}";
    prop_oneof![gsm, any, "\\PC{1,200}"]
}

proptest! {
    #[test]
    fn the_simulated_transport_counts_parts_like_the_real_ones(text in texts()) {
        let key = EffectKey::new(RunId::new("run-1").unwrap(), 1);
        let to = PhoneNumber::new("+36205550000").unwrap();
        let mut sms = OutgoingSms::new(key, to, SmsText::new(&text).unwrap());
        sms.max_segments = u8::MAX;
        let messenger = SimMessenger::default();
        let accepted = SimClock::new().run(messenger.send(&sms)).unwrap().unwrap();
        let counted = count(&text);
        prop_assert_eq!(usize::from(accepted.segments), counted.parts);
        prop_assert_eq!(accepted.encoding == SmsEncoding::Gsm7, counted.encoding == Encoding::Gsm7);
    }
}
