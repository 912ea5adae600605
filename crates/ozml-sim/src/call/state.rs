use std::collections::VecDeque;
use std::task::{Context, Waker};

use ozml_session::{Cause, ClockTime, Ended, EndedBy, Key, SessionEvent, StopOn};

use crate::inputs::{Input, Inputs};

/// Where a simulated call stands.
#[derive(Default)]
pub(super) struct State {
    pub(super) answered: Option<ClockTime>,
    pub(super) ended: Option<Ended>,
    pub(super) inputs: Inputs,
    pub(super) playing: Option<Playing>,
    keys: VecDeque<(Key, ClockTime)>,
    end_told: bool,
    reader: Option<Waker>,
    worker: Option<Waker>,
}

/// The prompt that is heard.
pub(super) struct Playing {
    pub(super) end: ClockTime,
    pub(super) until: StopOn,
    pub(super) cut: Option<(Key, ClockTime)>,
}

impl State {
    /// Lets everything happen that the far end does by itself until `now`.
    pub(super) fn happen(&mut self, now: ClockTime, far: EndedBy) {
        while let Some(at) = self.next_input().filter(|at| *at <= now) {
            match self.inputs.timed.pop_front() {
                Some((_, Input::Press(key))) => self.key(key, at),
                Some((_, Input::HangUp)) => self.end(Ended::new(far, Cause::Normal, at)),
                None => return,
            }
        }
    }

    /// When the far end next does something by itself.
    pub(super) fn next_input(&self) -> Option<ClockTime> {
        let answered = self.answered.filter(|_| self.ended.is_none())?;
        self.inputs.timed.front().map(|(time, _)| answered.after(*time))
    }

    pub(super) fn key(&mut self, key: Key, at: ClockTime) {
        if self.ended.is_some() {
            return;
        }
        self.keys.push_back((key, at));
        if let Some(playing) = &mut self.playing
            && playing.until.contains(key)
        {
            playing.cut.get_or_insert((key, at));
        }
    }

    pub(super) fn end(&mut self, ended: Ended) {
        self.ended.get_or_insert(ended);
    }

    /// The next event. The end comes after every key, and after a prompt that is through in that instant.
    pub(super) fn take_event(&mut self) -> Option<SessionEvent> {
        if let Some((key, at)) = self.keys.pop_front() {
            return Some(SessionEvent::Key { key, at });
        }
        let ended = self.ended_for_all().filter(|_| !self.end_told)?;
        self.end_told = true;
        Some(SessionEvent::Ended(ended))
    }

    /// The end of the call, unless a prompt that is through in the same instant has not said so yet.
    pub(super) fn ended_for_all(&self) -> Option<Ended> {
        let prompt_first = |ended: &Ended| {
            self.playing
                .as_ref()
                .is_some_and(|playing| playing.end <= ended.at)
        };
        self.ended.filter(|ended| !prompt_first(ended))
    }

    pub(super) fn listen(&mut self, task: &Context<'_>) {
        keep(&mut self.reader, task);
    }

    pub(super) fn work(&mut self, task: &Context<'_>) {
        keep(&mut self.worker, task);
    }

    /// Tells the engine that something happened.
    pub(super) fn wake(&mut self) {
        for waker in [self.reader.take(), self.worker.take()].into_iter().flatten() {
            waker.wake();
        }
    }
}

fn keep(slot: &mut Option<Waker>, task: &Context<'_>) {
    match slot {
        Some(known) => known.clone_from(task.waker()),
        None => *slot = Some(task.waker().clone()),
    }
}
