use std::collections::{BTreeMap, VecDeque};
use std::future::ready;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use ozml_session::{
    AcceptedSms, EffectKey, Ids, Messenger, OutgoingSms, PortFuture, SmsRefusal, SmsState, SmsStates,
    SmsStatus,
};

use crate::ids::SimIds;
use crate::parts::parts;

/// What a [`SimMessenger`] answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SmsAnswer {
    /// Takes every message; nothing is heard of it again.
    #[default]
    Accept,
    /// Refuses every message with this reason.
    Refuse(String),
    /// Takes every message; then nobody can tell whether it was sent.
    Unknown,
}

/// An SMS transport that goes nowhere: it answers at once and remembers what it took.
#[derive(Clone)]
pub struct SimMessenger(Arc<Shared>);

struct Shared {
    answer: SmsAnswer,
    ids: SimIds,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    taken: BTreeMap<EffectKey, (OutgoingSms, AcceptedSms)>,
    statuses: VecDeque<SmsStatus>,
    reader: Option<Waker>,
}

impl Default for SimMessenger {
    fn default() -> Self {
        Self::new(SmsAnswer::Accept)
    }
}

impl SimMessenger {
    /// A transport that answers the same to everything, with counted ids.
    pub fn new(answer: SmsAnswer) -> Self {
        Self(Arc::new(Shared {
            answer,
            ids: SimIds::new(),
            state: Mutex::default(),
        }))
    }

    /// The messages it took, in the order of their effect keys.
    pub fn taken(&self) -> Vec<OutgoingSms> {
        self.0.lock().taken.values().map(|(sms, _)| sms.clone()).collect()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, sms: &OutgoingSms) -> Result<AcceptedSms, SmsRefusal> {
        if let SmsAnswer::Refuse(reason) = &self.answer {
            return Err(SmsRefusal::Centre(reason.clone()));
        }
        let mut state = self.lock();
        if let Some((_, first)) = state.taken.get(&sms.key) {
            return Ok(first.clone());
        }
        let accepted = self.accept(sms)?;
        state
            .taken
            .insert(sms.key.clone(), (sms.clone(), accepted.clone()));
        if self.answer == SmsAnswer::Unknown {
            let status = SmsStatus::new(accepted.id.clone(), SmsState::Unknown);
            state.statuses.push_back(status.because("no answer came"));
            if let Some(reader) = state.reader.take() {
                reader.wake();
            }
        }
        Ok(accepted)
    }

    fn accept(&self, sms: &OutgoingSms) -> Result<AcceptedSms, SmsRefusal> {
        let (encoding, parts) = parts(sms.text.as_str());
        match u8::try_from(parts)
            .ok()
            .filter(|parts| *parts <= sms.max_segments)
        {
            Some(segments) => Ok(AcceptedSms::new(self.ids.message(), segments, encoding)),
            None => Err(SmsRefusal::TooLong {
                segments: u64::try_from(parts).unwrap_or(u64::MAX),
                limit: sms.max_segments,
            }),
        }
    }
}

impl Messenger for SimMessenger {
    fn send<'a>(&'a self, sms: &'a OutgoingSms) -> PortFuture<'a, AcceptedSms, SmsRefusal> {
        Box::pin(ready(self.0.answer(sms)))
    }

    /// One reader at a time. Ends at once unless the answer is [`SmsAnswer::Unknown`].
    fn states(&self) -> SmsStates {
        Box::pin(Statuses(self.0.clone()))
    }
}

struct Statuses(Arc<Shared>);

impl Stream for Statuses {
    type Item = SmsStatus;

    fn poll_next(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<SmsStatus>> {
        if self.0.answer != SmsAnswer::Unknown {
            return Poll::Ready(None);
        }
        let mut state = self.0.lock();
        match state.statuses.pop_front() {
            Some(status) => Poll::Ready(Some(status)),
            None => {
                state.reader = Some(task.waker().clone());
                Poll::Pending
            }
        }
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
