//! Which effects were seen already: one effect key is one message.

use std::collections::{HashMap, VecDeque};

use ozml_session::{AcceptedSms, EffectKey, SmsRefusal};

/// The answer of a send.
pub(crate) type SendResult = Result<AcceptedSms, SmsRefusal>;

/// What is known of an effect.
#[derive(Debug, Clone)]
pub(crate) enum Effect {
    /// Its message has no answer yet.
    Waiting(u64),
    /// The answer it got.
    Answered(SendResult),
}

/// Effects by key. Of the answered ones only the latest are kept.
#[derive(Debug)]
pub(crate) struct KnownEffects {
    effects: HashMap<EffectKey, Effect>,
    answered: VecDeque<EffectKey>,
    limit: usize,
}

impl KnownEffects {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            effects: HashMap::new(),
            answered: VecDeque::new(),
            limit,
        }
    }

    pub(crate) fn get(&self, key: &EffectKey) -> Option<&Effect> {
        self.effects.get(key)
    }

    pub(crate) fn begin(&mut self, key: EffectKey, message: u64) {
        self.effects.insert(key, Effect::Waiting(message));
    }

    /// Keeps the answer. One after which nothing was handed over and a later try may succeed is
    /// forgotten instead.
    pub(crate) fn answer(&mut self, key: EffectKey, result: &SendResult) {
        if matches!(result, Err(SmsRefusal::NoRoute(_) | SmsRefusal::QueueFull)) {
            self.effects.remove(&key);
            return;
        }
        self.effects.insert(key.clone(), Effect::Answered(result.clone()));
        self.answered.push_back(key);
        if self.answered.len() > self.limit
            && let Some(oldest) = self.answered.pop_front()
        {
            self.effects.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ozml_session::RunId;

    #[test]
    fn the_latest_answers_are_kept() {
        let key = |number| EffectKey::new(RunId::new("r").unwrap(), number);
        let mut known = KnownEffects::new(2);
        for number in 1..=4 {
            known.begin(key(number), number);
        }
        for number in 1..=3 {
            known.answer(key(number), &Err(SmsRefusal::Centre("no".to_owned())));
        }
        assert!(known.get(&key(1)).is_none());
        assert!(matches!(known.get(&key(3)), Some(Effect::Answered(Err(_)))));
        assert!(matches!(known.get(&key(4)), Some(Effect::Waiting(4))));
        for refusal in [SmsRefusal::NoRoute("down".to_owned()), SmsRefusal::QueueFull] {
            known.begin(key(4), 4);
            known.answer(key(4), &Err(refusal));
            assert!(known.get(&key(4)).is_none());
        }
    }
}
