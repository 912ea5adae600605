//! Keys are events, whether anybody waits for them or not.

use std::future::pending;

use super::line::{Line, keys};
use super::{CallDriver, FarEnd, OfferedCall};
use crate::{Cause, Key, StopOn};

async fn press_all(far: &dyn FarEnd, keys: &[Key]) {
    for key in keys {
        far.press(*key).await;
    }
}

/// Presses keys while nothing runs, and reads their events.
async fn press_while_nothing_runs(line: &mut Line<'_>, text: &str) -> String {
    let (far, keys) = (line.far, keys(text));
    let count = line.told().chars().count() + keys.len();
    let mut press = Box::pin(async {
        press_all(far, &keys).await;
        pending::<()>().await;
    });
    let mut told = Box::pin(line.events(count));
    std::future::poll_fn(|task| {
        let _never = press.as_mut().poll(task);
        told.as_mut().poll(task)
    })
    .await
}

pub(super) async fn keys_before_between_and_after_prompts(driver: &dyn CallDriver, call: OfferedCall) {
    let mut line = Line::answered(&call).await;
    let session = line.session;
    for (key, so_far) in [("1", "1"), ("2", "12"), ("3", "123")] {
        assert_eq!(press_while_nothing_runs(&mut line, key).await, so_far);
        let played = session.play(&driver.short_prompt(), StopOn::ANY).await;
        let by = played.expect("the prompt is played").by;
        assert_eq!(by, None, "a session keeps no keys: an earlier one stops nothing");
    }
}

pub(super) async fn every_key_of_the_keypad(_: &dyn CallDriver, call: OfferedCall) {
    let mut line = Line::answered(&call).await;
    let all = "0123456789*#ABCD";
    assert_eq!(press_while_nothing_runs(&mut line, all).await, all);
}

/// One key more than the engine's buffer holds.
fn sixty_five() -> String {
    "0123456789".chars().cycle().take(65).collect()
}

pub(super) async fn sixty_five_keys(_: &dyn CallDriver, call: OfferedCall) {
    let mut line = Line::answered(&call).await;
    let all = sixty_five();
    assert_eq!(press_while_nothing_runs(&mut line, &all).await, all);
}

pub(super) async fn sixty_five_keys_in_a_prompt(driver: &dyn CallDriver, call: OfferedCall) {
    let mut line = Line::answered(&call).await;
    let (session, far) = (line.session, line.far);
    let all = sixty_five();
    let pressed = keys(&all);
    let prompt = driver.long_prompt();
    let act = Box::pin(async {
        far.hears().await;
        press_all(far, &pressed).await;
        far.hears().await;
        session.hang_up(Cause::Normal).await.expect("we hang up");
    });
    let (_, told) = line.during(session.play(&prompt, StopOn::NONE), act).await;
    assert!(told.starts_with(&all), "all keys in their order: {told}");
    line.end().await;
    assert_eq!(line.told(), all + "!");
}

pub(super) async fn keys_before_a_hang_up(_: &dyn CallDriver, call: OfferedCall) {
    let mut line = Line::answered(&call).await;
    let far = line.far;
    let pressed = keys("12");
    let mut act = Box::pin(async {
        press_all(far, &pressed).await;
        far.hang_up().await;
        pending::<()>().await;
    });
    let mut told = Box::pin(line.events(3));
    let told = std::future::poll_fn(|task| {
        let _never = act.as_mut().poll(task);
        told.as_mut().poll(task)
    })
    .await;
    assert_eq!(told, "12!", "the end comes after every key");
}
