//! Gateways for tests.

use std::time::Duration;

use ozml_parser::Source;
use ozml_session::{EffectKey, OutgoingSms, PhoneNumber, RunId, SmsState, SmsStates, SmsText};
use tokio::time::timeout;

use crate::assemble::{Assembled, OpenOptions, Running};
use crate::config::{Config, SystemSecrets};

/// Nothing that works takes longer.
pub(crate) const GUARD: Duration = Duration::from_secs(60);

pub(crate) const CONSOLE: &str = "[[sms.connection]]\nname = 'shown'\ntype = 'console'\n";
pub(crate) const TO_CONSOLE: &str = "[[sms.route]]\nto = ['shown']\n";
pub(crate) const IN_MEMORY: &str = "[store]\nmode = 'memory'\n";

/// The configuration that these texts are together.
pub(crate) fn config(parts: &[&str]) -> Config {
    let (config, faults) = Config::read(&Source::new("ozml.toml", parts.concat()));
    config.unwrap_or_else(|| panic!("{faults:?}"))
}

pub(crate) fn assembled(parts: &[&str]) -> Assembled {
    Assembled::new(config(parts), &SystemSecrets).unwrap()
}

pub(crate) async fn open(parts: &[&str]) -> Running {
    assembled(parts).open(OpenOptions::default()).await.unwrap()
}

pub(crate) fn sms(number: u64) -> OutgoingSms {
    let key = EffectKey::new(RunId::new("run").unwrap(), number);
    let to = PhoneNumber::new("+36201234567").unwrap();
    OutgoingSms::new(key, to, SmsText::new("Hello!").unwrap())
}

/// Waits until a message is delivered.
pub(crate) async fn delivered(states: &mut SmsStates) {
    let wait = async {
        loop {
            let next = std::future::poll_fn(|task| states.as_mut().poll_next(task)).await;
            if next.expect("the gateway is open").state == SmsState::Delivered {
                break;
            }
        }
    };
    timeout(GUARD, wait).await.expect("it is delivered");
}
