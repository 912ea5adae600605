use super::Case;
use crate::{EffectKey, Messenger, OutgoingSms, PhoneNumber, RunId, SmsText};

/// Messages for the suite: distinct effects of one run.
fn sms(number: u64, text: &str) -> OutgoingSms {
    let valid = "the suite's own values are valid";
    OutgoingSms::new(
        EffectKey::new(RunId::new("contract").expect(valid), number),
        PhoneNumber::new("+062554670").expect(valid),
        SmsText::new(text).expect(valid),
    )
}

/// The contract of [`Messenger`]: distinct messages get distinct ids and their number of parts, one
/// effect key is one message, and a message over its part limit is refused.
///
/// `make` gives a messenger that accepts everything.
///
/// # Panics
/// When the contract is broken.
pub fn messenger<M: Messenger>(make: impl Fn() -> M, block_on: impl Fn(Case<'_>)) {
    let port = make();
    block_on(Box::pin(async {
        let first = port
            .send(&sms(1, "Hello!"))
            .await
            .expect("a plain message is accepted");
        let second = port
            .send(&sms(2, &"x".repeat(161)))
            .await
            .expect("a message of two parts is accepted");
        assert_ne!(first.id, second.id, "messages have names of their own");
        assert_eq!((first.segments, second.segments), (1, 2));

        let again = port
            .send(&sms(1, "Hello!"))
            .await
            .expect("the first answer again");
        assert_eq!(again, first, "one effect key is one message");

        let mut long = sms(3, &"x".repeat(1600));
        long.max_segments = 10;
        let refusal = port
            .send(&long)
            .await
            .expect_err("11 parts are over the limit of 10");
        assert_eq!(refusal.code(), 302, "{refusal}");
    }));
}
