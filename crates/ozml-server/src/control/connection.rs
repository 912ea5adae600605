//! One connection to the control socket.

use std::io;
use std::time::Duration;

use tokio::io::{
    AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader,
};
use tokio::time::timeout;

use super::{Answer, Fault, MOST_LINE, Service};

/// How long a line may take to come, and an answer to be taken.
const IDLE: Duration = Duration::from_secs(60);

/// What came.
enum Line {
    /// A line without its end.
    Whole(Vec<u8>),
    /// More octets than a request may have.
    TooLong,
    /// Nothing more will come.
    End,
}

/// Answers one line after the other until the other side ends, sends a line that is too long, or is silent
/// for a minute.
pub(super) async fn talk(stream: impl AsyncRead + AsyncWrite + Unpin, service: &Service) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        match timeout(IDLE, read_line(&mut stream)).await? {
            Ok(Line::Whole(line)) => {
                let answer = service.answer_line(&line).await;
                write_line(&mut stream, &answer).await?;
            }
            Ok(Line::TooLong) => {
                let text = format!("a request has at most {MOST_LINE} octets");
                return write_line(&mut stream, &Answer::Error(Fault::invalid(text))).await;
            }
            Ok(Line::End) => return Ok(()),
            Err(fault) => return Err(fault),
        }
    }
}

/// Says that there are too many connections.
pub(super) async fn turn_away(mut stream: impl AsyncWrite + Unpin) -> io::Result<()> {
    write_line(&mut stream, &Answer::Error(Fault::busy())).await
}

async fn read_line(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Line> {
    let most = u64::try_from(MOST_LINE).unwrap_or(u64::MAX).saturating_add(1);
    let mut line = Vec::new();
    stream.take(most).read_until(b'\n', &mut line).await?;
    match line.pop() {
        Some(b'\n') => Ok(Line::Whole(line)),
        // A last line without an end was cut, perhaps in its middle.
        _ if line.len() < MOST_LINE => Ok(Line::End),
        _ => Ok(Line::TooLong),
    }
}

async fn write_line(stream: &mut (impl AsyncWrite + Unpin), answer: &Answer) -> io::Result<()> {
    let mut line = serde_json::to_vec(answer)?;
    line.push(b'\n');
    timeout(IDLE, stream.write_all(&line)).await??;
    stream.flush().await
}
