//! `<SendSms>`: hand a text message to the SMS transport.

use ozml_engine::{
    Contexts, Kind, Outcome, Param, RunCx, SpokenText, Stop, Value, Variable, Verb, VerbFuture, VerbSpec,
};
use ozml_session::{HttpUrl, OutgoingSms, PhoneNumber, SenderId, SmsText};

const RECIPIENT: Param<PhoneNumber> = Param::new("Recipient", "who receives it").mandatory();
const MESSAGE: Param<SmsText> = Param::new("Message", "what it says").mandatory().content();
const SENDER: Param<SenderId> = Param::new(
    "Sender",
    "the number, short code or name shown to the receiver; the connection's own when it is left out",
);
const REPORT: Param<HttpUrl> =
    Param::new("DeliveryReportURL", "is told what became of it").alias("DelivaryReportURL");
const API_EXTENSION: Param<SpokenText> = Param::new(
    "ApiExtension",
    "the extension it is sent for; the script's own when it is left out",
);

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
