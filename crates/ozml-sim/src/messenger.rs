use std::collections::BTreeMap;
use std::future::ready;
use std::sync::{Mutex, PoisonError};

use ozml_session::{AcceptedSms, EffectKey, Ids, Invalid, Messenger, OutgoingSms, PortFuture, SmsRefusal};

use crate::ids::SimIds;
use crate::parts::parts;

/// What a [`SimMessenger`] answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SmsAnswer {
    /// Takes every message.
    #[default]
    Accept,
    /// Refuses every message with this reason.
    Refuse(String),
}

/// An SMS transport that goes nowhere: it answers at once and remembers what it took.
pub struct SimMessenger {
    answer: SmsAnswer,
    ids: Box<dyn Ids>,
    taken: Mutex<BTreeMap<EffectKey, (OutgoingSms, AcceptedSms)>>,
}

impl Default for SimMessenger {
    fn default() -> Self {
        Self::new(SmsAnswer::Accept)
    }
}

impl SimMessenger {
    /// A transport that answers the same to everything, with counted ids.
    pub fn new(answer: SmsAnswer) -> Self {
        Self {
            answer,
            ids: Box::new(SimIds::new()),
            taken: Mutex::default(),
        }
    }

    /// The messages it took, in the order of their effect keys.
    pub fn taken(&self) -> Vec<OutgoingSms> {
        self.lock().values().map(|(sms, _)| sms.clone()).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<EffectKey, (OutgoingSms, AcceptedSms)>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, sms: &OutgoingSms) -> Result<AcceptedSms, SmsRefusal> {
        if let SmsAnswer::Refuse(reason) = &self.answer {
            return Err(SmsRefusal::Centre(reason.clone()));
        }
        let mut taken = self.lock();
        if let Some((_, first)) = taken.get(&sms.key) {
            return Ok(first.clone());
        }
        let (encoding, parts) = parts(sms.text.as_str());
        let segments = u8::try_from(parts)
            .ok()
            .filter(|parts| *parts <= sms.max_segments);
        let Some(segments) = segments else {
            let reason = Invalid::new(format!(
                "the text needs {parts} parts, the limit `sms_segments` is {}",
                sms.max_segments
            ));
            return Err(SmsRefusal::Invalid {
                parameter: "Message",
                reason,
            });
        };
        let accepted = AcceptedSms::new(self.ids.message(), segments, encoding);
        taken.insert(sms.key.clone(), (sms.clone(), accepted.clone()));
        Ok(accepted)
    }
}

impl Messenger for SimMessenger {
    fn send<'a>(&'a self, sms: &'a OutgoingSms) -> PortFuture<'a, AcceptedSms, SmsRefusal> {
        Box::pin(ready(self.answer(sms)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SimClock;

    #[test]
    fn it_keeps_the_contract_of_a_messenger() {
        ozml_session::contract::messenger(SimMessenger::default, |case| {
            SimClock::new()
                .run(case)
                .expect("a simulated transport answers at once");
        });
    }
}
