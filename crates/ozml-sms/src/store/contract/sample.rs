//! Messages for the suite, and for tests and benchmarks of stores.

use std::sync::Arc;

use ozml_session::{
    ConnectionName, EffectKey, HttpUrl, MessageId, PhoneNumber, RunId, SenderId, SmsEncoding, SmsState,
    SmsText, WallTime,
};

use super::super::{
    Change, HistoryEntry, MessageNumber, OnUnknown, PartProgress, PartState, Priority, Progress, SmsRecord,
    StoredSms, WhenDown,
};

/// When message 0 is accepted, in Unix milliseconds; message n is accepted n seconds later.
pub const AT: i64 = 1_767_225_600_000;

const VALID: &str = "the suite's own values are valid";

fn time(number: u64) -> WallTime {
    let seconds = i64::try_from(number).expect(VALID);
    WallTime::from_unix_millis(AT + 1_000 * seconds)
}

fn connection(name: &str) -> ConnectionName {
    ConnectionName::new(name).expect(VALID)
}

/// A plain message. Number, id and key belong together and differ from those of other numbers; ids grow
/// with their numbers.
pub fn record(number: u64) -> SmsRecord {
    let to = PhoneNumber::new(&format!("+3630{:07}", number % 10_000_000)).expect(VALID);
    SmsRecord {
        number: MessageNumber(number),
        id: MessageId::new(&format!("019b76da-a800-7000-8000-{number:012x}")).expect(VALID),
        key: EffectKey::new(
            RunId::new(&format!("run-{:012x}", number / 4)).expect(VALID),
            number % 4,
        ),
        parent: None,
        accepted_at: time(number),
        expires_at: time(number + 86_400),
        priority: Priority::default(),
        on_unknown: OnUnknown::Resend,
        when_down: WhenDown::Keep,
        to: to.clone(),
        from: None,
        text: SmsText::new(&format!(
            "Your code is {:06}. It is valid for five minutes.",
            number % 1_000_000
        ))
        .expect(VALID),
        report: None,
        account: None,
        segments: 1,
        encoding: SmsEncoding::Gsm7,
        rule: "default".into(),
        targets: vec![connection("smsc1")],
        sent_to: to,
        sent_from: None,
    }
}

/// A message in which nothing is left out.
pub fn full(number: u64) -> StoredSms {
    let record = SmsRecord {
        parent: Some(MessageId::new("the-one-before").expect(VALID)),
        priority: Priority::new(3).expect(VALID),
        on_unknown: OnUnknown::Hold,
        when_down: WhenDown::Fail,
        from: Some(SenderId::new("Ozeki 10").expect(VALID)),
        text: SmsText::new("öt szép\nszűz lány \u{1f600} \"őrült\" \u{0} írót nyúz").expect(VALID),
        report: Some(HttpUrl::new("https://app.example/report?a=b").expect(VALID)),
        account: Some("HTTP_User_1".into()),
        segments: 2,
        encoding: SmsEncoding::Ucs2,
        targets: vec![connection("smsc1"), connection("gsm1")],
        sent_to: PhoneNumber::new("06301234567").expect(VALID),
        sent_from: Some(SenderId::new("+3620").expect(VALID)),
        ..record(number)
    };
    StoredSms {
        record: Arc::new(record),
        progress: full_progress(number),
    }
}

fn full_progress(number: u64) -> Progress {
    let part = |state, centre_id: Option<&str>, reason: Option<&str>| PartProgress {
        state,
        centre_id: centre_id.map(Into::into),
        reason: reason.map(Into::into),
    };
    let mut progress = in_state(number, SmsState::Submitted);
    progress.reason = Some("the centre is busy".into());
    progress.target = 1;
    progress.reference = 255;
    progress.tries = 65_535;
    progress.unknown_handovers = 5;
    progress.possible_duplicate = true;
    progress.parked = true;
    progress.next_try = Some(time(number + 60));
    progress.extended_to = Some(time(number + 90));
    progress.parts = vec![
        part(PartState::Sent, Some("c0ffee"), None),
        part(PartState::Out, None, Some("no answer yet")),
    ];
    progress.history.push(HistoryEntry {
        connection: Some(connection("gsm1")),
        reason: Some("link lost".into()),
        ..HistoryEntry::new(time(number + 1), SmsState::Submitted)
    });
    progress
}

/// A plain message as it is when it was just accepted.
pub fn accepted(number: u64) -> StoredSms {
    StoredSms {
        record: Arc::new(record(number)),
        progress: Progress::accepted(time(number), 1),
    }
}

/// The change that accepts a message.
pub fn accept(message: &StoredSms) -> Change {
    Change::Accept(Arc::clone(&message.record), message.progress.clone())
}

/// The progress of a plain message that came to a state two seconds after its acceptance.
pub fn in_state(number: u64, state: SmsState) -> Progress {
    let mut progress = Progress::accepted(time(number), 1);
    progress.state = state;
    progress.history.push(HistoryEntry {
        connection: Some(connection("smsc1")),
        ..HistoryEntry::new(time(number + 2), state)
    });
    progress
}
