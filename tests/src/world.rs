//! Ports of a simulated world that take their time, and a folder of sounds that does not exist.

use std::collections::BTreeMap;
use std::future::ready;
use std::time::Duration;

use ozml_session::{
    AcceptedSms, Clock, FetchAnswer, FetchError, FetchRequest, Fetcher, FileError, FileInfo, FileName, Files,
    Messenger, OutgoingSms, PortFuture, SmsRefusal,
};
use ozml_sim::SimClock;

/// A port that answers late.
pub struct Late<P> {
    clock: SimClock,
    takes: Duration,
    port: P,
}

impl<P> Late<P> {
    /// `port`, each of its answers `takes` later.
    pub fn new(clock: &SimClock, takes: Duration, port: P) -> Self {
        let clock = clock.clone();
        Self { clock, takes, port }
    }

    async fn wait(&self) {
        self.clock.sleep_until(self.clock.now().after(self.takes)).await;
    }
}

impl<P: Messenger> Messenger for Late<P> {
    fn send<'a>(&'a self, sms: &'a OutgoingSms) -> PortFuture<'a, AcceptedSms, SmsRefusal> {
        Box::pin(async move {
            self.wait().await;
            self.port.send(sms).await
        })
    }
}

impl<P: Fetcher> Fetcher for Late<P> {
    fn fetch<'a>(&'a self, request: &'a FetchRequest) -> PortFuture<'a, FetchAnswer, FetchError> {
        Box::pin(async move {
            self.wait().await;
            self.port.fetch(request).await
        })
    }
}

/// Sounds with their playing times in milliseconds; nothing else is there.
#[derive(Debug, Clone, Default)]
pub struct Sounds(pub BTreeMap<String, Option<u64>>);

impl Files for Sounds {
    fn info<'a>(&'a self, file: &'a FileName) -> PortFuture<'a, FileInfo, FileError> {
        let ms = self.0.get(file.as_str());
        Box::pin(ready(
            ms.map(|ms| FileInfo::new(0, *ms)).ok_or(FileError::Missing),
        ))
    }
}
