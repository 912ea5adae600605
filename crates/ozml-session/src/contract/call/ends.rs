//! How calls end.

use super::line::{Line, stopped_by_the_end};
use super::{CallDriver, OfferedCall};
use crate::{
    BlindTransfer, CallError, CallId, CallSession, Capabilities, Cause, Digits, EndedBy, FileName,
    PhoneNumber, Record, Rejection, StopOn,
};

/// Longest time in which a session ends what runs on a call that is over.
const BOUND_MS: u64 = 50;

pub(super) async fn answer_play_hang_up(driver: &dyn CallDriver, call: OfferedCall) {
    assert_eq!(call.session.ended(), None, "a new call is not over");
    let mut line = Line::answered(&call).await;
    let played = line.session.play(&driver.short_prompt(), StopOn::NONE).await;
    let played = played.expect("a prompt is played");
    assert_eq!(played.by, None, "no key stopped it");
    assert!(played.ms > 0, "some of it was heard");
    assert_eq!(line.session.ended(), None, "the call goes on");
    line.session.hang_up(Cause::Normal).await.expect("we hang up");
    line.far.is_over().await;
    assert_ended_by_us(&mut line, Cause::Normal).await;
}

async fn assert_ended_by_us(line: &mut Line<'_>, cause: Cause) {
    let ended = line.end().await;
    assert_eq!(ended.cause, cause);
    assert!(
        !matches!(ended.by, EndedBy::Caller | EndedBy::Callee),
        "we ended it, not {:?}",
        ended.by
    );
}

pub(super) async fn the_far_end_hangs_up_in_a_prompt(driver: &dyn CallDriver, call: OfferedCall) {
    let mut line = Line::answered(&call).await;
    let far = line.far;
    let now = || driver.virtual_clock().map(crate::Clock::now);
    let hung_up_at = std::cell::Cell::new(None);
    let prompt = driver.long_prompt();
    let act = Box::pin(async {
        far.hears().await;
        hung_up_at.set(now());
        far.hang_up().await;
    });
    let (result, _) = line.during(line.session.play(&prompt, StopOn::ANY), act).await;
    if let (Some(before), Some(after)) = (hung_up_at.get(), now()) {
        let took = after.millis_since(before);
        assert!(
            took <= BOUND_MS,
            "the prompt ends within {BOUND_MS} ms, not {took}"
        );
    }
    let (ended, _) = stopped_by_the_end(result);
    assert_eq!((ended.by, ended.cause), (EndedBy::Caller, Cause::Normal));
    assert_eq!(line.end().await, ended, "event and error tell the same end");
    assert_eq!(line.told(), "!");
}

pub(super) async fn the_far_end_hangs_up_while_nothing_runs(_: &dyn CallDriver, call: OfferedCall) {
    let mut line = Line::answered(&call).await;
    line.far.hang_up().await;
    let ended = line.end().await;
    assert_eq!((ended.by, ended.cause), (EndedBy::Caller, Cause::Normal));
}

pub(super) async fn the_far_end_hangs_up_before_the_answer(_: &dyn CallDriver, call: OfferedCall) {
    let mut line = Line::new(&call);
    line.far.hang_up().await;
    let ended = line.end().await;
    assert_eq!(ended.by, EndedBy::Caller);
    assert_eq!(line.session.answer().await, Err(ended.into()));
}

pub(super) async fn we_hang_up_in_a_prompt(driver: &dyn CallDriver, call: OfferedCall) {
    let mut line = Line::answered(&call).await;
    let (session, far) = (line.session, line.far);
    let prompt = driver.long_prompt();
    let act = Box::pin(async {
        far.hears().await;
        session
            .hang_up(Cause::Limit)
            .await
            .expect("we hang up while a prompt is heard");
    });
    let (result, _) = line.during(session.play(&prompt, StopOn::ANY), act).await;
    let (ended, _) = stopped_by_the_end(result);
    far.is_over().await;
    assert_ended_by_us(&mut line, Cause::Limit).await;
    assert_eq!(session.ended(), Some(ended));
}

pub(super) async fn hanging_up_twice(_: &dyn CallDriver, call: OfferedCall) {
    let mut line = Line::answered(&call).await;
    line.session.hang_up(Cause::Normal).await.expect("we hang up");
    let ended = line.end().await;
    let again = line.session.hang_up(Cause::Error).await;
    again.expect("ending an ended call is a success");
    assert_eq!(line.session.ended(), Some(ended), "the first end stays");
}

pub(super) async fn everything_after_the_end(driver: &dyn CallDriver, call: OfferedCall) {
    let mut line = Line::answered(&call).await;
    line.far.hang_up().await;
    let ended = line.end().await;
    let session = line.session;
    let over = |what: &str, result: Result<(), CallError>| match result {
        Err(CallError::HungUp(end)) => assert_eq!(end.ended, ended, "{what}"),
        other => panic!("`{what}` after the end answers `HungUp`, not {other:?}"),
    };
    over("answer", session.answer().await);
    over("reject", session.reject(Rejection::Busy).await);
    let played = session.play(&driver.short_prompt(), StopOn::NONE).await;
    over("play", played.map(|_| ()));
    session.hang_up(Cause::Normal).await.expect("a success");
    assert_eq!(session.ended(), Some(ended));
}

pub(super) async fn a_call_is_refused(_: &dyn CallDriver, call: OfferedCall) {
    let mut line = Line::new(&call);
    line.session
        .reject(Rejection::Busy)
        .await
        .expect("a call is refused");
    line.far.is_over().await;
    assert_ended_by_us(&mut line, Cause::Rejected).await;
    assert!(matches!(line.session.answer().await, Err(CallError::HungUp(_))));
}

pub(super) async fn a_refusal_comes_too_late(driver: &dyn CallDriver, call: OfferedCall) {
    let line = Line::answered(&call).await;
    let fault = line.session.reject(Rejection::Declined).await;
    assert!(
        matches!(
            fault,
            Err(CallError::BadState {
                operation: "reject",
                ..
            })
        ),
        "{fault:?}"
    );
    assert_goes_on(driver, &line).await;
}

/// The call is still up: a prompt is played as if nothing had been.
async fn assert_goes_on(driver: &dyn CallDriver, line: &Line<'_>) {
    assert_eq!(line.session.ended(), None, "the call goes on");
    let played = line.session.play(&driver.short_prompt(), StopOn::NONE).await;
    assert_eq!(played.expect("a prompt is played").by, None);
}

pub(super) async fn a_session_is_dropped(_: &dyn CallDriver, call: OfferedCall) {
    call.session.answer().await.expect("an incoming call is answered");
    assert_eq!(call.session.ended(), None);
    let OfferedCall { session, far } = call;
    drop(session);
    far.is_over().await;
}

pub(super) async fn what_is_not_offered(driver: &dyn CallDriver, call: OfferedCall) {
    let line = Line::answered(&call).await;
    let session = line.session;
    let offers = session.capabilities();
    for (capability, operation, answer) in optional(session).await {
        if !offers.has(capability) {
            assert_eq!(answer, Err(CallError::Unsupported { operation }), "{operation}");
        }
    }
    assert_goes_on(driver, &line).await;
}

type Answer = (Capabilities, &'static str, Result<(), CallError>);

/// The answers of all optional operations that the session does not offer.
async fn optional(session: &dyn CallSession) -> Vec<Answer> {
    let valid = "the suite's own values are valid";
    let record = Record::new(
        FileName::new("contract.wav").expect(valid),
        std::time::Duration::from_secs(1),
    );
    let digits = Digits::new("1").expect(valid);
    let target = BlindTransfer::new(PhoneNumber::new("100").expect(valid));
    let other = CallId::new("another").expect(valid);
    let lacks = |capability| !session.capabilities().has(capability);
    let mut answers = Vec::new();
    if lacks(Capabilities::RECORD) {
        let answer = session.record(&record).await.map(|_| ());
        answers.push((Capabilities::RECORD, "record", answer));
    }
    if lacks(Capabilities::KEYS_OUT) {
        let answer = session.send_digits(&digits).await;
        answers.push((Capabilities::KEYS_OUT, "send_digits", answer));
    }
    if lacks(Capabilities::HOLD) {
        answers.push((Capabilities::HOLD, "hold", session.hold().await));
        answers.push((Capabilities::HOLD, "resume", session.resume().await));
    }
    if lacks(Capabilities::BLIND_TRANSFER) {
        let answer = session.blind_transfer(&target).await.map(|_| ());
        answers.push((Capabilities::BLIND_TRANSFER, "blind_transfer", answer));
    }
    if lacks(Capabilities::ATTENDED_TRANSFER) {
        let answer = session.attended_transfer(&other).await.map(|_| ());
        answers.push((Capabilities::ATTENDED_TRANSFER, "attended_transfer", answer));
    }
    answers
}

/// How many calls follow one another.
const MANY: usize = 100;

pub(super) async fn many_calls_leave_nothing(driver: &dyn CallDriver, first: OfferedCall) {
    drop(first);
    let before = driver.left().await;
    for number in 0..MANY {
        let call = driver.offer().await;
        let mut line = Line::answered(&call).await;
        let (session, far) = (line.session, line.far);
        let prompt = driver.long_prompt();
        let act = Box::pin(async {
            far.hears().await;
            if number % 2 == 0 {
                far.hang_up().await;
            } else {
                session.hang_up(Cause::Normal).await.expect("we hang up");
            }
        });
        let (result, _) = line.during(session.play(&prompt, StopOn::ANY), act).await;
        stopped_by_the_end(result);
        line.end().await;
    }
    assert_eq!(driver.left().await, before, "calls that are over leave nothing");
}
