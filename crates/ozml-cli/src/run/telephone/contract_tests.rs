//! A call on the terminal keeps the contract of a call session, on the real clock; its caller types.

use std::future::ready;
use std::time::Duration;

use ozml::host::{RandomIds, SystemClock};
use ozml::session::contract::{CallDriver, Case, FarEnd, OfferedCall, Step, call_session};
use ozml::session::{CallInfo, Ids, Key, PhoneNumber};
use ozml::sim::SimCall;

use super::keyboard::Typed;
use super::{Interrupt, caller_does};

struct Driver;

/// Somebody at the keyboard.
struct Caller {
    far: ozml::sim::FarEnd,
    interrupt: Interrupt,
}

impl CallDriver for Driver {
    fn offer(&self) -> Step<'_, OfferedCall> {
        let info = CallInfo::incoming(RandomIds.call(), PhoneNumber::new("100").unwrap());
        let call = SimCall::new(info, SystemClock::new());
        let far = call.far_end();
        let interrupt = Interrupt::new(far.clone(), || ());
        Box::pin(ready(OfferedCall {
            session: Box::new(call),
            far: Box::new(Caller { far, interrupt }),
        }))
    }

    fn left(&self) -> Step<'_, usize> {
        let runtime = tokio::runtime::Handle::current();
        Box::pin(ready(runtime.metrics().num_alive_tasks()))
    }
}

impl Caller {
    fn types(&self, typed: Typed) -> Step<'_> {
        caller_does(typed, &self.far, &self.interrupt, None);
        Box::pin(ready(()))
    }
}

impl FarEnd for Caller {
    fn press(&self, key: Key) -> Step<'_> {
        self.types(Typed::Character(key.as_char()))
    }

    fn hang_up(&self) -> Step<'_> {
        self.types(Typed::End)
    }

    fn hears(&self) -> Step<'_> {
        // A prompt is heard from the moment it begins; a short one may be through by now.
        Box::pin(ready(()))
    }

    fn hears_nothing(&self) -> Step<'_> {
        assert!(!self.far.hears(), "no prompt is heard");
        Box::pin(ready(()))
    }

    fn is_over(&self) -> Step<'_> {
        assert!(self.far.ended().is_some(), "the call is over");
        Box::pin(ready(()))
    }
}

fn block_on(case: Case<'_>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let limited = async { tokio::time::timeout(Duration::from_secs(60), case).await };
    let done = runtime.unwrap().block_on(limited);
    done.expect("no case waits for ever");
}

#[test]
fn the_contract_is_kept() {
    let report = call_session(|| Driver, block_on);
    assert_eq!((report.run.len(), report.skipped), (23, Vec::new()));
}
