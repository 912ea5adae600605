use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ozml_session::{Action, Clock, Destination, PhoneNumber, Policy, PortFuture, Refusal, Who};

use super::{AcceptedMessage, Admission, Alarm, DestinationPolicy, Moment, PolicyExplanation, TextHash};

/// A [`DestinationPolicy`] for everyone who asks: the port of the engine, and the gateway. Cheap to clone;
/// all clones count together.
#[derive(Clone)]
pub struct SharedPolicy(Arc<Shared>);

struct Shared {
    policy: Mutex<DestinationPolicy>,
    clock: Box<dyn Clock>,
    on_alarm: Box<dyn Fn(&Alarm) + Send + Sync>,
}

impl SharedPolicy {
    /// A policy on a clock. Each alarm is told to `on_alarm`, which must not wait.
    pub fn new(
        policy: DestinationPolicy,
        clock: impl Clock + 'static,
        on_alarm: impl Fn(&Alarm) + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Shared {
            policy: Mutex::new(policy),
            clock: Box::new(clock),
            on_alarm: Box::new(on_alarm),
        }))
    }

    /// Admits a message, and counts it: what the port does, with the text for the duplicate guard.
    pub fn admit_message(&self, to: &PhoneNumber, who: &Who, text: TextHash) -> Result<Admission, Refusal> {
        self.admit_now(Action::Sms, &Destination::Number(to.clone()), who, Some(text))
    }

    /// Whether both count together.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// See [`DestinationPolicy::replay`].
    pub fn replay(&self, message: &AcceptedMessage<'_>) {
        let now = Moment::new(self.0.clock.now(), self.0.clock.wall());
        self.policy().replay(now, message);
    }

    /// See [`DestinationPolicy::explain`].
    pub fn explain(&self, action: Action, to: &PhoneNumber, who: &Who) -> PolicyExplanation {
        let now = self.0.clock.now();
        self.policy().explain(now, action, to, who, None)
    }

    fn admit_now(
        &self,
        action: Action,
        to: &Destination,
        who: &Who,
        text: Option<TextHash>,
    ) -> Result<Admission, Refusal> {
        let mut policy = self.policy();
        // Asked under the lock, so that the policy's time does not go back.
        let admission = policy.admit(self.0.clock.now(), action, to, who, text);
        drop(policy);
        if let Ok(Admission {
            alarm: Some(alarm), ..
        }) = &admission
        {
            (self.0.on_alarm)(alarm);
        }
        admission
    }

    fn policy(&self) -> MutexGuard<'_, DestinationPolicy> {
        // Counts are whole at any point, so a panic elsewhere does not spoil them.
        self.0.policy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Policy for SharedPolicy {
    fn admit<'a>(&'a self, action: Action, to: &'a Destination, who: &'a Who) -> PortFuture<'a, (), Refusal> {
        Box::pin(async move { self.admit_now(action, to, who, None).map(drop) })
    }
}

impl fmt::Debug for SharedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedPolicy")
    }
}
