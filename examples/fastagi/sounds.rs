//! Sounds, and the keys that are pressed while they are heard.

use std::time::Duration;

use ozml::session::{CallError, ClockTime, Key, MediaFault, Played, StopOn};

use crate::line::{Answer, First, Over, PROMPTLY, SOUND, Task, wait};
use crate::protocol::{Line, key, stream};

/// What became of a sound; nothing when nobody waits for it any more.
type Heard = Option<Result<Played, CallError>>;

impl Task {
    /// Plays a file. Every key ends it for Asterisk; after one that is not to end it, it goes on from there.
    pub(crate) async fn file(
        &mut self,
        name: &str,
        until: StopOn,
        begin: ClockTime,
        answer: &mut Answer<Played>,
    ) -> Result<Heard, Over> {
        let mut offset = 0;
        loop {
            self.begin(&stream(name, offset)).await?;
            let (result, end) = match self.first(Some(answer), SOUND).await? {
                First::Line(Line::Result { result, end }) => (result, end.unwrap_or(offset)),
                First::Line(Line::HungUp) => return Err(self.hung_up()),
                First::Line(_) => return Err(self.lost("Asterisk does not know `STREAM FILE`")),
                First::Request(request) => return Err(self.interrupt(request).await),
                First::Nobody => return self.stop_file().await.map(|()| None),
            };
            let ms = self.clock.now().millis_since(begin);
            match key(result) {
                Some(pressed) => {
                    self.press(result);
                    if until.contains(pressed) {
                        return Ok(Some(Ok(Played::cut(ms, pressed))));
                    }
                    offset = end;
                }
                None if result < 0 && end > offset => return Err(self.hung_up()),
                None if result < 0 => {
                    // The file is not there, or the call is over: a wait would say so.
                    self.begin(&wait(Duration::from_millis(1))).await?;
                    let line = self.line(PROMPTLY).await?;
                    self.waited(line)?;
                    return Ok(Some(Err(missing(name))));
                }
                None => return Ok(Some(Ok(Played::whole(ms)))),
            }
        }
    }

    /// Ends a file that nobody waits for: any new command does.
    async fn stop_file(&mut self) -> Result<(), Over> {
        self.send("NOOP").await?;
        if let Line::Result { result, end: Some(_) } = self.line(PROMPTLY).await? {
            self.press(result);
            self.line(PROMPTLY).await?;
        }
        Ok(())
    }

    /// A tone is played beside a wait for keys.
    pub(crate) async fn tone(
        &mut self,
        hertz: u16,
        length: Duration,
        until: StopOn,
        answer: &mut Answer<Played>,
    ) -> Result<Heard, Over> {
        let begin = self.clock.now();
        let end = begin.after(length);
        self.command(
            &format!("EXEC PlayTones !{hertz}/{}", length.as_millis()),
            PROMPTLY,
        )
        .await?;
        let played = loop {
            let now = self.clock.now();
            let ms = now.millis_since(begin);
            if now >= end {
                break Some(Ok(Played::whole(ms)));
            }
            let rest = Duration::from_millis(end.millis_since(now));
            self.begin(&wait(rest)).await?;
            self.waits = true;
            match self.first(Some(answer), rest.saturating_add(PROMPTLY)).await? {
                First::Line(line) => {
                    let pressed = pressed_key(line).filter(|pressed| until.contains(*pressed));
                    self.waited(line)?;
                    if let Some(pressed) = pressed {
                        break Some(Ok(Played::cut(ms, pressed)));
                    }
                }
                First::Request(request) => return Err(self.interrupt(request).await),
                First::Nobody => break None,
            }
        };
        self.command("EXEC StopPlayTones", PROMPTLY).await?;
        Ok(played)
    }
}

fn pressed_key(line: Line) -> Option<Key> {
    match line {
        Line::Result { result, .. } => key(result),
        _ => None,
    }
}

fn missing(name: &str) -> CallError {
    CallError::Media(MediaFault::Missing(name.to_owned()))
}
