//! The row at the bottom: clock, keypad, and what is waited for.

use std::collections::BTreeSet;
use std::fmt::Display;

use ozml::engine::TraceKind;
use ozml::session::SmsState;

/// Where the call stands, as far as the bottom row shows it.
#[derive(Debug, Default)]
pub(super) struct Status {
    stage: Stage,
    held: bool,
    keypad: Option<Keypad>,
    /// SMS whose final state is not known.
    open: BTreeSet<String>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Stage {
    #[default]
    Ringing,
    Talking,
    Over,
    /// The run is through; only states of SMS may follow.
    Through,
}

/// What a key would do.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Keypad {
    offers: String,
    waiting: bool,
}

impl Status {
    /// Takes notice of an event.
    pub(super) fn note(&mut self, kind: &TraceKind<'_>) {
        match kind {
            TraceKind::CallAnswered => self.stage = Stage::Talking,
            TraceKind::LegState { state } if state == "ended" => self.end(),
            TraceKind::CallEnded { .. } | TraceKind::CallRejected { .. } => self.end(),
            TraceKind::RunEnded { .. } => self.stage = Stage::Through,
            TraceKind::Held => self.held = true,
            TraceKind::Released => self.held = false,
            TraceKind::InputStarted { keys, back, awaited } => {
                self.keypad = Some(Keypad {
                    offers: offers(keys, *back, *awaited),
                    waiting: false,
                });
            }
            TraceKind::InputWaiting => self.wait(),
            TraceKind::InputCollected { .. } | TraceKind::InputTimeout => self.keypad = None,
            TraceKind::VerbFinished { verb, .. } if verb == "UserInput" => self.keypad = None,
            TraceKind::SmsAccepted { id, .. } => {
                self.open.insert(id.to_string());
            }
            TraceKind::SmsStatus { id, state, .. } if state.parse().is_ok_and(SmsState::is_final) => {
                self.open.remove(&**id);
            }
            _ => {}
        }
    }

    /// The row, for a clock in milliseconds and the keys that were pressed lately.
    pub(super) fn row(&self, now: u64, pressed: &str) -> String {
        let pressed = match pressed {
            "" => String::new(),
            keys => format!("  pressed: {keys}"),
        };
        format!("{}  {}{pressed}", clock(now), self.words())
    }

    fn words(&self) -> String {
        match self.stage {
            Stage::Ringing => "ringing".to_owned(),
            Stage::Over => "the call is over".to_owned(),
            Stage::Through => match self.open.len() {
                0 => "the call is over".to_owned(),
                open => format!("waiting for the states of {open} SMS, Ctrl-D ends that"),
            },
            Stage::Talking if self.held => "held".to_owned(),
            Stage::Talking => match &self.keypad {
                None => "Ctrl-D hangs up".to_owned(),
                Some(keypad) if keypad.waiting => format!("keypad: {}  waiting", keypad.offers),
                Some(keypad) => format!("keypad: {}", keypad.offers),
            },
        }
    }

    fn end(&mut self) {
        self.stage = Stage::Over;
        self.keypad = None;
    }

    fn wait(&mut self) {
        let any = || Keypad {
            offers: "any key".to_owned(),
            waiting: true,
        };
        self.keypad.get_or_insert_with(any).waiting = true;
    }
}

/// The keys that lead on, the number of keys that are awaited where it is more than one, the way back.
pub(crate) fn offers<K: Display>(keys: &[K], back: Option<char>, awaited: u64) -> String {
    let mut parts: Vec<String> = keys.iter().map(K::to_string).collect();
    let longest = parts.iter().map(|key| key.chars().count()).max().unwrap_or(0);
    if u64::try_from(longest).is_ok_and(|longest| longest < awaited) {
        let more = if parts.is_empty() { "" } else { "or " };
        let plural = if awaited == 1 { "key" } else { "keys" };
        parts.push(format!("{more}up to {awaited} {plural}"));
    }
    parts.extend(back.map(|back| format!("{back}=back")));
    parts.join(" ")
}

/// Minutes and seconds.
pub(super) fn clock(ms: u64) -> String {
    let seconds = ms / 1000;
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_keypad_offers() {
        assert_eq!(offers(&["1", "2"], Some('*'), 1), "1 2 *=back");
        assert_eq!(offers(&["1", "22"], None, 2), "1 22");
        assert_eq!(offers::<&str>(&[], None, 4), "up to 4 keys");
        assert_eq!(offers::<&str>(&[], None, 1), "up to 1 key");
        assert_eq!(offers(&["0"], Some('#'), 4), "0 or up to 4 keys #=back");
    }

    #[test]
    fn the_clock_counts_minutes_on() {
        assert_eq!(clock(999), "00:00");
        assert_eq!(clock(61_000), "01:01");
        assert_eq!(clock(6_000_000), "100:00");
    }

    #[test]
    fn the_row_follows_the_call() {
        let mut status = Status::default();
        assert_eq!(status.row(0, ""), "00:00  ringing");
        status.note(&TraceKind::CallAnswered);
        assert_eq!(status.row(1000, "12"), "00:01  Ctrl-D hangs up  pressed: 12");
        status.note(&TraceKind::InputWaiting);
        assert_eq!(status.row(1000, ""), "00:01  keypad: any key  waiting");
        status.note(&TraceKind::InputTimeout);
        status.note(&TraceKind::SmsAccepted {
            id: "m1".into(),
            to: "1".into(),
            from: None,
            text: "x".into(),
            segments: 1,
        });
        status.note(&TraceKind::LegState {
            state: "ended".into(),
        });
        assert_eq!(status.row(0, ""), "00:00  the call is over");
        status.note(&TraceKind::RunEnded {
            outcome: "done".into(),
        });
        assert!(
            status
                .row(0, "")
                .ends_with("waiting for the states of 1 SMS, Ctrl-D ends that")
        );
        status.note(&TraceKind::SmsStatus {
            id: "m1".into(),
            state: "delivered".into(),
            reason: None,
        });
        assert_eq!(status.row(0, ""), "00:00  the call is over");
    }
}
