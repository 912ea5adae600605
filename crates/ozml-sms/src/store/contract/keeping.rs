use ozml_session::{SmsState, WallTime};

use super::super::{Change, ListFilter, Note, Opened, Store};
use super::{AT, Again, accept, accepted, commit, find, full, go_on, in_state};

pub(super) async fn all<S: Store>(make: &impl Fn() -> S) {
    notes_are_kept(make()).await;
    what_ended_can_be_forgotten(make()).await;
    nothing_is_lost_by_reopening(make()).await;
}

fn note(kind: &'static str, key: &str, value: &[u8]) -> Note {
    Note {
        kind,
        key: key.to_owned(),
        value: value.to_vec(),
    }
}

fn forget(kind: &'static str, key: &str) -> Change {
    let key = key.to_owned();
    Change::ForgetNote { kind, key }
}

async fn notes(store: &impl Store, kind: &'static str) -> Vec<Note> {
    store.notes(kind).await.expect("it can be read")
}

async fn notes_are_kept(store: impl Store) {
    let put = |kind, key, value| Change::PutNote(note(kind, key, value));
    let first = vec![
        put("report", "b", b"1"),
        put("report", "a", &[0, 255]),
        put("repor", "c", b""),
    ];
    commit(&store, first).await;
    commit(&store, vec![put("reports", "a", b"x"), put("report", "b", b"2")]).await;
    let expected = [note("report", "a", &[0, 255]), note("report", "b", b"2")];
    assert_eq!(
        notes(&store, "report").await,
        expected,
        "by key, the last value of each"
    );
    commit(&store, vec![forget("report", "b"), forget("report", "none")]).await;
    assert_eq!(notes(&store, "report").await, expected[..1]);
    assert_eq!(notes(&store, "repor").await, [note("repor", "c", b"")]);
    assert_eq!(notes(&store, "none").await, []);
}

async fn what_ended_can_be_forgotten(store: impl Store) {
    let accepts = (1..=4).map(|number| accept(&accepted(number))).collect();
    commit(&store, accepts).await;
    for number in [1, 3, 4] {
        go_on(&store, number, in_state(number, SmsState::Delivered)).await;
    }
    let at = |seconds: i64| WallTime::from_unix_millis(AT + seconds * 1_000);
    assert_eq!(
        store.purge(at(4)).await,
        Ok(2),
        "1 and 3: 2 has not ended, 4 is too young"
    );
    for (number, is_there) in [(1, false), (2, true), (3, false), (4, true)] {
        assert_eq!(
            find(&store, &accepted(number)).await.is_some(),
            is_there,
            "{number}"
        );
    }
    assert_eq!(store.purge(at(100)).await, Ok(1));
    let opened = store.opened().await.expect("it can be read");
    assert_eq!(opened.last_number, 4, "a number is never given again");
    let known = commit(&store, vec![accept(&accepted(5)), accept(&accepted(1))])
        .await
        .known;
    assert_eq!(known, [], "a key is forgotten with its message");
}

async fn nothing_is_lost_by_reopening(store: impl Store) {
    commit(
        &store,
        vec![accept(&accepted(1)), Change::PutNote(note("report", "a", b"1"))],
    )
    .await;
    let waits = store.commit(vec![accept(&accepted(2))]);
    store.reopen().await.expect("it opens again");
    waits.await.expect("what waited is made");
    commit(&store, vec![accept(&accepted(3))]).await;
    let opened = store.opened().await.expect("it can be read");
    assert_eq!(opened.unfinished, [accepted(1), accepted(2), accepted(3)]);
    assert_eq!(notes(&store, "report").await, [note("report", "a", b"1")]);
}

/// A store that was closed and opened again has what was committed.
pub(super) async fn over_an_end<S: Store>(make: &impl Fn() -> S, again: &impl Fn(S) -> Again<S>) {
    let store = make();
    let mut message = full(2);
    commit(
        &store,
        vec![accept(&accepted(1)), accept(&message), accept(&accepted(7))],
    )
    .await;
    message.progress = in_state(2, SmsState::Submitted);
    go_on(&store, 2, message.progress.clone()).await;
    go_on(&store, 7, in_state(7, SmsState::Delivered)).await;
    commit(&store, vec![Change::PutNote(note("report", "a", b"1"))]).await;
    let all = WallTime::from_unix_millis(i64::MAX);
    assert_eq!(store.purge(all).await, Ok(1), "the newest one is forgotten");
    drop(store.commit(vec![accept(&accepted(3))]));

    let Again::Opened(store) = again(store) else {
        return;
    };
    let expected = Opened {
        unfinished: vec![accepted(1), message, accepted(3)],
        last_number: 7,
        damaged: Vec::new(),
    };
    assert_eq!(store.opened().await.expect("it can be read"), expected);
    assert_eq!(notes(&store, "report").await, [note("report", "a", b"1")]);
    let listed = store.list(ListFilter::default()).await.expect("it can be read");
    assert_eq!(listed.messages.len(), 3);
    let known = commit(&store, vec![accept(&accepted(1))]).await.known;
    assert_eq!(known.len(), 1, "its key is still known");
}
