use std::borrow::Cow;

use ozml_session::{AcceptedSms, OutgoingSms, Refusal, SmsRefusal};

use super::cx::RunCx;
use super::outcome::{Failure, LimitReached, Stop};
use super::port_answers;
use crate::trace::TraceKind;

/// The SMS transport as a verb sees it: an effect that is counted and traced.
pub struct MessengerCx<'c, 'p> {
    cx: &'c mut RunCx<'p>,
}

impl<'c, 'p> MessengerCx<'c, 'p> {
    pub(super) fn new(cx: &'c mut RunCx<'p>) -> Self {
        Self { cx }
    }

    /// Hands a message over. Once begun it runs to its outcome, also when the call ends meanwhile. A
    /// refusal fails the verb with the code of the refusal; over the limit `sms_per_call` it is 902.
    pub async fn send(self, mut sms: OutgoingSms) -> Result<AcceptedSms, Stop> {
        let cx = self.cx;
        if let Err(limit) = cx.count_sms() {
            return Err(refused(cx, &sms, &budget(limit)));
        }
        sms.max_segments = u8::try_from(cx.limits().sms_segments).unwrap_or(u8::MAX);
        let messenger = cx.ports.messenger();
        let sent = cx.effect("messenger.send", messenger.send(&sms), port_answers::sms);
        match sent.await {
            Ok(accepted) => {
                cx.record(TraceKind::SmsAccepted {
                    id: accepted.id.as_str().into(),
                    to: sms.to.as_str().into(),
                    from: sms.from.as_ref().map(|from| Cow::Borrowed(from.as_str())),
                    text: sms.text.as_str().into(),
                    segments: accepted.segments,
                });
                Ok(accepted)
            }
            Err(refusal) => Err(refused(cx, &sms, &refusal)),
        }
    }
}

fn budget(limit: LimitReached) -> SmsRefusal {
    SmsRefusal::Policy(Refusal::Budget {
        name: limit.name,
        value: limit.value,
    })
}

fn refused(cx: &mut RunCx<'_>, sms: &OutgoingSms, refusal: &SmsRefusal) -> Stop {
    match refusal {
        SmsRefusal::Policy(Refusal::Budget { name, value }) => cx.reached(LimitReached::new(name, *value)),
        SmsRefusal::TooLong { limit, .. } => cx.reached(LimitReached::new("sms_segments", u64::from(*limit))),
        SmsRefusal::Policy(Refusal::Rule { rule }) => {
            cx.limits_reached = cx.limits_reached.saturating_add(1);
            cx.record(TraceKind::Policy {
                rule: rule.as_str().into(),
                target: sms.to.as_str().into(),
            });
        }
        _ => {}
    }
    let text = refusal.to_string();
    cx.record(TraceKind::SmsRefused {
        to: sms.to.as_str().into(),
        code: refusal.code(),
        text: text.as_str().into(),
    });
    Failure::new(refusal.code(), text).into()
}
