//! Where messages may go, and which way.

use ozml_dialplan::{Alarm, DestinationPolicy, DestinationsSection, Router, SharedPolicy};
use ozml_host::SystemClock;
use ozml_sms::config::ConnectionSection;
use ozml_sms::gateway::GatewayRules;

use super::StartError;
use crate::config::Config;
use crate::privacy::Privacy;

/// Which numbers may be reached. Equal ones can share a policy and what it counted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Destinations {
    /// All, without budgets: every connection ends on this machine, and the file says nothing about
    /// destinations.
    All,
    /// Those of `[destinations]`.
    Section(Box<DestinationsSection>),
    /// Internal ones only: the file says nothing about destinations, and a connection leaves this machine.
    Internal(Box<DestinationsSection>),
}

impl Destinations {
    pub(super) fn of(config: &Config) -> Self {
        let enabled = config.connections.iter().map(|connection| &connection.section);
        let stays_here = enabled
            .filter(|section| section.enabled())
            .all(ConnectionSection::stays_here);
        let section = Box::new(config.destinations_or_default());
        match &config.destinations {
            Some(_) => Self::Section(section),
            None if stays_here => Self::All,
            None => Self::Internal(section),
        }
    }

    /// A policy that has counted nothing yet. Alarms are logged and told to `on_alarm`.
    pub(super) fn policy(
        &self,
        privacy: Privacy,
        on_alarm: impl Fn(&Alarm) + Send + Sync + 'static,
    ) -> Result<SharedPolicy, StartError> {
        let policy = match self {
            Self::All => DestinationPolicy::unrestricted(),
            Self::Section(section) | Self::Internal(section) => {
                DestinationPolicy::new(section).map_err(StartError::Rules)?
            }
        };
        Ok(SharedPolicy::new(policy, SystemClock::new(), move |alarm| {
            tracing::warn!(
                limit = alarm.name,
                count = alarm.count,
                numbers = %privacy.number(&alarm.numbers),
                "many messages to numbers that are neighbours"
            );
            on_alarm(alarm);
        }))
    }

    /// Says what nobody may expect.
    pub(super) fn announce(&self) {
        if matches!(self, Self::Internal(_)) {
            tracing::warn!(
                "no number may be reached: a connection leads beyond this machine, and [destinations] does not say which ones may"
            );
        }
    }
}

/// What a gateway decides by.
pub(super) fn rules(config: &Config, policy: SharedPolicy) -> Result<GatewayRules, StartError> {
    let router = Router::new(&config.router).map_err(StartError::Rules)?;
    let mut rules = GatewayRules::new(router, policy);
    rules.validity = config.limits.server.message_life;
    Ok(rules)
}
