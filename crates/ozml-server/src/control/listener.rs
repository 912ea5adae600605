use std::fs::{Permissions, remove_file, set_permissions, symlink_metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream as Peer;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{UnixListener, UnixSocket};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::{Service, connection};

/// Connections at once; more are told to come again.
const CONNECTIONS: usize = 32;
/// Connections that wait to be taken.
const BACKLOG: u32 = 64;
/// A pause after the system had no room for another connection.
const PAUSE: Duration = Duration::from_millis(100);

/// A control socket, ready to be served. Its file goes with it.
#[derive(Debug)]
pub struct ControlSocket {
    listener: UnixListener,
    path: PathBuf,
}

/// Why there is no control socket.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SocketError {
    /// Another process listens there.
    #[error("another process listens on `{}`", .0.display())]
    InUse(PathBuf),
    /// The system refuses it.
    #[error("no control socket `{}`: {fault}", path.display())]
    System {
        /// Where it was to be.
        path: PathBuf,
        /// What the system says.
        fault: io::Error,
    },
}

impl ControlSocket {
    /// Listens at a path, with mode 0600 from the first connection on. A file that a dead process left there is
    /// replaced. Needs a tokio runtime with I/O.
    ///
    /// # Errors
    /// When another process listens there, or the system refuses it: paths of sockets have about 100
    /// octets at most.
    pub fn bind(path: &Path) -> Result<Self, SocketError> {
        let failed = |fault| SocketError::System {
            path: path.to_path_buf(),
            fault,
        };
        match Peer::connect(path) {
            Ok(_) => return Err(SocketError::InUse(path.to_path_buf())),
            Err(fault) if fault.kind() == io::ErrorKind::ConnectionRefused && is_socket(path) => {
                remove_file(path).map_err(failed)?;
            }
            Err(_) => {}
        }
        let socket = UnixSocket::new_stream().map_err(failed)?;
        socket.bind(path).map_err(failed)?;
        // Before anybody can connect: a socket that does not listen yet refuses.
        set_permissions(path, Permissions::from_mode(0o600)).map_err(failed)?;
        Ok(Self {
            listener: socket.listen(BACKLOG).map_err(failed)?,
            path: path.to_path_buf(),
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Other files refuse connections, too.
fn is_socket(path: &Path) -> bool {
    symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket())
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        // Somebody may have taken it away.
        let _ = remove_file(&self.path);
    }
}

/// Answers whoever connects. Never ends by itself; dropping it ends all connections and takes the file
/// away.
pub async fn serve(socket: ControlSocket, service: Arc<Service>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = socket.listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(fault) => {
                tracing::warn!(reason = %fault, "the control socket takes no connection");
                sleep(PAUSE).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&room).try_acquire_owned() else {
            // A fresh connection has room for a line, so nobody is waited for.
            let _ = connection::turn_away(stream).await;
            continue;
        };
        let service = Arc::clone(&service);
        connections.spawn(async move {
            if let Err(fault) = connection::talk(stream, &service).await {
                tracing::debug!(reason = %fault, "a connection to the control socket broke");
            }
            drop(place);
        });
    }
}
