//! The world around a simulated call: transport, web application and files, as a scenario has them.

use std::collections::VecDeque;
use std::future::ready;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ozml_parser::Span;
use ozml_session::{
    AcceptedSms, Clock, ClockTime, FetchAnswer, FetchError, FetchRequest, Fetcher, FileError, FileInfo,
    FileName, Files, HttpUrl, Messenger, OutgoingSms, PhoneNumber, PortFuture, SmsRefusal, SmsState,
    SmsStatus,
};

use super::expect::SoundFile;
use crate::prepared::Prepared;
use crate::{SimClock, SimMessenger};

/// What becomes of an SMS.
#[derive(Debug, Clone)]
pub(super) struct SmsOutcome {
    pub(super) to: Option<PhoneNumber>,
    pub(super) refusal: Option<Refusal>,
    pub(super) takes: Duration,
    pub(super) later: Option<(SmsState, Duration)>,
    pub(super) span: Span,
}

/// Why the transport refuses.
#[derive(Debug, Clone)]
pub(super) struct Refusal(SmsRefusal);

impl Refusal {
    pub(super) fn new(code: &str, reason: &str) -> Self {
        Self(match code {
            "903" => SmsRefusal::QueueFull,
            "904" => SmsRefusal::Store(reason.to_owned()),
            _ => SmsRefusal::Centre(reason.to_owned()),
        })
    }
}

/// What the web application answers.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) url: HttpUrl,
    pub(super) body: Body,
    pub(super) status: u16,
    pub(super) fails: Option<&'static str>,
    pub(super) takes: Duration,
    pub(super) span: Span,
}

#[derive(Debug, Clone)]
pub(super) enum Body {
    Text(Arc<[u8]>),
    /// A file that is not loaded yet.
    File(Arc<str>, Span),
}

/// Operations that began and came to their outcome; the others are under way, or were dropped.
#[derive(Debug, Default)]
pub(super) struct Counted {
    begun: AtomicUsize,
    through: AtomicUsize,
}

impl Counted {
    fn begin(&self) {
        self.begun.fetch_add(1, Ordering::Relaxed);
    }

    fn end(&self) {
        self.through.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn begun(&self) -> usize {
        self.begun.load(Ordering::Relaxed)
    }

    /// How many have no outcome.
    pub(super) fn open(&self) -> usize {
        self.begun().saturating_sub(self.through.load(Ordering::Relaxed))
    }
}

/// What was prepared and how far it was used.
pub(super) struct World {
    clock: SimClock,
    sms: Prepared<SmsOutcome>,
    answers: Prepared<Answer>,
    files: Vec<SoundFile>,
    /// How much longer everything takes than the scenario says.
    slower: Duration,
    taker: SimMessenger,
    due: Mutex<VecDeque<(ClockTime, SmsStatus)>>,
    pub(super) sends: Counted,
    pub(super) reports: Counted,
}

impl World {
    pub(super) fn new(clock: SimClock, scenario: &super::Scenario, slower: Duration) -> Self {
        Self {
            clock,
            sms: scenario.sms.iter().cloned().collect(),
            answers: scenario.answers.iter().cloned().collect(),
            files: scenario.files.clone(),
            slower,
            taker: SimMessenger::default(),
            due: Mutex::default(),
            sends: Counted::default(),
            reports: Counted::default(),
        }
    }

    /// The places of outcomes that were prepared and never used.
    pub(super) fn unused(&self) -> Vec<Span> {
        let sms = self.sms.unused().into_iter().map(|outcome| outcome.span);
        sms.chain(self.answers.unused().into_iter().map(|answer| answer.span))
            .collect()
    }

    /// When the next state of an SMS comes.
    pub(super) fn next_due(&self) -> Option<ClockTime> {
        self.due().front().map(|(at, _)| *at)
    }

    /// The next state of an SMS, if it is known by now.
    pub(super) fn take_due(&self) -> Option<SmsStatus> {
        let mut due = self.due();
        let known = due.front().is_some_and(|(at, _)| *at <= self.clock.now());
        if known {
            due.pop_front().map(|(_, status)| status)
        } else {
            None
        }
    }

    fn due(&self) -> MutexGuard<'_, VecDeque<(ClockTime, SmsStatus)>> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn pass(&self, time: Duration) {
        let time = time.saturating_add(self.slower);
        if !time.is_zero() {
            self.clock.sleep_until(self.clock.now().after(time)).await;
        }
    }

    fn becomes(&self, sms: &AcceptedSms, (state, after): (SmsState, Duration)) {
        let status = (
            self.clock.now().after(after),
            SmsStatus::new(sms.id.clone(), state),
        );
        let mut due = self.due();
        let at = due.partition_point(|known| known.0 <= status.0);
        due.insert(at, status);
    }
}

/// The world as a transport of SMS.
pub(super) struct WorldMessenger(pub(super) Arc<World>);

impl Messenger for WorldMessenger {
    fn send<'a>(&'a self, sms: &'a OutgoingSms) -> PortFuture<'a, AcceptedSms, SmsRefusal> {
        let world = &self.0;
        world.sends.begin();
        let outcome = world
            .sms
            .next(|outcome| outcome.to.as_ref().is_none_or(|to| *to == sms.to));
        Box::pin(async move {
            world
                .pass(outcome.as_ref().map_or(Duration::ZERO, |outcome| outcome.takes))
                .await;
            world.sends.end();
            if let Some(Refusal(refusal)) = outcome.as_ref().and_then(|outcome| outcome.refusal.clone()) {
                return Err(refusal);
            }
            let accepted = world.taker.send(sms).await?;
            if let Some(later) = outcome.and_then(|outcome| outcome.later) {
                world.becomes(&accepted, later);
            }
            Ok(accepted)
        })
    }
}

/// The world as a web application.
pub(super) struct WorldFetcher(pub(super) Arc<World>);

impl Fetcher for WorldFetcher {
    fn fetch<'a>(&'a self, request: &'a FetchRequest) -> PortFuture<'a, FetchAnswer, FetchError> {
        let world = &self.0;
        let reports = is_report(request);
        if reports {
            world.reports.begin();
        }
        let url = request.url.as_str();
        let answer = world.answers.next_for(url, |answer| answer.url.as_str());
        Box::pin(async move {
            world
                .pass(answer.as_ref().map_or(Duration::ZERO, |answer| answer.takes))
                .await;
            if reports {
                world.reports.end();
            }
            match answer {
                Some(answer) => answered(answer, request),
                None => Err(FetchError::Failed(
                    "the scenario has no `<Answer>` for it".to_owned(),
                )),
            }
        })
    }
}

/// Whether a request tells something: that one is an effect. One that only asks is a wait, which a hang-up
/// drops.
fn is_report(request: &FetchRequest) -> bool {
    let notification = request.fields.iter().find(|(name, _)| name == "NotificationName");
    notification.is_some_and(|(_, name)| name != "GoTo")
}

fn answered(answer: Answer, request: &FetchRequest) -> Result<FetchAnswer, FetchError> {
    let body = match (answer.fails, answer.body) {
        (None, Body::Text(body)) => body,
        (None, Body::File(name, _)) => return Err(FetchError::Failed(format!("`{name}` was not loaded"))),
        (Some("timeout"), _) => return Err(FetchError::Timeout),
        (Some("forbidden"), _) => {
            return Err(FetchError::Forbidden {
                rule: "scenario".to_owned(),
            });
        }
        (Some(_), _) => return Err(FetchError::Failed("no connection".to_owned())),
    };
    if body.len() > request.max_bytes {
        return Err(FetchError::TooLarge {
            max: request.max_bytes,
        });
    }
    Ok(FetchAnswer::new(
        answer.status,
        request.url.clone(),
        body.to_vec(),
    ))
}

/// The world as a place of sound files; a file the scenario does not name is there, of unknown length.
pub(super) struct WorldFiles(pub(super) Arc<World>);

impl Files for WorldFiles {
    fn info<'a>(&'a self, file: &'a FileName) -> PortFuture<'a, FileInfo, FileError> {
        let known = self.0.files.iter().find(|known| known.name == *file);
        Box::pin(ready(match known {
            Some(SoundFile { ms: Some(ms), .. }) => Ok(FileInfo::new(0, Some(*ms))),
            Some(SoundFile { ms: None, .. }) => Err(FileError::Missing),
            None => Err(FileError::Unavailable),
        }))
    }
}
