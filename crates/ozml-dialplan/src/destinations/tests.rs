use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use ozml_session::{Action, Clock, ClockTime, Destination, PhoneNumber, Policy, Refusal, WallTime, Who};
use proptest::prelude::*;

use super::*;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

fn section(toml: &str) -> DestinationsSection {
    toml::from_str(toml).unwrap()
}

fn policy(toml: &str) -> DestinationPolicy {
    DestinationPolicy::new(&section(toml)).unwrap_or_else(|faults| panic!("{}", faults[0]))
}

/// A policy of an installation in Hungary.
fn hungarian(more: &str) -> DestinationPolicy {
    policy(&format!(
        "allow = ['+36', '+49']\n deny = '+4915'\n internal = 'XXXX'\n home = '+36'\n trunk = '06'\n{more}"
    ))
}

fn number(written: &str) -> PhoneNumber {
    PhoneNumber::new(written).unwrap()
}

fn shop() -> Who {
    let mut who = Who::unknown();
    who.account = Some("shop".into());
    who
}

fn admit(policy: &mut DestinationPolicy, at: u64, action: Action, to: &str) -> Result<Admission, Refusal> {
    let to = Destination::Number(number(to));
    policy.admit(ClockTime::from_millis(at), action, &to, &Who::unknown(), None)
}

fn send(policy: &mut DestinationPolicy, at: u64, to: &str) -> Result<Admission, Refusal> {
    admit(policy, at, Action::Sms, to)
}

/// The rule that decides, or the limit.
fn rule(result: Result<Admission, Refusal>) -> String {
    match result {
        Ok(admission) => admission.by.to_string(),
        Err(Refusal::Rule { rule }) => format!("refused: {rule}"),
        Err(refusal) => refusal.to_string(),
    }
}

#[test]
fn rules_decide_for_every_action_and_deny_wins() {
    let mut policy = hungarian("");
    for action in [Action::Sms, Action::Call, Action::Redirect, Action::Alarm] {
        for (to, by) in [
            ("+36201234567", "allow +36"),
            ("06 20 123 4568", "allow +36"),
            ("0049301234567", "allow +49"),
            ("9994", "internal XXXX"),
            ("+4915123456789", "refused: deny +4915"),
            ("004915123456789", "refused: deny +4915"),
            ("4915123456789", "refused: deny +4915"),
            ("+3690123456", "refused: starter_deny +3690 (premium rate)"),
            ("0690123456", "refused: starter_deny +3690 (premium rate)"),
            (
                "+881612345678",
                "refused: starter_deny +881 (satellite and global networks)",
            ),
            ("+33123456789", "refused: allow (no prefix of it fits)"),
            ("+062554670", "refused: allow (no prefix of it fits)"),
            ("36201234567", "refused: allow (no prefix of it fits)"),
        ] {
            assert_eq!(rule(admit(&mut policy, 0, action, to)), by, "{action:?} {to}");
        }
    }
}

#[test]
fn the_longest_allowed_prefix_is_the_one_named() {
    let mut policy = policy("allow = ['any', '+3620', '+36', '+062']");
    assert_eq!(rule(send(&mut policy, 0, "+36201234567")), "allow +3620");
    assert_eq!(rule(send(&mut policy, 0, "+36301234567")), "allow +36");
    assert_eq!(rule(send(&mut policy, 0, "+062554670")), "allow +062");
    assert_eq!(rule(send(&mut policy, 0, "1")), "allow any");
}

#[test]
fn without_configuration_nothing_is_allowed_and_with_a_pattern_internal_numbers_only() {
    assert_eq!(
        rule(send(&mut policy(""), 0, "9994")),
        "refused: allow (no prefix of it fits)"
    );
    let mut internal = policy("internal = '9XXX'");
    assert_eq!(rule(send(&mut internal, 0, "9994")), "internal 9XXX");
    assert_eq!(
        rule(send(&mut internal, 0, "+36201234567")),
        "refused: allow (no prefix of it fits)"
    );
}

#[test]
fn denied_prefixes_are_denied_in_every_way_they_are_written() {
    let mut policy = policy("allow = 'any'\n home = '+36'\n trunk = '06'\n deny = ['06 55', '1']");
    for to in ["0655123456", "+3655123456", "003655123456", "3655123456", "112"] {
        assert!(
            rule(send(&mut policy, 0, to)).starts_with("refused: deny"),
            "{to}"
        );
    }
}

#[test]
fn the_starter_list_can_be_switched_off() {
    let mut policy = hungarian("starter_deny = false");
    assert_eq!(rule(send(&mut policy, 0, "+3690123456")), "allow +36");
}

#[test]
fn a_recipient_gets_so_many_in_a_minute_and_in_an_hour() {
    let mut policy = hungarian("sms_per_recipient = { minute = 2, hour = 3 }");
    assert!(send(&mut policy, 0, "+36201234567").is_ok());
    assert!(send(&mut policy, 0, "06201234567").is_ok(), "the same number");
    let refusal = send(&mut policy, 30_000, "003620 123 4567").unwrap_err();
    assert_eq!(refusal.to_string(), "limit `sms_per_recipient` of 2 is reached");
    assert_eq!(refusal.code(), 902);
    assert!(send(&mut policy, 2 * MINUTE, "+36201234567").is_ok());
    assert_eq!(
        rule(send(&mut policy, 4 * MINUTE, "+36201234567")),
        "limit `sms_per_recipient` of 3 is reached"
    );
    assert!(
        send(&mut policy, 4 * MINUTE, "+36201234568").is_ok(),
        "another number"
    );
    assert!(send(&mut policy, HOUR + 5 * MINUTE, "+36201234567").is_ok());
}

#[test]
fn internal_numbers_have_budgets_too() {
    let mut policy = hungarian("sms_per_recipient = { minute = 1 }");
    assert!(send(&mut policy, 0, "9994").is_ok());
    assert!(send(&mut policy, 0, "9994").is_err());
}

#[test]
fn calls_have_no_budgets_of_messages() {
    let mut policy = hungarian("sms_per_recipient = { minute = 0 }");
    assert!(admit(&mut policy, 0, Action::Call, "+36201234567").is_ok());
    assert!(send(&mut policy, 0, "+36201234567").is_err());
}

#[test]
fn neighbours_raise_an_alarm_and_are_then_stopped() {
    let mut policy = hungarian("sms_per_neighbourhood = { alarm = 3, stop = 5 }");
    let mut to = |last: u32| send(&mut policy, 0, &format!("+36201234{last:03}"));
    assert!((0..2).all(|last| to(last).unwrap().alarm.is_none()));
    let alarm = to(2).unwrap().alarm.unwrap();
    assert_eq!((alarm.name, alarm.count), ("sms_per_neighbourhood", 3));
    assert_eq!(
        alarm.to_string(),
        "`sms_per_neighbourhood`: 3 messages in an hour to the numbers +36201234..., an alarm is raised from 3 on"
    );
    assert!(to(3).is_ok() && to(4).unwrap().alarm.is_some());
    assert_eq!(rule(to(5)), "limit `sms_per_neighbourhood` of 5 is reached");
    assert!(send(&mut policy, 0, "+36201235000").is_ok());
    assert!(
        (0..9).all(|last| send(&mut policy, 0, &format!("800{last}")).is_ok()),
        "internal numbers"
    );
}

#[test]
fn an_account_and_a_caller_have_budgets() {
    let mut policy = hungarian("sms_per_account = { minute = 2, day = 3 }");
    let mut caller = Who::unknown();
    caller.caller = Some(number("+36301112222"));
    for who in [shop(), caller] {
        let mut send = |at, last: u32| {
            let to = Destination::Number(number(&format!("+3620{last:07}")));
            rule(policy.admit(ClockTime::from_millis(at), Action::Sms, &to, &who, None))
        };
        assert_eq!([send(0, 1_000), send(0, 2_000)], ["allow +36", "allow +36"]);
        assert_eq!(send(0, 3_000), "limit `sms_per_account` of 2 is reached");
        assert_eq!(send(5 * MINUTE, 4_000), "allow +36");
        assert_eq!(send(20 * HOUR, 5_000), "limit `sms_per_account` of 3 is reached");
        assert_eq!(send(30 * HOUR, 6_000), "allow +36");
    }
}

#[test]
fn unlisted_prefixes_may_have_a_few_a_day() {
    let mut policy = hungarian("sms_per_unlisted_prefix = 1");
    assert_eq!(
        rule(send(&mut policy, 0, "+33123456789")),
        "sms_per_unlisted_prefix"
    );
    assert_eq!(
        rule(send(&mut policy, HOUR, "+33155555555")),
        "limit `sms_per_unlisted_prefix` of 1 is reached"
    );
    assert!(send(&mut policy, 0, "+34123456789").is_ok());
    assert_eq!(
        rule(admit(&mut policy, 0, Action::Call, "+35123456789")),
        "refused: allow (no prefix of it fits)"
    );
}

#[test]
fn the_same_text_to_the_same_recipient_waits() {
    let mut policy = hungarian("duplicate_window = 30");
    let mut send = |at, to: &str, text: &str| {
        let to = Destination::Number(number(to));
        rule(policy.admit(
            ClockTime::from_millis(at),
            Action::Sms,
            &to,
            &shop(),
            Some(TextHash::of(text)),
        ))
    };
    assert_eq!(send(0, "+36201234567", "Hello"), "allow +36");
    assert_eq!(
        send(29_999, "06201234567", "Hello"),
        "refused: duplicate_window 30 s (same text, same recipient)"
    );
    assert_eq!(send(29_999, "+36201234567", "Hello!"), "allow +36");
    assert_eq!(send(29_999, "+36201234568", "Hello"), "allow +36");
    assert_eq!(send(30_000, "+36201234567", "Hello"), "allow +36");
}

#[test]
fn the_hash_of_a_text_does_not_change() {
    assert_eq!(TextHash::of("abc").as_u64(), 0xba78_16bf_8f01_cfea);
    assert_eq!(TextHash::from_u64(0xba78_16bf_8f01_cfea), TextHash::of("abc"));
}

#[test]
fn what_is_refused_does_not_count() {
    let mut policy = hungarian("sms_per_recipient = { minute = 1 }\n sms_per_account = { minute = 2 }");
    let mut send = |to: &str| {
        let to = Destination::Number(number(to));
        policy
            .admit(ClockTime::ZERO, Action::Sms, &to, &shop(), None)
            .is_ok()
    };
    assert!(send("+36201234567"));
    assert!((0..10).all(|_| !send("+36201234567")));
    assert!(send("+36201234568"), "the account has one left");
}

#[test]
fn counters_survive_a_restart() {
    let toml = "sms_per_recipient = { minute = 2, hour = 3 }\n duplicate_window = 120";
    let (to, who) = (number("06201234567"), shop());
    let wall = |ms: i64| WallTime::from_unix_millis(1_767_614_400_000 + ms);
    let mut policy = hungarian(toml);
    let now = Moment::new(ClockTime::ZERO, wall(0));
    for age in [30_000, 90_000, 300_000, 7_200_000, 100_000_000, -1_000] {
        let mut message = AcceptedMessage::new(wall(-age), &to, &who);
        message.text = Some(TextHash::of("Hello"));
        policy.replay(now, &message);
    }
    let used: Vec<_> = policy
        .explain(now.clock, Action::Sms, &to, &who, None)
        .budgets
        .iter()
        .map(|budget| (budget.name, budget.window, budget.used))
        .collect();
    assert_eq!(
        used,
        [
            ("sms_per_recipient", "minute", 2),
            ("sms_per_recipient", "hour", 4),
            ("sms_per_neighbourhood", "hour", 4),
            ("sms_per_account", "minute", 2),
            ("sms_per_account", "day", 5),
        ]
    );
    let to = Destination::Number(to);
    let mut again = |at| {
        rule(policy.admit(
            ClockTime::from_millis(at),
            Action::Sms,
            &to,
            &who,
            Some(TextHash::of("Hello")),
        ))
    };
    assert!(again(0).contains("duplicate_window"));
    assert_eq!(again(3 * MINUTE), "limit `sms_per_recipient` of 3 is reached");
}

#[test]
fn unrestricted_admits_everything_and_counts_nothing() {
    let mut policy = DestinationPolicy::unrestricted();
    assert!((0..100).all(|_| rule(send(&mut policy, 0, "+881612345678")) == "unrestricted"));
}

#[test]
fn an_explanation_is_for_people_and_json() {
    let mut policy = hungarian("sms_per_recipient = { minute = 1 }");
    send(&mut policy, 0, "06201234567").unwrap();
    let explain = |action, to| policy.explain(ClockTime::ZERO, action, &number(to), &shop(), None);
    assert_eq!(
        explain(Action::Sms, "06201234567").to_string(),
        "\
06201234567 = +36201234567: refused (902), limit `sms_per_recipient` of 1 is reached
  sms_per_recipient (minute): 1 of 1 for +36201234567
  sms_per_recipient (hour): 1 of 20 for +36201234567
  sms_per_neighbourhood (hour): 1 of 50 for +36201234
  sms_per_account (minute): 0 of 60 for shop
  sms_per_account (day): 0 of 10000 for shop
"
    );
    assert_eq!(
        serde_json::to_value(explain(Action::Call, "9994")).unwrap(),
        serde_json::json!({
            "number": "9994", "normalised": "9994",
            "verdict": "admitted", "by": "internal XXXX", "alarm": null, "budgets": [],
        })
    );
}

#[test]
fn faults_name_the_field() {
    for (toml, fault) in [
        (
            "allow = '+36*'",
            "destinations.allow: the beginning of a number is written without",
        ),
        (
            "allow = ''",
            "destinations.allow: the beginning of a number was expected, this is empty",
        ),
        ("deny = ['+36', 'all']", "destinations.deny: `a` cannot stand"),
        (
            "internal = '*1'",
            "destinations.internal: character 1 of the pattern",
        ),
        ("home = '36'", "destinations.home: a country code"),
        ("trunk = '06'", "destinations.trunk: a trunk prefix needs"),
        ("home = '+36'\n trunk = '00'", "destinations.trunk: 1 to 4 digits"),
        (
            "duplicate_window = 100_000",
            "destinations.duplicate_window: the window is at most",
        ),
    ] {
        let faults = DestinationPolicy::new(&section(toml)).unwrap_err();
        assert!(faults[0].to_string().starts_with(fault), "{}", faults[0]);
        assert_eq!(faults.len(), 1, "{toml}");
    }
}

#[derive(Clone, Default)]
struct HandClock(Arc<AtomicU64>);

impl Clock for HandClock {
    fn now(&self) -> ClockTime {
        ClockTime::from_millis(self.0.load(Ordering::Relaxed))
    }

    fn wall(&self) -> WallTime {
        WallTime::from_unix_millis(1_767_614_400_000)
    }

    fn sleep_until(&self, _: ClockTime) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

#[test]
fn the_port_and_the_gateway_count_together_on_one_clock() {
    let (clock, alarms) = (HandClock::default(), Arc::new(Mutex::new(Vec::new())));
    let policy = hungarian("sms_per_recipient = { minute = 3 }\n sms_per_neighbourhood = { alarm = 3 }");
    let heard = Arc::clone(&alarms);
    let shared = SharedPolicy::new(policy, clock.clone(), move |alarm| {
        heard.lock().unwrap().push(alarm.count)
    });

    let (to, who) = (number("+36201234567"), shop());
    let through_port = || {
        let destination = Destination::Number(to.clone());
        let mut asked = shared.admit(Action::Sms, &destination, &who);
        match asked.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer,
            Poll::Pending => panic!("the policy waits for nothing"),
        }
    };
    shared.replay(&AcceptedMessage::new(clock.wall(), &to, &who));
    assert!(
        shared
            .clone()
            .admit_message(&to, &who, TextHash::of("Hello"))
            .is_ok()
    );
    assert_eq!(through_port(), Ok(()));
    assert_eq!(*alarms.lock().unwrap(), [3]);
    assert!(through_port().is_err());
    assert!(matches!(
        shared.explain(Action::Sms, &to, &who).verdict,
        PolicyVerdict::Refused { code: 902, .. }
    ));
    clock.0.store(2 * MINUTE, Ordering::Relaxed);
    assert_eq!(through_port(), Ok(()));
}

proptest! {
    #[test]
    fn the_explanation_says_what_admission_does(steps in proptest::collection::vec((0_u64..40_000, 0..4_usize), 1..60)) {
        let mut policy = hungarian("sms_per_recipient = { minute = 2 }");
        let mut at = 0;
        for (gap, place) in steps {
            at += gap;
            let to = number(["+36201234567", "06201234567", "9994", "+881123456"][place]);
            let now = ClockTime::from_millis(at);
            let explained = policy.explain(now, Action::Sms, &to, &shop(), None).verdict;
            let admitted = policy.admit(now, Action::Sms, &Destination::Number(to), &shop(), None);
            prop_assert_eq!(explained, PolicyVerdict::from(admitted));
        }
    }

    #[test]
    fn no_number_panics(written in "[+]?[0-9*#]{1,20}") {
        let _ = send(&mut hungarian(""), 0, &written);
    }

    #[test]
    fn a_denied_prefix_never_passes(behind in "[0-9*#]{4,15}") {
        let mut policy = policy("allow = 'any'\n home = '+36'\n trunk = '06'");
        for before in ["+881", "00881", "881", "0690", "+3690", "3690"] {
            let to = format!("{before}{behind}");
            prop_assert!(send(&mut policy, 0, &to).is_err(), "{}", to);
        }
    }
}
