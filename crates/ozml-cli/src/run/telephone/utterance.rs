//! What is being said or played, at the pace at which it is heard.

use super::wrap::first_row;

/// Milliseconds of a spoken character: the pace of the simulated telephone.
const MS_PER_CHARACTER: u64 = 60;

/// Stands where a prompt broke off.
const BROKEN_OFF: char = '—';

/// A prompt on its way. Its rows are given out as they are heard in full; the last one grows.
#[derive(Debug, Clone)]
pub(super) struct Utterance {
    text: String,
    begin: u64,
    /// Whether it is heard character by character; what is played is shown at once.
    spoken: bool,
    /// Bytes of the text that were heard.
    heard: usize,
    /// Where the growing row begins in the text.
    row: usize,
}

impl Utterance {
    /// A text that is spoken from `begin` on, in milliseconds.
    pub(super) fn spoken(text: String, begin: u64) -> Self {
        let spoken = true;
        Self {
            spoken,
            ..Self::played(text, begin)
        }
    }

    /// A sound, named at once.
    pub(super) fn played(text: String, begin: u64) -> Self {
        Self {
            text,
            begin,
            spoken: false,
            heard: 0,
            row: 0,
        }
    }

    /// Goes on to a moment; gives the rows that are full by then.
    pub(super) fn hear(&mut self, now: u64, width: usize) -> Vec<String> {
        let characters = now.saturating_sub(self.begin) / MS_PER_CHARACTER;
        let heard = match usize::try_from(characters) {
            Ok(characters) if self.spoken => self.text.char_indices().nth(characters).map(|(at, _)| at),
            _ => None,
        };
        self.heard = heard.unwrap_or(self.text.len()).max(self.heard);
        self.full_rows(width)
    }

    /// Its end. Gives all rows that are left: the rest of it, or a mark where it was cut.
    pub(super) fn end(mut self, cut: bool, now: u64, width: usize) -> Vec<String> {
        let mut rows = self.hear(now, width);
        if !cut {
            self.heard = self.text.len();
            rows.extend(self.full_rows(width));
        }
        let mut last = self.growing().to_owned();
        if cut && (!self.spoken || self.heard < self.text.len()) {
            last.truncate(last.trim_end().len());
            last.push(BROKEN_OFF);
        }
        rows.push(last);
        rows
    }

    /// The row that grows, as far as it was heard.
    pub(super) fn growing(&self) -> &str {
        self.text.get(self.row..self.heard).unwrap_or_default()
    }

    /// Ends the growing row where it is: something else was shown. What follows begins a new one.
    pub(super) fn break_row(&mut self) {
        let rest = self.text.get(self.heard..).unwrap_or_default();
        let blanks = rest.len().saturating_sub(rest.trim_start_matches(' ').len());
        self.row = self.heard.saturating_add(blanks);
    }

    /// Whether the growing row is the first one.
    pub(super) fn at_its_beginning(&self) -> bool {
        self.row == 0
    }

    /// When the next character is heard.
    pub(super) fn next_change(&self, now: u64) -> Option<u64> {
        let running = self.spoken && self.heard < self.text.len();
        let heard = now.saturating_sub(self.begin) / MS_PER_CHARACTER;
        let next = heard.saturating_add(1).saturating_mul(MS_PER_CHARACTER);
        running.then_some(self.begin.saturating_add(next))
    }

    fn full_rows(&mut self, width: usize) -> Vec<String> {
        let mut rows = Vec::new();
        loop {
            let rest = self.text.get(self.row..).unwrap_or_default();
            let (end, next) = first_row(rest, width);
            let next = self.row.saturating_add(next);
            if next > self.heard || next >= self.text.len() {
                return rows;
            }
            rows.push(rest.get(..end).unwrap_or_default().to_owned());
            self.row = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_grows_at_the_pace_of_speech() {
        let mut said = Utterance::spoken("press one for tea".to_owned(), 1000);
        assert!(said.hear(1059, 9).is_empty() && said.growing().is_empty());
        assert_eq!(said.next_change(1059), Some(1060));
        assert!(said.hear(1000 + 5 * 60, 9).is_empty());
        assert_eq!(said.growing(), "press");
        assert_eq!(said.hear(1000 + 12 * 60, 9), ["press one"]);
        assert_eq!(said.growing(), "fo");
        assert_eq!(said.clone().end(false, 1780, 9), ["for tea"]);
        assert_eq!(said.end(true, 1840, 9), ["for—"]);
    }

    #[test]
    fn what_was_heard_in_full_is_not_cut() {
        let said = Utterance::spoken("tea".to_owned(), 0);
        assert_eq!(said.clone().end(true, 180, 9), ["tea"]);
        assert_eq!(said.next_change(0), Some(60));
        let played = Utterance::played("hold.wav".to_owned(), 0);
        assert_eq!(played.next_change(0), None);
        assert_eq!(played.end(true, 10, 9), ["hold.wav—"]);
    }

    #[test]
    fn after_a_break_the_rest_begins_a_new_row() {
        let mut said = Utterance::spoken("press one for tea".to_owned(), 0);
        said.hear(6 * 60, 40);
        said.break_row();
        assert_eq!(said.growing(), "");
        assert!(!said.at_its_beginning());
        assert_eq!(said.end(false, 6 * 60, 7), ["one for", "tea"]);
    }
}
