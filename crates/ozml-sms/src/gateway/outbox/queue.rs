//! The messages that wait for one connection.

use std::collections::VecDeque;

use crate::store::{MessageNumber, Priority};

/// One in so many is taken from a lower priority, so that none starves.
const TURN: u32 = 10;
/// As many as two windows hold may come back together.
const MOST_PUT_BACK: usize = 2 * crate::smpp::Window::MAX as usize;
const PRIORITIES: usize = Priority::MAX as usize + 1;

/// Numbers by priority, in the order in which they came. A number may be left behind when its message
/// went elsewhere: whoever takes it looks whether it still waits here.
#[derive(Debug, Default)]
pub(crate) struct WaitingLine {
    lines: [VecDeque<MessageNumber>; PRIORITIES],
    taken: u32,
}

impl WaitingLine {
    pub(crate) fn push_back(&mut self, priority: Priority, number: MessageNumber) {
        if let Some(line) = self.lines.get_mut(usize::from(priority.get())) {
            line.push_back(number);
        }
    }

    pub(crate) fn push_front(&mut self, priority: Priority, number: MessageNumber) {
        if let Some(line) = self.lines.get_mut(usize::from(priority.get())) {
            line.push_front(number);
        }
    }

    /// Puts a number back that was taken before: to the front, but behind older ones, so that several come back
    /// in their order.
    pub(crate) fn put_back(&mut self, priority: Priority, number: MessageNumber) {
        if let Some(line) = self.lines.get_mut(usize::from(priority.get())) {
            let older = line
                .iter()
                .take(MOST_PUT_BACK)
                .take_while(|other| **other < number);
            line.insert(older.count(), number);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.iter().all(VecDeque::is_empty)
    }

    /// Numbers in it, of messages that wait here or did so.
    pub(crate) fn len(&self) -> usize {
        self.lines
            .iter()
            .map(VecDeque::len)
            .fold(0, usize::saturating_add)
    }

    /// Keeps the numbers of messages that wait here.
    pub(crate) fn retain(&mut self, waits: impl Fn(MessageNumber) -> bool) {
        for line in &mut self.lines {
            line.retain(|number| waits(*number));
        }
    }

    /// The next one: of the highest priority, but one in ten of a lower one.
    pub(crate) fn pop(&mut self) -> Option<MessageNumber> {
        let mut waiting = (0..PRIORITIES).rev().filter(|line| self.has(*line));
        let highest = waiting.next()?;
        let lower = waiting.next_back();
        let line = match lower {
            Some(lower) if self.taken.saturating_add(1) >= TURN => {
                self.taken = 0;
                lower
            }
            Some(_) => {
                self.taken = self.taken.saturating_add(1);
                highest
            }
            None => highest,
        };
        self.lines.get_mut(line)?.pop_front()
    }

    /// Takes all, the most urgent first.
    pub(crate) fn take_all(&mut self) -> Vec<MessageNumber> {
        self.lines.iter_mut().rev().flat_map(std::mem::take).collect()
    }

    fn has(&self, line: usize) -> bool {
        self.lines.get(line).is_some_and(|line| !line.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn priority(priority: u8) -> Priority {
        Priority::new(priority).unwrap()
    }

    fn number(number: u64) -> MessageNumber {
        MessageNumber(number)
    }

    #[test]
    fn urgent_messages_come_first_and_others_in_their_order() {
        let mut line = WaitingLine::default();
        for (given, urgent) in [(1, 0), (2, 3), (3, 0), (4, 3)] {
            line.push_back(priority(urgent), number(given));
        }
        line.push_front(priority(0), number(5));
        let taken: Vec<_> = std::iter::from_fn(|| line.pop()).map(|taken| taken.0).collect();
        assert_eq!(taken, [2, 4, 5, 1, 3]);
        assert!(line.is_empty());
    }

    #[test]
    fn one_in_ten_is_of_a_lower_priority() {
        let mut line = WaitingLine::default();
        for given in 0..100 {
            line.push_back(priority(3), number(given));
            line.push_back(priority(1), number(1_000 + given));
        }
        let lower = (0..100).filter(|_| line.pop().unwrap().0 >= 1_000).count();
        assert_eq!(lower, 10);
        assert_eq!(line.take_all().len(), 100);
    }
}
