//! The socket: commands out, lines in, both bounded in size and time.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::protocol::{Environment, Line};

/// Longest line, in bytes.
const MOST_LINE: usize = 2 * 1024;
/// How long Asterisk may take to describe a new call.
const GREETING: Duration = Duration::from_secs(5);

/// Why nothing more comes from Asterisk, in words.
pub(crate) type Lost = String;

/// The connection of one call.
pub(crate) struct Socket {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Socket {
    /// Takes a new connection and what Asterisk says of the call.
    pub(crate) async fn open(stream: TcpStream) -> Result<(Self, Environment), Lost> {
        // Commands are short and each is waited for: held back they would cost 40 ms.
        stream.set_nodelay(true).map_err(|fault| fault.to_string())?;
        let unread = Vec::new();
        let mut socket = Self { stream, unread };
        let environment = timeout(GREETING, socket.environment()).await;
        let environment = environment.map_err(|_| "the call was not described in time".to_owned())??;
        Ok((socket, environment))
    }

    async fn environment(&mut self) -> Result<Environment, Lost> {
        let mut environment = Environment::default();
        loop {
            match self.text().await? {
                line if line.is_empty() => return Ok(environment),
                line if environment.take(&line) => {}
                line => {
                    return Err(format!(
                        "`agi_name: value` was expected, not `{}`",
                        line.escape_debug()
                    ));
                }
            }
        }
    }

    /// Sends a command.
    pub(crate) async fn send(&mut self, command: &str) -> Result<(), Lost> {
        let line = format!("{command}\n");
        let sent = timeout(GREETING, self.stream.write_all(line.as_bytes())).await;
        sent.map_err(|_| "Asterisk takes no more commands".to_owned())?
            .map_err(|fault| fault.to_string())
    }

    /// The next line. Nothing is lost when this is dropped.
    pub(crate) async fn line(&mut self) -> Result<Line, Lost> {
        let text = self.text().await?;
        Line::read(&text).ok_or_else(|| format!("an answer was expected, not `{}`", text.escape_debug()))
    }

    async fn text(&mut self) -> Result<String, Lost> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.unread.len() > MOST_LINE {
                return Err(format!("a line is longer than {MOST_LINE} bytes"));
            }
            let read = self.stream.read_buf(&mut self.unread).await;
            if read.map_err(|fault| fault.to_string())? == 0 {
                return Err("Asterisk closed the connection".to_owned());
            }
        }
    }
}
