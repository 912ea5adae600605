use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use ozml_session::{ConnectionName, PhoneNumber};
use sha2::{Digest, Sha256};

use crate::Spread;

/// Whose turn it is, for each rule that takes turns. Keyed by the names of rules, so it may outlive its
/// router when the configuration is read again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpreadState(BTreeMap<Arc<str>, usize>);

impl SpreadState {
    /// This turn, of a round of so many.
    fn turn(&mut self, rule: &Arc<str>, round: usize) -> usize {
        let next = self.0.entry(Arc::clone(rule)).or_default();
        let turn = next.checked_rem(round).unwrap_or_default();
        *next = turn.saturating_add(1);
        turn
    }
}

/// How a list of connections is put in order for one message.
#[derive(Debug)]
pub(crate) enum Order {
    Failover,
    RoundRobin,
    /// Which place of the list begins, for each turn of a round.
    Weighted(Box<[usize]>),
    Sticky,
}

impl Order {
    pub(crate) fn unweighted(spread: Spread) -> Self {
        match spread {
            Spread::RoundRobin => Self::RoundRobin,
            Spread::Sticky => Self::Sticky,
            Spread::Failover | Spread::Weighted => Self::Failover,
        }
    }

    /// A round in which each place comes as often as its weight says, spread out: at each turn every place
    /// earns its weight, the richest comes and pays what all have earned.
    pub(crate) fn weighted(weights: &[u16]) -> Self {
        let weights: Vec<i64> = weights.iter().map(|weight| i64::from(*weight)).collect();
        let sum: i64 = weights.iter().sum();
        let mut earned = vec![0_i64; weights.len()];
        let turns = (0..sum).filter_map(|_| {
            for (earned, weight) in earned.iter_mut().zip(&weights) {
                *earned = earned.saturating_add(*weight);
            }
            let (place, richest) = earned
                .iter_mut()
                .enumerate()
                .max_by_key(|(place, earned)| (**earned, Reverse(*place)))?;
            *richest = richest.saturating_sub(sum);
            Some(place)
        });
        Self::Weighted(turns.collect())
    }

    /// The list with the chosen connection first. Behind it the others follow round from it, with `Sticky` in
    /// the recipient's own order.
    pub(crate) fn apply(
        &self,
        list: &[ConnectionName],
        rule: &Arc<str>,
        recipient: &PhoneNumber,
        state: &mut SpreadState,
    ) -> Vec<ConnectionName> {
        match self {
            Self::Failover => list.to_vec(),
            Self::RoundRobin => beginning_at(list, state.turn(rule, list.len())),
            Self::Weighted(turns) => {
                let turn = state.turn(rule, turns.len());
                beginning_at(list, turns.get(turn).copied().unwrap_or_default())
            }
            Self::Sticky => {
                let mut list = list.to_vec();
                list.sort_by_cached_key(|connection| Reverse(affinity(recipient, connection)));
                list
            }
        }
    }
}

fn beginning_at(list: &[ConnectionName], first: usize) -> Vec<ConnectionName> {
    list.iter()
        .cycle()
        .skip(first)
        .take(list.len())
        .cloned()
        .collect()
}

/// How much a recipient belongs to a connection. Each connection is drawn apart, so that one more or one
/// less moves only the recipients that belong to it (rendezvous hashing); SHA-256 is the same on every
/// machine and in every release.
fn affinity(recipient: &PhoneNumber, connection: &ConnectionName) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(recipient.as_str());
    hash.update([0]);
    hash.update(connection.as_str());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn connections(count: usize) -> Vec<ConnectionName> {
        (0..count)
            .map(|place| ConnectionName::new(&format!("smsc{place}")).unwrap())
            .collect()
    }

    fn apply(order: &Order, list: &[ConnectionName], to: &str, state: &mut SpreadState) -> Vec<String> {
        let recipient = PhoneNumber::new(to).unwrap();
        let ordered = order.apply(list, &"rule".into(), &recipient, state);
        ordered
            .iter()
            .map(|connection| connection.as_str().to_owned())
            .collect()
    }

    #[test]
    fn round_robin_goes_round() {
        let (list, mut state) = (connections(3), SpreadState::default());
        let mut next = || apply(&Order::RoundRobin, &list, "1", &mut state).join(" ");
        assert_eq!(next(), "smsc0 smsc1 smsc2");
        assert_eq!(next(), "smsc1 smsc2 smsc0");
        assert_eq!(next(), "smsc2 smsc0 smsc1");
        assert_eq!(next(), "smsc0 smsc1 smsc2");
    }

    #[test]
    fn weights_are_mixed_and_not_in_blocks() {
        let Order::Weighted(turns) = Order::weighted(&[5, 1, 1]) else {
            panic!()
        };
        assert_eq!(*turns, [0, 0, 1, 0, 2, 0, 0]);
    }

    #[test]
    fn sticky_is_the_same_after_a_restart() {
        // Known answers: whoever changes the hash moves every recipient of every installation.
        let first = |to| apply(&Order::Sticky, &connections(3), to, &mut SpreadState::default()).remove(0);
        let firsts: Vec<_> = ["+36201", "+36202", "+36203", "+36204"].map(first).into();
        assert_eq!(firsts, ["smsc1", "smsc0", "smsc1", "smsc2"]);
    }

    proptest! {
        #[test]
        fn weights_are_exact_over_a_round(weights in vec(1_u16..20, 1..6)) {
            let (order, list) = (Order::weighted(&weights), connections(weights.len()));
            let mut state = SpreadState::default();
            let round: u16 = weights.iter().sum();
            let firsts: Vec<_> =
                (0..round * 2).map(|_| apply(&order, &list, "1", &mut state).remove(0)).collect();
            for (weight, connection) in weights.iter().zip(&list) {
                let count = firsts.iter().filter(|first| *first == connection.as_str()).count();
                prop_assert_eq!(count, usize::from(*weight) * 2);
            }
        }

        #[test]
        fn sticky_moves_only_the_recipients_of_the_connection_that_goes(to in "[+][0-9]{5,12}") {
            let all = apply(&Order::Sticky, &connections(4), &to, &mut SpreadState::default());
            let less = apply(&Order::Sticky, &connections(3), &to, &mut SpreadState::default());
            let left: Vec<_> = all.into_iter().filter(|connection| connection != "smsc3").collect();
            prop_assert_eq!(less, left);
        }
    }
}
