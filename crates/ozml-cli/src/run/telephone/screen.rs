//! The picture of the call as a model: events and time go in, bytes for a terminal come out.
//!
//! What has happened stands in rows that are never touched again, so that the terminal can scroll them. Below
//! them are at most two rows that are drawn anew: the one that grows while a prompt is heard, and the status.
//! The cursor rests at the end of the status, and no row reaches the last column, so nothing ever wraps.

use ozml::engine::{TraceEvent, TraceKind};

use super::status::{Status, clock};
use super::utterance::Utterance;
use super::wrap;
use crate::output::shown;
use crate::run::lines::{Line, line, spoken};

/// Columns of the clock, the label and the gaps behind them.
const HEAD: usize = 17;

/// A terminal with fewer columns gets whole rows only.
const NARROW: usize = 32;

/// To the beginning of this row and clear it; the same one row up (ECMA-48).
const CLEAR: &str = "\r\x1b[K";
const CLEAR_ABOVE: &str = "\x1b[A\r\x1b[K";

/// How much is shown, and how.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Look {
    pub(super) color: bool,
    pub(super) verbose: bool,
    pub(super) quiet: bool,
}

/// The picture of one call.
#[derive(Debug)]
pub(super) struct Screen {
    look: Look,
    width: usize,
    /// The prompt that is heard: when it began, in which way, and how far it is.
    prompt: Option<Prompt>,
    /// Keys that were pressed and stand in no row yet.
    pressed: String,
    status: Status,
    /// The two rows at the bottom as they are drawn.
    drawn: Option<Bottom>,
    /// Whether there is a bottom at all.
    live: bool,
    out: String,
}

#[derive(Debug)]
struct Prompt {
    at: u64,
    label: &'static str,
    said: Utterance,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Bottom {
    growing: Option<String>,
    status: String,
}

/// What an event means for the prompt that is heard.
enum Hearing {
    GoesOn,
    Ends { cut: bool },
}

impl Screen {
    pub(super) fn new(look: Look, width: usize) -> Self {
        Self {
            look,
            width,
            prompt: None,
            pressed: String::new(),
            status: Status::default(),
            drawn: None,
            live: width >= NARROW,
            out: String::new(),
        }
    }

    /// Takes an event.
    pub(super) fn event(&mut self, event: &TraceEvent<'_>) {
        self.status.note(&event.kind);
        match hearing(&event.kind) {
            Hearing::Ends { cut } => self.end_prompt(cut, event.at_ms),
            Hearing::GoesOn => {}
        }
        match &event.kind {
            TraceKind::KeyPressed { key } => self.pressed.push(*key),
            TraceKind::PromptSpoken { text, language } => {
                let text = shown(&spoken(text, language.as_deref()));
                self.begin_prompt("says", Utterance::spoken(text, event.at_ms), event.at_ms);
            }
            TraceKind::PromptPlayed { file } => {
                let file = shown(file);
                self.begin_prompt("plays", Utterance::played(file, event.at_ms), event.at_ms);
            }
            TraceKind::PromptCut { .. } | TraceKind::InputWaiting => {}
            _ => self.put_event(event),
        }
        self.draw(event.at_ms);
    }

    /// The call is being ended from outside: what is said breaks off.
    pub(super) fn hanging_up(&mut self, now: u64, text: &str) {
        self.end_prompt(true, now);
        self.put_pressed(now);
        self.put(now, &Line::new("hang-up", text));
        self.draw(now);
    }

    /// Lets time go on to `now`, in milliseconds since the run began.
    pub(super) fn tick(&mut self, now: u64) {
        self.draw(now);
    }

    /// Takes another width. Rows are left as the terminal shows them; what follows is laid out anew.
    pub(super) fn resize(&mut self, width: usize, now: u64) {
        if let Some(prompt) = &mut self.prompt {
            prompt.said.break_row();
        }
        if self.drawn.take().is_some() {
            self.out.push_str(CLEAR);
        }
        self.width = width;
        self.live &= width >= NARROW;
        self.draw(now);
    }

    /// From now on only whole rows: the terminal was given back, or the call is through.
    pub(super) fn settle(&mut self, now: u64) {
        self.end_prompt(true, now);
        self.put_pressed(now);
        self.erase();
        self.live = false;
    }

    /// The bottom was written over by somebody else: it is left as it is.
    pub(super) fn abandon(&mut self) {
        self.drawn = None;
        self.live = false;
    }

    /// When the picture changes by itself.
    pub(super) fn next_change(&self, now: u64) -> u64 {
        let second = (now / 1000).saturating_add(1).saturating_mul(1000);
        let prompt = self
            .prompt
            .as_ref()
            .and_then(|prompt| prompt.said.next_change(now));
        prompt.map_or(second, |character| character.min(second))
    }

    /// What is to be written to the terminal.
    pub(super) fn take_output(&mut self) -> String {
        std::mem::take(&mut self.out)
    }

    fn put_event(&mut self, event: &TraceEvent<'_>) {
        let Some(line) = line(event, self.look.verbose) else {
            return;
        };
        if self.look.quiet && line.label == "warning" {
            return;
        }
        if self.prompt.is_none() {
            self.put_pressed(event.at_ms);
        }
        self.put(event.at_ms, &line);
    }

    /// Keys stand in a row once the prompt in which they were pressed does.
    fn put_pressed(&mut self, at: u64) {
        if !self.pressed.is_empty() {
            let keys = std::mem::take(&mut self.pressed);
            self.put(at, &Line::new("keys", keys));
        }
    }

    fn put(&mut self, at: u64, line: &Line) {
        self.break_prompt(at);
        self.erase();
        let text = shown(&line.text);
        for (number, row) in wrap::rows(&text, self.text_width()).into_iter().enumerate() {
            let head = match number {
                0 => self.head(at, line),
                _ => " ".repeat(HEAD),
            };
            self.put_row(&format!("{head}{row}"));
        }
    }

    fn put_row(&mut self, row: &str) {
        self.out.push_str(row.trim_end());
        self.out.push_str("\r\n");
    }

    fn begin_prompt(&mut self, label: &'static str, said: Utterance, at: u64) {
        self.put_pressed(at);
        self.prompt = Some(Prompt { at, label, said });
    }

    fn end_prompt(&mut self, cut: bool, now: u64) {
        if let Some(prompt) = self.prompt.take() {
            self.erase();
            let mut head = self.prompt_head(&prompt);
            for row in prompt.said.end(cut, now, self.text_width()) {
                if !row.is_empty() {
                    self.put_row(&format!("{head}{row}"));
                }
                head = " ".repeat(HEAD);
            }
        }
    }

    /// Ends the growing row where it is, for a row that comes between.
    fn break_prompt(&mut self, now: u64) {
        let mut rows = self.hear(now);
        let begun = |prompt: &Prompt| !prompt.said.growing().is_empty();
        if self.prompt.as_ref().is_some_and(begun) {
            rows.extend(self.growing());
        }
        if let Some(prompt) = &mut self.prompt {
            prompt.said.break_row();
        }
        self.erase();
        rows.iter().for_each(|row| self.put_row(row));
    }

    fn erase(&mut self) {
        if let Some(bottom) = self.drawn.take() {
            self.out.push_str(CLEAR);
            if bottom.growing.is_some() {
                self.out.push_str(CLEAR_ABOVE);
            }
        }
    }

    fn draw(&mut self, now: u64) {
        if !self.live {
            return;
        }
        let full = self.hear(now);
        let bottom = Bottom {
            growing: self.growing(),
            status: wrap::cut(&self.status.row(now, &self.pressed), self.row_width()),
        };
        if full.is_empty() && self.drawn.as_ref() == Some(&bottom) {
            return;
        }
        self.erase();
        full.iter().for_each(|row| self.put_row(row));
        if let Some(growing) = &bottom.growing {
            self.put_row(growing);
        }
        match self.look.color {
            true => self.out.push_str(&format!("\x1b[7m{}\x1b[0m", bottom.status)),
            false => self.out.push_str(&bottom.status),
        }
        self.drawn = Some(bottom);
    }

    /// The rows of the prompt that are full by now.
    fn hear(&mut self, now: u64) -> Vec<String> {
        let width = self.text_width();
        let Some(mut prompt) = self.prompt.take() else {
            return Vec::new();
        };
        let mut head = self.prompt_head(&prompt);
        let mut full = Vec::new();
        for row in prompt.said.hear(now, width) {
            full.push(format!("{head}{row}"));
            head = " ".repeat(HEAD);
        }
        self.prompt = Some(prompt);
        full
    }

    fn growing(&self) -> Option<String> {
        let prompt = self.prompt.as_ref()?;
        Some(format!("{}{}", self.prompt_head(prompt), prompt.said.growing()))
    }

    fn prompt_head(&self, prompt: &Prompt) -> String {
        if prompt.said.at_its_beginning() {
            self.head(prompt.at, &Line::new(prompt.label, ""))
        } else {
            " ".repeat(HEAD)
        }
    }

    fn head(&self, at: u64, line: &Line) -> String {
        let (time, label) = (clock(at), line.label);
        match self.look.color {
            true => format!("\x1b[2m{time}\x1b[0m  \x1b[{}m{label:<8}\x1b[0m  ", line.color()),
            false => format!("{time}  {label:<8}  "),
        }
    }

    /// Columns of a row: the last one stays free, and one before it for the mark of a cut.
    fn row_width(&self) -> usize {
        self.width.saturating_sub(2)
    }

    fn text_width(&self) -> usize {
        self.row_width().saturating_sub(HEAD).max(8)
    }
}

fn hearing(kind: &TraceKind<'_>) -> Hearing {
    match kind {
        TraceKind::KeyPressed { .. }
        | TraceKind::SmsStatus { .. }
        | TraceKind::Warning { .. }
        | TraceKind::Port { .. }
        | TraceKind::Held
        | TraceKind::Released
        | TraceKind::Limit { .. } => Hearing::GoesOn,
        TraceKind::PromptCut { .. }
        | TraceKind::LegState { .. }
        | TraceKind::CallEnded { .. }
        | TraceKind::Panic { .. } => Hearing::Ends { cut: true },
        _ => Hearing::Ends { cut: false },
    }
}

#[cfg(test)]
#[path = "screen_tests.rs"]
mod tests;
