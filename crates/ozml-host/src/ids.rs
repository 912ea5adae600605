use ozml_session::{CallId, Ids, Invalid, MessageId, RunId};
use uuid::Uuid;

/// UUIDs, lower case with hyphens. Those of runs and messages grow with time (version 7): they are what a store
/// finds messages by, and new ones then lie beside each other in its index. Those of calls are random.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn run(&self) -> RunId {
        checked(RunId::new, Uuid::now_v7())
    }

    fn call(&self) -> CallId {
        checked(CallId::new, Uuid::new_v4())
    }

    fn message(&self) -> MessageId {
        checked(MessageId::new, Uuid::now_v7())
    }
}

#[allow(clippy::expect_used, reason = "a UUID is 36 printable characters")]
fn checked<T>(id: fn(&str) -> Result<T, Invalid>, uuid: Uuid) -> T {
    id(&uuid.to_string()).expect("a UUID is a valid id")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_uuids_and_differ() {
        let (first, second) = (RandomIds.message(), RandomIds.message());
        assert_ne!(first, second);
        assert!(Uuid::parse_str(first.as_str()).is_ok());
    }

    #[test]
    fn ids_of_messages_and_runs_grow() {
        let messages: Vec<_> = (0..1_000).map(|_| RandomIds.message()).collect();
        assert!(messages.is_sorted_by(|one, next| one.as_str() < next.as_str()));
        let runs: Vec<_> = (0..1_000).map(|_| RandomIds.run()).collect();
        assert!(runs.is_sorted_by(|one, next| one.as_str() < next.as_str()));
    }
}
