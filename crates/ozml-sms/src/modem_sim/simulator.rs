//! A modem that runs.

#[cfg(unix)]
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ozml_session::{SenderId, SmsText};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::behaviour::Behaviour;
#[cfg(unix)]
use super::pty::{Link, Pty};
use super::sent::{Counters, SentSms};
#[cfg(unix)]
use super::serve::End;
use super::serve::{Events, Shared, serve};
use crate::text::SegmentError;

/// How long [`ModemSim::shutdown`] waits for the line to end.
const SHUTDOWN_TIME: Duration = Duration::from_secs(1);

/// Why there is no modem.
#[cfg(unix)]
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The system gives no pseudo-terminal.
    #[error("no pseudo-terminal: {0}")]
    Terminal(std::io::Error),
    /// Something stands in the link's place that is not a modem's.
    #[error(
        "cannot make the link {0}: something is there that is no test modem's, and it is left alone; remove it or \
         take another path"
    )]
    Taken(PathBuf),
    /// The link cannot be made.
    #[error("cannot make the link {}: {fault}", link.display())]
    Link {
        /// Where it was to be.
        link: PathBuf,
        /// Why not.
        fault: std::io::Error,
    },
}

/// A modem that runs. Dropping it ends it at once.
#[derive(Debug)]
pub struct ModemSim {
    shared: Arc<Shared>,
    path: watch::Receiver<Option<PathBuf>>,
    task: JoinHandle<()>,
}

impl ModemSim {
    /// A modem on a new pseudo-terminal. Must be called inside a tokio runtime with I/O and time enabled; the modem
    /// runs there. A modem that is pulled out comes back on another path: see [`open_at`](Self::open_at).
    ///
    /// A program that locks the port for itself (TIOCEXCL) and is killed leaves it locked while the modem runs.
    ///
    /// # Errors
    /// The system gives no pseudo-terminal.
    #[cfg(unix)]
    pub fn open(behaviour: Behaviour) -> Result<Self, OpenError> {
        Self::open_where(behaviour, None)
    }

    /// The same with a symbolic link to the pseudo-terminal, which stays at its place. It goes with the modem, also
    /// while that is pulled out. Nothing is overwritten but a link to a pseudo-terminal: an earlier run left it.
    ///
    /// # Errors
    /// No pseudo-terminal, or the link cannot be made.
    #[cfg(unix)]
    pub fn open_at(behaviour: Behaviour, link: &Path) -> Result<Self, OpenError> {
        Self::open_where(behaviour, Some(link.to_owned()))
    }

    #[cfg(unix)]
    fn open_where(behaviour: Behaviour, link: Option<PathBuf>) -> Result<Self, OpenError> {
        let shared = Arc::new(Shared::new(behaviour));
        let port = Port::open(link.as_deref())?;
        let (told, path) = watch::channel(Some(port.path().to_owned()));
        let task = tokio::spawn(run(Arc::clone(&shared), port, link, told));
        Ok(Self { shared, path, task })
    }

    /// A modem at any line, until that ends. Must be called inside a tokio runtime with time enabled.
    pub fn over(behaviour: Behaviour, line: impl AsyncRead + AsyncWrite + Send + 'static) -> Self {
        let shared = Arc::new(Shared::new(behaviour));
        let served = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            // However it ends, there is no other line.
            let _ = serve(&served, line).await;
        });
        let (_, path) = watch::channel(None);
        Self { shared, path, task }
    }

    /// What programs open: the link, or else the pseudo-terminal. `None` for a modem at another line.
    pub fn path(&self) -> Option<PathBuf> {
        self.path.borrow().clone()
    }

    /// Somebody writes to the modem's number.
    ///
    /// # Errors
    /// The text needs more than 255 parts.
    pub fn incoming(&self, from: &SenderId, text: &SmsText) -> Result<(), SegmentError> {
        self.shared.change(|modem, now| modem.incoming(now, from, text))
    }

    /// The newest messages the network took, oldest first, as many as the behaviour keeps.
    pub fn sent(&self) -> Vec<SentSms> {
        self.shared.modem().sent()
    }

    /// How often things happened so far.
    pub fn counters(&self) -> Counters {
        self.shared.modem().counters()
    }

    /// What happens from now on.
    pub fn events(&self) -> Events {
        self.shared.events()
    }

    /// Ends the modem; its port and its link are gone then.
    pub async fn shutdown(mut self) {
        self.shared.stop();
        // Whether it came to its end or is ended by the drop makes no difference now.
        let _ = timeout(SHUTDOWN_TIME, &mut self.task).await;
    }
}

impl Drop for ModemSim {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A pseudo-terminal and, if one is wanted, its link.
#[cfg(unix)]
struct Port {
    // The link goes first.
    link: Option<(PathBuf, Link)>,
    pty: Pty,
}

#[cfg(unix)]
impl Port {
    fn open(link: Option<&Path>) -> Result<Self, OpenError> {
        let pty = Pty::open().map_err(OpenError::Terminal)?;
        let made = link.map(|link| {
            let failed = |fault: std::io::Error| match fault.kind() {
                std::io::ErrorKind::AlreadyExists => OpenError::Taken(link.to_owned()),
                _ => OpenError::Link {
                    link: link.to_owned(),
                    fault,
                },
            };
            Ok((link.to_owned(), Link::make(link, pty.path()).map_err(failed)?))
        });
        Ok(Self {
            link: made.transpose()?,
            pty,
        })
    }

    fn path(&self) -> &Path {
        self.link.as_ref().map_or(self.pty.path(), |(path, _)| path)
    }
}

/// Serves one port after the other: a modem that was pulled out has a new one.
#[cfg(unix)]
async fn run(shared: Arc<Shared>, first: Port, link: Option<PathBuf>, told: watch::Sender<Option<PathBuf>>) {
    /// Before a port is tried again that could not be made, as when somebody put a file in the link's place.
    const PAUSE: Duration = Duration::from_millis(100);
    let mut port = Some(first);
    loop {
        match port.take() {
            Some(mut open) => {
                let end = serve(&shared, &mut open.pty.ends).await;
                drop(open);
                if end != End::Unplugged || !shared.while_away().await {
                    return;
                }
            }
            None => tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = shared.stopped() => return,
            },
        }
        port = Port::open(link.as_deref()).ok();
        if let Some(port) = &port {
            told.send_replace(Some(port.path().to_owned()));
        }
    }
}
