//! The simulated call keeps the contract of a call session.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::future::ready;
use std::time::Duration;

use ozml_session::contract::{CallDriver, FarEnd, OfferedCall, Step, call_session};
use ozml_session::{CallInfo, Clock, Ids, Key, PhoneNumber};
use ozml_sim::{SimCall, SimClock, SimIds};

/// A caller on virtual time.
struct Driver<'c>(&'c SimClock, SimIds);

/// The far end, which takes a moment for everything it does.
struct Caller(SimClock, ozml_sim::FarEnd);

impl Caller {
    async fn moment(&self) {
        let later = self.0.now().after(Duration::from_millis(10));
        self.0.sleep_until(later).await;
    }
}

impl CallDriver for Driver<'_> {
    fn offer(&self) -> Step<'_, OfferedCall> {
        let info = CallInfo::incoming(self.1.call(), PhoneNumber::new("100").unwrap());
        let call = SimCall::new(info, self.0.clone());
        let far = Box::new(Caller(self.0.clone(), call.far_end()));
        let session = Box::new(call);
        Box::pin(ready(OfferedCall { session, far }))
    }

    fn left(&self) -> Step<'_, usize> {
        Box::pin(ready(self.0.waits()))
    }

    fn virtual_clock(&self) -> Option<&dyn Clock> {
        Some(self.0)
    }
}

impl FarEnd for Caller {
    fn press(&self, key: Key) -> Step<'_> {
        Box::pin(async move {
            self.moment().await;
            self.1.press(key);
        })
    }

    fn hang_up(&self) -> Step<'_> {
        self.1.hang_up();
        Box::pin(ready(()))
    }

    fn hears(&self) -> Step<'_> {
        Box::pin(async {
            self.moment().await;
            assert!(self.1.hears(), "a prompt is heard");
        })
    }

    fn hears_nothing(&self) -> Step<'_> {
        assert!(!self.1.hears(), "no prompt is heard");
        Box::pin(ready(()))
    }

    fn is_over(&self) -> Step<'_> {
        assert!(self.1.ended().is_some(), "the call is over");
        Box::pin(ready(()))
    }
}

#[test]
fn the_contract_is_kept() {
    let clock = SimClock::new();
    let report = call_session(
        || Driver(&clock, SimIds::new()),
        |case| clock.run(case).expect("no case waits for ever"),
    );
    assert_eq!((report.run.len(), report.skipped), (23, Vec::new()));
    assert_eq!(clock.waits(), 0, "no timer is left");
}
