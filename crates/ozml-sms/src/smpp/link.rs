//! One session of a gateway's connection: commands go in, everything that happens comes out as events.

use std::fmt;
use std::sync::Arc;

use rusmpp::pdus::SubmitSm;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::deliver::Deliver;
use super::event::{Answer, Closed};
use super::link_traffic::{LinkTraffic, Order};
use super::messenger::SmppConfig;
use super::session::Session;
use super::status::Status;
use super::tcp;
use crate::store::MessageNumber;

/// Names one part of a stored message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PartToken {
    pub(crate) number: MessageNumber,
    /// Counted from 0.
    pub(crate) part: u8,
}

/// Names one session of one connection, by their places in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SessionId {
    pub(crate) connection: u16,
    pub(crate) session: u16,
}

/// What a session is to do. Debug does not print what a message says.
pub(crate) enum LinkCommand {
    /// Hand a part over. One the session cannot take, unbound or with a full window, comes back as
    /// [`LinkEvent::NotSent`].
    Submit {
        token: PartToken,
        message: Box<SubmitSm>,
    },
    /// Answer a [`LinkEvent::Deliver`]: with OK it is ours from now on, with RX_T_APPN the centre
    /// keeps it.
    AnswerDeliver { sequence: u32, status: Status },
}

impl fmt::Debug for LinkCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Submit { token, .. } => write!(f, "Submit({token:?})"),
            Self::AnswerDeliver { sequence, status } => write!(f, "AnswerDeliver({sequence}, {status})"),
        }
    }
}

/// What happened in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LinkEvent {
    /// The bind was accepted.
    Bound { centre: String },
    /// A part has its outcome. Each submit gets exactly one of this and [`Self::NotSent`].
    Answered { token: PartToken, answer: Answer },
    /// A part did not leave: it goes back untouched.
    NotSent { token: PartToken },
    /// A message or a receipt came in; the centre waits for [`LinkCommand::AnswerDeliver`].
    Deliver { sequence: u32, deliver: Deliver },
    /// The session is over, always the last event. A submit that was not answered by now came too late
    /// and never left.
    Ended(LinkEnd),
}

/// How a session ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LinkEnd {
    /// There was no connection.
    #[error("{0}")]
    ConnectFailed(String),
    /// The centre refused the bind.
    #[error("the message centre refused the bind: {0}")]
    BindRefused(Status),
    /// Another end; [`Closed::Unbound`] is one that we asked for.
    #[error("{0}")]
    Closed(Closed),
}

impl From<Closed> for LinkEnd {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::BindRefused(status) => Self::BindRefused(status),
            closed => Self::Closed(closed),
        }
    }
}

/// What happened in one turn of a session, in order; never empty.
#[derive(Debug)]
pub(crate) struct LinkEvents {
    pub(crate) session: SessionId,
    pub(crate) events: Vec<LinkEvent>,
}

/// The owner's end of one session. Dropping it ends the session in good order.
#[derive(Debug)]
pub(crate) struct Link {
    orders: mpsc::UnboundedSender<Order>,
}

impl Link {
    /// Connects, binds and runs until the session is over, on a task of the present tokio runtime. The
    /// task goes on while nobody takes the events, but for reading when many wait.
    pub(crate) fn start(
        config: Arc<SmppConfig>,
        session: SessionId,
        events: mpsc::Sender<LinkEvents>,
    ) -> Self {
        let (orders, receiver) = mpsc::unbounded_channel();
        tokio::spawn(run(config, LinkTraffic::new(session, receiver, events)));
        Self { orders }
    }

    /// Hands commands over, in their order, without waiting. Whoever sends bounds what is out: no more
    /// submits than the window. A link that has ended drops them, see [`LinkEvent::Ended`].
    pub(crate) fn send(&self, commands: Vec<LinkCommand>) {
        let _ = self.orders.send(Order::Commands(commands));
    }

    /// Ends the session in good order: submits sent before go out, later ones come back; waits for the
    /// window (at most the timers' `drain`), unbinds.
    pub(crate) fn close(&self) {
        let _ = self.orders.send(Order::Close);
    }
}

async fn run(config: Arc<SmppConfig>, mut traffic: LinkTraffic) {
    let connection = tokio::select! {
        biased;
        () = traffic.close_asked() => return traffic.end(Closed::Unbound.into()).await,
        connection = config.connect() => connection,
    };
    match connection {
        Err(error) => traffic.end(LinkEnd::ConnectFailed(error.to_string())).await,
        Ok(connection) => {
            let session = Session::open(0, config.session());
            tcp::run(connection, session, traffic, Instant::now()).await;
        }
    }
}
