use ozml_session::SmsEncoding;

use super::*;

use crate::{OnUnknown, Overrides, RouteSection, TableSection, TimeProfileSection, Verdict, WhenDown};

#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub(super) struct File {
    pub(super) route: Vec<RouteSection>,
    table: Vec<TableSection>,
    time_profile: Vec<TimeProfileSection>,
}

pub(super) fn build(toml: &str) -> Result<Router, Vec<ConfigFault>> {
    let file: File = toml::from_str(toml).unwrap();
    Router::new(&RouterConfig {
        routes: file.route,
        tables: file.table,
        time_profiles: file.time_profile,
        connections: ["smsc1", "smsc2", "gsm1"]
            .map(|name| ConnectionName::new(name).unwrap())
            .into(),
        sources: vec!["HTTP_User_1".into()],
    })
}

fn router(toml: &str) -> Router {
    build(toml).unwrap_or_else(|faults| panic!("{}", faults[0]))
}

const NOW: WallTime = WallTime::from_unix_millis(1_767_614_400_000); // Monday 2026-01-05, 12:00 UTC

fn number(written: &str) -> PhoneNumber {
    PhoneNumber::new(written).unwrap()
}

/// Where a message goes: `rule number targets`, or the outcome and its rule.
fn decide(router: &Router, facts: &MessageFacts<'_>) -> String {
    shown(&router.route(facts, NOW, &mut SpreadState::default()).original)
}

fn shown(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Move(routed) => shown_routed(routed),
        Outcome::Drop { rule } => format!("drop {rule}"),
        Outcome::Reject { rule } => format!("reject {rule}"),
        Outcome::NoRoute => "no route".into(),
    }
}

fn shown_routed(routed: &Routed) -> String {
    let targets: Vec<_> = routed.targets.iter().map(ConnectionName::as_str).collect();
    format!("{} {} {}", routed.rule, routed.to, targets.join(","))
}

fn decide_number(router: &Router, to: &str) -> String {
    decide(router, &MessageFacts::new(&number(to), "Hello"))
}

#[test]
fn numbers_of_qatar_become_international() {
    let router = router(
        "[[route]]\n name = 'short'\n called = 'XXXXXXXX'\n prepend = '+974'\n to = 'smsc1'
         [[route]]\n name = 'zeros'\n called = '00974*'\n strip = 2\n prepend = '+'\n to = 'smsc1'
         [[route]]\n name = 'bare'\n called = '974*'\n prepend = '+'\n to = 'smsc1'
         [[route]]\n name = 'full'\n called = '+974*'\n to = 'smsc1'
         [[route]]\n name = 'rest'\n to = 'drop'",
    );
    assert_eq!(decide_number(&router, "55512345"), "short +97455512345 smsc1");
    assert_eq!(
        decide_number(&router, "0097455512345"),
        "zeros +97455512345 smsc1"
    );
    assert_eq!(decide_number(&router, "97455512345"), "bare +97455512345 smsc1");
    assert_eq!(decide_number(&router, "+97455512345"), "full +97455512345 smsc1");
    assert_eq!(decide_number(&router, "+36201234567"), "drop rest");
}

#[test]
fn lower_priorities_come_first_and_equal_ones_in_the_order_of_the_file() {
    let router = router(
        "[[route]]\n name = 'late'\n priority = 200\n to = 'gsm1'
         [[route]]\n name = 'off'\n priority = 1\n enabled = false\n to = 'gsm1'
         [[route]]\n called = '1*'\n to = 'smsc1'
         [[route]]\n name = 'second'\n called = '1*'\n to = 'smsc2'
         [[route]]\n name = 'early'\n priority = -5\n called = '19*'\n to = 'reject'",
    );
    assert_eq!(decide_number(&router, "1"), "route-3 1 smsc1");
    assert_eq!(decide_number(&router, "19"), "reject early");
    assert_eq!(decide_number(&router, "2"), "late 2 gsm1");
}

#[test]
fn every_condition_decides() {
    let to = number("+36201234567");
    let sender = SenderId::new("Shop").unwrap();
    let mut facts = MessageFacts::new(&to, "Stop, please");
    facts.from = Some(&sender);
    facts.account = Some("shop");
    facts.source = Some("HTTP_User_1");
    facts.encoding = SmsEncoding::Ucs2;
    facts.parts = 3;
    for (condition, other) in [
        ("from = ['gsm1', 'HTTP_User_1']", "from = 'gsm1'"),
        ("from = '*'", "from = 'smsc1'"),
        ("user = 'shop'", "user = 'bank'"),
        ("caller = '/S.*/'", "caller = '+36*'"),
        ("called = '+3620*'", "called = '+3630*'"),
        ("keyword = ['start', 'STOP,']", "keyword = 'stop'"),
        ("text = '(?i)PLEASE$'", "text = '/^please/'"),
        ("parts = { min = 2 }", "parts = { max = 2 }"),
        ("alphabet = 'ucs2'", "alphabet = 'gsm7'"),
        ("time = 'monday'", "time = '!monday'"),
    ] {
        let router = |condition| {
            router(&format!(
                "[[route]]\n to = 'smsc1'\n {condition}\n\
                 [[time_profile]]\n name = 'monday'\n zone = 'UTC'\n ranges = [{{ days = 'mon' }}]"
            ))
        };
        assert_eq!(
            decide(&router(condition), &facts),
            "route-1 +36201234567 smsc1",
            "{condition}"
        );
        assert_eq!(decide(&router(other), &facts), "no route", "{other}");
        let field = other.split(' ').next().unwrap();
        let explanation = router(other).explain(&facts, NOW, &SpreadState::default());
        assert!(
            matches!(&explanation.rules[0].verdict, Verdict::NoMatch { condition, .. } if *condition == field),
            "{explanation}"
        );
    }
}

#[test]
fn a_message_without_sender_source_or_account_matches_no_condition_on_them() {
    for condition in ["from = 'gsm1'", "user = 'shop'", "caller = '+36*'"] {
        let router = router(&format!("[[route]]\n to = 'smsc1'\n {condition}"));
        assert_eq!(decide_number(&router, "1"), "no route");
    }
    assert_eq!(
        decide_number(&router("[[route]]\n to = 'smsc1'\n caller = '*'"), "1"),
        "route-1 1 smsc1"
    );
}

#[test]
fn keywords_are_compared_in_any_case_in_any_script() {
    let router = router("[[route]]\n to = 'smsc1'\n keyword = 'ÁRVÍZ'");
    let to = number("1");
    assert_eq!(
        decide(&router, &MessageFacts::new(&to, " árvíz jön")),
        "route-1 1 smsc1"
    );
    assert_eq!(decide(&router, &MessageFacts::new(&to, "árvizek")), "no route");
}

#[test]
fn copies_go_on_with_the_original() {
    let router = router(
        "[[route]]\n name = 'archive'\n mode = 'copy'\n prepend = '9'\n set_caller = 'Archive'\n to = 'gsm1'
         [[route]]\n name = 'second'\n mode = 'copy'\n to = ['smsc2']
         [[route]]\n name = 'home'\n called = '06*'\n strip = 2\n prepend = '+36'\n to = 'smsc1'",
    );
    let to = number("06201");
    let decision = router.route(&MessageFacts::new(&to, "Hello"), NOW, &mut SpreadState::default());
    let copies: Vec<_> = decision.copies.iter().map(shown_routed).collect();
    assert_eq!(copies, ["archive 906201 gsm1", "second 06201 smsc2"]);
    assert_eq!(decision.copies[0].from, Some(SenderId::new("Archive").unwrap()));
    assert_eq!(decision.copies[1].from, None);
    assert_eq!(shown(&decision.original), "home +36201 smsc1");

    let to = number("07");
    let decision = router.route(&MessageFacts::new(&to, "Hello"), NOW, &mut SpreadState::default());
    assert_eq!((decision.copies.len(), decision.original), (2, Outcome::NoRoute));
}

#[test]
fn a_rewrite_that_fails_is_no_match() {
    let router = router(
        "[[route]]\n name = 'long'\n strip = 5\n to = 'smsc1'
         [[route]]\n name = 'replace'\n replace = { pattern = '/1(..)/', with = '+$1' }\n to = 'smsc1'
         [[route]]\n name = 'rest'\n mode = 'drop'",
    );
    assert_eq!(decide_number(&router, "123456"), "long 6 smsc1");
    assert_eq!(decide_number(&router, "123"), "replace +23 smsc1");
    assert_eq!(decide_number(&router, "223"), "drop rest");
    let to = number("223");
    let explanation = router.explain(&MessageFacts::new(&to, ""), NOW, &SpreadState::default());
    let shown = explanation.to_string();
    assert!(
        shown.contains("strip: `strip` takes 5 characters, the number has 3"),
        "{shown}"
    );
    assert!(
        shown.contains("replace: the pattern of `replace` does not match"),
        "{shown}"
    );
}

#[test]
fn tables_give_the_cheapest_row_of_the_longest_prefix() {
    let router = router(
        "[[route]]\n name = 'lcr'\n to = 'table:prices'\n called = '+*'
         [[table]]\n name = 'prices'
         rows = [
           { prefix = '+36', to = 'smsc1', cost = 1 },
           { prefix = '+3620', to = 'smsc1', cost = 2.5 },
           { prefix = '+3620', to = 'gsm1' },
           { prefix = '+3620', to = 'smsc2', cost = 2 },
         ]",
    );
    assert_eq!(decide_number(&router, "+36201"), "lcr +36201 smsc2,smsc1,gsm1");
    assert_eq!(decide_number(&router, "+3630"), "lcr +3630 smsc1");
    assert_eq!(decide_number(&router, "+49"), "no route");
    let to = number("+49");
    let explanation = router.explain(&MessageFacts::new(&to, ""), NOW, &SpreadState::default());
    assert!(
        explanation
            .to_string()
            .contains("to: no row of the table `prices` fits +49")
    );
}

#[test]
fn the_state_of_the_spread_is_the_callers() {
    let router = router("[[route]]\n name = 'r'\n spread = 'round-robin'\n to = ['smsc1', 'smsc2']");
    let (to, mut state) = (number("1"), SpreadState::default());
    let facts = MessageFacts::new(&to, "");
    let mut next = || shown(&router.route(&facts, NOW, &mut state).original);
    assert_eq!(
        [next(), next(), next()],
        ["r 1 smsc1,smsc2", "r 1 smsc2,smsc1", "r 1 smsc1,smsc2"]
    );
    let explained = router.explain(&facts, NOW, &state);
    assert_eq!(shown(&explained.decision.original), "r 1 smsc2,smsc1");
    assert_eq!(router.route(&facts, NOW, &mut state), explained.decision);
}

#[test]
fn a_rule_speaks_for_its_messages() {
    let router = router(
        "[[route]]\n to = 'smsc1'\n when_down = 'fail'\n validity = '2h'\n message_priority = 3\n on_unknown = 'hold'",
    );
    let to = number("1");
    let decision = router.route(&MessageFacts::new(&to, ""), NOW, &mut SpreadState::default());
    let Outcome::Move(Routed { overrides, .. }) = decision.original else {
        panic!()
    };
    assert_eq!(
        overrides,
        Overrides {
            when_down: WhenDown::Fail,
            validity: Some(std::time::Duration::from_secs(7_200)),
            message_priority: Some(3),
            on_unknown: Some(OnUnknown::Hold),
        }
    );
}

#[test]
fn an_explanation_is_a_block_a_rule_and_json() {
    let router = router(
        "[[route]]\n name = 'night'\n time = '!office'\n to = 'gsm1'
         [[route]]\n name = 'log'\n mode = 'copy'\n to = 'gsm1'
         [[route]]\n name = 'home'\n called = '06*'\n strip = 2\n prepend = '+36'\n set_caller = 'Shop'\n to = 'smsc1'
         [[route]]\n name = 'rest'\n to = 'reject'
         [[time_profile]]\n name = 'office'\n zone = 'Europe/Budapest'\n ranges = [{ days = 'mon-fri' }]",
    );
    let to = number("06201");
    let explanation = router.explain(&MessageFacts::new(&to, "a secret"), NOW, &SpreadState::default());
    assert_eq!(
        explanation.to_string(),
        "\
night (priority 100): no match
  time: `office` holds on Mon 2026-01-05 13:00 Europe/Budapest
log (priority 100): matches, a copy goes out
  to:      06201
  from:    the connection's own
  targets: gsm1
home (priority 100): matches, takes the message
  to:      06201 -> +36201
  from:    the connection's own -> Shop
  targets: smsc1
rest (priority 100): would match, but a rule before it ended the search
  to:      06201
  from:    the connection's own
"
    );
    let json = serde_json::to_value(&explanation).unwrap();
    assert_eq!(
        json["rules"][2],
        serde_json::json!({
            "rule": "home", "priority": 100, "verdict": "moved",
            "before": { "to": "06201", "from": null }, "after": { "to": "+36201", "from": "Shop" },
            "targets": ["smsc1"],
        })
    );
    assert_eq!(json["rules"][0]["condition"], "time");
}

#[test]
fn what_a_message_says_is_shown_nowhere() {
    let router = router("[[route]]\n keyword = 'a'\n to = 'smsc1'\n[[route]]\n text = 'b'\n to = 'smsc1'");
    let to = number("1");
    let facts = MessageFacts::new(&to, "secret");
    let explanation = router.explain(&facts, NOW, &SpreadState::default());
    assert!(!format!("{facts:?} {explanation} {explanation:?}").contains("secret"));
}
