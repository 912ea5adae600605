//! How a verb listens for keys (OzML reference: UserInput; call session 5): prompts that a key stops, then
//! keys one after the other, each in its time.

use std::borrow::Cow;
use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;

use ozml_session::{Clock, ClockTime, Digits, Key, StopOn};

use super::cx::RunCx;
use super::digit_buffer::Waiting;
use super::leg::Sleep;
use super::outcome::{Flow, Stop};
use crate::program::Block;
use crate::trace::TraceKind;
use crate::variables::{Variable, dots};

/// What is listened for.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Listening<'l> {
    /// The keys that mean something, for those who show them.
    pub offered: Vec<&'l Digits>,
    /// The key that leads back, for those who show it.
    pub back: Option<Key>,
    /// How many keys are taken at most.
    pub awaited: usize,
    /// How long the first key is waited for, after the prompts.
    pub first: Duration,
    /// How long each further key is waited for, after the one before it.
    pub between: Duration,
    /// Whether the keys are shown as `•` wherever they are recorded.
    pub sensitive: bool,
}

impl Listening<'_> {
    /// How traces show the keys of a choice: one of a sensitive input is half a password.
    fn shown(&self, keys: &Digits) -> String {
        let keys = keys.to_string();
        if self.sensitive { dots(&keys) } else { keys }
    }
}

/// What came of listening.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Heard {
    /// Enough keys.
    Enough(Vec<Key>),
    /// Time ran out behind these keys, or without any.
    TimeOut(Vec<Key>),
    /// A verb among the prompts leads elsewhere.
    Left(Flow),
}

impl RunCx<'_> {
    /// Runs `prompts` until a key comes or they are through, then takes keys until `enough` says so of
    /// those that came, or until the time of the next one is over. Keys that nobody read before count. The
    /// time stands still while the far end holds the call.
    pub async fn listen(
        &mut self,
        what: &Listening<'_>,
        prompts: &Block,
        enough: impl Fn(&[Key]) -> bool + Send,
    ) -> Result<Heard, Stop> {
        self.session()?;
        self.record_leg(TraceKind::InputStarted {
            keys: what.offered.iter().map(|keys| what.shown(keys).into()).collect(),
            back: what.back.map(Key::as_char),
            awaited: u64::try_from(what.awaited).unwrap_or(u64::MAX),
        });
        self.keys_to_show = if what.sensitive { 0 } else { what.awaited };
        self.stop_on = StopOn::ANY;
        let place = self.place;
        let prompted = self.run_block(prompts).await;
        self.stop_on = StopOn::NONE;
        let heard = match prompted {
            Ok(Flow::Next) | Err(Stop::Cut) => {
                self.place = place;
                self.take_keys(what, enough).await
            }
            Ok(flow) => Ok(Heard::Left(flow)),
            Err(stop) => Err(stop),
        };
        self.keys_to_show = 0;
        heard
    }

    async fn take_keys(
        &mut self,
        what: &Listening<'_>,
        enough: impl Fn(&[Key]) -> bool + Send,
    ) -> Result<Heard, Stop> {
        let begin = self.ports.clock().now();
        let (mut keys, mut since, mut waiting) = (Vec::new(), begin, false);
        let heard = loop {
            if enough(&keys) {
                break Heard::Enough(keys);
            }
            let known = self.leg.as_mut().and_then(|leg| leg.keys.pop());
            let next = match known {
                Some(key) => Some(key),
                None => {
                    if !std::mem::replace(&mut waiting, true) {
                        self.begin_waiting();
                    }
                    let time = if keys.is_empty() { what.first } else { what.between };
                    self.next_key(since, time).await?
                }
            };
            let Some(key) = next else {
                break Heard::TimeOut(keys);
            };
            // A key that came while nobody listened does not begin its time before we do.
            since = key.at.max(begin);
            self.keys_to_show = self.keys_to_show.saturating_sub(1);
            keys.push(key.key);
        };
        if waiting && let Some(leg) = &self.leg {
            leg.session.listening(false);
        }
        self.call_time_passed(self.ports.clock().now().millis_since(begin));
        Ok(heard)
    }

    fn begin_waiting(&mut self) {
        self.record_leg(TraceKind::InputWaiting);
        if let Some(leg) = &self.leg {
            leg.session.listening(true);
        }
    }

    /// The next key, none when `time` after `since` has passed. A key of the same instant counts.
    async fn next_key(&mut self, since: ClockTime, time: Duration) -> Result<Option<Waiting>, Stop> {
        let clock = self.ports.clock();
        let held_before = self.leg.as_ref().map_or(0, |leg| leg.held_ms());
        let mut timer: Option<(ClockTime, Sleep<'_>)> = None;
        poll_fn(|task| {
            self.take_events(task);
            if let Some(key) = self.leg.as_mut().and_then(|leg| leg.keys.pop()) {
                return Poll::Ready(Ok(Some(key)));
            }
            let held = self.leg.as_ref().map(|leg| (leg.is_held(), leg.held_ms()));
            match held {
                Some((false, held)) => {
                    let more = held.saturating_sub(held_before);
                    let due = since.after(time.saturating_add(Duration::from_millis(more)));
                    if poll_until(clock, &mut timer, due, task) {
                        return Poll::Ready(Ok(None));
                    }
                }
                _ => timer = None,
            }
            self.poll_guards(task);
            if self.is_over() {
                // An end that we caused just now is told before the wait is over.
                self.take_events(task);
                return Poll::Ready(Err(Stop::HungUp { partial: None }));
            }
            Poll::Pending
        })
        .await
    }

    /// Pauses until `since` lies `least` back, or until a key comes that somebody listens
    /// for: what repeats takes some time.
    pub async fn rest(&mut self, since: ClockTime, least: Duration) -> Result<(), Stop> {
        let due = since.after(least);
        let now = self.ports.clock().now();
        if now >= due {
            return Ok(());
        }
        let rest = self.sleep(Duration::from_millis(due.millis_since(now))).await;
        let passed = self.ports.clock().now().millis_since(now);
        self.call_time_passed(passed);
        rest
    }

    /// Records the keys that a verb takes as its input, and provides `$DtmfDigits`.
    pub fn collected(&mut self, keys: &[Key], sensitive: bool) -> Result<(), Stop> {
        let digits: String = keys.iter().map(|key| key.as_char()).collect();
        let (shown, value) = if sensitive {
            self.secrets.enter(&digits);
            (dots(&digits), Variable::Secret(digits.as_str().into()))
        } else {
            (digits.clone(), Variable::text(&digits))
        };
        self.record_leg(TraceKind::InputCollected {
            digits: Cow::Owned(shown),
        });
        self.provide("DtmfDigits", value)
    }

    /// Records that no keys came in time, or too few.
    pub fn timed_out(&mut self) {
        self.record_leg(TraceKind::InputTimeout);
    }

    /// Counts a repetition of a menu; `repeats` are those before.
    pub fn count_repeat(&mut self, repeats: &mut u64) -> Result<(), Stop> {
        *repeats = repeats.saturating_add(1);
        self.within("menu_repeats", *repeats, self.limits.menu_repeats)
    }

    /// Runs the verbs behind a choice: inside, `Flow::Back` leads here.
    pub async fn run_branch(&mut self, branch: &Block) -> Result<Flow, Stop> {
        self.menus = self.menus.saturating_add(1);
        let flow = self.run_block(branch).await;
        self.menus = self.menus.saturating_sub(1);
        flow
    }

    /// Whether there is a menu above: somewhere to go back to.
    pub fn is_in_branch(&self) -> bool {
        self.menus > 0
    }

    /// How a key is shown that arrives now.
    pub(super) fn key_shown(&self, key: Key) -> char {
        let unread = self.leg.as_ref().map_or(0, |leg| leg.keys.len());
        if self.hides_keys() && (unread > 0 || self.keys_to_show == 0) {
            '•'
        } else {
            key.as_char()
        }
    }
}

fn poll_until<'p>(
    clock: &'p dyn Clock,
    timer: &mut Option<(ClockTime, Sleep<'p>)>,
    due: ClockTime,
    task: &mut Context<'_>,
) -> bool {
    if timer.as_ref().is_none_or(|(at, _)| *at != due) {
        *timer = Some((due, clock.sleep_until(due)));
    }
    timer
        .as_mut()
        .is_some_and(|(_, sleep)| sleep.as_mut().poll(task).is_ready())
}
