//! Faults of our own, panics: announced once, with a number, and never the end of more than they must end.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};

use ozml::Source;

use crate::exit::Exit;
use crate::output::{complain, shown};

/// From now on a panic is announced as a fault of ours, whoever catches it.
pub(crate) fn announce() {
    set_hook(Box::new(|panic| complain(&announcement(panic))));
}

/// Does some work; a panic in it comes to [`Exit::Internal`].
pub(crate) fn caught<E>(work: impl FnOnce() -> Result<Exit, E>) -> Result<Exit, E> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Ok(Exit::Internal))
}

fn announcement(panic: &PanicHookInfo<'_>) -> String {
    let place = panic.location().map(ToString::to_string);
    let place = place.unwrap_or_else(|| "an unknown place".to_owned());
    described(panic.payload_as_str().unwrap_or("no message"), &place)
}

/// The number is the same for the same fault, so that reports about it can be found.
fn described(message: &str, place: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let number = Source::new("", format!("{version} {place} {message}")).sha256();
    let number = number.get(..12).unwrap_or_default();
    format!(
        "error: a fault of ours: {} at {place}\nreport number {number}, ozml {version}\n",
        shown(message)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_internal_fault_and_the_rest_goes_on() {
        let broken: Result<Exit, String> = caught(|| panic!("broken"));
        assert_eq!(broken, Ok(Exit::Internal));
        assert_eq!(caught(|| Err::<Exit, _>("no file")), Err("no file"));
        assert_eq!(caught(|| Ok::<_, String>(Exit::Wrong)), Ok(Exit::Wrong));
    }

    #[test]
    fn the_same_fault_has_the_same_number() {
        let first = described("index 3\u{1b}[2J", "a.rs:1:2");
        assert_eq!(first, described("index 3\u{1b}[2J", "a.rs:1:2"));
        assert_ne!(first, described("index 4", "a.rs:1:2"));
        assert!(first.starts_with("error: a fault of ours: index 3\\u{1b}[2J at a.rs:1:2\nreport number "));
    }
}
