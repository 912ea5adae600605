//! How a session with a modem ends.

use super::error::ModemError;

/// How a session with a modem ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModemEnd {
    /// Nothing that we know how to ask was answered.
    #[error("the modem does not answer: check the cable, the port and its speed")]
    Silent,
    /// The port could not be read or written any more.
    #[error("the serial port is gone: {0}")]
    PortLost(String),
    /// The modem found no network to send by.
    #[error("the modem is not registered with a network: check the antenna and the reception")]
    NoNetwork,
    /// The modem was restarted since it failed again and again.
    #[error("the modem is restarted: {0}")]
    Restarted(ModemError),
    /// The modem was restarted, and not by us: what we set up is gone.
    #[error("the modem has restarted")]
    RestartedItself,
    /// Only a person can mend it.
    #[error("{0}")]
    NeedsPerson(NeedsPerson),
    /// We ended the session.
    #[error("the modem is let go")]
    Closed,
}

/// What a person has to mend before a modem is of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NeedsPerson {
    /// There is no SIM card.
    #[error("the modem has no SIM card: put one in")]
    NoSim,
    /// The SIM card wants a PIN and none is configured.
    #[error(
        "the SIM card wants its PIN: give `pin_env` or `pin_file`, or unlock the card by hand with \
         `ozml modem unlock PORT`"
    )]
    NoPin,
    /// The SIM card did not take the PIN, or another one before. It is not given again, and after two refusals none is:
    /// three wrong ones lock the card.
    #[error(
        "the SIM card refused the PIN, which is not given again: configure the right one, or unlock the card by hand \
         with `ozml modem unlock PORT`; after two refusals only that helps"
    )]
    WrongPin,
    /// The card is locked.
    #[error("the SIM card is locked and wants its PUK: unlock it in a telephone")]
    Locked,
    /// The SIM card cannot be used.
    #[error("the SIM card cannot be used: {0}")]
    SimFault(ModemError),
    /// It names nothing that a GSM modem has.
    #[error("no GSM modem, or one that knows no messages: check the port, a modem may have several")]
    NoGsmModem,
    /// The modem has no PDU mode.
    #[error("the modem has no PDU mode: take another one")]
    NoPduMode,
    /// The network does not let the SIM card in.
    #[error("the network refuses the SIM card: ask the operator")]
    RegistrationDenied,
    /// Nobody knows where the service centre is.
    #[error("the SIM card names no service centre: give its number as `smsc`")]
    NoServiceCentre,
    /// The modem refused what it must be able to do.
    #[error("the modem refuses to send: {0}")]
    Refuses(ModemError),
}
