//! The OzML engine for embedders: one crate to depend on.
//!
//! [`standard`] gives an engine with all verbs. A host brings a [`session::CallSession`] and the
//! [`session::Ports`] it has; everything else answers "not available here".
#![cfg_attr(feature = "sim", doc = include_str!("../embed.md"))]

#[cfg(feature = "sms")]
pub use ozml_dialplan as dialplan;
pub use ozml_engine as engine;
#[cfg(feature = "host")]
pub use ozml_host as host;
pub use ozml_parser as parser;
#[cfg(feature = "server")]
pub use ozml_server as server;
pub use ozml_session as session;
#[cfg(feature = "sim")]
pub use ozml_sim as sim;
#[cfg(feature = "sms")]
pub use ozml_sms as sms;
pub use ozml_verbs as verbs;

pub use ozml_engine::{CheckOptions, Engine, Program, RunOutcome, RunReport, Trace};
pub use ozml_parser::Source;

/// An engine that knows all verbs of OzML, with the default limits.
#[allow(
    clippy::expect_used,
    reason = "the names of the verbs are distinct, which a test of their crate holds"
)]
pub fn standard() -> Engine {
    Engine::new(ozml_verbs::standard().expect("our verbs have distinct names"))
}
