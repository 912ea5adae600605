//! What comes in: it waits in the network until the modem takes it, into a slot or straight to its owner.

use std::collections::VecDeque;

use ozml_session::{ClockTime, SenderId};

use super::behaviour::{Behaviour, Unacknowledged};
use super::device::Device;
use super::event::Event;
use super::memory::{Message, Status, Stored};
use super::text_mode;
use crate::gsm::ModemError;
use crate::gsm::pdu::{Address, Deliver, Frame, Timestamp};
use crate::text::{Reference, SegmentError};

/// Messages that wait in the network; beyond them the oldest is dropped.
const MAX_WAITING: usize = 10_000;
/// +CMS: no acknowledgement expected.
const NOT_EXPECTED: ModemError = ModemError::Cms(340);

/// What waits for the modem, and for an acknowledgement.
#[derive(Debug)]
pub(super) struct Arrivals {
    waiting: VecDeque<Message>,
    /// What was given last and until when AT+CNMA has to come.
    unacknowledged: Option<(ClockTime, Message)>,
    next_by_itself: Option<ClockTime>,
    came_by_itself: u64,
    next_reference: u8,
    was_full: bool,
}

/// Where AT+CNMI sends a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    Given,
    Stored { told: bool },
    Dropped,
}

impl Arrivals {
    pub(super) fn new(behaviour: &Behaviour) -> Self {
        Self {
            waiting: VecDeque::new(),
            unacknowledged: None,
            next_by_itself: behaviour.incoming_every.map(|every| ClockTime::ZERO.after(every)),
            came_by_itself: 0,
            next_reference: 0,
            was_full: false,
        }
    }

    /// What was not acknowledged is not lost.
    pub(super) fn power_on(&mut self) {
        if let Some((_, message)) = self.unacknowledged.take() {
            self.waiting.push_front(message);
        }
        self.was_full = false;
    }

    fn push(&mut self, message: Message) {
        if self.waiting.len() >= MAX_WAITING {
            self.waiting.pop_front();
        }
        self.waiting.push_back(message);
    }

    /// When something happens by itself.
    pub(super) fn next_due(&self) -> Option<ClockTime> {
        let deadline = self.unacknowledged.as_ref().map(|(until, _)| *until);
        deadline.into_iter().chain(self.next_by_itself).min()
    }
}

impl Device {
    /// A text from somebody, in as many parts as it takes.
    pub(super) fn incoming(
        &mut self,
        now: ClockTime,
        from: &SenderId,
        text: &str,
    ) -> Result<(), SegmentError> {
        let reference = Reference::Bits8(self.arrivals.next_reference);
        self.arrivals.next_reference = self.arrivals.next_reference.wrapping_add(1);
        let at = Timestamp::utc(self.wall(now));
        for deliver in Deliver::of_text(&Address::from(from), text, reference, at)? {
            self.counters.incoming = self.counters.incoming.saturating_add(1);
            self.arrivals.push(Message::Deliver(deliver));
        }
        Ok(())
    }

    /// What comes by the time: reports, messages by themselves, missing acknowledgements.
    pub(super) fn come_in(&mut self, now: ClockTime) {
        while let Some(report) = self.network.take_report(now) {
            self.counters.reports = self.counters.reports.saturating_add(1);
            let (reference, status) = (report.reference, report.status.0);
            self.event(Event::Report { reference, status });
            self.arrivals.push(Message::Report(report));
        }
        self.come_by_itself(now);
        if self
            .arrivals
            .unacknowledged
            .as_ref()
            .is_some_and(|(until, _)| *until <= now)
        {
            self.give_up_acknowledgement();
        }
        self.deliver(now);
    }

    fn come_by_itself(&mut self, now: ClockTime) {
        let Some(due) = self.arrivals.next_by_itself.filter(|due| *due <= now) else {
            return;
        };
        let every = self.behaviour.incoming_every.unwrap_or_default();
        // A clock that jumped brings one message, not thousands.
        let next = due.after(every);
        self.arrivals.next_by_itself = Some(if next > now { next } else { now.after(every) });
        self.arrivals.came_by_itself = self.arrivals.came_by_itself.saturating_add(1);
        let text = format!("Message {}", self.arrivals.came_by_itself);
        if let Ok(from) = SenderId::new("+36201234567") {
            // So short a text is one part.
            let _ = self.incoming(now, &from, &text);
        }
    }

    /// Hands over what can be handed over.
    fn deliver(&mut self, now: ClockTime) {
        if !self.is_registered(now) {
            return;
        }
        for message in std::mem::take(&mut self.arrivals.waiting) {
            let route = self.route(&message);
            let kept = match route {
                Route::Given => self.give(now, message),
                Route::Stored { told } => self.store_incoming(message, told),
                Route::Dropped => {
                    self.drop_report(&message);
                    None
                }
            };
            self.arrivals.waiting.extend(kept);
        }
    }

    fn route(&self, message: &Message) -> Route {
        let [_, messages, _, reports, _] = self.settings.indications;
        match message {
            Message::Report(_) => match reports {
                1 => Route::Given,
                2 => Route::Stored { told: true },
                _ => Route::Dropped,
            },
            Message::Deliver(_) | Message::Submit(_) => match messages {
                2 => Route::Given,
                0 => Route::Stored { told: false },
                _ => Route::Stored { told: true },
            },
        }
    }

    /// Gives the message back when another one waits for its acknowledgement.
    fn give(&mut self, now: ClockTime, message: Message) -> Option<Message> {
        if self.arrivals.unacknowledged.is_some() {
            return Some(message);
        }
        let line = self.given_line(&message);
        self.indicate(line);
        self.event(Event::Given);
        if self.settings.is_phase_2_plus() {
            let until = now.after(self.behaviour.acknowledge_time);
            self.arrivals.unacknowledged = Some((until, message));
        } else {
            self.counters.cleared = self.counters.cleared.saturating_add(1);
        }
        None
    }

    fn given_line(&self, message: &Message) -> String {
        if self.settings.text_mode == 1 {
            return match message {
                Message::Report(report) => format!("+CDS: {}", text_mode::report(&self.settings, report)),
                message => format!("+CMT: {}", text_mode::given(&self.settings, message)),
            };
        }
        let frame = self.frame(message);
        let begin = if matches!(message, Message::Report(_)) {
            "+CDS: "
        } else {
            "+CMT: ,"
        };
        format!("{begin}{}\r\n{}", frame.tpdu_length(), frame.to_hex())
    }

    /// The message with the service centre before it, as it stands on the line.
    pub(super) fn frame(&self, message: &Message) -> Frame {
        let mut frame = Frame::new(message.octets());
        frame.centre = self
            .centre
            .clone()
            .filter(|_| !matches!(message, Message::Submit(_)));
        frame
    }

    /// Gives the message back when there is no slot.
    fn store_incoming(&mut self, message: Message, told: bool) -> Option<Message> {
        let [.., memory] = self.settings.memories;
        let is_report = matches!(message, Message::Report(_));
        let status = Status::Unread;
        let stored = Stored {
            status,
            message: message.clone(),
        };
        let Ok(index) = self.memory.store(memory, stored) else {
            if !std::mem::replace(&mut self.arrivals.was_full, true) {
                self.event(Event::MemoryFull);
            }
            return Some(message);
        };
        self.arrivals.was_full = false;
        self.event(Event::Stored { index });
        if told {
            let begin = if is_report { "+CDSI" } else { "+CMTI" };
            self.indicate(format!("{begin}: \"{}\",{index}", memory.name()));
        }
        None
    }

    fn drop_report(&mut self, message: &Message) {
        if let Message::Report(report) = message {
            self.event(Event::ReportDropped {
                reference: report.reference,
            });
        }
    }

    /// AT+CNMA.
    ///
    /// # Errors
    /// Nothing waits for it.
    pub(super) fn acknowledge(&mut self, taken: bool) -> Result<(), ModemError> {
        if self.arrivals.unacknowledged.is_none() {
            return Err(NOT_EXPECTED);
        }
        if !taken {
            // It comes again when its time is over: at once would be for ever.
            return Ok(());
        }
        self.arrivals.unacknowledged = None;
        self.counters.cleared = self.counters.cleared.saturating_add(1);
        self.event(Event::Acknowledged);
        Ok(())
    }

    fn give_up_acknowledgement(&mut self) {
        let Some((_, message)) = self.arrivals.unacknowledged.take() else {
            return;
        };
        self.event(Event::Unacknowledged);
        self.arrivals.waiting.push_front(message);
        if self.behaviour.unacknowledged == Unacknowledged::Store {
            let [mode, _, broadcast, _, buffer] = self.settings.indications;
            self.settings.indications = [mode, 0, broadcast, 2, buffer];
        }
    }
}
