//! A [`Behaviour`] written as options, `name=value`.

use std::num::NonZero;
use std::str::FromStr;

use ozml_session::PhoneNumber;

use super::behaviour::{Answers, Behaviour, ReceiptForm, ReceiptId};
use super::receipt::FinalState;
use crate::options::{OptionError, OptionSet, Setting, named, parsed, time};
use crate::smpp::{Password, Status, SystemId};

const SETTINGS: [Setting<Behaviour>; 23] = [
    Setting::new(
        "system-id",
        "1 to 15 characters",
        "let only this system_id bind",
        |b, v| Some(b.system_id(SystemId::new(v).ok()?)),
    ),
    Setting::secret(
        "password",
        "at most 8 characters",
        "let only this password bind",
        |b, v| Some(b.password(Password::new(v).ok()?)),
    ),
    Setting::new(
        "answer-delay",
        "a time such as 50ms",
        "let each message wait for its answer",
        |b, v| Some(b.answer_delay(time(v)?)),
    ),
    Setting::new(
        "answers",
        "in-order, reversed:N, missing:N or twice:N",
        "reverse groups of N answers, leave out or repeat every N-th",
        |b, v| Some(b.answers(answers(v)?)),
    ),
    Setting::new(
        "error-share",
        "a percentage such as 2%",
        "refuse this share of the messages",
        |b, v| Some(b.error_share(parsed(v)?)),
    ),
    Setting::new(
        "error-every",
        "a number above 0",
        "refuse every n-th message",
        |b, v| Some(b.error_every(parsed(v)?)),
    ),
    Setting::new(
        "refuse-to",
        "a phone number",
        "refuse every message to this recipient",
        |b, v| Some(b.refuse_to(PhoneNumber::new(v).ok()?)),
    ),
    Setting::new(
        "error-status",
        "an SMPP error status such as RSYSERR or 0x08",
        "the status of messages refused by error-share, error-every and refuse-to",
        |b, v| {
            let status: Status = parsed(v)?;
            (!status.is_ok()).then(|| b.error_status(status.0))
        },
    ),
    Setting::new(
        "seed",
        "a number",
        "choose other messages for error-share",
        |b, v| Some(b.seed(parsed(v)?)),
    ),
    Setting::new(
        "throttle",
        "a number above 0",
        "take so many messages a second, answer RTHROTTLED to the rest",
        |b, v| Some(b.throttle(parsed(v)?)),
    ),
    Setting::new(
        "cut-every",
        "a number above 0",
        "drop a connection at its n-th message",
        |b, v| Some(b.cut_every(parsed(v)?)),
    ),
    Setting::new(
        "cut-to",
        "a phone number",
        "drop a connection at every message to this recipient",
        |b, v| Some(b.cut_to(PhoneNumber::new(v).ok()?)),
    ),
    Setting::new(
        "cut-after",
        "a time such as 1s",
        "drop each connection so long after it was made",
        |b, v| Some(b.cut_after(time(v)?)),
    ),
    Setting::new(
        "receipts",
        "none, delivered, expired, deleted, undeliverable, unknown or rejected",
        "the final state that receipts tell",
        |b, v| Some(b.receipts(receipts(v)?)),
    ),
    Setting::new(
        "receipt-delay",
        "a time such as 2s",
        "send receipts so long after the message",
        |b, v| Some(b.receipt_delay(time(v)?)),
    ),
    Setting::new(
        "receipt-form",
        "both, text or tlvs",
        "where receipts carry id and state",
        |b, v| Some(b.receipt_form(receipt_form(v)?)),
    ),
    Setting::new(
        "receipt-id",
        "text, resp-hex or resp-dec-receipt-hex",
        "how message ids are written in answers and receipts",
        |b, v| Some(b.receipt_id(receipt_id(v)?)),
    ),
    Setting::new(
        "receipt-digits",
        "a number to 255",
        "write ids in receipts with at least so many digits",
        |b, v| Some(b.receipt_digits(parsed(v)?)),
    ),
    Setting::new(
        "id-case",
        "upper or lower",
        "how the letters of hexadecimal ids are written",
        |b, v| Some(b.lower_case_ids(named(v, &[("upper", false), ("lower", true)])?)),
    ),
    Setting::new(
        "first-id",
        "a number",
        "the number of the first message",
        |b, v| Some(b.first_id(parsed(v)?)),
    ),
    Setting::new(
        "charset",
        "gsm7, latin1, ascii or gsm7-packed",
        "what data_coding 0 is read as",
        |b, v| Some(b.charset(parsed(v)?)),
    ),
    Setting::new(
        "enquire-link",
        "a time such as 30s",
        "ask a silent peer so often whether it is there, 0 never",
        |b, v| Some(b.enquire_link(time(v)?)),
    ),
    Setting::new("kept", "a number", "remember so many messages", |mut b, v| {
        b.limits.kept = parsed(v)?;
        Some(b)
    }),
];

impl OptionSet for Behaviour {
    const WHOSE: &'static str = "a test centre";
    const EXAMPLE: &'static str = "answer-delay=50ms";

    fn settings() -> &'static [Setting<Self>] {
        &SETTINGS
    }
}

impl FromStr for Behaviour {
    type Err = OptionError;

    /// Reads `name=value,name=value`; nothing at all is the default.
    fn from_str(written: &str) -> Result<Self, OptionError> {
        Self::from_options(written)
    }
}

fn answers(written: &str) -> Option<Answers> {
    if written == "in-order" {
        return Some(Answers::InOrder);
    }
    let (habit, n) = written.split_once(':')?;
    match habit {
        "reversed" => Some(Answers::Reversed(parsed(n)?)),
        "missing" => Some(Answers::MissingEvery(parsed::<NonZero<u64>>(n)?)),
        "twice" => Some(Answers::TwiceEvery(parsed::<NonZero<u64>>(n)?)),
        _ => None,
    }
}

fn receipts(written: &str) -> Option<Option<FinalState>> {
    if written == "none" {
        return Some(None);
    }
    let state = FinalState::ALL.into_iter().find(|state| state.name() == written);
    state.map(Some)
}

fn receipt_form(written: &str) -> Option<ReceiptForm> {
    let forms = [
        ("both", ReceiptForm::Both),
        ("text", ReceiptForm::Text),
        ("tlvs", ReceiptForm::Tlvs),
    ];
    named(written, &forms)
}

fn receipt_id(written: &str) -> Option<ReceiptId> {
    let forms = [
        ("text", ReceiptId::Text),
        ("resp-hex", ReceiptId::RespHex),
        ("resp-dec-receipt-hex", ReceiptId::RespDecReceiptHex),
    ];
    named(written, &forms)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::smsc::Share;
    use crate::text::DefaultCharset;

    #[test]
    fn options_are_the_builder_in_writing() {
        let n = |n| NonZero::new(n).unwrap();
        let built = Behaviour::new()
            .system_id(SystemId::new("shop").unwrap())
            .password(Password::new("secret").unwrap())
            .answer_delay(Duration::from_millis(50))
            .answers(Answers::MissingEvery(n(10)))
            .error_share(Share::from_percent(2))
            .error_every(n(7))
            .refuse_to(PhoneNumber::new("+3630").unwrap())
            .error_status(0x58)
            .seed(9)
            .throttle(NonZero::new(100).unwrap())
            .cut_every(n(500))
            .cut_to(PhoneNumber::new("+3631").unwrap())
            .cut_after(Duration::from_secs(1))
            .receipts(Some(FinalState::Undeliverable))
            .receipt_delay(Duration::from_secs(2))
            .receipt_form(ReceiptForm::Tlvs)
            .receipt_id(ReceiptId::RespHex)
            .receipt_digits(12)
            .lower_case_ids(true)
            .first_id(5)
            .charset(DefaultCharset::Latin1)
            .enquire_link(Duration::ZERO);
        let written = "system-id=shop,password=secret,answer-delay=50ms,answers=missing:10,error-share=2%,\
                       error-every=7,refuse-to=+3630,error-status=RTHROTTLED,seed=9,throttle=100,cut-every=500,cut-to=+3631,cut-after=1s,\
                       receipts=undeliverable,receipt-delay=2s,receipt-form=tlvs,receipt-id=resp-hex,receipt-digits=12,id-case=lower,\
                       first-id=5,charset=latin1,enquire-link=0";
        assert_eq!(written.parse(), Ok(built));
        assert_eq!("".parse(), Ok(Behaviour::new()));
    }

    #[test]
    fn wrong_options_say_what_was_expected() {
        for (written, message) in [
            (
                "throttle=0",
                "\"0\" is no value of throttle: a number above 0 was expected",
            ),
            (
                "error-status=0",
                "\"0\" is no value of error-status: an SMPP error status such as RSYSERR or 0x08 was expected",
            ),
            (
                "receipts=late",
                "\"late\" is no value of receipts: none, delivered, expired, deleted, undeliverable, unknown or \
                 rejected was expected",
            ),
            (
                "throttle",
                "\"throttle\" is no option of a test centre: write name=value, such as answer-delay=50ms",
            ),
        ] {
            assert_eq!(written.parse::<Behaviour>().unwrap_err().to_string(), message);
        }
        let unknown = "delay=1s".parse::<Behaviour>().unwrap_err().to_string();
        assert!(unknown.starts_with("a test centre has no option \"delay\": it has system-id, password,"));
    }

    #[test]
    fn every_option_refuses_what_it_cannot_read() {
        for help in Behaviour::option_help().filter(|help| !["system-id", "password"].contains(&help.name)) {
            let result = Behaviour::new().with_option(help.name, "no such value");
            assert!(matches!(result, Err(OptionError::Value { .. })), "{}", help.name);
        }
    }
}
