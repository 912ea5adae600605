//! The state of the SIM card.

use super::super::at::{Fields, Reply};
use super::super::{ModemError, NeedsPerson};
use super::event::DialogueEvent;

/// What became of the PIN in this session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PinProgress {
    NotGiven,
    /// Whether it is taken is not known yet.
    Given,
    Taken,
    /// The SIM card refused it, or does not show that it took it.
    Refused,
}

impl PinProgress {
    /// What is told when it comes to this.
    pub(super) fn event(self) -> Option<DialogueEvent> {
        match self {
            Self::NotGiven => None,
            Self::Given => Some(DialogueEvent::PinGiven),
            Self::Taken => Some(DialogueEvent::PinTaken),
            Self::Refused => Some(DialogueEvent::PinRefused),
        }
    }
}

/// What `AT+CPIN?` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SimState {
    Ready,
    WantsPin,
    /// Nothing but a person helps.
    Useless(NeedsPerson),
    /// Not yet; what it is when it stays so.
    NotYet(NeedsPerson),
}

impl SimState {
    pub(super) fn of(reply: &Reply) -> Self {
        if let Err(error) = reply.result {
            return Self::of_error(error);
        }
        let state = reply.line().and_then(|line| Fields::of(line, "+CPIN:"));
        match state.and_then(|fields| fields.text(0)).unwrap_or_default() {
            // PIN2 guards nothing that we do.
            "READY" | "SIM PIN2" | "SIM PUK2" => Self::Ready,
            "SIM PIN" => Self::WantsPin,
            "SIM PUK" => Self::Useless(NeedsPerson::Locked),
            "NOT INSERTED" => Self::NotYet(NeedsPerson::NoSim),
            // Locked to another telephone or network.
            lock if lock.starts_with("PH-") => Self::Useless(NeedsPerson::SimFault(ModemError::Cme(15))),
            _ => Self::NotYet(NeedsPerson::SimFault(ModemError::Plain)),
        }
    }

    fn of_error(error: ModemError) -> Self {
        match error {
            // It knows no such question: the first part shows.
            ModemError::Cme(4) | ModemError::Cms(303) => Self::Ready,
            error => Self::NotYet(needs_person(error)),
        }
    }
}

/// The SIM card takes its time, as after the PIN.
pub(super) fn is_busy(error: ModemError) -> bool {
    matches!(error, ModemError::Cme(14) | ModemError::Cms(314))
}

/// What a person has to do about an error of the class `unusable`.
pub(super) fn needs_person(error: ModemError) -> NeedsPerson {
    match error {
        ModemError::Cme(10) | ModemError::Cms(310) => NeedsPerson::NoSim,
        ModemError::Cme(11) | ModemError::Cms(311) => NeedsPerson::NoPin,
        ModemError::Cme(12) | ModemError::Cms(316) => NeedsPerson::Locked,
        ModemError::Cme(16) => NeedsPerson::WrongPin,
        ModemError::Cms(302 | 303) | ModemError::Cme(3 | 4) => NeedsPerson::Refuses(error),
        error => NeedsPerson::SimFault(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_of_the_card_are_read() {
        for (line, expected) in [
            ("+CPIN: READY", SimState::Ready),
            ("+CPIN: \"SIM PIN\"", SimState::WantsPin),
            ("+CPIN: SIM PUK", SimState::Useless(NeedsPerson::Locked)),
            ("+CPIN: NOT INSERTED", SimState::NotYet(NeedsPerson::NoSim)),
        ] {
            let mut reply = Reply::of(Ok(()));
            reply.lines.push(line.to_owned());
            assert_eq!(SimState::of(&reply), expected, "{line}");
        }
        let error = Reply::of(Err(ModemError::Cme(10)));
        assert_eq!(SimState::of(&error), SimState::NotYet(NeedsPerson::NoSim));
    }
}
