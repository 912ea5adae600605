//! The SMS transport of a run that is not the console.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use ozml::host::RandomIds;
use ozml::session::{AcceptedSms, Messenger, OutgoingSms, PortFuture, Refusal, SmsRefusal, SmsStates};
use ozml::sim::{SimMessenger, SmsAnswer};
use ozml::sms::smpp::{Password, SmppConfig, SmppMessenger, SmppUrl, TlsRoots};
use ozml::sms::smsc::{Behaviour, FinalState, TestSmsc};

use crate::args::{RunArgs, SmsResult};
use crate::exit::{Exit, Stop};
use crate::output::{Output, complain};
use crate::run::telephone::ask_password;
use crate::sms_via::{AllowTo, SmsVia};

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
}

impl Transport {
    /// Connects and binds where the transport is a message centre.
    pub(crate) async fn open(args: &RunArgs, via: &SmsVia, output: Output) -> Result<Self, Stop> {
        match via {
            SmsVia::Smpp(url) => Self::smpp(args, url, output).await,
            SmsVia::TestSmsc => Self::test_smsc().await,
            _ => Ok(Self {
                messenger: Arc::new(console(args)),
                session: None,
                centre: None,
            }),
        }
    }

    pub(crate) fn messenger(&self) -> Arc<dyn Messenger> {
        self.messenger.clone()
    }

    /// Ends the session in good order.
    pub(crate) async fn close(self) {
        if let Some(session) = self.session {
            session.close().await;
        }
        if let Some(centre) = self.centre {
            centre.shutdown().await;
        }
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
            messenger: session.clone(),
            session: Some(session),
            centre: Some(centre),
        })
    }

    async fn smpp(args: &RunArgs, url: &SmppUrl, output: Output) -> Result<Self, Stop> {
        if !url.is_loopback() && args.allow_to.is_empty() {
            let host = &url.host;
            return Err(Stop::usage(format!(
                "`{host}` may reach real telephones: say which numbers it may be given, with `--allow-to +36` or `--allow-to any`"
            )));
        }
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
        let messenger: Arc<dyn Messenger> = if url.is_loopback() {
            session.clone()
        } else {
            Arc::new(Admitting {
                port: session.clone(),
                allowed: args.allow_to.clone(),
            })
        };
        Ok(Self {
            messenger,
            session: Some(session),
            centre: None,
        })
    }
}

async fn connect(config: SmppConfig) -> Result<Arc<SmppMessenger>, Stop> {
    let session = SmppMessenger::connect(config, RandomIds).await;
    session
        .map(Arc::new)
        .map_err(|fault| failed(&format!("--sms-via: {fault}")))
}

fn failed(text: &str) -> Stop {
    Stop {
        exit: Exit::Failed,
        text: text.to_owned(),
    }
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

/// Lets only allowed numbers reach a transport that is real.
struct Admitting {
    port: Arc<SmppMessenger>,
    allowed: Vec<AllowTo>,
}

impl Messenger for Admitting {
    fn send<'a>(&'a self, sms: &'a OutgoingSms) -> PortFuture<'a, AcceptedSms, SmsRefusal> {
        if self.allowed.iter().any(|allowed| allowed.admits(&sms.to)) {
            return self.port.send(sms);
        }
        let rule = "--allow-to".to_owned();
        Box::pin(std::future::ready(Err(SmsRefusal::Policy(Refusal::Rule {
            rule,
        }))))
    }

    fn states(&self) -> SmsStates {
        self.port.states()
    }
}
