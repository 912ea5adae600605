//! `<SendSms>`: hand a text message to the SMS transport.

use ozml_engine::{
    Contexts, Fields, Kind, LimitReached, Outcome, Param, Rules, RunCx, Stop, Value, Variable, Verb,
    VerbFuture, VerbSpec,
};
use ozml_session::{HttpUrl, OutgoingSms, PhoneNumber, SenderId, SmsText};

use crate::params::API_EXTENSION;

const RECIPIENT: Param<PhoneNumber> = Param::new("Recipient", "who receives it").mandatory();
const MESSAGE: Param<SmsText> = Param::new("Message", "what it says").mandatory().content();
const SENDER: Param<SenderId> = Param::new(
    "Sender",
    "the number, short code or name shown to the receiver; the connection's own when it is left out",
);
const REPORT: Param<HttpUrl> =
    Param::new("DeliveryReportURL", "is told what became of it").alias("DelivaryReportURL");
/// The description of `SendSms`.
pub(crate) static SEND_SMS: VerbSpec = VerbSpec::new(
    "SendSms",
    "Send a text message",
    r#"<Response><SendSms Recipient="+36205550000">Your code is 4411.</SendSms></Response>"#,
)
.contexts(Contexts::E.and(Contexts::M).and(Contexts::H))
.kind(Kind::Effect)
.params(&[RECIPIENT.spec(), MESSAGE.spec(), SENDER.spec(), REPORT.spec(), API_EXTENSION.spec()])
.answers(&["SmsId"])
.sets(&["SmsStatus"])
.rules(parts_of_the_text)
.notes(&["The next verb runs when the transport has accepted or refused the message."])
.readings(&[
    "A refusal does not stop the script. `$SmsStatus` is `accepted` or `refused`, `$SmsId` names an accepted message and is empty after a refusal.",
    "In a script there is one Recipient; a list is an error.",
    "Common indentation of the lines is taken off, line breaks inside stay.",
    "This version takes DeliveryReportURL and warns that it does not ask it yet.",
    "Once begun it runs to its outcome, also when the caller hangs up meanwhile.",
])
.compile(|p| {
    Some(Box::new(SendSms { to: p.get(&RECIPIENT)?, text: p.get(&MESSAGE)?, from: p.opt(&SENDER), report: p.opt(&REPORT) }))
});

/// The most characters of a text in one part, and of each part of a longer one: the default alphabet, each
/// character one septet (3GPP TS 23.038 4, TS 23.040 9.2.3.24.1). No encoding gets more into a message.
const MOST_IN_ONE: usize = 160;
const MOST_IN_EACH: usize = 153;

/// A text that needs more parts than allowed in every encoding. How many it really needs is the
/// transport's matter.
fn parts_of_the_text(fields: &Fields<'_>, rules: &mut Rules<'_>) {
    let most = rules.limits().sms_segments;
    let room = match usize::try_from(most).unwrap_or(usize::MAX) {
        0 => 0,
        1 => MOST_IN_ONE,
        parts => parts.saturating_mul(MOST_IN_EACH),
    };
    // A text of so few bytes need not be read.
    if fields.length(&MESSAGE) <= room {
        return;
    }
    if let Some((text, span)) = fields.literal(&MESSAGE)
        && text.as_str().chars().count() > room
    {
        rules.over_limit(LimitReached::new("sms_segments", most), span);
    }
}

struct SendSms {
    to: Value<PhoneNumber>,
    text: Value<SmsText>,
    from: Option<Value<SenderId>>,
    report: Option<Value<HttpUrl>>,
}

impl SendSms {
    fn message(&self, cx: &mut RunCx<'_>) -> Result<OutgoingSms, Stop> {
        let to = self.to.eval(cx)?.into_owned();
        let text = self.text.eval(cx)?.into_owned();
        let mut sms = OutgoingSms::new(cx.effect_key(), to, text);
        sms.from = Value::eval_opt(self.from.as_ref(), cx)?;
        sms.report = Value::eval_opt(self.report.as_ref(), cx)?;
        Ok(sms)
    }
}

impl Verb for SendSms {
    fn run<'a>(&'a self, cx: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(async move {
            let sent = match self.message(cx) {
                Ok(sms) => {
                    if sms.report.is_some() {
                        cx.warn(
                            "no-delivery-report",
                            "this version tells nobody at DeliveryReportURL",
                        );
                    }
                    cx.messenger().send(sms).await
                }
                Err(stop) => Err(stop),
            };
            match &sent {
                Ok(_) => cx.provide("SmsStatus", Variable::text("accepted"))?,
                Err(_) => {
                    cx.provide("SmsStatus", Variable::text("refused"))?;
                    cx.provide("SmsId", Variable::text(""))?;
                }
            }
            Ok(Outcome::next().field("SmsId", sent?.id.as_str()))
        })
    }
}
