//! What was accepted is sent though the process that accepted it ends, at whatever moment and however that is. The
//! centre lives on in the test's process and counts over all lives of the other one.
#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "it starts processes and fails by panicking"
)]

mod gateway_process;
mod loops;
#[path = "../support/mod.rs"]
mod support;

use gateway_process::{Task, WINDOW, Work};
use loops::{End, Loop};
use ozml_session::SmsState;
use ozml_sms::store::OnUnknown;
use support::kills;

/// The process that is killed.
#[test]
fn gateway_process() {
    if let Some(task) = Task::of_this_process() {
        gateway_process::run(task);
    }
}

#[test]
fn killed_again_and_again_it_loses_nothing_and_marks_what_it_repeats() {
    let mut lives = Loop::new("resend", OnUnknown::Resend);
    for _ in 0..kills() {
        lives.live(Work::Accept, End::Kill);
    }
    lives.finish();
    let found = lives.found();
    assert_eq!(found.lost(), [0; 0]);
    let most = u64::from(WINDOW.window) * u64::from(WINDOW.sessions) * u64::from(kills());
    assert!(
        found.repeats() <= most,
        "{} repeats, at most {most}",
        found.repeats()
    );
    assert_eq!(found.repeated_without_mark(), [0; 0]);
    assert!(found.marked() > 0, "messages were under way when it was killed");
}

#[test]
fn killed_again_and_again_it_repeats_nothing_on_hold_and_shows_what_is_unknown() {
    let mut lives = Loop::new("hold", OnUnknown::Hold);
    for _ in 0..kills() {
        lives.live(Work::Accept, End::Kill);
    }
    lives.finish();
    let found = lives.found();
    assert_eq!((found.repeats(), found.lost()), (0, vec![]));
    assert!(
        found.in_state(SmsState::Unknown) > 0,
        "messages were under way when it was killed"
    );
}

#[test]
fn ended_in_good_order_it_loses_and_repeats_nothing() {
    let mut lives = Loop::new("term", OnUnknown::Resend);
    for _ in 0..kills() {
        lives.live(Work::Accept, End::Term);
    }
    lives.finish();
    let found = lives.found();
    assert_eq!((found.repeats(), found.lost()), (0, vec![]));
    assert_eq!(found.marked(), 0);
}

#[test]
fn one_key_of_many_clients_is_one_message_over_all_lives() {
    let mut lives = Loop::new("key", OnUnknown::Hold);
    for _ in 0..3 {
        lives.live(Work::OneKey, End::Kill);
    }
    lives.finish();
    let found = lives.found();
    assert_eq!(lives.ids().len(), 1, "{:?}", lives.ids());
    assert_eq!((found.stored(), found.repeats(), found.lost()), (1, 0, vec![]));
}
