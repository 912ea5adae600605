//! Sounds: found, fetched, and played once or again and again.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use ozml_session::{
    CallError, Clock, ClockTime, FetchRequest, FetchedSound, FileError, HttpUrl, Played, PortFuture, Prompt,
    SoundFile,
};

use super::cx::RunCx;
use super::leg::Sleep;
use super::outcome::{Failure, Stop};
use super::port_answers;
use crate::verb::SoundSource;

/// Least time of one round of a sound that repeats.
const LEAST_ROUND: Duration = Duration::from_millis(100);

impl RunCx<'_> {
    /// Looks a sound up, or fetches it; one that is not there fails the verb with code 302.
    pub async fn sound(&mut self, source: &SoundSource, param: &'static str) -> Result<Prompt, Stop> {
        match source {
            SoundSource::File(name) => {
                let look = self.ports.files().info(name);
                let ms = match self.wait_uncut("files.info", look, port_answers::file).await? {
                    Ok(info) => info.ms,
                    // The session may know the file by itself.
                    Err(FileError::Unavailable) => None,
                    Err(fault) => return Err(Failure::new(302, format!("{param}: `{name}`: {fault}")).into()),
                };
                Ok(Prompt::File(SoundFile::new(name.clone(), ms)))
            }
            SoundSource::Web(url) => self.fetched_sound(url, param).await,
        }
    }

    async fn fetched_sound(&mut self, url: &HttpUrl, param: &'static str) -> Result<Prompt, Stop> {
        let limit = self.limits.fetch_audio_bytes;
        let get = FetchRequest::get(url.clone(), usize::try_from(limit).unwrap_or(usize::MAX));
        match self.fetch(&get, false, ("fetch_audio_bytes", limit)).await? {
            Ok(answer) => Ok(Prompt::Fetched(FetchedSound::new(
                url.clone(),
                answer.body.into(),
            ))),
            Err(text) => Err(Failure::new(302, format!("{param}: {text}")).into()),
        }
    }

    /// Plays a prompt, at most for a time, and again and again where it repeats.
    pub async fn play_for(
        &mut self,
        prompt: &Prompt,
        time: Option<Duration>,
        repeat: bool,
    ) -> Result<(), Stop> {
        let clock = self.ports.clock();
        let end = time.map(|time| clock.now().after(time));
        loop {
            let begin = clock.now();
            self.play_until(prompt, end).await?;
            if !repeat || end.is_some_and(|end| clock.now() >= end) {
                return Ok(());
            }
            self.rest(begin, LEAST_ROUND).await?;
        }
    }
}

/// A prompt that is stopped when its time is over.
pub(super) fn until<'p>(
    clock: &'p dyn Clock,
    mut operation: PortFuture<'p, Played, CallError>,
    end: Option<ClockTime>,
) -> PortFuture<'p, Played, CallError> {
    let Some(end) = end else { return operation };
    let begin = clock.now();
    let mut timer: Sleep<'p> = clock.sleep_until(end);
    Box::pin(poll_fn(move |task| {
        if let Poll::Ready(played) = operation.as_mut().poll(task) {
            return Poll::Ready(played);
        }
        let over = timer.as_mut().poll(task);
        over.map(|()| Ok(Played::whole(clock.now().millis_since(begin))))
    }))
}
