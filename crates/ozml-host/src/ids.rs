use ozml_session::{CallId, Ids, Invalid, MessageId, RunId};
use uuid::Uuid;

/// Random UUIDs, lower case with hyphens.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn run(&self) -> RunId {
        random(RunId::new)
    }

    fn call(&self) -> CallId {
        random(CallId::new)
    }

    fn message(&self) -> MessageId {
        random(MessageId::new)
    }
}

#[allow(clippy::expect_used, reason = "a UUID is 36 printable characters")]
fn random<T>(id: fn(&str) -> Result<T, Invalid>) -> T {
    id(&Uuid::new_v4().to_string()).expect("a UUID is a valid id")
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
}
