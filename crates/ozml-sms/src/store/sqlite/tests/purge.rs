use ozml_session::{SmsState, WallTime};

use super::super::super::contract::{accept, full, in_state};
use super::super::super::{Change, MessageNumber, Store};
use super::{Folder, block_on, commit, opened};

#[test]
fn a_purge_of_many_messages_makes_the_file_smaller() {
    let folder = Folder::new();
    let store = folder.open();
    let messages: Vec<_> = (1..=3_000).map(full).collect();
    commit(&store, messages.iter().map(accept).collect()).unwrap();
    let ended = messages
        .iter()
        .filter(|message| message.record.number.0 % 100 != 0)
        .map(|message| {
            let number = message.record.number.0;
            Change::Progress(MessageNumber(number), in_state(number, SmsState::Delivered))
        });
    commit(&store, ended.collect()).unwrap();
    let purge = store.purge(WallTime::from_unix_millis(i64::MAX));
    let beside = store.commit(vec![accept(&full(3_001))]);
    assert_eq!(block_on(purge), Ok(2_970));
    block_on(beside).unwrap();
    assert_eq!(opened(&store).unfinished.len(), 31);
    drop(store);
    let bytes = std::fs::metadata(folder.store()).unwrap().len();
    assert!(bytes < 400_000, "{bytes} bytes are left of some millions");
}
