//! One session of a gateway's connection to a message centre.

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::event::Closed;
use super::link_traffic::LinkTraffic;
use super::messenger::SmppConfig;
use super::session::Session;
use super::tcp;
use crate::link::{Link, LinkChannels, LinkEnd, LinkEvents, SessionId};

/// Connects, binds and runs until the session is over, on a task of the present tokio runtime. The task goes on while
/// nobody takes the events, but for reading when many wait. An orderly end waits for the window (at most the timers'
/// `drain`) and unbinds.
pub(crate) fn start(config: Box<SmppConfig>, session: SessionId, events: mpsc::Sender<LinkEvents>) -> Link {
    let (link, channels) = Link::new(session, events);
    tokio::spawn(run(config, channels));
    link
}

async fn run(config: Box<SmppConfig>, mut channels: LinkChannels) {
    let connection = tokio::select! {
        biased;
        () = channels.close_asked() => return channels.end(Closed::Unbound.into()).await,
        connection = config.connect() => connection,
    };
    match connection {
        Err(error) => channels.end(LinkEnd::ConnectFailed(error.to_string())).await,
        Ok(connection) => {
            let session = Session::open(0, config.session());
            let traffic = LinkTraffic::new(channels, config.submit.charset);
            tcp::run(connection, session, traffic, Instant::now()).await;
        }
    }
}
