//! The SMS transport of a run that is not the console.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use ozml::dialplan::{DestinationPolicy, SharedPolicy, TextHash};
use ozml::host::{RandomIds, SystemClock};
use ozml::server::assemble::{Assembled, OpenOptions, Running};
use ozml::server::config::SystemSecrets;
use ozml::server::control::{Answer, Request};
use ozml::session::{AcceptedSms, Messenger, OutgoingSms, PortFuture, Refusal, SmsRefusal, SmsStates, Who};
use ozml::sim::{SimMessenger, SmsAnswer};
use ozml::sms::gateway::SmsGateway;
use ozml::sms::smpp::{Password, SmppConfig, SmppMessenger, SmppUrl, TlsRoots};
use ozml::sms::smsc::{Behaviour, FinalState, TestSmsc};

use crate::args::{RunArgs, SmsResult};
use crate::configuration::{Loaded, failed};
use crate::exit::Stop;
use crate::output::{Output, complain};
use crate::run::ask_password;
use crate::run::modem;
use crate::sms::office::cannot_start;
use crate::sms::server::Server;
use crate::sms_via::{AllowTo, ModemAddress, SmsVia};

const PASSWORD_VARIABLE: &str = "OZML_SMPP_PASSWORD";

/// The transport that prints: what the console shows is all that happens.
pub(crate) fn console(args: &RunArgs) -> SimMessenger {
    SimMessenger::new(match args.sms_result {
        None => SmsAnswer::Accept,
        Some(SmsResult::Refused) => SmsAnswer::Refuse("refused, as `--sms-result` says".to_owned()),
        Some(SmsResult::Unknown) => SmsAnswer::Unknown,
    })
}

/// A transport and what must be closed with it.
pub(crate) struct Transport {
    messenger: Arc<dyn Messenger>,
    session: Option<Arc<SmppMessenger>>,
    centre: Option<TestSmsc>,
    gateway: Option<Running>,
    modem: Option<SmsGateway>,
}

impl Transport {
    /// Connects and binds where the transport is a message centre, opens the store where it is a gateway.
    pub(crate) async fn open(
        args: &RunArgs,
        loaded: Option<&Loaded>,
        via: &SmsVia,
        output: Output,
    ) -> Result<Self, Stop> {
        match (via, loaded) {
            (SmsVia::Smpp(url), _) => Self::smpp(args, loaded, url, output).await,
            (SmsVia::Modem(address), _) => Self::modem(args, loaded, address, output).await,
            (SmsVia::TestSmsc, _) => Self::test_smsc().await,
            (SmsVia::Config, Some(loaded)) => Self::gateway(args, loaded, output).await,
            _ => Ok(Self::new(Arc::new(console(args)))),
        }
    }

    fn new(messenger: Arc<dyn Messenger>) -> Self {
        Self {
            messenger,
            session: None,
            centre: None,
            gateway: None,
            modem: None,
        }
    }

    pub(crate) fn messenger(&self) -> Arc<dyn Messenger> {
        self.messenger.clone()
    }

    /// Ends the session in good order.
    pub(crate) async fn close(self, output: Output) {
        if let Some(session) = self.session {
            session.close().await;
        }
        if let Some(centre) = self.centre {
            centre.shutdown().await;
        }
        if let Some(gateway) = self.gateway {
            gateway.close().await;
        }
        if let Some(modem) = self.modem {
            modem::close(modem, output).await;
        }
    }

    /// The gateway of a configuration, in this process: two cannot have one store.
    async fn gateway(args: &RunArgs, loaded: &Loaded, output: Output) -> Result<Self, Stop> {
        if let Some(mut server) = Server::connect(&loaded.config)? {
            return Err(failed(&in_use(&mut server)));
        }
        let assembled = Assembled::new(loaded.config.clone(), &SystemSecrets);
        let assembled = assembled.map_err(|fault| cannot_start(loaded, fault, output))?;
        loaded.warn(assembled.warnings(), output);
        let running = assembled.open(OpenOptions::default()).await;
        let running = running.map_err(|fault| cannot_start(loaded, fault, output))?;
        let gateway = Arc::new(running.gateway().clone());
        let transport = match &*args.allow_to {
            [] => Self::new(gateway),
            allowed => Self::new(Arc::new(Admitting {
                port: gateway,
                admitted: Admitted::Prefixes(allowed.to_vec()),
            })),
        };
        Ok(Self {
            gateway: Some(running),
            ..transport
        })
    }

    async fn modem(
        args: &RunArgs,
        loaded: Option<&Loaded>,
        address: &ModemAddress,
        output: Output,
    ) -> Result<Self, Stop> {
        let admitted = Admitted::by(args, loaded, &address.port.to_string())?;
        let gateway = modem::open(address, output).await?;
        let port = Arc::new(gateway.clone());
        Ok(Self {
            modem: Some(gateway),
            ..Self::new(Arc::new(Admitting { port, admitted }))
        })
    }

    async fn test_smsc() -> Result<Self, Stop> {
        let behaviour = Behaviour::new().receipts(Some(FinalState::Delivered));
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let centre = TestSmsc::listen(address, behaviour)
            .await
            .map_err(|fault| failed(&fault.to_string()))?;
        let url = format!("smpp://ozml@{}", centre.addr())
            .parse()
            .map_err(|fault| failed(&format!("{fault}")))?;
        let session = connect(SmppConfig::new(&url)).await?;
        Ok(Self {
            session: Some(session.clone()),
            centre: Some(centre),
            ..Self::new(session)
        })
    }

    async fn smpp(
        args: &RunArgs,
        loaded: Option<&Loaded>,
        url: &SmppUrl,
        output: Output,
    ) -> Result<Self, Stop> {
        let admitted = match url.is_loopback() {
            true => None,
            false => Some(Admitted::by(args, loaded, &url.host)?),
        };
        let mut url = url.clone();
        url.password = Some(password(&url, output).await?);
        let mut config = SmppConfig::new(&url);
        if args.sms_ca.is_some() && !url.tls {
            return Err(Stop::usage("`--sms-ca` belongs to `smpps://`"));
        }
        if let Some(file) = args.sms_ca.as_ref().filter(|_| url.tls) {
            let cannot = |error| Stop::usage(format!("--sms-ca: cannot read `{}`: {error}", file.display()));
            config.tls = Some(TlsRoots::Pem(std::fs::read(file).map_err(cannot)?));
        }
        let session = connect(config).await?;
        let messenger: Arc<dyn Messenger> = match admitted {
            None => session.clone(),
            Some(admitted) => Arc::new(Admitting {
                port: session.clone(),
                admitted,
            }),
        };
        Ok(Self {
            session: Some(session),
            ..Self::new(messenger)
        })
    }
}

async fn connect(config: SmppConfig) -> Result<Arc<SmppMessenger>, Stop> {
    let session = SmppMessenger::connect(config, RandomIds).await;
    session
        .map(Arc::new)
        .map_err(|fault| failed(&format!("--sms-via: {fault}")))
}

/// Who has the store.
fn in_use(server: &mut Server) -> String {
    let request = Request::Status {
        id: None,
        wait: None,
        seen: None,
    };
    let process = match server.ask(&request) {
        Ok(Answer::Gateway(gateway)) => format!(", process {},", gateway.process),
        _ => String::new(),
    };
    format!(
        "--sms-via config: a server runs with this configuration{process} and has its store; end it, or send \
         through another transport"
    )
}

/// From the environment, the URL, or a prompt.
async fn password(url: &SmppUrl, output: Output) -> Result<Password, Stop> {
    let wrong = |fault: ozml::session::Invalid| Stop::usage(format!("the SMPP password: {fault}"));
    if let Ok(password) = std::env::var(PASSWORD_VARIABLE) {
        return Password::new(&password).map_err(wrong);
    }
    if let Some(password) = &url.password {
        if !url.is_loopback() && !output.quiet {
            complain(&format!(
                "warning: a password in a URL can be read by others on this machine; set {PASSWORD_VARIABLE} instead\n"
            ));
        }
        return Ok(password.clone());
    }
    if std::io::IsTerminal::is_terminal(&std::io::stdin()) && !url.is_loopback() {
        let prompt = format!("SMPP password of {} (empty for none): ", url.system_id.as_str());
        let typed = ask_password(&prompt).await?;
        return Password::new(&typed).map_err(wrong);
    }
    Ok(Password::default())
}

/// Numbers that a transport which is real may be given.
enum Admitted {
    /// Those of `--allow-to`.
    Prefixes(Vec<AllowTo>),
    /// Those of `[destinations]`, with its budgets.
    Policy(SharedPolicy),
}

impl Admitted {
    /// `transport` is what may reach telephones.
    fn by(args: &RunArgs, loaded: Option<&Loaded>, transport: &str) -> Result<Self, Stop> {
        let section = loaded.and_then(|loaded| loaded.config.destinations.as_ref());
        if let (true, Some(section)) = (args.allow_to.is_empty(), section) {
            // The configuration was read, so it is one that a policy can be made from.
            let policy =
                DestinationPolicy::new(section).map_err(|_| failed("`[destinations]` has faults"))?;
            return Ok(Self::Policy(SharedPolicy::new(
                policy,
                SystemClock::new(),
                |_| {},
            )));
        }
        if args.allow_to.is_empty() {
            return Err(Stop::usage(format!(
                "`{transport}` may reach real telephones: say which numbers it may be given, with `--allow-to +36` or `--allow-to any`"
            )));
        }
        Ok(Self::Prefixes(args.allow_to.clone()))
    }

    fn admit(&self, sms: &OutgoingSms) -> Result<(), Refusal> {
        match self {
            Self::Prefixes(allowed) if allowed.iter().any(|allowed| allowed.admits(&sms.to)) => Ok(()),
            Self::Prefixes(_) => Err(Refusal::Rule {
                rule: "--allow-to".to_owned(),
            }),
            Self::Policy(policy) => {
                let text = TextHash::of(sms.text.as_str());
                policy.admit_message(&sms.to, &Who::unknown(), text).map(drop)
            }
        }
    }
}

/// Lets only admitted numbers reach a transport that is real.
struct Admitting {
    port: Arc<dyn Messenger>,
    admitted: Admitted,
}

impl Messenger for Admitting {
    fn send<'a>(&'a self, sms: &'a OutgoingSms) -> PortFuture<'a, AcceptedSms, SmsRefusal> {
        match self.admitted.admit(sms) {
            Ok(()) => self.port.send(sms),
            Err(refusal) => Box::pin(std::future::ready(Err(SmsRefusal::Policy(refusal)))),
        }
    }

    fn states(&self) -> SmsStates {
        self.port.states()
    }
}

#[cfg(test)]
mod tests {
    use ozml::session::{EffectKey, PhoneNumber, RunId, SmsText};

    use super::*;

    fn sms(to: &str) -> OutgoingSms {
        let key = EffectKey::new(RunId::new("r").unwrap(), 1);
        OutgoingSms::new(key, PhoneNumber::new(to).unwrap(), SmsText::new("Hello").unwrap())
    }

    #[test]
    fn prefixes_or_destinations_admit_numbers() {
        let section = serde_json::from_value(serde_json::json!({ "allow": ["+36"] })).unwrap();
        let policy = DestinationPolicy::new(&section).unwrap();
        let policy = SharedPolicy::new(policy, SystemClock::new(), |_| {});
        let prefixes = vec![AllowTo::read("+36").unwrap()];
        for admitted in [Admitted::Policy(policy), Admitted::Prefixes(prefixes)] {
            assert_eq!(admitted.admit(&sms("+36201234567")), Ok(()));
            assert!(admitted.admit(&sms("+49301234567")).is_err());
        }
    }
}
