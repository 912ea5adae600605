//! What is heard, and what stops it.

use std::future::poll_fn;

use super::line::{Line, keys};
use super::{CallDriver, OfferedCall};
use crate::{CallError, Capabilities, StopOn};

pub(super) async fn a_prompt_before_the_answer(driver: &dyn CallDriver, call: OfferedCall) {
    let line = Line::new(&call);
    let played = line.session.play(&driver.short_prompt(), StopOn::NONE).await;
    if line.session.capabilities().has(Capabilities::EARLY_MEDIA) {
        assert_eq!(played.expect("early media").by, None);
    } else {
        assert!(
            matches!(
                played,
                Err(CallError::BadState {
                    operation: "play",
                    ..
                })
            ),
            "{played:?}"
        );
    }
    line.session
        .answer()
        .await
        .expect("the call can still be answered");
}

pub(super) async fn prompts_follow_one_another(driver: &dyn CallDriver, call: OfferedCall) {
    let line = Line::answered(&call).await;
    for _ in 0..3 {
        let played = line.session.play(&driver.short_prompt(), StopOn::ANY).await;
        assert_eq!(played.expect("each prompt is heard").by, None);
    }
    line.far.hears_nothing().await;
}

pub(super) async fn a_prompt_is_dropped(driver: &dyn CallDriver, call: OfferedCall) {
    let mut line = Line::answered(&call).await;
    let (session, far) = (line.session, line.far);
    let prompt = driver.long_prompt();
    let mut play = session.play(&prompt, StopOn::ANY);
    let mut hears = far.hears();
    poll_fn(|task| {
        assert!(play.as_mut().poll(task).is_pending(), "the prompt is long");
        hears.as_mut().poll(task)
    })
    .await;
    drop(play);
    far.hears_nothing().await;
    let (played, _) = line
        .during(
            session.play(&driver.short_prompt(), StopOn::NONE),
            Box::pin(std::future::ready(())),
        )
        .await;
    assert_eq!(played.expect("another prompt can begin").by, None);
    assert_eq!((session.ended(), line.told().as_str()), (None, ""));
}

pub(super) async fn a_key_stops_a_prompt(driver: &dyn CallDriver, call: OfferedCall) {
    let mut line = Line::answered(&call).await;
    let (session, far) = (line.session, line.far);
    let prompt = driver.long_prompt();
    for (count, key) in (1..).zip(keys("5#")) {
        let act = Box::pin(async {
            far.hears().await;
            far.press(key).await;
        });
        let stop = StopOn::keys(&keys("5#"));
        let (played, told) = line.during(session.play(&prompt, stop), act).await;
        assert_eq!(played.expect("a stopped prompt is no fault").by, Some(key));
        assert_eq!(told.chars().count(), count, "the key's event comes first");
        far.hears_nothing().await;
    }
    assert_eq!(line.told(), "5#", "each key counts once");
}

pub(super) async fn another_key_does_not(driver: &dyn CallDriver, call: OfferedCall) {
    let mut line = Line::answered(&call).await;
    let (session, far) = (line.session, line.far);
    let prompt = driver.long_prompt();
    let pressed = keys("45");
    let act = Box::pin(async {
        for key in &pressed {
            far.hears().await;
            far.press(*key).await;
        }
    });
    let stop = StopOn::keys(&keys("5"));
    let (played, told) = line.during(session.play(&prompt, stop), act).await;
    assert_eq!(played.expect("a stopped prompt is no fault").by, Some(pressed[1]));
    assert_eq!(told, "45", "the other key is told, and told first");
}

pub(super) async fn no_key_stops_a_prompt_that_listens_to_none(driver: &dyn CallDriver, call: OfferedCall) {
    let mut line = Line::answered(&call).await;
    let (session, far) = (line.session, line.far);
    let prompt = driver.short_prompt();
    let key = keys("7")[0];
    let act = Box::pin(async {
        far.hears().await;
        far.press(key).await;
    });
    let (played, _) = line.during(session.play(&prompt, StopOn::NONE), act).await;
    assert_eq!(played.expect("the prompt is heard to its end").by, None);
    assert_eq!(line.events(1).await, "7");
}
