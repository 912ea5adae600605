//! Contract suites: what every implementation of a port must do, to be called from its tests.
//!
//! A suite takes a `block_on`, because virtual time and a real runtime drive futures differently.

mod call;
mod messenger;

use std::future::Future;
use std::pin::Pin;

pub use call::{CallDriver, CallReport, FarEnd, OfferedCall, Skip, call_session};
pub use messenger::messenger;

/// What a suite asks its caller to drive.
pub type Case<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Something a driver does for a case.
pub type Step<'a, T = ()> = Pin<Box<dyn Future<Output = T> + 'a>>;
