use std::sync::Arc;

use ozml_session::SmsState;

use super::super::{Change, Committed, MessageNumber, Note, SmsRecord, Store, StoreError, StoredSms};
use super::{accept, accepted, commit, find, full, go_on, in_state, record};

pub(super) async fn all<S: Store>(make: &impl Fn() -> S) {
    what_is_accepted_is_there(make()).await;
    a_message_goes_on(make()).await;
    a_known_key_names_its_message(make()).await;
    a_key_is_known_within_a_commit(make()).await;
    all_or_nothing(make()).await;
    a_refused_commit_spoils_no_other(make()).await;
    commits_keep_their_order(make()).await;
    a_dropped_commit_is_made(make()).await;
}

async fn what_is_accepted_is_there(store: impl Store) {
    for message in [accepted(1), full(2)] {
        assert_eq!(find(&store, &message).await, None, "it is not there before");
        let committed = commit(&store, vec![accept(&message)]).await;
        assert_eq!(committed, Committed::default());
        assert_eq!(
            find(&store, &message).await,
            Some(message),
            "nothing of it is lost"
        );
    }
    assert_eq!(
        commit(&store, Vec::new()).await,
        Committed::default(),
        "an empty commit"
    );
}

async fn a_message_goes_on(store: impl Store) {
    let mut message = accepted(1);
    commit(&store, vec![accept(&message)]).await;
    for progress in [
        in_state(1, SmsState::Submitted),
        full(1).progress,
        in_state(1, SmsState::Delivered),
    ] {
        go_on(&store, 1, progress.clone()).await;
        message.progress = progress;
        assert_eq!(find(&store, &message).await, Some(message.clone()));
    }
    go_on(&store, 2, in_state(2, SmsState::Sent)).await;
    assert_eq!(
        find(&store, &accepted(2)).await,
        None,
        "nothing comes of a number that is not there"
    );
}

/// A message with the key of another one.
fn rival(number: u64, of: &StoredSms) -> StoredSms {
    let record = SmsRecord {
        key: of.record.key.clone(),
        ..record(number)
    };
    StoredSms {
        record: Arc::new(record),
        ..accepted(number)
    }
}

async fn a_known_key_names_its_message(store: impl Store) {
    let mut first = accepted(1);
    commit(&store, vec![accept(&first)]).await;
    first.progress = in_state(1, SmsState::Sent);
    go_on(&store, 1, first.progress.clone()).await;

    let (second, third) = (rival(2, &first), accepted(3));
    let lost = Change::Progress(MessageNumber(2), in_state(2, SmsState::Submitted));
    let committed = commit(&store, vec![accept(&second), lost, accept(&third)]).await;
    assert_eq!(committed.known, [(MessageNumber(2), first.clone())]);
    assert_eq!(find(&store, &second).await, None, "it is not kept");
    assert_eq!(find(&store, &first).await, Some(first), "the first is as it was");
    assert_eq!(
        find(&store, &third).await,
        Some(third),
        "the others of the commit are kept"
    );
}

async fn a_key_is_known_within_a_commit(store: impl Store) {
    let mut first = accepted(1);
    let progress = in_state(1, SmsState::Submitted);
    let goes_on = Change::Progress(MessageNumber(1), progress.clone());
    let second = rival(2, &first);
    let committed = commit(&store, vec![accept(&first), goes_on, accept(&second)]).await;
    first.progress = progress;
    assert_eq!(committed.known, [(MessageNumber(2), first.clone())]);
    assert_eq!(find(&store, &first).await, Some(first));
}

/// Messages that cannot be accepted once `taken` is there.
fn taken_ones(taken: &StoredSms) -> [StoredSms; 2] {
    let number = SmsRecord {
        number: taken.record.number,
        ..record(8)
    };
    let id = SmsRecord {
        id: taken.record.id.clone(),
        ..record(9)
    };
    [number, id].map(|record| StoredSms {
        record: Arc::new(record),
        ..accepted(8)
    })
}

async fn all_or_nothing(store: impl Store) {
    let first = accepted(1);
    commit(&store, vec![accept(&first)]).await;
    for wrong in taken_ones(&first) {
        let changes = vec![
            accept(&accepted(2)),
            Change::Progress(MessageNumber(1), in_state(1, SmsState::Sent)),
            Change::PutNote(Note {
                kind: "report",
                key: "a".to_owned(),
                value: Vec::new(),
            }),
            accept(&wrong),
        ];
        let refused = store.commit(changes.clone()).await.expect_err("it is taken");
        assert_eq!(refused.error, StoreError::Taken(wrong.record.number));
        assert_eq!(refused.changes, changes, "the changes come back");
        assert_eq!(find(&store, &accepted(2)).await, None);
        assert_eq!(find(&store, &first).await.as_ref(), Some(&first));
        assert_eq!(store.notes("report").await.expect("it can be read"), []);
    }
    let twice = vec![accept(&accepted(2)), accept(&taken_ones(&accepted(2))[0])];
    let refused = store
        .commit(twice)
        .await
        .expect_err("it is taken within the commit");
    assert_eq!(refused.error, StoreError::Taken(MessageNumber(2)));
    commit(&store, vec![accept(&accepted(2))]).await;
}

async fn a_refused_commit_spoils_no_other(store: impl Store) {
    let first = accepted(1);
    commit(&store, vec![accept(&first)]).await;
    let [wrong, _] = taken_ones(&first);
    let before = store.commit(vec![accept(&accepted(2))]);
    let refused = store.commit(vec![accept(&accepted(3)), accept(&wrong)]);
    let after = store.commit(vec![accept(&accepted(4)), accept(&rival(5, &accepted(2)))]);
    let known = after.await.expect("the one after is made").known;
    assert_eq!(known, [(MessageNumber(5), accepted(2))]);
    refused.await.expect_err("it is taken");
    before.await.expect("the one before is made");
    for (number, is_there) in [(2, true), (3, false), (4, true)] {
        assert_eq!(
            find(&store, &accepted(number)).await.is_some(),
            is_there,
            "{number}"
        );
    }
}

async fn commits_keep_their_order(store: impl Store) {
    commit(&store, vec![accept(&accepted(1))]).await;
    let commits: Vec<_> = (0..100)
        .map(|tries| {
            let mut progress = in_state(1, SmsState::Submitted);
            progress.tries = tries;
            store.commit(vec![Change::Progress(MessageNumber(1), progress)])
        })
        .collect();
    for commit in commits.into_iter().rev() {
        commit.await.expect("it is made");
    }
    let found = find(&store, &accepted(1)).await.expect("it is there");
    assert_eq!(
        found.progress.tries, 99,
        "the last one called is the last one made"
    );
}

async fn a_dropped_commit_is_made(store: impl Store) {
    drop(store.commit(vec![accept(&accepted(1))]));
    commit(&store, Vec::new()).await;
    assert!(find(&store, &accepted(1)).await.is_some());
}
