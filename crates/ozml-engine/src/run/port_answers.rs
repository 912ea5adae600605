//! The answers of ports as a full trace records them.

use ozml_session::{
    AcceptedSms, CallError, Ended, FetchAnswer, FetchError, FileError, FileInfo, Key, Partial, Played,
    SessionEvent, SmsRefusal,
};
use serde_json::{Value, json};

pub(super) fn event(answer: &Result<SessionEvent, CallError>, shown: impl Fn(Key) -> char) -> Value {
    match answer {
        Ok(SessionEvent::Key { key, at }) => json!({"key": shown(*key), "at_ms": at.as_millis()}),
        Ok(SessionEvent::Ended(end)) => json!({"ended": ended(end)}),
        Ok(other) => json!({"event": format!("{other:?}").to_ascii_lowercase()}),
        Err(fault) => error(fault),
    }
}

pub(super) fn done(answer: &Result<(), CallError>) -> Value {
    match answer {
        Ok(()) => json!({"ok": true}),
        Err(fault) => error(fault),
    }
}

pub(super) fn played(answer: &Result<Played, CallError>, shown: impl Fn(Key) -> char) -> Value {
    match answer {
        Ok(played) => json!({"ms": played.ms, "by": played.by.map(shown)}),
        Err(fault) => error(fault),
    }
}

pub(super) fn sms(answer: &Result<AcceptedSms, SmsRefusal>) -> Value {
    match answer {
        Ok(sms) => json!({
            "id": sms.id.as_str(), "segments": sms.segments, "encoding": format!("{:?}", sms.encoding).to_ascii_lowercase()
        }),
        Err(refusal) => json!({"refused": {"code": refusal.code(), "text": refusal.to_string()}}),
    }
}

pub(super) fn fetched(answer: &Result<FetchAnswer, FetchError>) -> Value {
    match answer {
        Ok(answer) => json!({
            "status": answer.status, "url": answer.url.as_str(), "body": String::from_utf8_lossy(&answer.body)
        }),
        Err(fault) => json!({"error": fault.to_string()}),
    }
}

pub(super) fn file(answer: &Result<FileInfo, FileError>) -> Value {
    match answer {
        Ok(info) => json!({"bytes": info.bytes, "ms": info.ms}),
        Err(fault) => json!({"error": fault.to_string()}),
    }
}

fn error(fault: &CallError) -> Value {
    match fault {
        CallError::HungUp(end) => {
            json!({"hung_up": ended(&end.ended), "partial": end.partial.as_ref().map(partial)})
        }
        other => json!({"error": other.to_string()}),
    }
}

fn ended(ended: &Ended) -> Value {
    json!({
        "by": ended.by.as_str(), "cause": ended.cause.as_str(), "at_ms": ended.at.as_millis(), "native": ended.native
    })
}

fn partial(partial: &Partial) -> Value {
    match partial {
        Partial::Played { ms } => json!({"played_ms": ms}),
        other => json!({"partial": format!("{other:?}")}),
    }
}
