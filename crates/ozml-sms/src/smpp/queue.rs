//! The messages that wait for the window, in the order in which they came.

use std::collections::VecDeque;

use rusmpp::pdus::SubmitSm;

use super::awaited::PartKey;

/// Messages in the order in which they came; only the first may be handed over in part.
#[derive(Debug, Default)]
pub(crate) struct SubmitQueue(VecDeque<Waiting>);

#[derive(Debug)]
struct Waiting {
    message: u64,
    /// When it is too late to begin with it.
    deadline: u64,
    /// The number of the part that is next.
    part: usize,
    parts: std::vec::IntoIter<SubmitSm>,
}

impl SubmitQueue {
    pub(crate) fn push(&mut self, message: u64, deadline: u64, parts: Vec<SubmitSm>) {
        self.0.push_back(Waiting {
            message,
            deadline,
            part: 0,
            parts: parts.into_iter(),
        });
    }

    /// Messages of which nothing was handed over yet.
    pub(crate) fn whole(&self) -> usize {
        self.0.len().saturating_sub(self.first_whole())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The part that is next.
    pub(crate) fn front(&self) -> Option<(PartKey, &SubmitSm)> {
        let Waiting {
            message, part, parts, ..
        } = self.0.front()?;
        let key = PartKey {
            message: *message,
            part: *part,
        };
        Some((key, parts.as_slice().first()?))
    }

    /// The part that was next is handed over.
    pub(crate) fn advance(&mut self) {
        let Some(first) = self.0.front_mut() else {
            return;
        };
        first.parts.next();
        first.part = first.part.saturating_add(1);
        if first.parts.as_slice().is_empty() {
            self.0.pop_front();
        }
    }

    /// The rest of a message that was handed over in part is not sent.
    pub(crate) fn leave_out_rest(&mut self, message: u64) {
        self.0.pop_front_if(|first| first.message == message);
    }

    /// Takes a message with which it is too late to begin.
    pub(crate) fn take_overdue(&mut self, now: u64) -> Option<u64> {
        self.next_deadline().filter(|deadline| *deadline <= now)?;
        let overdue = self.0.remove(self.first_whole())?;
        Some(overdue.message)
    }

    /// When it is too late to begin with the oldest message.
    pub(crate) fn next_deadline(&self) -> Option<u64> {
        self.0.get(self.first_whole()).map(|waiting| waiting.deadline)
    }

    /// Takes all messages.
    pub(crate) fn take_all(&mut self) -> impl Iterator<Item = u64> + use<> {
        std::mem::take(&mut self.0)
            .into_iter()
            .map(|waiting| waiting.message)
    }

    fn first_whole(&self) -> usize {
        self.0.front().map_or(0, |first| usize::from(first.part > 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(parts: &[usize]) -> SubmitQueue {
        let mut queue = SubmitQueue::default();
        for (message, count) in (1..).zip(parts) {
            queue.push(message, 100 * message, vec![SubmitSm::default(); *count]);
        }
        queue
    }

    fn front(queue: &SubmitQueue) -> Option<(u64, usize)> {
        queue.front().map(|(key, _)| (key.message, key.part))
    }

    #[test]
    fn parts_leave_in_order() {
        let mut queue = queue(&[2, 1]);
        for expected in [(1, 0), (1, 1), (2, 0)] {
            assert_eq!(front(&queue), Some(expected));
            queue.advance();
        }
        assert_eq!((front(&queue), queue.is_empty()), (None, true));
    }

    #[test]
    fn a_message_that_was_begun_is_not_late() {
        let mut queue = queue(&[2, 1, 1]);
        queue.advance();
        assert_eq!((queue.whole(), queue.next_deadline()), (2, Some(200)));
        assert_eq!(queue.take_overdue(199), None);
        let late: Vec<_> = std::iter::from_fn(|| queue.take_overdue(300)).collect();
        assert_eq!((late, queue.next_deadline()), (vec![2, 3], None));
        assert_eq!((front(&queue), queue.whole()), (Some((1, 1)), 0));
    }

    #[test]
    fn the_rest_of_a_message_can_be_left_out() {
        let mut queue = queue(&[3, 1]);
        queue.advance();
        queue.leave_out_rest(1);
        queue.leave_out_rest(1);
        assert_eq!(front(&queue), Some((2, 0)));
        assert_eq!(queue.take_all().collect::<Vec<_>>(), [2]);
    }
}
