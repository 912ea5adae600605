use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use super::{Answer, LONGEST_WAIT, Request};

/// Longest silence of a server, beyond the time it was asked to wait.
const SILENCE: Duration = Duration::from_secs(60);
/// Most octets of an answer: texts of messages are short, lists are long.
const MOST_ANSWER: u64 = 64 << 20;

/// A connection to the control socket of a server. Its calls block.
#[derive(Debug)]
pub struct Client(BufReader<UnixStream>);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The socket is another user's.
    #[error("the control socket belongs to another user")]
    Denied,
    /// The server closed the connection.
    #[error("the server ended before it answered")]
    Ended,
    /// The system does not do it.
    #[error("the control socket: {0}")]
    System(#[from] io::Error),
    /// The answer of another version.
    #[error("the server's answer is not understood: {0}")]
    Unreadable(#[from] serde_json::Error),
}

impl Client {
    /// Connects; `None`: no server listens there.
    pub fn connect(path: &Path) -> Result<Option<Self>, ClientError> {
        let stream = match UnixStream::connect(path) {
            Ok(stream) => stream,
            Err(fault) => return nobody(fault),
        };
        stream.set_read_timeout(Some(LONGEST_WAIT.saturating_add(SILENCE)))?;
        stream.set_write_timeout(Some(SILENCE))?;
        Ok(Some(Self(BufReader::new(stream))))
    }

    /// Asks, and waits for the answer: at most a minute longer than the request says.
    pub fn ask(&mut self, request: &Request) -> Result<Answer, ClientError> {
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        // A server that is busy answers before it was asked, and closes.
        let asked = self.0.get_mut().write_all(&line);
        let mut answer = Vec::new();
        let read = self.0.by_ref().take(MOST_ANSWER).read_until(b'\n', &mut answer);
        if answer.last() != Some(&b'\n') {
            asked?;
            read?;
            return Err(ClientError::Ended);
        }
        Ok(serde_json::from_slice(&answer)?)
    }
}

fn nobody(fault: io::Error) -> Result<Option<Client>, ClientError> {
    match fault.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => Ok(None),
        // A path that is too long for a socket.
        io::ErrorKind::InvalidInput => Ok(None),
        io::ErrorKind::PermissionDenied => Err(ClientError::Denied),
        _ => Err(fault.into()),
    }
}
