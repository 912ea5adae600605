use ozml_session::Refusal;

use super::counts::{Generations, Key, Millis, SlidingCounts};
use super::rules::{Judged, Standing};
use super::{Alarm, BudgetUse, DestinationsSection, TextHash};

const NEIGHBOURHOOD: &str = "sms_per_neighbourhood";
const UNLISTED: &str = "sms_per_unlisted_prefix";

/// Characters that differ among neighbours, and the shortest number that has any.
const NEIGHBOURS_DIFFER: usize = 3;
const SHORTEST_WITH_NEIGHBOURS: usize = 7;

/// Characters of an unlisted prefix.
const UNLISTED_PREFIX: usize = 4;

/// What the budgets count a message for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    judged: &'a Judged,
    account: Option<&'a str>,
    text: Option<TextHash>,
    keys: [Option<Key>; Per::ALL.len()],
}

impl<'a> Subject<'a> {
    pub(super) fn new(judged: &'a Judged, account: Option<&'a str>, text: Option<TextHash>) -> Self {
        Self {
            judged,
            account,
            text,
            keys: Per::ALL.map(|per| per.counted_for(judged, account).map(Key::of)),
        }
    }

    /// The text behind [`key`](Self::key).
    fn counted_for(&self, per: Per) -> String {
        per.counted_for(self.judged, self.account)
            .unwrap_or_default()
            .to_owned()
    }

    /// `None` when a budget of this kind does not concern the message.
    fn key(&self, per: Per) -> Option<Key> {
        self.keys.get(per as usize).copied().flatten()
    }

    pub(super) fn judged(&self) -> &'a Judged {
        self.judged
    }
}

/// The budgets of messages.
#[derive(Debug)]
pub(super) struct Budgets {
    budgets: [Budget; 6],
    alarm: u64,
    duplicates: Duplicates,
}

#[derive(Debug)]
struct Budget {
    name: &'static str,
    per: Per,
    window: Window,
    limit: u64,
    counts: SlidingCounts,
}

#[derive(Debug, Clone, Copy)]
enum Per {
    Recipient,
    Neighbourhood,
    Account,
    UnlistedPrefix,
}

#[derive(Debug, Clone, Copy)]
enum Window {
    Minute,
    Hour,
    Day,
}

impl Window {
    fn millis(self) -> Millis {
        match self {
            Self::Minute => 60_000,
            Self::Hour => 3_600_000,
            Self::Day => 86_400_000,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }
}

impl Per {
    /// In the order of their values.
    const ALL: [Self; 4] = [
        Self::Recipient,
        Self::Neighbourhood,
        Self::Account,
        Self::UnlistedPrefix,
    ];

    /// What is counted together with a message; `None` when it does not concern it.
    fn counted_for<'a>(self, judged: &'a Judged, account: Option<&'a str>) -> Option<&'a str> {
        let number = judged.number.as_str();
        match (self, &judged.standing) {
            (Self::Recipient, _) => Some(number),
            (Self::Account, _) => account,
            (Self::Neighbourhood, Standing::Internal(_)) => None,
            (Self::Neighbourhood, _) if number.len() < SHORTEST_WITH_NEIGHBOURS => None,
            (Self::Neighbourhood, _) => number.get(..number.len().saturating_sub(NEIGHBOURS_DIFFER)),
            (Self::UnlistedPrefix, Standing::Unlisted) => {
                Some(number.get(..UNLISTED_PREFIX).unwrap_or(number))
            }
            (Self::UnlistedPrefix, _) => None,
        }
    }
}

impl Budget {
    fn new(name: &'static str, per: Per, window: Window, limit: u64) -> Self {
        Self {
            name,
            per,
            window,
            limit,
            counts: SlidingCounts::new(window.millis()),
        }
    }

    /// `None` when the budget does not concern the message.
    fn used(&self, subject: &Subject<'_>, now: Millis) -> Option<u64> {
        Some(self.counts.used(subject.key(self.per)?, now))
    }
}

impl Budgets {
    pub(super) fn new(section: &DestinationsSection) -> Self {
        let recipient = section.sms_per_recipient;
        let account = section.sms_per_account;
        let neighbourhood = section.sms_per_neighbourhood;
        Self {
            budgets: [
                Budget::new(
                    "sms_per_recipient",
                    Per::Recipient,
                    Window::Minute,
                    recipient.minute,
                ),
                Budget::new("sms_per_recipient", Per::Recipient, Window::Hour, recipient.hour),
                Budget::new(
                    NEIGHBOURHOOD,
                    Per::Neighbourhood,
                    Window::Hour,
                    neighbourhood.stop,
                ),
                Budget::new("sms_per_account", Per::Account, Window::Minute, account.minute),
                Budget::new("sms_per_account", Per::Account, Window::Day, account.day),
                Budget::new(
                    UNLISTED,
                    Per::UnlistedPrefix,
                    Window::Day,
                    section.sms_per_unlisted_prefix,
                ),
            ],
            alarm: neighbourhood.alarm,
            duplicates: Duplicates::new(section.duplicate_window),
        }
    }

    /// Whether one more message fits, and the alarm it raises. Counts nothing.
    pub(super) fn check(&self, subject: &Subject<'_>, now: Millis) -> Result<Option<Alarm>, Refusal> {
        self.duplicates.check(subject, now)?;
        let mut alarm = None;
        for budget in &self.budgets {
            let Some(used) = budget.used(subject, now) else {
                continue;
            };
            if used >= budget.limit {
                return Err(Refusal::Budget {
                    name: budget.name,
                    value: budget.limit,
                });
            }
            let count = used.saturating_add(1);
            if matches!(budget.per, Per::Neighbourhood) && count >= self.alarm {
                alarm = Some(Alarm {
                    name: budget.name,
                    numbers: subject.counted_for(budget.per),
                    count,
                    limit: self.alarm,
                });
            }
        }
        Ok(alarm)
    }

    /// Counts a message that happened `at`.
    pub(super) fn count(&mut self, subject: &Subject<'_>, at: Millis) {
        self.duplicates.remember(subject, at);
        for budget in &mut self.budgets {
            if let Some(key) = subject.key(budget.per) {
                budget.counts.add(key, at);
            }
        }
    }

    pub(super) fn usage(&self, subject: &Subject<'_>, now: Millis) -> Vec<BudgetUse> {
        let usage = self.budgets.iter().filter_map(|budget| {
            let used = budget.used(subject, now)?;
            Some(BudgetUse {
                name: budget.name,
                window: budget.window.as_str(),
                counted_for: subject.counted_for(budget.per),
                used,
                limit: budget.limit,
            })
        });
        usage.collect()
    }
}

/// When the same text last went to the same recipient.
#[derive(Debug)]
struct Duplicates {
    window: Millis,
    last: Generations<Millis>,
}

impl Duplicates {
    fn new(seconds: u32) -> Self {
        let window = Millis::from(seconds).saturating_mul(1_000);
        Self {
            window,
            last: Generations::new(window),
        }
    }

    fn check(&self, subject: &Subject<'_>, now: Millis) -> Result<(), Refusal> {
        let last = self.key(subject).and_then(|key| self.last.get(key).copied());
        match last {
            Some(last) if now.saturating_sub(last) < self.window => Err(Refusal::Rule {
                rule: format!(
                    "duplicate_window {} s (same text, same recipient)",
                    self.window / 1_000
                ),
            }),
            _ => Ok(()),
        }
    }

    fn remember(&mut self, subject: &Subject<'_>, at: Millis) {
        if let Some(key) = self.key(subject) {
            let last = self.last.touch(key, at, || at);
            *last = at.max(*last);
        }
    }

    fn key(&self, subject: &Subject<'_>) -> Option<Key> {
        let text = subject.text.filter(|_| self.window > 0)?;
        Some(Key::of(&format!("{} {:x}", subject.judged.number, text.as_u64())))
    }
}
