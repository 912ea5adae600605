//! Which part a delivery receipt speaks of, on one connection. Pure.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::str::FromStr;

use ozml_session::{Invalid, PhoneNumber};

use crate::link::PartToken;
use crate::smpp::{Arrived, Awaited, CanonicalId, Receipt, ReceiptIdForm, ReceiptIdTrust, ReceiptState};

/// Receipts in a row that settle the form of a connection's ids.
const ENOUGH: u32 = 20;
/// Parts whose receipts are remembered, so that repeats of them are known.
const MAX_KNOWN: usize = 65_536;

/// How the ids in a connection's receipts are read. Centres may write the same number in hexadecimal in one
/// place and in decimal in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ReceiptIdMode {
    /// `auto`: in every form, until 20 receipts in a row fitted in one only.
    #[default]
    Auto,
    /// `text`: as they are.
    Text,
    /// `resp-hex`: hexadecimal in the answer, decimal in the receipt.
    RespHex,
    /// `resp-dec-receipt-hex`: decimal in the answer, hexadecimal in the receipt.
    RespDecReceiptHex,
}

impl ReceiptIdMode {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Text, Self::RespHex, Self::RespDecReceiptHex];

    /// The name in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Text => ReceiptIdForm::Text.name(),
            Self::RespHex => ReceiptIdForm::RespHex.name(),
            Self::RespDecReceiptHex => ReceiptIdForm::RespDecReceiptHex.name(),
        }
    }

    fn form(self) -> Option<ReceiptIdForm> {
        match self {
            Self::Auto => None,
            Self::Text => Some(ReceiptIdForm::Text),
            Self::RespHex => Some(ReceiptIdForm::RespHex),
            Self::RespDecReceiptHex => Some(ReceiptIdForm::RespDecReceiptHex),
        }
    }
}

impl FromStr for ReceiptIdMode {
    type Err = Invalid;

    fn from_str(name: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|mode| mode.name() == name);
        found.ok_or_else(|| {
            Invalid::new(format!(
                "`{}` is no way to read ids: write auto, text, resp-hex or resp-dec-receipt-hex",
                name.escape_debug()
            ))
        })
    }
}

impl fmt::Display for ReceiptIdMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The parts of one connection that wait for their receipts, and what is learnt about its ids.
#[derive(Debug)]
pub(crate) struct ReceiptIndex {
    awaited: Awaited<PartToken>,
    mode: ReceiptIdMode,
    fixed: Option<ReceiptIdForm>,
    /// Whether the form was fixed since it was last asked.
    is_news: bool,
    /// The form of the latest receipts, and how many there were in a row.
    streak: Option<(ReceiptIdForm, u32)>,
    known: KnownReceipts,
    uncorrelated: u64,
    repeated: u64,
}

impl ReceiptIndex {
    /// `fixed`: the form that `auto` found before, if that is still known.
    pub(crate) fn new(mode: ReceiptIdMode, fixed: Option<ReceiptIdForm>) -> Self {
        let fixed = mode.form().or(fixed);
        let mut awaited = Awaited::default();
        if let Some(form) = fixed {
            awaited.set_trust(ReceiptIdTrust::Sure(form));
        }
        Self {
            awaited,
            mode,
            fixed,
            is_news: false,
            streak: None,
            known: KnownReceipts::default(),
            uncorrelated: 0,
            repeated: 0,
        }
    }

    /// Reads ids otherwise from now on; what was learnt is kept as long as the mode is the same.
    pub(crate) fn set_mode(&mut self, mode: ReceiptIdMode) {
        if mode == self.mode {
            return;
        }
        self.mode = mode;
        self.fixed = mode.form();
        self.is_news = false;
        self.streak = None;
        let trust = self.fixed.map_or(ReceiptIdTrust::None, ReceiptIdTrust::Sure);
        self.awaited.set_trust(trust);
    }

    /// A part waits under the id its centre gave it; ids repeat, the newest part has it. Gives the
    /// receipts that came before, one for each state.
    pub(crate) fn wait(
        &mut self,
        centre_id: &str,
        token: PartToken,
        recipient: &PhoneNumber,
    ) -> Vec<Receipt> {
        let id = CanonicalId::new(centre_id);
        self.known.forget(&id);
        let mut early = self.awaited.wait(&id, token, recipient);
        early.retain(|receipt| self.is_first(&id, receipt.state));
        early
    }

    /// A part waits no more.
    pub(crate) fn forget(&mut self, centre_id: &str, token: PartToken) {
        self.awaited.forget(&CanonicalId::new(centre_id), token);
    }

    /// The part a receipt speaks of. `None`: it was told before, or it is held for 30 s in which its
    /// part may come.
    pub(crate) fn find(&mut self, now: u64, arrived: Arrived) -> Option<(PartToken, Receipt)> {
        let mut found = self.awaited.look_up(&arrived, self.awaited.trust());
        if found.is_none() && self.learn(self.other_form(&arrived)) {
            found = self.awaited.look_up(&arrived, self.awaited.trust());
        }
        let Some(found) = found else {
            self.awaited.hold(now, arrived);
            return None;
        };
        self.learn(found.only_form);
        let is_first = self.is_first(&found.id, arrived.receipt.state);
        is_first.then_some((found.key, arrived.receipt))
    }

    /// Receipts whose part never came, to be logged.
    pub(crate) fn expire(&mut self, now: u64) -> Vec<Arrived> {
        let mut expired = self.awaited.expire(now);
        let came = expired.len();
        // A repeat may come when nothing waits for it any more.
        expired.retain(|arrived| !self.known.has(arrived));
        let uncorrelated = expired.len();
        self.uncorrelated = plus(self.uncorrelated, uncorrelated);
        self.repeated = plus(self.repeated, came.saturating_sub(uncorrelated));
        expired
    }

    /// When [`expire`](Self::expire) has something to do next.
    pub(crate) fn next_expiry(&self) -> Option<u64> {
        self.awaited.next_expiry()
    }

    /// Receipts whose part never came.
    pub(crate) fn uncorrelated(&self) -> u64 {
        self.uncorrelated
    }

    /// Receipts that said what was known.
    pub(crate) fn repeated(&self) -> u64 {
        self.repeated
    }

    /// The one form in which ids are read, if there is one.
    pub(crate) fn fixed(&self) -> Option<ReceiptIdForm> {
        self.fixed
    }

    /// The same when `auto` found it, once.
    pub(crate) fn take_fixed(&mut self) -> Option<ReceiptIdForm> {
        let is_news = std::mem::take(&mut self.is_news);
        self.fixed.filter(|_| is_news)
    }

    fn is_first(&mut self, id: &CanonicalId, state: Option<ReceiptState>) -> bool {
        let is_first = self.known.add(id, state);
        self.repeated = plus(self.repeated, usize::from(!is_first));
        is_first
    }

    /// A form that `auto` fixed may be wrong one day: another one in which a receipt would fit.
    fn other_form(&self, arrived: &Arrived) -> Option<ReceiptIdForm> {
        self.fixed?;
        let found = self.awaited.look_up(arrived, ReceiptIdTrust::None)?;
        found.only_form.filter(|_| found.is_about)
    }

    /// Counts a receipt that fits in one form only. True when that settled the form.
    fn learn(&mut self, form: Option<ReceiptIdForm>) -> bool {
        let Some(form) = form.filter(|_| self.mode == ReceiptIdMode::Auto) else {
            return false;
        };
        let times = match self.streak {
            Some((last, times)) if last == form => times.saturating_add(1),
            _ => 1,
        };
        self.streak = Some((form, times));
        let settles = times >= ENOUGH && self.fixed != Some(form);
        if settles {
            self.fixed = Some(form);
            self.is_news = true;
            self.awaited.set_trust(ReceiptIdTrust::Sure(form));
        } else if self.fixed.is_none() {
            self.awaited.set_trust(ReceiptIdTrust::Likely(form));
        }
        settles
    }
}

fn plus(count: u64, more: usize) -> u64 {
    count.saturating_add(u64::try_from(more).unwrap_or(u64::MAX))
}

/// The states that were told of the latest parts, by the ids of their answers.
#[derive(Debug, Default)]
struct KnownReceipts {
    states: HashMap<CanonicalId, Vec<Option<ReceiptState>>>,
    by_age: VecDeque<CanonicalId>,
}

impl KnownReceipts {
    /// False when it is known.
    fn add(&mut self, id: &CanonicalId, state: Option<ReceiptState>) -> bool {
        if let Some(states) = self.states.get_mut(id) {
            let is_first = !states.contains(&state);
            if is_first {
                states.push(state);
            }
            return is_first;
        }
        self.states.insert(id.clone(), vec![state]);
        self.by_age.push_back(id.clone());
        if self.by_age.len() > MAX_KNOWN
            && let Some(oldest) = self.by_age.pop_front()
        {
            self.states.remove(&oldest);
        }
        true
    }

    /// The id names another part from now on.
    fn forget(&mut self, id: &CanonicalId) {
        if let Some(states) = self.states.get_mut(id) {
            states.clear();
        }
    }

    fn has(&self, arrived: &Arrived) -> bool {
        let ids = arrived.receipt.ids.iter().map(|id| CanonicalId::new(id));
        let mut readings = ids.flat_map(|id| id.readings());
        readings.any(|(_, id)| {
            let states = self.states.get(&id);
            states.is_some_and(|states| states.contains(&arrived.receipt.state))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;
    use crate::store::MessageNumber;

    const SHOP: &str = "shop";

    fn token(number: u64) -> PartToken {
        PartToken {
            number: MessageNumber(number),
            part: 0,
        }
    }

    fn number(written: &str) -> PhoneNumber {
        PhoneNumber::new(written).unwrap()
    }

    fn arrived(id: &str, from: &str, state: &str) -> Arrived {
        Arrived {
            receipt: Receipt::from_text(&format!("id:{id} stat:{state}")),
            numbers: [from.to_owned(), SHOP.to_owned()],
        }
    }

    fn auto() -> ReceiptIndex {
        ReceiptIndex::new(ReceiptIdMode::Auto, None)
    }

    fn wait(index: &mut ReceiptIndex, id: &str, part: u64, to: &str) -> usize {
        index.wait(id, token(part), &number(to)).len()
    }

    /// The part that a receipt is found to speak of.
    fn find(index: &mut ReceiptIndex, id: &str, from: &str) -> Option<u64> {
        let found = index.find(0, arrived(id, from, "DELIVRD"));
        found.map(|(token, _)| token.number.0)
    }

    #[test]
    fn modes_have_the_names_of_the_configuration() {
        for mode in ReceiptIdMode::ALL {
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
        let fault = "hex".parse::<ReceiptIdMode>().unwrap_err().to_string();
        assert!(
            fault.starts_with("`hex` is no way to read ids: write auto, text"),
            "{fault}"
        );
    }

    #[test]
    fn a_form_that_is_given_is_the_only_one() {
        for (mode, answer, receipt, other) in [
            (ReceiptIdMode::Text, "00ab", "AB", "171"),
            (ReceiptIdMode::RespHex, "9A41F0C2", "2588012738", "1234"),
            (
                ReceiptIdMode::RespDecReceiptHex,
                "2588012738",
                "009a41f0c2",
                "1234",
            ),
        ] {
            let mut index = ReceiptIndex::new(mode, None);
            wait(&mut index, answer, 1, "36301111111");
            assert_eq!(find(&mut index, other, "36301111111"), None, "{mode}");
            // The recipient says nothing against it.
            assert_eq!(find(&mut index, receipt, ""), Some(1), "{mode}");
            assert_eq!(index.take_fixed(), None);
        }
        // An id that is no decimal number can only be the answer's.
        let mut index = ReceiptIndex::new(ReceiptIdMode::RespHex, None);
        wait(&mut index, "9A41F0C2", 1, "36301111111");
        assert_eq!(find(&mut index, "9a41f0c2", ""), Some(1));
    }

    /// A centre's ids: in its answer and in its receipt.
    type Centre = fn(u64) -> (String, String);

    const CENTRES: [(ReceiptIdForm, Centre); 5] = [
        (ReceiptIdForm::RespHex, |id| (format!("{id:X}"), id.to_string())),
        (ReceiptIdForm::RespHex, |id| {
            (format!("{id:08x}"), format!("{id:010}"))
        }),
        (ReceiptIdForm::RespDecReceiptHex, |id| {
            (id.to_string(), format!("{id:016X}"))
        }),
        (ReceiptIdForm::Text, |id| (format!("{id:x}"), format!("0{id:X}"))),
        (ReceiptIdForm::Text, |id| (id.to_string(), id.to_string())),
    ];

    #[test]
    fn a_thousand_mixed_ids_are_found_without_configuration() {
        for (form, centre) in CENTRES {
            // Small and large ids, one after the other and far apart, to many recipients.
            let mut chance = Chance::new(5);
            let mut index = auto();
            let mut ids = std::collections::BTreeSet::new();
            while ids.len() < 1_000 {
                let large = 10_000_000 + chance.below(4_000_000_000);
                ids.extend([large, large + 1, chance.below(100_000)]);
            }
            let ids: Vec<_> = (0u64..).zip(ids).collect();
            let to = |part: u64| format!("+3630{:07}", part * 7_919 % 10_000_000);
            for (part, id) in &ids {
                wait(&mut index, &centre(*id).0, *part, &to(*part));
            }
            for (part, id) in &ids {
                let receipt = centre(*id).1;
                assert_eq!(
                    find(&mut index, &receipt, &to(*part)[1..]),
                    Some(*part),
                    "{form} {receipt}"
                );
            }
            assert_eq!((index.fixed(), index.uncorrelated()), (Some(form), 0));
        }
    }

    #[test]
    fn the_form_is_fixed_after_twenty_in_a_row_and_told_once() {
        let mut index = auto();
        for part in 0..40 {
            let id = 0xA000_0000 + part;
            wait(&mut index, &format!("{id:X}"), part, "36301111111");
            // One in the other form begins the count anew.
            let receipt = if part == 10 {
                format!("{id:X}")
            } else {
                id.to_string()
            };
            assert_eq!(find(&mut index, &receipt, "36301111111"), Some(part));
            let news = (part == 30).then_some(ReceiptIdForm::RespHex);
            assert_eq!(index.take_fixed(), news, "{part}");
        }
        assert_eq!(index.take_fixed(), None);
        assert_eq!(index.fixed().unwrap().to_string(), "resp-hex");
    }

    #[test]
    fn a_form_that_was_fixed_wrongly_is_mended() {
        let mut index = ReceiptIndex::new(ReceiptIdMode::Auto, Some(ReceiptIdForm::Text));
        let mut found = 0;
        for part in 0..40 {
            let id = 0xA000_0000 + part;
            wait(&mut index, &format!("{id:X}"), part, "36301111111");
            found += usize::from(find(&mut index, &id.to_string(), "36301111111").is_some());
        }
        assert_eq!((found, index.take_fixed()), (21, Some(ReceiptIdForm::RespHex)));
    }

    #[test]
    fn another_mode_counts_at_once() {
        let mut index = ReceiptIndex::new(ReceiptIdMode::Text, None);
        wait(&mut index, "A0000000", 1, "36301111111");
        assert_eq!(find(&mut index, "2684354560", "36301111111"), None);
        index.set_mode(ReceiptIdMode::RespHex);
        assert_eq!(find(&mut index, "2684354560", "36301111111"), Some(1));
        index.set_mode(ReceiptIdMode::Auto);
        assert_eq!(index.fixed(), None);
    }

    #[test]
    fn once_the_form_is_known_ambiguous_ids_need_no_recipient() {
        let mut index = ReceiptIndex::new(ReceiptIdMode::Auto, Some(ReceiptIdForm::RespHex));
        // 0x12345678 is 305419896: eight and nine digits, both numbers in both bases.
        wait(&mut index, "12345678", 1, "36301111111");
        wait(&mut index, "305419896", 2, "36301111111");
        assert_eq!(find(&mut index, "305419896", ""), Some(1));
        // The other one is early: it must not be taken for the first.
        assert_eq!(find(&mut index, "12345678", "36301111111"), None);
    }

    #[test]
    fn of_ambiguous_ids_the_recipient_decides_then_what_is_likely_then_age() {
        let mut index = auto();
        wait(&mut index, "12345678", 1, "36301111111");
        wait(&mut index, "305419896", 2, "36302222222");
        assert_eq!(find(&mut index, "305419896", "06301111111"), Some(1));
        assert_eq!(find(&mut index, "305419896", "06302222222"), Some(2));
        wait(&mut index, "A0000001", 3, "36303333333");
        assert_eq!(find(&mut index, "2684354561", "36303333333"), Some(3));
        wait(&mut index, "12345678", 4, "36301111111");
        wait(&mut index, "305419896", 5, "36301111111");
        assert_eq!(
            find(&mut index, "305419896", "36301111111"),
            Some(4),
            "hexadecimal is likely"
        );
        let mut index = auto();
        wait(&mut index, "12345678", 1, "36301111111");
        wait(&mut index, "305419896", 2, "36301111111");
        assert_eq!(
            find(&mut index, "305419896", "36301111111"),
            Some(2),
            "the newest"
        );
    }

    #[test]
    fn a_receipt_for_another_recipient_is_not_guessed_at() {
        let mut index = auto();
        wait(&mut index, "A", 1, "36301111111");
        assert_eq!(find(&mut index, "10", "36302222222"), None);
        assert_eq!(index.next_expiry(), Some(30_000));
        assert_eq!(index.expire(29_999).len(), 0);
        let expired = index.expire(30_000);
        assert_eq!(expired[0].receipt.ids, ["10"]);
        assert_eq!((index.uncorrelated(), index.next_expiry()), (1, None));
    }

    #[test]
    fn receipts_may_come_before_the_answer() {
        let mut index = auto();
        for state in ["ENROUTE", "DELIVRD", "DELIVRD"] {
            assert!(index.find(0, arrived("10", "36301111111", state)).is_none());
        }
        let early = index.wait("A", token(1), &number("36301111111"));
        let states: Vec<_> = early.iter().filter_map(|receipt| receipt.state).collect();
        assert_eq!(states, [ReceiptState::Enroute, ReceiptState::Delivered]);
        assert_eq!((index.next_expiry(), index.repeated()), (None, 1));
    }

    #[test]
    fn repeats_are_told_once_also_when_nothing_waits_any_more() {
        let mut index = auto();
        wait(&mut index, "A1", 1, "36301111111");
        for (state, first) in [
            ("ENROUTE", true),
            ("ENROUTE", false),
            ("DELIVRD", true),
            ("DELIVRD", false),
        ] {
            let found = index.find(0, arrived("161", "36301111111", state));
            assert_eq!(found.is_some(), first, "{state}");
        }
        index.forget("A1", token(1));
        assert_eq!(find(&mut index, "161", "36301111111"), None);
        assert_eq!(index.expire(u64::MAX).len(), 0);
        assert_eq!((index.repeated(), index.uncorrelated()), (3, 0));
    }

    #[test]
    fn of_ids_that_repeat_the_newest_part_has_them() {
        let mut index = auto();
        wait(&mut index, "77", 1, "36301111111");
        assert_eq!(find(&mut index, "77", "36301111111"), Some(1));
        assert_eq!(wait(&mut index, "77", 2, "36301111111"), 0);
        index.forget("77", token(1));
        assert_eq!(find(&mut index, "77", "36301111111"), Some(2));
        index.forget("77", token(2));
        // Its receipt is early this time.
        assert_eq!(find(&mut index, "77", "36301111111"), None);
        assert_eq!(wait(&mut index, "077", 3, "36301111111"), 1);
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let mut known = KnownReceipts::default();
        for number in 0..=MAX_KNOWN {
            assert!(known.add(&CanonicalId::new(&number.to_string()), None));
        }
        assert_eq!((known.states.len(), known.by_age.len()), (MAX_KNOWN, MAX_KNOWN));
        assert!(known.add(&CanonicalId::new("0"), None), "the oldest is forgotten");
    }
}
