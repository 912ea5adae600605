//! A serial port: opening it, and one task that reads, writes many octets at once, and keeps the time.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf, ReadHalf, WriteHalf};
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_serial::{ClearBuffer, DataBits, FlowControl, Parity, SerialPort as _, SerialStream, StopBits};

use super::port::SerialPort;
use crate::stream::{Unwritten, arm, millis_since};

/// Octets read at once.
const READ_SIZE: usize = 4 * 1024;

/// Why a port is not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// There is no such device.
    #[error("there is no `{0}`: is the modem plugged in and switched on?")]
    Missing(SerialPort),
    /// The user of this process has no right to it.
    #[error(
        "no right to open `{0}`: put the user into the group that owns it, mostly `dialout`, and log in again"
    )]
    Denied(SerialPort),
    /// Another program has it.
    #[error("`{0}` is in use: end the other program that has it (ModemManager takes modems by itself)")]
    Busy(SerialPort),
    /// It is a file of another kind.
    #[error("`{0}` is no serial port")]
    NotSerial(SerialPort),
    /// The system says something else.
    #[error("`{port}` cannot be used as a serial port: {fault}")]
    Other {
        /// The port.
        port: SerialPort,
        /// The system's words.
        fault: String,
    },
}

/// A port that is open, for this process alone. Dropping it does not wait for what is not written yet.
#[derive(Debug)]
pub(crate) struct OpenPort(SerialStream);

impl OpenPort {
    /// Opens a port with 8 data bits, no parity, 1 stop bit and no flow control. A device that does not react
    /// holds up this task only.
    pub(crate) async fn open(port: &SerialPort, baud: u32) -> Result<Self, OpenError> {
        let path = port.clone();
        let opened = tokio::task::spawn_blocking(move || open(&path, baud)).await;
        opened.unwrap_or_else(|_| Err(other(port, "this program is ending")))
    }
}

impl Drop for OpenPort {
    fn drop(&mut self) {
        // Closing waits for what is not written, half a minute when nobody reads it.
        let _ = self.0.clear(ClearBuffer::Output);
        // A pseudo-terminal would stay exclusive as long as its other end is open.
        let _ = self.0.set_exclusive(false);
    }
}

impl AsyncRead for OpenPort {
    fn poll_read(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_read(task, buffer)
    }
}

impl AsyncWrite for OpenPort {
    fn poll_write(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(task, octets)
    }

    /// Nothing is kept back here, and waiting for the line to be idle would block the thread.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

fn open(port: &SerialPort, baud: u32) -> Result<OpenPort, OpenError> {
    let Some(path) = port.path().to_str() else {
        return Err(other(port, "its name is no UTF-8"));
    };
    // What is no device is not touched.
    if is_no_device(port) {
        return Err(OpenError::NotSerial(port.clone()));
    }
    let settings = tokio_serial::new(path, baud)
        .data_bits(DataBits::Eight)
        .parity(Parity::None)
        .stop_bits(StopBits::One)
        .flow_control(FlowControl::None)
        .exclusive(true);
    let opened = SerialStream::open(&settings);
    opened.map(OpenPort).map_err(|fault| cannot_open(port, &fault))
}

/// Devices such as `/dev/null` are known for no lines only when they are open. The library does not tell.
#[cfg(unix)]
fn is_no_line(port: &SerialPort) -> bool {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    rustix::fs::open(port.path(), flags, Mode::empty())
        .and_then(rustix::termios::tcgetattr)
        .is_err_and(|fault| fault == rustix::io::Errno::NOTTY)
}

#[cfg(not(unix))]
fn is_no_line(_: &SerialPort) -> bool {
    false
}

#[cfg(unix)]
fn is_no_device(port: &SerialPort) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    std::fs::metadata(port.path()).is_ok_and(|found| !found.file_type().is_char_device())
}

#[cfg(not(unix))]
fn is_no_device(_: &SerialPort) -> bool {
    false
}

fn cannot_open(port: &SerialPort, fault: &tokio_serial::Error) -> OpenError {
    use std::io::ErrorKind::{NotFound, PermissionDenied};
    use tokio_serial::ErrorKind::{Io, NoDevice};
    match fault.kind {
        Io(NotFound) => OpenError::Missing(port.clone()),
        Io(PermissionDenied) => OpenError::Denied(port.clone()),
        // So the library calls a port that another program has for itself.
        NoDevice => OpenError::Busy(port.clone()),
        _ if is_no_line(port) => OpenError::NotSerial(port.clone()),
        _ => other(port, &fault.to_string()),
    }
}

fn other(port: &SerialPort, fault: &str) -> OpenError {
    OpenError::Other {
        port: port.clone(),
        fault: fault.to_owned(),
    }
}

/// What is said to a modem and what is made of its answers. The task of the port calls it; only
/// [`wait`](Self::wait) waits.
pub(crate) trait Talk {
    /// Does everything that can be done at `now`: acts on the times that are over and on what came in. False
    /// when the talk is over.
    fn advance(&mut self, now: u64) -> bool;

    /// The modem sent something.
    fn on_bytes(&mut self, now: u64, octets: &[u8]);

    /// The port cannot be read or written any more. The talk is over with the next
    /// [`advance`](Self::advance).
    fn on_port_lost(&mut self, why: String);

    /// Appends what is to be written.
    fn take_output(&mut self, into: &mut Vec<u8>);

    /// When [`advance`](Self::advance) has something to do next.
    fn next_wake_up(&self) -> Option<u64>;

    /// Whether more may be read from the port.
    fn takes_more(&self) -> bool {
        true
    }

    /// Waits until there is something to do that comes neither from the port nor from the clock. Nothing is
    /// lost when the future is dropped.
    fn wait(&mut self) -> impl Future<Output = ()> + Send {
        std::future::pending()
    }
}

/// Runs a talk over a port until it is over. Its times count from `started`. Stopping in its course loses
/// nothing but the port.
pub(crate) async fn run(io: impl AsyncRead + AsyncWrite, talk: &mut impl Talk, started: Instant) {
    let (reader, writer) = tokio::io::split(io);
    let mut line = Line {
        reader,
        writer,
        unwritten: Unwritten::default(),
    };
    let mut input = vec![0; READ_SIZE];
    let mut sleep = Box::pin(sleep_until(started));
    // Time and end are looked at in each turn: a modem that is never silent must not keep them waiting.
    while talk.advance(millis_since(started)) {
        talk.take_output(line.unwritten.end());
        arm(started, talk.next_wake_up(), sleep.as_mut());
        match line.wait(talk, &mut input, sleep.as_mut()).await {
            Wake::Read(Ok(count)) if count > 0 => {
                talk.on_bytes(millis_since(started), input.get(..count).unwrap_or_default());
            }
            Wake::Written(Ok(count)) if count > 0 => line.unwritten.on_written(count),
            Wake::Read(lost) | Wake::Written(lost) => talk.on_port_lost(reason(lost)),
            Wake::Other => {}
        }
    }
}

/// Both ways of an open port.
struct Line<Io> {
    reader: ReadHalf<Io>,
    writer: WriteHalf<Io>,
    unwritten: Unwritten,
}

/// What woke the task.
enum Wake {
    Read(std::io::Result<usize>),
    Written(std::io::Result<usize>),
    /// The next turn looks what it was.
    Other,
}

impl<Io: AsyncRead + AsyncWrite> Line<Io> {
    async fn wait(&mut self, talk: &mut impl Talk, input: &mut [u8], sleep: Pin<&mut Sleep>) -> Wake {
        let unwritten = self.unwritten.octets();
        let reads = talk.takes_more();
        tokio::select! {
            biased;
            written = self.writer.write(unwritten), if !unwritten.is_empty() => Wake::Written(written),
            read = self.reader.read(input), if reads => Wake::Read(read),
            () = talk.wait() => Wake::Other,
            () = sleep => Wake::Other,
        }
    }
}

/// A device that was unplugged reads nothing, or gives an error.
fn reason(lost: std::io::Result<usize>) -> String {
    match lost {
        Ok(_) => "it was unplugged or switched off".to_owned(),
        Err(fault) => fault.to_string(),
    }
}

#[cfg(test)]
#[path = "serial_tests.rs"]
mod tests;
