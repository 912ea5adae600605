//! SMPP 3.4, the client's side. Everything but `tcp` and `messenger` is pure: bytes and the time go in,
//! bytes and events come out.

mod arrival;
mod awaited;
mod bind;
mod connect;
mod deliver;
mod event;
pub mod frame;
mod held;
mod known;
mod ledger;
mod ledger_traffic;
pub(crate) mod link;
mod link_traffic;
mod messenger;
mod octets;
mod outcome;
mod queue;
mod receipt;
mod receipt_id;
mod requests;
mod session;
mod states;
mod status;
mod submit;
mod tcp;
mod timers;
mod traffic;
mod url;

#[cfg(test)]
mod ledger_tests;
#[cfg(test)]
mod link_tests;
#[cfg(test)]
mod session_tests;

#[cfg(test)]
pub(crate) use arrival::arrival;
pub(crate) use awaited::{Arrived, Awaited};
pub(crate) use bind::{AddressRange, SystemType, address_range, system_type};
pub use bind::{Bind, BindMode};
pub use connect::{ConnectError, TlsRoots};
pub use deliver::Deliver;
#[cfg(test)]
pub(crate) use deliver::tests::body as deliver_body;
pub use event::{Answer, Closed, Counters, Event, SubmitError, Ticket};
pub use ledger::Limits;
pub use messenger::{MessengerCounters, SmppConfig, SmppMessenger};
pub use receipt::{Receipt, ReceiptState};
pub(crate) use receipt_id::{CanonicalId, ReceiptIdForm, ReceiptIdTrust};
pub use requests::Window;
pub use session::{Session, SessionConfig, SessionState};
pub use status::{Status, StatusClass, StatusClasses};
pub use submit::{References, SubmitOptions, Submits};
pub use timers::Timers;
pub(crate) use timers::after;
pub use url::{Password, SmppUrl, SystemId};

pub(crate) use outcome::{FinalState, worst_of};
pub(crate) use states::{StateHub, lock};
