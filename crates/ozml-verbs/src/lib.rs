//! The OzML verbs: one module each, in folders by purpose.
//!
//! To make a verb run: give its module a `compile`, move its line from `planned` to `running`, write its
//! suite file under `tests/suite/verbs/`.

mod call;
mod file;
mod flow;
mod list;
mod media;
mod message;
mod params;

use ozml_engine::{DuplicateVerb, Registry, VerbSpec};

macro_rules! verbs {
    (running { $($running:path),* $(,)? } planned { $($planned:path),* $(,)? }) => {
        /// The verbs that run, sorted by name.
        pub static VERBS: &[&VerbSpec] = &[$(&$running),*];

        /// The verbs that are described in full and do not run yet, sorted by name: a script that uses one
        /// is checked like any other.
        pub static PLANNED: &[&VerbSpec] = &[$(&$planned),*];
    };
}

verbs! {
    running {
        flow::ARRAY,
        media::BEEP,
        flow::DELAY,
        flow::EXIT,
        flow::FOR_EACH,
        flow::GO_TO,
        call::HANGUP,
        media::PLAY,
        call::REJECT,
        message::SEND_SMS,
        media::SPEAK,
        call::USER_INPUT,
        flow::VAR,
    }
    planned {
        call::ATTENDED_TRANSFER,
        call::BLIND_TRANSFER,
        call::CALL,
        call::CALL_SETUP,
        file::DELETE_FILE,
        call::FORWARD_CALL,
        call::HOLD,
        list::LIST_ACTIVE_CALLS,
        list::LIST_ADDRESSBOOK_CONTACTS,
        list::LIST_ADDRESSBOOK_NAMES,
        list::LIST_CALL_HISTORY,
        list::LIST_EXTENSION_TYPES,
        list::LIST_EXTENSIONS,
        file::MOVE_FILE,
        call::RECEIVE_ALARM_NOTIFICATION,
        message::RECEIVE_MESSAGE,
        media::RECORD,
        call::REQUEST,
        call::ROUTE,
        flow::SQL,
        call::SEND_ALARM_NOTIFICATION,
        call::SEND_DTMF,
        message::SEND_EMAIL,
        message::SEND_MESSAGE,
        message::SEND_MSG,
        call::UNHOLD,
        message::WAIT_FOR_MSG,
    }
}

/// All verbs of OzML: those that run, and those that do not yet.
pub fn standard() -> Result<Registry, DuplicateVerb> {
    Registry::new(VERBS.iter().chain(PLANNED).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_without_doubles() {
        assert!(VERBS.is_sorted_by_key(|verb| verb.name));
        assert!(PLANNED.is_sorted_by_key(|verb| verb.name));
        assert_eq!(
            standard().unwrap().verbs().count(),
            40,
            "all entries of the OzML reference"
        );
        assert!(VERBS.iter().all(|verb| verb.is_available()));
        assert!(PLANNED.iter().all(|verb| !verb.is_available()));
    }

    #[test]
    fn other_spellings_are_found() {
        let registry = standard().unwrap();
        for (written, name) in [
            ("SendSMS", "SendSms"),
            ("hangUp", "Hangup"),
            ("Forward", "ForwardCall"),
            ("WaitForMessage", "WaitForMsg"),
            ("ListAddressbokkContacts", "ListAddressbookContacts"),
            ("variable", "Var"),
            ("SendMessageToConn", "SendMsg"),
        ] {
            assert_eq!(
                registry.get(written).map(|verb| verb.name),
                Some(name),
                "{written}"
            );
        }
    }

    #[test]
    fn every_default_is_a_value_of_its_type() {
        let limits = ozml_engine::Limits::default();
        for verb in VERBS.iter().chain(PLANNED) {
            for param in verb.params {
                let fits = param
                    .default
                    .is_none_or(|written| (param.check)(written, &limits) == Ok(None));
                assert!(fits, "{} {}", verb.name, param.name);
                assert!(
                    verb.params.iter().filter(|param| param.content).count() <= 1,
                    "{}",
                    verb.name
                );
            }
        }
    }
}
