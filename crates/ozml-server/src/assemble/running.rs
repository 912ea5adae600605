//! A gateway with its store, its reports and its consoles.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ozml_dialplan::SharedPolicy;
use ozml_host::web::{NotifierCounts, WebFetcher, WebNotifier};
use ozml_host::{RandomIds, SystemClock};
use ozml_sms::gateway::{GatewayConfig, GatewayPorts, SmsGateway};
use ozml_sms::store::StoreStats;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

use super::consoles::Consoles;
use super::journal::StoreJournal;
use super::open_store::OpenStore;
use super::retention::purge_hourly;
use super::rules::rules;
use super::{Assembled, Destinations, OpenOptions, StartError};
use crate::config::Config;
use crate::privacy::Privacy;
use crate::task::Task;

/// Reports under way have so long to come to their end, after the gateway, which needs 25 seconds at most.
const CLOSE_REPORTS: Duration = Duration::from_secs(3);
/// What waits has so long to be written.
const CLOSE_STORE: Duration = Duration::from_secs(2);

/// What runs. Dropping it ends it in the background; [`close`](Self::close) does so in good order.
#[derive(Debug)]
pub struct Running {
    gateway: SmsGateway,
    store: OpenStore,
    notifier: WebNotifier,
    alarms: Arc<AtomicU64>,
    privacy: Privacy,
    /// What was read at the start: what needs a restart to change is as it says.
    opened: Config,
    in_use: Mutex<InUse>,
    _retention: Task,
}

/// What a new configuration changes without a restart.
#[derive(Debug)]
struct InUse {
    config: Config,
    destinations: Destinations,
    policy: SharedPolicy,
    consoles: Consoles,
}

/// What became of a new configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reconfigured {
    /// Whether it says anything else than the one before.
    pub is_new: bool,
    /// Sections with changes that a restart takes up.
    pub needs_restart: Vec<&'static str>,
}

impl Running {
    pub(super) async fn open(assembled: Assembled, options: OpenOptions) -> Result<Self, StartError> {
        let Assembled {
            config,
            connections,
            web,
            ..
        } = assembled;
        let privacy = Privacy::from(config.privacy);
        let alarms = Arc::new(AtomicU64::new(0));
        let destinations = Destinations::of(&config);
        destinations.announce();
        let policy = counted(&destinations, privacy, &alarms)?;
        let rules = rules(&config, policy.clone())?;
        let web = WebFetcher::new(web)?;
        let store = OpenStore::open(&config, options).await?;
        let (consoles, connections) = Consoles::begin(&connections, &Consoles::default(), privacy).await?;
        let notifier = WebNotifier::start(&web, StoreJournal(store.port())).await?;
        let mut gateway = GatewayConfig::new(connections, rules);
        gateway.queue = config.queue_limits();
        let clock = SystemClock::new();
        let ports = GatewayPorts::new(RandomIds, clock.clone()).with_notifier(notifier.clone());
        let gateway = SmsGateway::open(gateway, store.port(), ports).await?;
        let retention = purge_hourly(gateway.clone(), clock, config.store.keep);
        Ok(Self {
            gateway,
            notifier,
            alarms,
            privacy,
            _retention: Task::spawn(retention),
            store,
            opened: config.clone(),
            in_use: Mutex::new(InUse {
                config,
                destinations,
                policy,
                consoles,
            }),
        })
    }

    /// The gateway.
    pub fn gateway(&self) -> &SmsGateway {
        &self.gateway
    }

    /// What logs may show.
    pub fn privacy(&self) -> Privacy {
        self.privacy
    }

    /// What the store did since it was opened; nothing is counted in memory.
    pub fn store_stats(&self) -> Option<StoreStats> {
        self.store.stats()
    }

    /// How reports to web applications fared.
    pub fn reports(&self) -> NotifierCounts {
        self.notifier.counts()
    }

    /// How often the policy raised an alarm.
    pub fn policy_alarms(&self) -> u64 {
        self.alarms.load(Ordering::Relaxed)
    }

    /// Takes another configuration: connections, routes and destinations change at once, connections that
    /// stay as they are go on undisturbed, and budgets go on counting where the destinations are the same.
    ///
    /// # Errors
    /// When the new one cannot be used; the old one runs on.
    pub async fn reconfigure(&self, assembled: Assembled) -> Result<Reconfigured, StartError> {
        let mut in_use = self.in_use.lock().await;
        let Assembled {
            config, connections, ..
        } = assembled;
        let destinations = Destinations::of(&config);
        let policy = if destinations == in_use.destinations {
            in_use.policy.clone()
        } else {
            counted(&destinations, self.privacy, &self.alarms)?
        };
        let rules = rules(&config, policy.clone())?;
        let (consoles, connections) = Consoles::begin(&connections, &in_use.consoles, self.privacy).await?;
        self.gateway.configure(connections, rules).await?;
        if destinations != in_use.destinations {
            destinations.announce();
        }
        let done = Reconfigured {
            is_new: config != in_use.config,
            needs_restart: needs_restart(&self.opened, &config),
        };
        *in_use = InUse {
            config,
            destinations,
            policy,
            consoles,
        };
        Ok(done)
    }

    /// Ends in good order: accepts nothing more, waits for what is on the wire, writes how far everything is.
    /// At most 30 seconds. What is not through is in the store and goes on when it is opened again.
    ///
    /// False when the store does not close in this time: dropping this value would wait for it.
    pub async fn close(&self) -> bool {
        self.gateway.close().await;
        let until = |time| Instant::now() + time;
        if timeout_at(until(CLOSE_REPORTS), self.notifier.close())
            .await
            .is_err()
        {
            tracing::warn!("reports under way are left, they are sent again at the next start");
        }
        if timeout_at(until(CLOSE_STORE), self.store.close()).await.is_err() {
            tracing::error!("the store takes too long to close");
            return false;
        }
        true
    }
}

/// A policy whose alarms are counted.
fn counted(
    destinations: &Destinations,
    privacy: Privacy,
    alarms: &Arc<AtomicU64>,
) -> Result<SharedPolicy, StartError> {
    let alarms = Arc::clone(alarms);
    destinations.policy(privacy, move |_| {
        alarms.fetch_add(1, Ordering::Relaxed);
    })
}

/// Sections that differ and are read at the start only.
fn needs_restart(opened: &Config, config: &Config) -> Vec<&'static str> {
    let (limits, others) = (&opened.limits, &config.limits);
    let changes = [
        ("[store]", opened.store != config.store),
        ("[admin]", opened.admin != config.admin),
        ("[log]", opened.log != config.log),
        ("[privacy]", opened.privacy != config.privacy),
        ("[fetch]", opened.fetch.section != config.fetch.section),
        (
            "the limits of the queue",
            opened.queue_limits() != config.queue_limits(),
        ),
        ("the limits of web requests", limits.web != others.web),
    ];
    let changed = changes.into_iter().filter(|(_, is_changed)| *is_changed);
    changed.map(|(section, _)| section).collect()
}
