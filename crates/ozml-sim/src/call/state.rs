use std::collections::VecDeque;
use std::task::{Context, Waker};

use ozml_session::{Cause, ClockTime, Ended, EndedBy, Key, Prompt, SessionEvent, StopOn};

use crate::inputs::{Input, Inputs};

/// Where a simulated call stands.
#[derive(Default)]
pub(super) struct State {
    pub(super) answered: Option<ClockTime>,
    pub(super) ended: Option<Ended>,
    pub(super) inputs: Inputs,
    pub(super) playing: Option<Playing>,
    events: VecDeque<SessionEvent>,
    held: bool,
    listening: bool,
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
                Some(timed) if self.held && matches!(timed.input, Input::Press(_)) => {
                    self.inputs.miss(&timed)
                }
                Some(timed) => self.input(timed.input, at, far),
                None => return,
            }
        }
    }

    /// The engine begins or ends to wait for keys: whether the far end waited for that. While it holds the
    /// call it can press none.
    pub(super) fn listened(&mut self, on: bool, now: ClockTime, far: EndedBy) -> bool {
        self.listening = on;
        on && !self.held && self.next_in_turn(|heard| heard.is_none(), now, far)
    }

    /// A prompt was heard to its end.
    pub(super) fn heard(&mut self, prompt: &Prompt, now: ClockTime, far: EndedBy) {
        let name = match prompt {
            Prompt::Speech(speech) => &*speech.text,
            Prompt::File(file) => file.name.as_str(),
            Prompt::Fetched(sound) => sound.url.as_str(),
            _ => return,
        };
        self.next_in_turn(|text| text.is_some_and(|text| name.contains(text)), now, far);
    }

    /// Does what comes next, if this is the moment for it.
    fn next_in_turn(
        &mut self,
        is_moment: impl Fn(Option<&str>) -> bool,
        now: ClockTime,
        far: EndedBy,
    ) -> bool {
        let next = self.inputs.in_turn.front();
        if !next.is_some_and(|step| is_moment(step.heard.as_deref())) || self.ended.is_some() {
            return false;
        }
        let inputs = self.inputs.in_turn.pop_front().map(|step| step.inputs);
        for input in inputs.into_iter().flatten() {
            self.input(input, now, far);
        }
        true
    }

    fn input(&mut self, input: Input, at: ClockTime, far: EndedBy) {
        match input {
            Input::Press(key) => self.key(key, at),
            Input::HangUp => self.end(Ended::new(far, Cause::Normal, at)),
            Input::Hold => {
                self.held = true;
                self.events.push_back(SessionEvent::Held);
            }
            Input::Release => {
                self.held = false;
                self.events.push_back(SessionEvent::Released);
                self.listened(self.listening, at, far);
            }
        }
    }

    /// When the far end next does something by itself.
    pub(super) fn next_input(&self) -> Option<ClockTime> {
        let answered = self.answered.filter(|_| self.ended.is_none())?;
        self.inputs.timed.front().map(|timed| answered.after(timed.time))
    }

    pub(super) fn key(&mut self, key: Key, at: ClockTime) {
        if self.ended.is_some() {
            return;
        }
        self.events.push_back(SessionEvent::Key { key, at });
        if let Some(playing) = &mut self.playing
            && playing.until.contains(key)
        {
            playing.cut.get_or_insert((key, at));
        }
    }

    pub(super) fn end(&mut self, ended: Ended) {
        self.ended.get_or_insert(ended);
    }

    /// The next event. The end comes after every other, and after a prompt that is through in that instant.
    pub(super) fn take_event(&mut self) -> Option<SessionEvent> {
        if let Some(event) = self.events.pop_front() {
            return Some(event);
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
