//! Connections of type `console`: messages are logged, delivered and go nowhere.
//!
//! The gateway knows message centres only, so each console is a test centre on a free loopback port of this
//! process, with a password that nobody else knows.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use ozml_host::RandomIds;
use ozml_session::{ConnectionName, Ids};
use ozml_sms::gateway::ConnectionConfig;
use ozml_sms::smpp::{SmppConfig, SmppUrl};
use ozml_sms::smsc::{Behaviour, Event, Events, ReceivedSms, TestSmsc};

use super::{Planned, StartError};
use crate::privacy::Privacy;
use crate::task::Task;

const SYSTEM_ID: &str = "console";
/// The longest password that SMPP allows.
const PASSWORD_CHARS: usize = 8;
/// Messages that a console remembers; nobody asks for them.
const KEPT: usize = 1;

/// The consoles of a configuration, by name.
#[derive(Debug, Clone, Default)]
pub(super) struct Consoles(BTreeMap<ConnectionName, Arc<Console>>);

/// One console. Dropping it ends it.
#[derive(Debug)]
struct Console {
    connection: ConnectionConfig,
    _centre: TestSmsc,
    _log: Task,
}

impl Consoles {
    /// The connections that are planned, and the consoles that some of them need: those of `before` as far as
    /// they are there.
    pub(super) async fn begin(
        planned: &[Planned],
        before: &Self,
        privacy: Privacy,
    ) -> Result<(Self, Vec<ConnectionConfig>), StartError> {
        let mut consoles = BTreeMap::new();
        let mut connections = Vec::new();
        for planned in planned {
            match planned {
                Planned::Gateway(connection) => connections.push(ConnectionConfig::clone(connection)),
                Planned::Console(name) => {
                    let console = match before.0.get(name) {
                        Some(console) => Arc::clone(console),
                        None => Arc::new(Console::begin(name.clone(), privacy).await?),
                    };
                    connections.push(console.connection.clone());
                    consoles.insert(name.clone(), console);
                }
            }
        }
        Ok((Self(consoles), connections))
    }
}

impl Console {
    async fn begin(name: ConnectionName, privacy: Privacy) -> Result<Self, StartError> {
        // Random, so that no other program on this machine binds by accident or for fun.
        let password: String = RandomIds.call().as_str().chars().take(PASSWORD_CHARS).collect();
        let behaviour = format!("system-id={SYSTEM_ID},password={password},kept={KEPT}");
        let behaviour: Behaviour = behaviour.parse().map_err(|_| own_fault("its behaviour"))?;
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let centre = TestSmsc::listen(free, behaviour).await?;
        let url = format!("smpp://{SYSTEM_ID}:{password}@{}", centre.addr());
        let url: SmppUrl = url.parse().map_err(|_| own_fault("its address"))?;
        let log = Task::spawn(log(name.clone(), centre.events(), privacy));
        Ok(Self {
            connection: ConnectionConfig::new(name, SmppConfig::new(&url)),
            _centre: centre,
            _log: log,
        })
    }
}

fn own_fault(what: &str) -> StartError {
    StartError::Internal(format!("a console cannot be made: {what}"))
}

/// Logs what a console is given, until it is gone.
async fn log(name: ConnectionName, mut events: Events, privacy: Privacy) {
    while let Some(event) = events.next().await {
        match event {
            Event::Sms(sms) => log_message(&name, &sms, privacy),
            Event::Missed(messages) => {
                tracing::warn!(connection = %name, messages, "the console was too slow to show all messages");
            }
            _ => {}
        }
    }
}

fn log_message(name: &ConnectionName, sms: &ReceivedSms, privacy: Privacy) {
    let (to, from) = (sms.to_number(), sms.from_number());
    let text = sms.text().unwrap_or_default();
    let part = sms
        .segment()
        .map(|part| format!("{} of {}", part.number, part.total));
    tracing::info!(
        connection = %name,
        to = %privacy.number(&to),
        from = from.as_deref().map(|from| privacy.number(from)).as_deref(),
        part,
        text = %privacy.text(&text),
        "a message for the console"
    );
}
