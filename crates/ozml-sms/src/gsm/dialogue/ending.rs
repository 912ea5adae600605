//! How a session comes to its end.

use super::super::ModemEnd;
use super::event::DialogueEvent;
use super::task::Task;
use super::{Dialogue, Phase};

impl Dialogue {
    /// What is left to do before an orderly end; the end when nothing is.
    pub(super) fn closing_task(&mut self, now: u64) -> Option<Task> {
        let task = self.acknowledging_task(now).or_else(|| self.deleting_task());
        if task.is_none() {
            self.end(ModemEnd::Closed);
        }
        task
    }

    /// The thorough restart, then the plain one; in either case the modem is let go.
    pub(super) fn on_restart_outcome(&mut self, now: u64, way: usize, is_taken: bool) {
        let Phase::Restarting(error) = self.phase else {
            return;
        };
        let next = Task::Restart(way.saturating_add(1));
        match self.command(next) {
            Some(command) if !is_taken => {
                self.task = Some(next);
                self.channel.send(now, command);
            }
            _ => self.end(ModemEnd::Restarted(error)),
        }
    }

    /// Ends the session: every part has its outcome, then nothing more is told.
    pub(super) fn end(&mut self, end: ModemEnd) {
        if matches!(self.phase, Phase::Ended) {
            return;
        }
        self.give_back_parts();
        self.phase = Phase::Ended;
        self.task = None;
        self.events.push_back(DialogueEvent::Ended(end));
    }
}
