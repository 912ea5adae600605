//! What a connection speaks. The one place that tells message centres and modems apart.

use std::fmt;
use std::time::Duration;

use ozml_session::{OutgoingSms, SmsRefusal};
use tokio::sync::mpsc;

use super::config::ConnectionConfig;
use super::receipts::ReceiptIdMode;
use crate::gsm::{self, ErrorClass, ModemConfig, ModemSubmitOptions, SerialPort};
use crate::link::{Link, LinkEvents, PartPdu, Refusal, SessionId};
use crate::smpp::{self, SmppConfig, StatusClass};
use crate::text::Encoding;

/// What a connection speaks, and with whom.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transport {
    /// SMPP with a message centre. The window is that of one session.
    Smpp(Box<SmppConfig>),
    /// AT commands with modems, each of which is a session.
    Modem(Box<ModemConfig>),
}

impl From<SmppConfig> for Transport {
    fn from(config: SmppConfig) -> Self {
        Self::Smpp(Box::new(config))
    }
}

impl From<ModemConfig> for Transport {
    fn from(config: ModemConfig) -> Self {
        Self::Modem(Box::new(config))
    }
}

/// A message that is handed over.
pub(crate) struct Handover<'a> {
    pub(crate) sms: &'a OutgoingSms,
    /// What tells its parts from those of other messages to the same recipient, see
    /// [`Transport::references`].
    pub(crate) reference: u8,
    /// Parts that may have been sent before, through this connection and under this reference.
    pub(crate) repeated: &'a [u8],
    /// How many milliseconds it is of use.
    pub(crate) valid_for: u64,
}

impl Transport {
    /// Parts without an answer that one session may have.
    pub(crate) fn window(&self) -> usize {
        match self {
            Self::Smpp(config) => config.window.size(),
            Self::Modem(config) => usize::from(config.window),
        }
    }

    /// Whether messages can be sent through it at all.
    pub(crate) fn sends(&self) -> bool {
        match self {
            Self::Smpp(config) => config.bind.mode().sends(),
            Self::Modem(_) => true,
        }
    }

    /// Whether receipts are asked for. Without them a message is through when it is sent.
    pub(crate) fn asks_for_receipts(&self) -> bool {
        match self {
            Self::Smpp(config) => config.submit.receipts,
            Self::Modem(config) => config.receipts,
        }
    }

    /// Writes a message: its parts in order, 1 to 255.
    pub(crate) fn write(&self, handover: &Handover<'_>) -> Result<Vec<PartPdu>, SmsRefusal> {
        match self {
            Self::Smpp(config) => {
                let submits = config.submit.submits(handover.sms, || handover.reference)?;
                let parts = submits.valid_for(handover.valid_for).parts.into_iter();
                Ok(parts.map(|part| PartPdu::Smpp(Box::new(part))).collect())
            }
            Self::Modem(config) => {
                let submits = submit_options(config).submits(handover.sms, || handover.reference)?;
                let parts = submits.valid_for(handover.valid_for).parts.into_iter();
                let numbered = parts.zip(0..).map(|(mut submit, part)| {
                    submit.reference = handover.reference.wrapping_add(part);
                    submit.reject_duplicates = handover.repeated.contains(&part);
                    PartPdu::Gsm(Box::new(submit))
                });
                Ok(numbered.collect())
            }
        }
    }

    /// How many references in a row a message of so many parts takes of those of its recipient. On a modem each part
    /// has its own TP-MR: by it reports are told apart, and a repeat is known by the one of the first try.
    pub(crate) fn references(&self, parts: u8) -> u8 {
        match self {
            Self::Smpp(_) => u8::from(parts > 1),
            Self::Modem(_) => parts,
        }
    }

    /// The alphabet of a message and how many parts it has here.
    pub(crate) fn cut(&self, sms: &OutgoingSms) -> Result<(Encoding, usize), SmsRefusal> {
        match self {
            Self::Smpp(config) => {
                let submits = config.submit.submits(sms, || 0)?;
                Ok((submits.encoding, submits.parts.len()))
            }
            Self::Modem(config) => {
                let submits = submit_options(config).submits(sms, || 0)?;
                Ok((submits.encoding, submits.parts.len()))
            }
        }
    }

    /// Whether each of its sessions sends in a name of its own: the parts of a message belong together only when one
    /// session sends all of them.
    pub(crate) fn has_many_senders(&self) -> bool {
        self.ports().len() > 1
    }

    /// An id as logs have it. That of a part on a modem ends with digits of its recipient: three of them are shown.
    pub(crate) fn logged_id(&self, id: String) -> String {
        match (self, id.rsplit_once('-')) {
            (Self::Modem(_), Some((name, digits))) => {
                let shown = digits.len().saturating_sub(3);
                format!("{name}-•••{}", digits.get(shown..).unwrap_or_default())
            }
            _ => id,
        }
    }

    /// The pause after a refusal for now, where the refusal itself says; `None`: as is usual.
    pub(crate) fn pause_after(&self, refusal: Refusal) -> Option<Duration> {
        match (self, refusal) {
            (Self::Modem(config), Refusal::Gsm(error)) if config.errors.class(error) == ErrorClass::Modem => {
                Some(config.timers.retry)
            }
            _ => None,
        }
    }

    /// The ports of its modems.
    pub(crate) fn ports(&self) -> &[SerialPort] {
        match self {
            Self::Smpp(_) => &[],
            Self::Modem(config) => &config.ports,
        }
    }

    /// The port of a session with a modem.
    pub(crate) fn port(&self, session: SessionId) -> Option<&SerialPort> {
        self.ports().get(usize::from(session.session))
    }

    /// What is said of a session, with its port where it has one.
    pub(crate) fn of_session(&self, session: SessionId, said: &dyn fmt::Display) -> String {
        match self.port(session) {
            Some(port) => format!("{port}: {said}"),
            None => said.to_string(),
        }
    }

    /// What the modem of a session is told, and where it is.
    pub(crate) fn modem_at(&self, session: SessionId) -> Option<(&ModemConfig, &SerialPort)> {
        match self {
            Self::Smpp(_) => None,
            Self::Modem(config) => Some((config, self.port(session)?)),
        }
    }

    /// Begins a session on a task of the present tokio runtime. `gives_pin`: whether a SIM card that wants its PIN
    /// may be given it.
    pub(crate) fn start(
        &self,
        session: SessionId,
        gives_pin: bool,
        events: mpsc::Sender<LinkEvents>,
    ) -> Link {
        match self {
            Self::Smpp(config) => smpp::link::start(config.clone(), session, events),
            Self::Modem(config) => gsm::link::start(config.clone(), session, gives_pin, events),
        }
    }
}

fn submit_options(config: &ModemConfig) -> ModemSubmitOptions {
    ModemSubmitOptions {
        receipts: config.receipts,
    }
}

impl ConnectionConfig {
    /// Sessions at once.
    pub(crate) fn sessions(&self) -> u16 {
        match &self.transport {
            Transport::Smpp(_) => self.sessions,
            Transport::Modem(config) => u16::try_from(config.ports.len()).unwrap_or(u16::MAX),
        }
    }

    /// How ids in receipts are written. Those of modems are ours.
    pub(crate) fn receipt_id_mode(&self) -> ReceiptIdMode {
        match &self.transport {
            Transport::Smpp(_) => self.receipt_id,
            Transport::Modem(_) => ReceiptIdMode::Text,
        }
    }

    /// What is done about a refusal.
    pub(crate) fn class(&self, refusal: Refusal) -> StatusClass {
        match (&self.transport, refusal) {
            (Transport::Smpp(_), Refusal::Smpp(status)) => self.classes.class(status),
            (Transport::Modem(config), Refusal::Gsm(error)) => class_of_error(config.errors.class(error)),
            (_, refusal) => class(refusal),
        }
    }
}

/// What is done about a refusal where no connection says otherwise.
pub(crate) fn class(refusal: Refusal) -> StatusClass {
    match refusal {
        Refusal::Smpp(status) => status.class(),
        Refusal::Gsm(error) => class_of_error(error.class()),
    }
}

/// The session mended what it can before it told: what is left is like a refusal of a message centre.
fn class_of_error(class: ErrorClass) -> StatusClass {
    match class {
        ErrorClass::Network | ErrorClass::Modem | ErrorClass::Memory => StatusClass::Temporary,
        ErrorClass::Permanent | ErrorClass::Taken => StatusClass::PermanentMessage,
        ErrorClass::Unusable | ErrorClass::ServiceCentre => StatusClass::Session,
    }
}
