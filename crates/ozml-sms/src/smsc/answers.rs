//! The answers of one session that wait for their time.

use std::collections::VecDeque;
use std::time::Duration;

use ozml_session::ClockTime;

use super::behaviour::Answers;

/// How long a group of reversed answers waits to be full.
const PATIENCE: Duration = Duration::from_millis(50);

/// The answer to one `submit_sm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    /// Of the request.
    pub(super) sequence: u32,
    /// 0, or why the message was refused.
    pub(super) status: u32,
    /// The number of a message that was taken.
    pub(super) message: u64,
}

/// Answers in the order in which they are due.
#[derive(Debug)]
pub(super) struct AnswerQueue {
    habit: Answers,
    delay: Duration,
    waiting: VecDeque<(ClockTime, Answer)>,
    seen: u64,
}

impl AnswerQueue {
    pub(super) fn new(habit: Answers, delay: Duration) -> Self {
        Self {
            habit,
            delay,
            waiting: VecDeque::new(),
            seen: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn push(&mut self, now: ClockTime, answer: Answer) {
        self.seen = self.seen.wrapping_add(1);
        let copies = match self.habit {
            Answers::MissingEvery(n) if self.seen.is_multiple_of(n.get()) => 0,
            Answers::TwiceEvery(n) if self.seen.is_multiple_of(n.get()) => 2,
            _ => 1,
        };
        let due = now.after(self.delay);
        self.waiting.extend((0..copies).map(|_| (due, answer)));
    }

    /// When [`take_due`](Self::take_due) next gives something.
    pub(super) fn next_due(&self) -> Option<ClockTime> {
        let (first, _) = self.waiting.front()?;
        match self.habit {
            Answers::Reversed(_) => {
                let late = first.after(PATIENCE);
                Some(self.group_full_at().map_or(late, |full| full.min(late)))
            }
            _ => Some(*first),
        }
    }

    /// Gives the answers that are due to `send`, in the order in which they go out.
    pub(super) fn take_due(&mut self, now: ClockTime, mut send: impl FnMut(Answer)) {
        while self.next_due().is_some_and(|due| due <= now) {
            let group = self.group().min(self.waiting.len());
            self.waiting
                .drain(..group)
                .rev()
                .for_each(|(_, answer)| send(answer));
        }
    }

    /// Gives all answers to `send`, due or not.
    pub(super) fn take_all(&mut self, mut send: impl FnMut(Answer)) {
        self.waiting.drain(..).for_each(|(_, answer)| send(answer));
    }

    fn group(&self) -> usize {
        match self.habit {
            Answers::Reversed(n) => usize::try_from(n.get()).unwrap_or(usize::MAX),
            _ => 1,
        }
    }

    fn group_full_at(&self) -> Option<ClockTime> {
        let last = self.group().checked_sub(1)?;
        self.waiting.get(last).map(|(due, _)| *due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> ClockTime {
        ClockTime::from_millis(ms)
    }

    fn queue(habit: Answers, delay_ms: u64, count: u32) -> AnswerQueue {
        let mut queue = AnswerQueue::new(habit, Duration::from_millis(delay_ms));
        for sequence in 1..=count {
            queue.push(
                at(0),
                Answer {
                    sequence,
                    status: 0,
                    message: 0,
                },
            );
        }
        queue
    }

    fn due(queue: &mut AnswerQueue, ms: u64) -> Vec<u32> {
        let mut sent = Vec::new();
        queue.take_due(at(ms), |answer| sent.push(answer.sequence));
        sent
    }

    #[test]
    fn answers_wait_for_their_time() {
        let mut queue = queue(Answers::InOrder, 20, 3);
        assert_eq!((due(&mut queue, 19), queue.next_due()), (vec![], Some(at(20))));
        assert_eq!((due(&mut queue, 20), queue.next_due()), (vec![1, 2, 3], None));
    }

    #[test]
    fn groups_are_reversed_and_a_short_one_waits() {
        let mut queue = queue(Answers::Reversed(3.try_into().unwrap()), 20, 5);
        assert_eq!(queue.next_due(), Some(at(20)));
        assert_eq!(
            (due(&mut queue, 20), queue.next_due()),
            (vec![3, 2, 1], Some(at(70)))
        );
        assert_eq!(due(&mut queue, 69), [0; 0]);
        assert_eq!(due(&mut queue, 70), [5, 4]);
    }

    #[test]
    fn answers_are_left_out_or_repeated() {
        let two = 2.try_into().unwrap();
        assert_eq!(due(&mut queue(Answers::MissingEvery(two), 0, 5), 0), [1, 3, 5]);
        assert_eq!(
            due(&mut queue(Answers::TwiceEvery(two), 0, 4), 0),
            [1, 2, 2, 3, 4, 4]
        );
    }
}
