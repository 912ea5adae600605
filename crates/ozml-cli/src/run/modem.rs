//! `--sms-via modem:`: a gateway in memory with one modem.

use std::time::Duration;

use ozml::dialplan::{DestinationPolicy, RouteSection, Router, RouterConfig, SharedPolicy};
use ozml::host::{RandomIds, SystemClock};
use ozml::session::ConnectionName;
use ozml::sms::gateway::{ConnectionConfig, GatewayConfig, GatewayPorts, GatewayRules, SmsGateway};
use ozml::sms::gsm::{ModemConfig, ModemEnd, NeedsPerson, Pin, ProbeOptions, ProbeReport, SimState, probe};
use ozml::sms::store::MemoryStore;

use crate::configuration::failed;
use crate::exit::Stop;
use crate::modem::pin;
use crate::output::{Output, complain, shown};
use crate::sms_via::ModemAddress;

/// What the only connection is called.
const NAME: &str = "modem";

/// Asks the modem first, so that what is wrong with it is told before the call, and the PIN is asked for only where
/// the SIM card wants it.
pub(super) async fn open(address: &ModemAddress, output: Output) -> Result<SmsGateway, Stop> {
    let options = ProbeOptions::default().baud(address.baud);
    let report = probe(&address.port, options).await;
    let report = report.map_err(|fault| cannot(&shown(&fault.to_string())))?;
    judge(&report, address, output)?;
    let mut config = ModemConfig::new(address.port.clone());
    config.baud = address.baud;
    config.smsc.clone_from(&address.smsc);
    if report.sim == SimState::WantsPin {
        config.pin = Some(pin(address).await?);
    }
    let gateway = gateway(config).await?;
    if let Err(fault) = ready(&gateway).await {
        gateway.close().await;
        return Err(cannot(&shown(&of_this_run(&fault))));
    }
    Ok(gateway)
}

/// Waits until the modem can send, so that `--wait` is about the network alone. A session that does not come so far
/// ends by itself.
async fn ready(gateway: &SmsGateway) -> Result<(), String> {
    const LOOK_AGAIN: Duration = Duration::from_millis(20);
    loop {
        let status = gateway.status().await.ok_or("it has ended")?;
        for connection in status.connections {
            match (connection.up, connection.alarm.or(connection.last_error)) {
                ((up, _), _) if up > 0 => return Ok(()),
                (_, Some(fault)) => return Err(fault),
                _ => {}
            }
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Ends the gateway in good order, and says what a person has to mend.
pub(super) async fn close(gateway: SmsGateway, output: Output) {
    let status = gateway.status().await;
    gateway.close().await;
    let alarms = status.into_iter().flat_map(|status| status.connections);
    for alarm in alarms.filter_map(|connection| connection.alarm) {
        warn(&alarm, output);
    }
}

/// A PIN can be given, a service centre may be, and a network may still be found.
fn judge(report: &ProbeReport, address: &ModemAddress, output: Output) -> Result<(), Stop> {
    for obstacle in report.judgement().obstacles {
        match &obstacle {
            ModemEnd::NeedsPerson(NeedsPerson::NoPin) => {}
            ModemEnd::NeedsPerson(NeedsPerson::NoServiceCentre) if address.smsc.is_some() => {}
            ModemEnd::NeedsPerson(_) => return Err(cannot(&obstacle.to_string())),
            _ => warn(&obstacle.to_string(), output),
        }
    }
    Ok(())
}

async fn pin(address: &ModemAddress) -> Result<Pin, Stop> {
    let pin = match pin::from_environment()? {
        Some(pin) => Some(pin),
        None => pin::from_terminal(&address.port).await?,
    };
    pin.ok_or_else(|| cannot(&pin::missing()))
}

/// A gateway gives no refused PIN again. Nothing is remembered from one run to the next.
fn of_this_run(fault: &str) -> String {
    const REFUSED: &str = "the SIM card refused the PIN; each run gives it again, and three wrong ones lock the card: \
                           set the right one, or unlock the card by hand with `ozml modem unlock PORT`";
    fault.replace(&NeedsPerson::WrongPin.to_string(), REFUSED)
}

async fn gateway(modem: ModemConfig) -> Result<SmsGateway, Stop> {
    let internal = |what: String| failed(&format!("--sms-via: no gateway: {what}"));
    let name = ConnectionName::new(NAME).map_err(|fault| internal(fault.to_string()))?;
    let mut route = RouteSection::default();
    route.to = vec![NAME.to_owned()];
    let mut routes = RouterConfig::default();
    routes.routes = vec![route];
    routes.connections = vec![name.clone()];
    let router = Router::new(&routes).map_err(|_| internal("its route has faults".to_owned()))?;
    let policy = SharedPolicy::new(DestinationPolicy::unrestricted(), SystemClock::new(), |_| {});
    let rules = GatewayRules::new(router, policy);
    let mut config = GatewayConfig::new(vec![ConnectionConfig::new(name, modem)], rules);
    // What comes in stays in the modem: it would be lost with this process.
    config.queue.received = 0;
    let ports = GatewayPorts::new(RandomIds, SystemClock::new());
    let gateway = SmsGateway::open(config, MemoryStore::default(), ports).await;
    gateway.map_err(|fault| internal(fault.to_string()))
}

fn cannot(fault: &str) -> Stop {
    failed(&format!("--sms-via: {fault}"))
}

fn warn(text: &str, output: Output) {
    if !output.quiet {
        complain(&format!("warning: {}\n", shown(text)));
    }
}
