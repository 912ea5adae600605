//! Which keys complete an input, and which Input they choose (OzML reference: UserInput, steps 4 to 6).

use std::borrow::Cow;

use ozml_engine::Block;
use ozml_session::{Digits, Key};

/// The Inputs of a menu with everything that decides about them, all known.
#[derive(Debug)]
pub(super) struct Choices<'m> {
    pub(super) inputs: Vec<(Cow<'m, Digits>, &'m Block)>,
    pub(super) digits: Option<usize>,
    pub(super) min_digits: Option<usize>,
    pub(super) max_digits: Option<usize>,
    pub(super) forwards: bool,
    pub(super) back: Option<Key>,
}

impl<'m> Choices<'m> {
    /// How many keys are awaited: what is stated, or as many as the longest Key has.
    pub(super) fn awaited(&self) -> usize {
        let longest = || self.keys().map(<[Key]>::len).max();
        let stated = self.digits.max(self.max_digits);
        stated.or_else(longest).unwrap_or(1).max(1)
    }

    /// Whether these keys are enough, without waiting for another one.
    pub(super) fn are_enough(&self, keys: &[Key]) -> bool {
        if self.leads_back(keys) || keys.len() >= self.awaited() {
            return true;
        }
        // A PIN may begin with the Key of an Input.
        let states_length = self.digits.is_some() || self.max_digits.is_some();
        let begins_another = self
            .keys()
            .any(|key| key.len() > keys.len() && key.starts_with(keys));
        self.chosen(keys).is_some() && !begins_another && !(self.forwards && states_length)
    }

    /// Whether these keys are an input when no further key comes in time.
    pub(super) fn are_an_input(&self, keys: &[Key]) -> bool {
        let least = self.min_digits.or(self.digits).unwrap_or(1).max(1);
        keys.len() >= least || self.chosen(keys).is_some()
    }

    /// The Input these keys choose; of two with the same Key the first.
    pub(super) fn chosen(&self, keys: &[Key]) -> Option<&'m Block> {
        let long_enough = !keys.is_empty() && self.min_digits.is_none_or(|least| keys.len() >= least);
        let chosen = self.inputs.iter().find(|(key, _)| key.keys() == keys);
        chosen.filter(|_| long_enough).map(|(_, block)| *block)
    }

    /// Whether the first key is BackKey.
    pub(super) fn leads_back(&self, keys: &[Key]) -> bool {
        self.back.is_some() && keys.first().copied() == self.back
    }

    fn keys(&self) -> impl Iterator<Item = &[Key]> {
        self.inputs.iter().map(|(key, _)| key.keys())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Menu {
        keys: &'static [&'static str],
        digits: Option<usize>,
        min: Option<usize>,
        max: Option<usize>,
        forwards: bool,
    }

    const MENU: Menu = Menu {
        keys: &[],
        digits: None,
        min: None,
        max: None,
        forwards: false,
    };

    /// What becomes of keys: how many are taken at once, and whether those that came are an input when the
    /// time is over.
    fn taken(menu: &Menu, typed: &str) -> (Option<usize>, bool) {
        let block = Block::default();
        let choices = Choices {
            inputs: menu
                .keys
                .iter()
                .map(|key| (Cow::Owned(Digits::new(key).unwrap()), &block))
                .collect(),
            digits: menu.digits,
            min_digits: menu.min,
            max_digits: menu.max,
            forwards: menu.forwards,
            back: Key::new('*').ok(),
        };
        let typed = Digits::new(typed).unwrap();
        let enough = (1..=typed.keys().len()).find(|length| choices.are_enough(&typed.keys()[..*length]));
        (enough, choices.are_an_input(typed.keys()))
    }

    #[test]
    fn without_a_number_the_longest_key_counts() {
        let menu = Menu {
            keys: &["1", "234"],
            ..MENU
        };
        assert_eq!(taken(&menu, "1"), (Some(1), true));
        assert_eq!(taken(&menu, "2345"), (Some(3), true));
        assert_eq!(taken(&menu, "999"), (Some(3), true));
        assert_eq!(taken(&MENU, "9"), (Some(1), true));
    }

    #[test]
    fn a_key_that_begins_another_waits_for_its_time() {
        let menu = Menu {
            keys: &["1", "12"],
            ..MENU
        };
        assert_eq!(taken(&menu, "1"), (None, true));
        assert_eq!(taken(&menu, "12"), (Some(2), true));
    }

    #[test]
    fn a_short_key_is_taken_at_once_unless_the_number_goes_to_a_web_application() {
        let menu = Menu {
            keys: &["0"],
            digits: Some(4),
            ..MENU
        };
        assert_eq!(taken(&menu, "0"), (Some(1), true));
        let menu = Menu {
            forwards: true,
            ..menu
        };
        assert_eq!(taken(&menu, "0"), (None, true));
        assert_eq!(taken(&menu, "0123"), (Some(4), true));
        let menu = Menu { digits: None, ..menu };
        assert_eq!(taken(&menu, "0"), (Some(1), true));
    }

    #[test]
    fn min_digits_rules_shorter_keys_out() {
        let menu = Menu {
            keys: &["1", "12"],
            min: Some(2),
            max: Some(4),
            ..MENU
        };
        assert_eq!(taken(&menu, "1"), (None, false));
        assert_eq!(taken(&menu, "12"), (Some(2), true));
        assert_eq!(taken(&menu, "345"), (None, true));
        assert_eq!(taken(&menu, "3456"), (Some(4), true));
    }

    #[test]
    fn the_greater_of_digits_and_max_digits_is_awaited() {
        let menu = Menu {
            digits: Some(2),
            max: Some(3),
            ..MENU
        };
        assert_eq!(taken(&menu, "1234"), (Some(3), true));
        assert_eq!(taken(&menu, "1"), (None, false));
        let menu = Menu {
            digits: Some(4),
            ..MENU
        };
        assert_eq!(taken(&menu, "123"), (None, false));
    }

    #[test]
    fn back_is_the_first_key_only() {
        let menu = Menu {
            digits: Some(3),
            ..MENU
        };
        assert_eq!(taken(&menu, "*"), (Some(1), false));
        assert_eq!(taken(&menu, "1*2"), (Some(3), true));
    }
}
