//! The OzML verbs: one module each, in folders by purpose.
//!
//! To add a verb: write its module, add one line to the list below (and take it out of `planned`), write
//! its suite file under `tests/suite/verbs/`.

mod call;
mod flow;
mod media;
mod message;
mod planned;

use ozml_engine::{DuplicateVerb, Registry, VerbSpec};

macro_rules! verbs {
    ($($verb:path),* $(,)?) => {
        /// The verbs that run, sorted by name.
        pub static VERBS: &[&VerbSpec] = &[$(&$verb),*];
    };
}

verbs! {
    flow::DELAY,
    flow::EXIT,
    call::HANGUP,
    message::SEND_SMS,
    media::SPEAK,
}

pub use planned::PLANNED;

/// All verbs of OzML: those that run, and those that are known by name and not available yet.
pub fn standard() -> Result<Registry, DuplicateVerb> {
    Registry::new(VERBS.iter().copied().chain(PLANNED))
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
        for verb in VERBS {
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
