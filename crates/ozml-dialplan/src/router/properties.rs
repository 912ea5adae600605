use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::{Mode, NumberPattern, RouteSection, Spread, Verdict};

fn any_rule() -> impl Strategy<Value = RouteSection> {
    let called = select(vec!["*", "1*", "2*", "12*", "X", "XX.", "/.*3/"]);
    let spread = select(vec![Spread::Failover, Spread::RoundRobin, Spread::Sticky]);
    let mode = select(vec![Mode::Move, Mode::Copy, Mode::Copy, Mode::Drop]);
    (called, spread, mode, 0..3_i64, 0..3_usize, any::<bool>()).prop_map(
        |(called, spread, mode, priority, strip, enabled)| RouteSection {
            called: Some(called.into()),
            to: if mode == Mode::Drop {
                vec![]
            } else {
                vec!["a".into(), "b".into()]
            },
            spread,
            mode,
            priority,
            strip,
            enabled,
            ..RouteSection::default()
        },
    )
}

fn router_of(routes: Vec<RouteSection>) -> Router {
    let connections = ["a", "b"].map(|name| ConnectionName::new(name).unwrap()).into();
    Router::new(&RouterConfig {
        routes,
        connections,
        ..RouterConfig::default()
    })
    .unwrap()
}

proptest! {
    #[test]
    fn the_explanation_says_what_the_decision_does(
        routes in vec(any_rule(), 0..8),
        numbers in vec("[1-3]{1,3}", 1..6),
    ) {
        let router = router_of(routes);
        let mut state = SpreadState::default();
        for written in numbers {
            let to = PhoneNumber::new(&written).unwrap();
            let facts = MessageFacts::new(&to, "");
            let now = WallTime::from_unix_millis(0);
            let explanation = router.explain(&facts, now, &state);
            let decision = router.route(&facts, now, &mut state);
            prop_assert_eq!(&explanation.decision, &decision);
            prop_assert_eq!(explanation.rules.len(), router.rules.len());

            let named = |wanted: Verdict| {
                let rules = explanation.rules.iter().filter(move |rule| rule.verdict == wanted);
                rules.map(|rule| Arc::clone(&rule.rule)).collect::<Vec<_>>()
            };
            let copies: Vec<_> = decision.copies.iter().map(|copy| Arc::clone(&copy.rule)).collect();
            prop_assert_eq!(named(Verdict::Copied), copies);
            let (moved, dropped) = match decision.original {
                Outcome::Move(routed) => (vec![routed.rule], vec![]),
                Outcome::Drop { rule } => (vec![], vec![rule]),
                _ => (vec![], vec![]),
            };
            prop_assert_eq!(named(Verdict::Moved), moved);
            prop_assert_eq!(named(Verdict::Dropped), dropped);
        }
    }

    #[test]
    fn the_first_rule_that_matches_takes_the_message(routes in vec(any_rule(), 0..8), written in "[1-3]{1,3}") {
        let to = PhoneNumber::new(&written).unwrap();
        let takes = |route: &&RouteSection| {
            let pattern = NumberPattern::new(route.called.as_deref().unwrap()).unwrap();
            route.enabled && route.mode != Mode::Copy && pattern.matches(&to) && route.strip < written.len()
        };
        let first = routes.iter().filter(takes).map(|route| route.priority).min();
        let router = router_of(routes);
        let facts = MessageFacts::new(&to, "");
        let decision = router.route(&facts, WallTime::from_unix_millis(0), &mut SpreadState::default());
        let rule = match decision.original {
            Outcome::Move(Routed { rule, .. }) | Outcome::Drop { rule } => Some(rule),
            _ => None,
        };
        let priority = rule.and_then(|name| router.rules.iter().find(|rule| rule.name == name).map(|r| r.priority));
        prop_assert_eq!(priority, first);
    }
}
