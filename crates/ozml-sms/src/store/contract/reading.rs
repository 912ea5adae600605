use ozml_session::{SmsState, WallTime};

use super::super::{ListFilter, Listed, Store, StoredSms};
use super::{AT, accept, accepted, commit, full, in_state};

pub(super) async fn all<S: Store>(make: &impl Fn() -> S) {
    an_empty_store(make()).await;
    a_key_leads_to_its_message(filled(make()).await).await;
    messages_are_listed(filled(make()).await).await;
    what_has_not_ended(filled(make()).await).await;
    messages_since(filled(make()).await).await;
}

async fn an_empty_store(store: impl Store) {
    assert_eq!(listed(&store, ListFilter::default()).await, Listed::default());
    let opened = store.opened().await.expect("it can be read");
    assert_eq!((opened.unfinished.as_slice(), opened.last_number), (&[][..], 0));
    assert!(opened.damaged.is_empty());
}

/// Message 1 was delivered, 2 waits for its receipt, 3 is sent without one, 4 failed, 5 is new.
fn messages() -> [StoredSms; 5] {
    let mut messages = [accepted(1), full(2), accepted(3), accepted(4), accepted(5)];
    messages[0].progress = in_state(1, SmsState::Delivered);
    messages[1].progress.state = SmsState::Sent;
    messages[2].progress = in_state(3, SmsState::Sent);
    messages[3].progress = in_state(4, SmsState::Failed);
    messages
}

/// With those messages, accepted in another order than their numbers have.
async fn filled<S: Store>(store: S) -> S {
    let [first, second, third, fourth, fifth] = &messages();
    commit(&store, vec![accept(second), accept(fourth)]).await;
    commit(&store, vec![accept(fifth)]).await;
    commit(&store, vec![accept(third), accept(first)]).await;
    store
}

async fn a_key_leads_to_its_message(store: impl Store) {
    let second = &messages()[1];
    let found = store.find_key(&second.record.key).await.expect("it can be read");
    assert_eq!(found.as_ref(), Some(second));
    let nobody = store.find_key(&accepted(9).record.key).await;
    assert_eq!(nobody.expect("it can be read"), None);
}

async fn listed(store: &impl Store, filter: ListFilter) -> Listed {
    store.list(filter).await.expect("it can be read")
}

async fn messages_are_listed(store: impl Store) {
    let filter = ListFilter::default;
    #[rustfmt::skip]
    let cases: [(ListFilter, &[u64], bool); 9] = [
        (filter(), &[5, 4, 3, 2, 1], false),
        (ListFilter { rows: 2, ..filter() }, &[5, 4], true),
        (ListFilter { rows: 2, below: Some(4), ..filter() }, &[3, 2], true),
        (ListFilter { rows: 2, below: Some(3), ..filter() }, &[2, 1], false),
        (ListFilter { rows: 0, ..filter() }, &[], true),
        (ListFilter { below: Some(u64::MAX), unfinished: true, ..filter() }, &[5, 2], false),
        (ListFilter { state: Some(SmsState::Sent), ..filter() }, &[3, 2], false),
        (ListFilter { state: Some(SmsState::Sent), unfinished: true, ..filter() }, &[2], false),
        (ListFilter { to_prefix: Some("+36300000004".to_owned()), ..filter() }, &[4], false),
    ];
    for (filter, numbers, more) in cases {
        let found = listed(&store, filter.clone()).await;
        let found_numbers: Vec<u64> = found
            .messages
            .iter()
            .map(|message| message.record.number.0)
            .collect();
        assert_eq!(
            (found_numbers.as_slice(), found.more),
            (numbers, more),
            "{filter:?}"
        );
    }
    let all = listed(&store, filter()).await.messages;
    assert!(all.iter().rev().eq(&messages()), "they are listed as they are");
}

async fn what_has_not_ended(store: impl Store) {
    let opened = store.opened().await.expect("it can be read");
    let [_, second, _, _, fifth] = messages();
    assert_eq!(opened.unfinished, [second, fifth]);
    assert_eq!(opened.last_number, 5);
}

async fn messages_since(store: impl Store) {
    for (since, numbers) in [(3, &[3, 4, 5][..]), (6, &[]), (0, &[1, 2, 3, 4, 5])] {
        let since = WallTime::from_unix_millis(AT + since * 1_000);
        let records = store.accepted_since(since).await.expect("it can be read");
        let found: Vec<u64> = records.iter().map(|record| record.number.0).collect();
        assert_eq!(found, numbers, "{since}");
    }
}
